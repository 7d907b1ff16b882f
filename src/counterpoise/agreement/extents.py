"""Extents: the facts for which a test holds, as sets that can be joined, cut and compared.

A field has words (texts, true and false) or points on a line (numbers, days), and besides them the
missing fact. Conditions become boxes: an extent a column. What the linter says about rows that can
never match is decided on these sets, not on samples.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING
from typing import Any

from counterpoise.agreement.conditions import (
    AnyOf,
    Anything,
    Compares,
    Equals,
    Missing,
    Not,
    Test,
    Value,
    Within,
)
from counterpoise.books.schema import Kind

Cut = tuple[int, Any, int]
"""A place between points: below all (-1), above all (1), or just before or after a value (0)."""

BELOW_ALL: Cut = (-1, 0, 0)
ABOVE_ALL: Cut = (1, 0, 0)
_WHOLE_LINE = ((BELOW_ALL, ABOVE_ALL),)


@dataclass(frozen=True)
class Domain:
    """What a field can hold: its kind, and its words where they are a closed set."""

    kind: Kind
    words: frozenset[Value] | None = None

    @property
    def is_ordered(self) -> bool:
        """Tell whether the field's facts are points on a line."""
        return self.kind.is_numeric or self.kind.is_temporal


@dataclass(frozen=True)
class Extent:
    """Some of the facts that a field can hold.

    `words` are those within, or all but those when `inverted`; `spans` are disjoint stretches of
    the line in order; `missing` says whether the missing fact is within.
    """

    domain: Domain
    missing: bool = False
    words: frozenset[Value] = frozenset()
    inverted: bool = False
    spans: tuple[tuple[Cut, Cut], ...] = ()

    @classmethod
    def everything(cls, domain: Domain) -> Extent:
        """Return all facts of a field, the missing one too."""
        return cls.of_words(domain, (), inverted=True, missing=True)

    @classmethod
    def nothing(cls, domain: Domain) -> Extent:
        """Return no fact at all."""
        return cls(domain)

    @classmethod
    def only_missing(cls, domain: Domain) -> Extent:
        """Return the missing fact alone."""
        return cls(domain, missing=True)

    @classmethod
    def of_words(
        cls,
        domain: Domain,
        words: Iterable[Value],
        *,
        inverted: bool = False,
        missing: bool = False,
    ) -> Extent:
        """Return words, or all facts but those; the whole line where the field has an order."""
        if domain.is_ordered:
            return cls(domain, missing, spans=_WHOLE_LINE if inverted else ())
        chosen = frozenset(words)
        if inverted and domain.words is not None:
            return cls(domain, missing, domain.words - chosen)
        return cls(domain, missing, chosen, inverted)

    @classmethod
    def between(cls, domain: Domain, low: Cut, high: Cut) -> Extent:
        """Return the points between two cuts."""
        low, high = (_rounded(cut, domain.kind) for cut in (low, high))
        return cls(domain, spans=((low, high),) if low < high else ())

    @property
    def is_empty(self) -> bool:
        """Tell whether no fact is within."""
        return not (self.missing or self.inverted or self.words or self.spans)

    @property
    def known(self) -> Extent:
        """Return the extent without the missing fact."""
        return replace(self, missing=False)

    def __and__(self, other: Extent) -> Extent:
        """Return the facts that are within both."""
        words, inverted = _common(self, other)
        spans = _crossed(self.spans, other.spans)
        return Extent(self.domain, self.missing and other.missing, words, inverted, spans)

    def __or__(self, other: Extent) -> Extent:
        """Return the facts that are within either."""
        return ~(~self & ~other)

    def __invert__(self) -> Extent:
        """Return the facts that are not within."""
        if self.domain.is_ordered:
            return Extent(self.domain, not self.missing, spans=_complement(self.spans))
        words = Extent.of_words(self.domain, self.words, inverted=not self.inverted)
        return replace(words, missing=not self.missing)

    def __sub__(self, other: Extent) -> Extent:
        """Return the facts that are within this one alone."""
        return self & ~other

    def __le__(self, other: Extent) -> bool:
        """Tell whether every fact of this one is within the other."""
        return (self - other).is_empty


def _common(one: Extent, other: Extent) -> tuple[frozenset[Value], bool]:
    if one.inverted and other.inverted:
        return one.words | other.words, True
    if one.inverted:
        return other.words - one.words, False
    if other.inverted:
        return one.words - other.words, False
    return one.words & other.words, False


def _crossed(
    one: tuple[tuple[Cut, Cut], ...], other: tuple[tuple[Cut, Cut], ...]
) -> tuple[tuple[Cut, Cut], ...]:
    crossings = (
        (max(low, lower), min(high, higher)) for low, high in one for lower, higher in other
    )
    return tuple(sorted((low, high) for low, high in crossings if low < high))


def _complement(spans: tuple[tuple[Cut, Cut], ...]) -> tuple[tuple[Cut, Cut], ...]:
    gaps = []
    at = BELOW_ALL
    for low, high in spans:
        if at < low:
            gaps.append((at, low))
        at = max(at, high)
    return (*gaps, (at, ABOVE_ALL)) if at < ABOVE_ALL else tuple(gaps)


def _rounded(cut: Cut, kind: Kind) -> Cut:
    """Move a cut between whole numbers or days to just before the next one."""
    rank, value, after = cut
    if rank:
        return cut
    if kind is Kind.INTEGER:
        whole = value.to_integral_value(rounding=ROUND_CEILING)
        return (0, whole + (1 if after and whole == value else 0), 0)
    if kind is Kind.DAY:
        return (0, value + dt.timedelta(days=1) if after else value, 0)
    return cut


def extent_of(test: Test, domain: Domain) -> Extent:
    """Return the facts for which a test surely holds; its values have the field's kind."""
    return truth_of(test, domain)[0]


def truth_of(test: Test, domain: Domain) -> tuple[Extent, Extent]:
    """Return the facts for which a test holds, and those for which it fails."""
    match test:
        case Anything():
            return Extent.everything(domain), Extent.nothing(domain)
        case Missing():
            return Extent.only_missing(domain), Extent.everything(domain).known
        case Not(inner):
            holds, fails = truth_of(inner, domain)
            return fails, holds
        case AnyOf(tests):
            return _any(tests, domain)
    holds = _values(test, domain)
    return holds, (~holds).known


def _values(test: Equals | Compares | Within, domain: Domain) -> Extent:
    """Return the facts for which a test holds that is unknown on the missing one."""
    match test:
        case Equals(value):
            if not domain.is_ordered:
                return Extent.of_words(domain, (value,))
            return Extent.between(domain, (0, value, 0), (0, value, 1))
        case Compares(operator, value):
            at: Cut = (0, value, 1 if operator in {"<=", ">"} else 0)
            ends = (BELOW_ALL, at) if operator.startswith("<") else (at, ABOVE_ALL)
            return Extent.between(domain, *ends)
        case Within(low, high, with_low, with_high):
            ends = (0, low, 0 if with_low else 1), (0, high, 1 if with_high else 0)
            return Extent.between(domain, *ends)


def _any(tests: Iterable[Test], domain: Domain) -> tuple[Extent, Extent]:
    holds, fails = Extent.nothing(domain), Extent.everything(domain)
    for each in tests:
        also_holds, also_fails = truth_of(each, domain)
        holds, fails = holds | also_holds, fails & also_fails
    return holds, fails
