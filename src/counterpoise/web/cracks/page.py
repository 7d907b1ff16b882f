"""One crack as a page shows it to one reader."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from counterpoise.web.cracks.charts import Drawing, history_of, picture_of
from counterpoise.web.cracks.life import Deed
from counterpoise.web.cracks.lines import Line, is_overdue, line
from counterpoise.web.cracks.models import Act, Crack
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import is_own, may_answer, may_steer
from counterpoise.web.cracks.rows import Rows, rows_of
from counterpoise.web.cracks.wording import measured_words
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.shell.templatetags import figures
from counterpoise.web.trade.cracks_about import page_of_subject

_SAID = {
    Deed.FOUND: "Found by the review",
    Deed.ANSWERED: "Answer",
    Deed.ASSIGNED: "Given an owner",
    Deed.ACCEPTED: "Accepted for now",
    Deed.LAPSED: "No longer accepted: the day is over",
    Deed.CLOSED: "Closed: the review no longer found it",
    Deed.REOPENED: "Reopened: the review found it again",
}
_MOST_LOOKS = 20
_TONES = {
    Deed.FOUND: "bad",
    Deed.REOPENED: "bad",
    Deed.CLOSED: "good",
    Deed.LAPSED: "wait",
    Deed.ASSIGNED: "wait",
}


@dataclass(frozen=True)
class Happening:
    """A line of a crack's story."""

    at: dt.datetime
    says: str
    who: str
    text: str
    tone: str
    note: str


@dataclass(frozen=True)
class Fact:
    """A figure of a crack."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Page:
    """A crack with its evidence."""

    line: Line
    asks: str
    subject: str
    subject_url: str
    """The page of what it is about; "" where it has none."""
    facts: list[Fact]
    next_step: str
    other_says: str
    other_figures: list[tuple[str, str]]
    picture: Drawing | None
    history: Drawing | None
    rows: Rows | None
    story: list[Happening]
    is_own: bool
    may_answer: bool
    may_steer: bool
    is_alone: bool
    """Only the reader sees it so far."""
    is_overdue: bool
    why_unseen: str
    """Why the review that is shown could not look for it; "" where it could."""
    seen_on: dt.date | None
    """The day of the review that the figures are of."""
    has_sheet: bool
    looks: list[tuple[str, dt.date]]
    """Who opened it on which day, for the person whom it is about."""


def page_of(crack: Crack, naming: Naming, kept: KeptReview | None, number: int) -> Page:
    """Lay out a crack that the reader has opened.

    Args:
        crack: It, with what was last seen of it.
        naming: The reader.
        kept: The review that pages show.
        number: The page of rows.
    """
    told: dict[str, Any] = crack.seen.told if crack.seen else {}
    other = told.get("other_view", {})
    reader = naming.reader
    own = is_own(reader, crack)
    rows = rows_of(kept, crack, naming, number)
    sightings = list(crack.sightings.select_related("round"))
    steers = may_steer(reader, crack)
    return Page(
        line=line(crack, naming),
        asks=str(told.get("asks", "")),
        subject=naming.subject(crack),
        subject_url=page_of_subject(reader, kept, crack),
        facts=_facts(crack, told),
        next_step=naming.text(crack, str(told.get("next_step", ""))),
        other_says=naming.text(crack, str(other.get("says", ""))),
        other_figures=[
            (naming.text(crack, name), naming.text(crack, value))
            for name, value in other.get("figures", [])
        ],
        picture=picture_of(crack, naming),
        history=history_of(sightings, str(told.get("unit", "count"))),
        rows=rows,
        story=_story(crack, naming),
        is_own=own,
        may_answer=may_answer(reader, crack),
        may_steer=steers,
        is_alone=own and crack.shown_at > timezone.now(),
        is_overdue=is_overdue(crack),
        why_unseen=_why_unseen(crack, kept),
        seen_on=crack.seen.round.as_of if crack.seen else None,
        has_sheet=bool(rows and rows.kind == "deal" and rows.opened)
        and (own or (steers and naming.knows(crack))),
        looks=_looks(crack) if own else [],
    )


def _why_unseen(crack: Crack, kept: KeptReview | None) -> str:
    if kept is None or not crack.is_open:
        return ""
    silent = {each["kind"]: str(each["why"]) for each in kept.object["not_watched"]}
    return silent.get(crack.kind, "")


def _looks(crack: Crack) -> list[tuple[str, dt.date]]:
    found = crack.looks.select_related("user").order_by("-on", "pk")[:_MOST_LOOKS]
    return [(str(each.user), each.on) for each in found]


def _facts(crack: Crack, told: dict[str, Any]) -> list[Fact]:
    seen = crack.seen
    if seen is None:
        return []
    unit = str(told.get("unit", "count"))
    interval = ""
    if seen.low is not None and seen.high is not None:
        low, high = measured_words(seen.low, unit), measured_words(seen.high, unit)
        interval = f"95% interval {low} to {high}" if low != high else ""
    return [
        Fact("At stake a quarter", figures.money(crack.stake), str(told.get("stake_formula", ""))),
        Fact("Measured", measured_words(seen.observed, unit), interval),
        Fact("Expected", measured_words(seen.expected, unit), f"from {figures.count(seen.n)} rows"),
        Fact("Since", figures.day(seen.since), _sure(seen.q_value)),
    ]


def _sure(q: float | None) -> str:
    """Say how sure the watch is.

    >>> _sure(None), _sure(0.034), _sure(0.00001)
    ('a plain fact', 'false alarm at most 3 in 100', 'false alarm at most 1 in 100')
    """
    if q is None:
        return "a plain fact"
    return f"false alarm at most {max(1, round(q * 100))} in 100"


def _story(crack: Crack, naming: Naming) -> list[Happening]:
    acts = crack.acts.select_related("actor", "owner", "round")
    return [_happening(act, crack, naming) for act in acts]


def _happening(act: Act, crack: Crack, naming: Naming) -> Happening:
    deed = Deed(act.deed)
    return Happening(
        at=act.at,
        says=_SAID[deed],
        who=naming.colleague(act.actor, crack) if act.actor else "",
        text=act.text,
        tone=_TONES.get(deed, ""),
        note=_note(act, crack, naming),
    )


def _note(act: Act, crack: Crack, naming: Naming) -> str:
    if act.deed == Deed.ASSIGNED and act.owner:
        return f"{naming.colleague(act.owner, crack)}, due {figures.day(act.until_on)}"
    if act.deed == Deed.ACCEPTED:
        return f"until {figures.day(act.until_on)}"
    return f"review of {figures.day(act.round.as_of)}" if act.round else ""
