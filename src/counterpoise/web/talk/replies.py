"""How the sides answer each other: the share answered in time, and the usual working time.

Both ways stand side by side. How much somebody writes is not counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from counterpoise.agreement import Side
from counterpoise.web.talk.due import promised_within, worked_hours
from counterpoise.web.talk.models import Question
from counterpoise.web.talk.states import QuestionState

SPAN = dt.timedelta(days=90)
"""Questions asked longer ago are left out."""


@dataclass(frozen=True)
class Replies:
    """How one side answers the questions of the other."""

    asker: str
    owner: str
    due: int
    """Questions that were answered, or whose reply date is past."""
    in_time: int
    hours: float | None
    """The median working time until the answer, of those answered."""
    promised: str

    @property
    def share(self) -> float | None:
        """Return the share answered in time."""
        return self.in_time / self.due if self.due else None


def replies_both_ways(now: dt.datetime) -> Sequence[Replies]:
    """Return how each side answers the other."""
    asked = Question.objects.exclude(state=QuestionState.WITHDRAWN).filter(
        words__at__gt=now - SPAN, words__at__lte=now
    )
    every = list(asked.select_related("words"))
    ways = ((Side.SALES, Side.MARKETING), (Side.MARKETING, Side.SALES))
    return [_way(every, asker, owner, now) for asker, owner in ways]


def _way(every: Sequence[Question], asker: Side, owner: Side, now: dt.datetime) -> Replies:
    own = [each for each in every if (each.asker_side, each.owner_side) == (asker, owner)]
    answered = [each for each in own if each.settled_at is not None]
    due = [each for each in own if each.settled_at is not None or each.due_at < now]
    in_time = sum(each.settled_at is not None and each.settled_at <= each.due_at for each in due)
    spans = [worked_hours(each.words.at, each.settled_at) for each in answered if each.settled_at]
    return Replies(
        asker.value,
        owner.value,
        len(due),
        in_time,
        median(spans) if spans else None,
        promised_within(owner),
    )
