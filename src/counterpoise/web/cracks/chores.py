"""What is done about cracks by the clock."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.cracks.acting import end_acceptances
from counterpoise.web.cracks.measuring import take_in
from counterpoise.web.cracks.notices import tell
from counterpoise.web.results.reading import latest
from counterpoise.web.work.chores import chore


@chore(every=dt.timedelta(minutes=1))
def take_in_the_review(now: dt.datetime) -> None:
    """Take in the review that is shown, where a worker died before it did."""
    kept = latest()
    if kept is not None:
        take_in(kept, now)


@chore(every=dt.timedelta(minutes=30))
def let_acceptances_end(now: dt.datetime) -> None:
    """Let cracks whose acceptance is over wait again."""
    end_acceptances(now)


@chore(every=dt.timedelta(minutes=1))
def tell_about_cracks(now: dt.datetime) -> None:
    """Tell people what is new, due and healed."""
    tell(now)
