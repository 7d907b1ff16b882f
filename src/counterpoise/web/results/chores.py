"""What the worker looks after: that the review shown is of the books, agreement and day."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.results.jobs import ask_for_review, gather_room_facts
from counterpoise.web.work.chores import chore


@chore(every=dt.timedelta(seconds=5))
def keep_the_review_fresh(now: dt.datetime) -> None:  # noqa: ARG001
    """Ask for a review where the last is of other books, another agreement or another day."""
    ask_for_review()


@chore(every=dt.timedelta(minutes=15))
def lay_room_facts_beside_the_books(now: dt.datetime) -> None:  # noqa: ARG001
    """Let the next review read what was decided here; a review follows when that changed."""
    gather_room_facts()
