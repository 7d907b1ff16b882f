"""The agreement as a page reads it: parts with lines, each at its address, and tables of grants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils import timezone

from counterpoise.agreement import Agreement, Agreements, Side, Status, Version
from counterpoise.agreement.contract import (
    SIGNED,
    Block,
    Grants,
    Listed,
    Paragraphs,
    Part,
    Sentence,
    opening_of,
    parts_of,
)
from counterpoise.web import house
from counterpoise.web.people.models import User

SIGNER = "user:"
"""Stands before the id of a user in a signature; names are looked up, so that they can go."""


@dataclass(frozen=True)
class Line:
    """A sentence of the contract; `anchor` is its clause where the page has it the first time."""

    says: str
    clause: str
    anchor: str
    notes: Sequence[object] = ()


@dataclass(frozen=True)
class Cell:
    """What a role may grant by a row; empty for nothing."""

    who: str
    says: str
    clause: str


@dataclass(frozen=True)
class TableRow:
    """A row of a decision table: when it applies, and what each column says."""

    line: Line
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Laid:
    """A list or a table of a part; the other is empty."""

    lines: tuple[Line, ...] = ()
    is_ranked: bool = False
    whos: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] = ()


@dataclass(frozen=True)
class PagePart:
    """A part of the contract as a page lays it out."""

    title: str
    slug: str
    side: Side | None
    blocks: tuple[Laid, ...]


@dataclass(frozen=True)
class Signed:
    """Who signed for a side, and when."""

    side: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Contract:
    """An agreement laid out."""

    opening: tuple[Line, ...]
    parts: tuple[PagePart, ...]
    signed: tuple[Signed, ...]


@dataclass
class _Layout:
    """Lays sentences out and gives each clause its anchor once."""

    notes: Mapping[str, Sequence[object]]
    _seen: set[str] = field(default_factory=set)

    def line(self, sentence: Sentence) -> Line:
        clause = sentence.clause
        is_first = bool(clause) and clause not in self._seen
        self._seen.add(clause)
        notes = self.notes.get(clause, ()) if is_first else ()
        return Line(sentence.says, clause, clause if is_first else "", notes)

    def part(self, part: Part) -> PagePart:
        slug = part.title.lower().replace(" ", "-")
        return PagePart(part.title, slug, part.side, tuple(map(self.block, part.blocks)))

    def block(self, block: Block) -> Laid:
        match block:
            case Grants(whos, rows):
                laid = []
                for row in rows:
                    cells = tuple(
                        Cell(who, says or "", row.applies.clause)
                        for who, says in zip(whos, row.cells, strict=True)
                    )
                    laid.append(TableRow(self.line(row.applies), cells))
                return Laid(whos=whos, rows=tuple(laid))
            case Listed(sentences, is_ranked):
                return Laid(tuple(map(self.line, sentences)), is_ranked)
            case Paragraphs(sentences):
                return Laid(tuple(map(self.line, sentences)))


def contract_of(
    agreement: Agreement, notes: Mapping[str, Sequence[object]] | None = None
) -> Contract:
    """Lay an agreement out; `notes` are what stands beside a clause."""
    layout = _Layout(notes or {})
    opening = tuple(layout.line(each) for each in opening_of(agreement))
    parts = tuple(layout.part(each) for each in parts_of(agreement) if each.title != SIGNED)
    return Contract(opening, parts, signed_by(agreement))


def signed_by(agreement: Agreement) -> tuple[Signed, ...]:
    """Return who signed, users by their present names."""
    ids = {_id_of(each.by) for each in agreement.signed} - {None}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}

    def name_of(by: str) -> str:
        found = _id_of(by)
        return by if found is None else names.get(found) or "somebody who is not here any more"

    return tuple(Signed(each.side, name_of(each.by), each.at) for each in agreement.signed)


def _id_of(by: str) -> int | None:
    number = by.removeprefix(SIGNER)
    return int(number) if by.startswith(SIGNER) and number.isdigit() else None


@dataclass(frozen=True)
class Standing:
    """A version of the history and what it is today."""

    version: Version
    says: str
    state: str

    @property
    def is_in_force(self) -> bool:
        """Tell whether it binds today, or is measured by."""
        return self.says in {_IN_FORCE, _AS_IF}


_IN_FORCE, _AS_IF = "in force", "as if"


def history_of(agreements: Agreements, today: dt.date) -> list[Standing]:
    """Return every version, the latest first, with what it is on a day."""
    return [_standing(each, today) for each in reversed(agreements.versions)]


def standing_of(version: Version, today: dt.date) -> Standing:
    """Return what a version is on a day."""
    return _standing(version, today)


def _standing(version: Version, today: dt.date) -> Standing:
    for says, state, holds in _STATES:
        if holds(version, today):
            return Standing(version, says, state)
    return Standing(version, "lapsed", "quiet")


_STATES: tuple[tuple[str, str, Callable[[Version, dt.date], bool]], ...] = (
    (_AS_IF, "wait", lambda version, _: version.status is Status.AS_IF),
    (
        "measured against",
        "quiet",
        lambda version, _: version.status is Status.MEASURED_AGAINST,
    ),
    ("starts later", "wait", lambda version, today: version.from_ > today),
    (_IN_FORCE, "good", lambda version, today: version.covers(today)),
)


def today() -> dt.date:
    """Return the day in the workspace's time zone."""
    return timezone.localdate(timezone=ZoneInfo(house.workspace().time_zone))


def clauses_of(contract: Contract) -> Iterator[Line]:
    """Yield every line that has an address."""
    yield from (line for line in contract.opening if line.anchor)
    for part in contract.parts:
        for block in part.blocks:
            yield from (line for line in block.lines if line.anchor)
            yield from (row.line for row in block.rows if row.line.anchor)
