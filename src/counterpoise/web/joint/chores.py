"""What is done about joint reviews by the clock."""

from __future__ import annotations

import datetime as dt

from counterpoise.errors import CounterpoiseError
from counterpoise.web.joint import notices, planning
from counterpoise.web.work.chores import chore


@chore(every=dt.timedelta(minutes=15))
def plan_joint_reviews(now: dt.datetime) -> None:
    """See which were skipped, and plan the next as the agreement says."""
    planning.skip_what_is_over(now)
    try:
        planning.go_on(now)
    except CounterpoiseError:  # an agreement that cannot be read says so on its own page
        return


@chore(every=dt.timedelta(minutes=5))
def tell_about_joint_reviews(now: dt.datetime) -> None:
    """Remind of reviews to come and of actions that are due."""
    notices.tell(now)
