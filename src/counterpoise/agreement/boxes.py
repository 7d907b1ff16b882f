"""Boxes: the facts of a deal for which a condition holds, an extent a column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from counterpoise.agreement.asked import conditions_of
from counterpoise.agreement.binding import bind, bind_test
from counterpoise.agreement.closed_words import closed_words
from counterpoise.agreement.conditions import Condition, values_of
from counterpoise.agreement.document import Agreement
from counterpoise.agreement.extents import Cut, Domain, Extent, extent_of, truth_of
from counterpoise.agreement.fields import Field, Fields, Scope
from counterpoise.books.schema import Kind

Box = Mapping[str, Extent]
"""An extent a column; columns that are not named may hold anything."""

MOST_PIECES = 3000
"""Pieces at which the linter gives up on a table rather than take minutes."""


class TooManyPiecesError(Exception):
    """A table's rows overlap in so many ways that no answer comes in time."""


@dataclass(frozen=True)
class Space:
    """The fields that boxes are made of, the kinds of attributes, and the known personas."""

    fields: Fields
    kinds: Mapping[str, Kind]
    personas: tuple[str, ...] = ()

    @classmethod
    def of(cls, *agreements: Agreement, scope: Scope = Scope.DEAL) -> Space:
        """Return the space in which the agreements' conditions of a scope are boxes."""
        fields = Fields(scope)
        kinds: dict[str, Kind] = {}
        for asked in (each for agreement in agreements for each in conditions_of(agreement)):
            for test in asked.condition.tests if asked.scope is scope else ():
                field = bind_test(test, fields).field
                if any(True for _ in values_of(test.test)):
                    kinds.setdefault(field.column, field.kind or Kind.TEXT)
        personas = (persona.id for agreement in agreements for persona in agreement.personas)
        return cls(fields, kinds, tuple(dict.fromkeys(personas)))

    def box_of(self, condition: Condition) -> Box:
        """Return the facts for which a condition surely holds."""
        box: dict[str, Extent] = {}
        for bound in bind(condition, self.fields):
            extent = extent_of(bound.test, self._domain(bound.field))
            column = bound.field.column
            box[column] = box[column] & extent if column in box else extent
        return box

    def meaning_of(self, condition: Condition) -> Mapping[str, tuple[Extent, Extent]]:
        """Return, a column, the facts for which a condition holds and those for which it fails.

        Two conditions that mean the same have equal meanings, however they are written.
        """
        meaning: dict[str, tuple[Extent, Extent]] = {}
        for bound in bind(condition, self.fields):
            domain, column = self._domain(bound.field), bound.field.column
            everything = Extent.everything(domain)
            held, failed = meaning.get(column, (everything, ~everything))
            holds, fails = truth_of(bound.test, domain)
            meaning[column] = (held & holds, failed | fails)
        return {column: both for column, both in meaning.items() if not (~both[0]).is_empty}

    def _domain(self, field: Field) -> Domain:
        if field.path == "persona":
            return Domain(Kind.TEXT, frozenset({*self.personas, ""}))
        kind = self.kinds.get(field.column, field.kind or Kind.TEXT)
        if kind is Kind.BOOLEAN:
            return Domain(kind, frozenset({True, False}))
        words = closed_words(field)
        return Domain(kind, frozenset(words) if words else None)


def is_empty(box: Box) -> bool:
    """Tell whether no facts are within a box."""
    return any(extent.is_empty for extent in box.values())


def uncovered(boxes: Iterable[Box], covers: Iterable[Box]) -> list[Box]:
    """Return what is left of boxes when the covers are cut out of them.

    Raises:
        TooManyPiecesError: If the pieces become too many.
    """
    pieces = [box for box in boxes if not is_empty(box)]
    for cover in covers:
        pieces = [piece for box in pieces for piece in _cut_out(box, cover)]
        if len(pieces) > MOST_PIECES:
            raise TooManyPiecesError
    return pieces


def _cut_out(box: Box, cover: Box) -> list[Box]:
    pieces: list[Box] = []
    rest = dict(box)
    for column, extent in cover.items():
        mine = rest.get(column, Extent.everything(extent.domain))
        inside = mine & extent
        if inside.is_empty:
            return [box]
        outside = mine - extent
        if not outside.is_empty:
            pieces.append({**rest, column: outside})
        rest[column] = inside
    return pieces


def sample(extent: Extent) -> str:
    """Name one fact of an extent, a recorded one before the missing one.

    >>> from counterpoise.agreement.conditions import Equals, Not
    >>> sample(extent_of(Not(Equals("SMB")), Domain(Kind.TEXT)))
    'anything but SMB'
    """
    if extent.inverted:
        words = ", ".join(str(word) for word in sorted(map(str, extent.words)))
        return f"anything but {words}" if words else "anything"
    if extent.words:
        return str(min(map(str, extent.words)))
    if extent.spans:
        return _point(*extent.spans[-1], extent.domain.kind)
    return "not recorded"


def _point(low: Cut, high: Cut, kind: Kind) -> str:
    """Name a point between two cuts: an end that belongs to it, else one a step inside."""
    if low[0] == 0 and low[2] == 0:
        return str(low[1])
    if high[0] == 0 and high[2] == 1:
        return str(high[1])
    step: Any = dt.timedelta(days=1) if kind.is_temporal else Decimal(1)
    if low[0] == 0 and high[0] == 0:
        return str(low[1] + (high[1] - low[1]) / 2)
    return str(low[1] + step) if low[0] == 0 else str(high[1] - step) if high[0] == 0 else "any"
