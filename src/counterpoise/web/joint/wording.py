"""How a joint review calls its sections and states, and what to ask at each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from counterpoise.agreement.quantities import Period
from counterpoise.web.joint.models import ADDED
from counterpoise.web.joint.states import ReviewState
from counterpoise.web.places import Section


@dataclass(frozen=True)
class Heading:
    """The name of a section, and what to ask there."""

    title: str
    asks: str


HEADINGS: Mapping[str, Heading] = {
    Section.PROMISED_LAST_TIME: Heading("Promised last time", "Done? If not, what then?"),
    Section.CRACKS: Heading(
        "Cracks", "Where agreement and reality part. What is the next step, and whose?"
    ),
    Section.GOALS: Heading("Goals", "What both want. What would change the path?"),
    Section.PROMISES: Heading(
        "Promises of both sides", "What each owes the other. What keeps one from being kept?"
    ),
    Section.BUDGETS: Heading("Budgets", "Used and left. Does something move?"),
    Section.OPEN_QUESTIONS: Heading("Open questions", "Who answers, until when?"),
    Section.EXPIRING_CLAUSES: Heading("Clauses that end", "Renew, change, or let it end?"),
    Section.WAITING_REQUESTS: Heading("Requests that wait", "What holds them up?"),
    Section.THANKS: Heading("Thanks", "What each side did for the other."),
    ADDED: Heading("Brought by one of us", "What do we make of it?"),
}

STATES: Mapping[str, tuple[str, str]] = {
    ReviewState.PLANNED: ("planned", "quiet"),
    ReviewState.OPEN: ("open now", "wait"),
    ReviewState.HELD: ("held", "good"),
    ReviewState.SKIPPED: ("skipped", "bad"),
}
"""What a state is called, and its tone."""

EVERY: Mapping[Period, str] = {
    Period.DAY: "every working day",
    Period.WEEK: "every week",
    Period.MONTH: "every month",
    Period.QUARTER: "every quarter",
    Period.YEAR: "every year",
}
