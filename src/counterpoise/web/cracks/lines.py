"""The list of cracks: which are meant, in which order, and what a line of it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.cracks import life
from counterpoise.web.cracks.life import CrackState
from counterpoise.web.cracks.models import Crack
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.wording import kind_words

OPEN_ONES = "open"
EVERY = "all"
STATES: Mapping[str, str] = {
    OPEN_ONES: "Open",
    CrackState.NEW: "New",
    CrackState.ANSWERED: "Answered",
    CrackState.HEALING: "Healing",
    CrackState.ACCEPTED: "Accepted",
    CrackState.CLOSED: "Closed",
    EVERY: "All",
}
ORDERS: Mapping[str, str] = {"stake": "By stake", "side": "By side", "age": "By age"}
SIDES: Mapping[str, str] = {
    "": "Both sides",
    Side.SALES: "Sales should act",
    Side.MARKETING: "Marketing should act",
}
_TONES = {
    CrackState.NEW: "bad",
    CrackState.ANSWERED: "wait",
    CrackState.HEALING: "wait",
    CrackState.ACCEPTED: "quiet",
    CrackState.CLOSED: "good",
}


@dataclass(frozen=True)
class Wanted:
    """Which cracks an address asks for; what it does not know stands for the usual."""

    state: str = OPEN_ONES
    side: str = ""
    kind: str = ""
    order: str = "stake"

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Wanted:
        """Read an address."""
        kind = given.get("kind", "")
        return cls(
            state=_known(given.get("state", ""), STATES, OPEN_ONES),
            side=_known(given.get("side", ""), SIDES, ""),
            kind=kind if kind.isidentifier() and len(kind) <= 60 else "",
            order=_known(given.get("order", ""), ORDERS, "stake"),
        )

    def address(self, **other: str) -> str:
        """Return the query of an address that asks for the same but for what is given."""
        usual = vars(Wanted())
        asked = {**vars(self), **other}
        return "?" + urlencode({key: value for key, value in asked.items() if value != usual[key]})

    def among(self, cracks: QuerySet[Crack]) -> list[Crack]:
        """Return the cracks that are meant, in order."""
        if self.state == OPEN_ONES:
            cracks = cracks.filter(state__in=life.OPEN)
        elif self.state != EVERY:
            cracks = cracks.filter(state=self.state)
        if self.side:
            cracks = cracks.filter(side__in=[self.side, Side.BOTH.value])
        if self.kind:
            cracks = cracks.filter(kind=self.kind)
        order = ("opened_at",) if self.order == "age" else ()
        return list(cracks.order_by(*order, "-stake", "slug"))


def _known(asked: str, known: Mapping[str, str], usual: str) -> str:
    return asked if asked in known else usual


@dataclass(frozen=True)
class Line:
    """A crack as a list shows it to one reader."""

    crack: Crack
    says: str
    kind: str
    state: str
    tone: str
    stake: Decimal
    since: dt.date | None
    owner: str
    url: str
    waits_for_answer: bool
    """Only the person named sees it so far."""


def lines(cracks: Iterable[Crack], naming: Naming) -> list[Line]:
    """Return cracks as a reader sees them in a list."""
    return [line(crack, naming) for crack in cracks]


def line(crack: Crack, naming: Naming) -> Line:
    """Return a crack as a reader sees it in a list."""
    seen = crack.seen
    state, tone = standing(crack)
    return Line(
        crack=crack,
        says=naming.text(crack, str(seen.told["says"])) if seen else kind_words(crack.kind),
        kind=kind_words(crack.kind),
        state=state,
        tone=tone,
        stake=crack.stake,
        since=seen.since if seen else None,
        owner=naming.colleague(crack.owner, crack) if crack.owner else "",
        url=reverse("cracks:crack", args=[crack.slug]),
        waits_for_answer=crack.is_personal and crack.shown_at > timezone.now(),
    )


def standing(crack: Crack) -> tuple[str, str]:
    """Return where a crack stands, in words, and the tone of it."""
    state = CrackState(crack.state)
    if state is CrackState.HEALING and is_overdue(crack):
        return "overdue", "bad"
    return state.value, _TONES[state]


def is_overdue(crack: Crack) -> bool:
    """Tell whether its due day is over."""
    return (
        crack.state == CrackState.HEALING
        and crack.due_on is not None
        and crack.due_on < timezone.localdate()
    )


@dataclass(frozen=True)
class Choice:
    """Something to choose on the page: a link, and whether it is chosen."""

    label: str
    url: str
    is_taken: bool


def choices(wanted: Wanted, name: str, known: Mapping[str, str]) -> Sequence[Choice]:
    """Return the choices of one part of the address."""
    taken = getattr(wanted, name)
    return [
        Choice(label, wanted.address(**{name: str(value)}) or "?", value == taken)
        for value, label in known.items()
    ]
