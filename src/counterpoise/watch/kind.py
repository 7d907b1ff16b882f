"""A kind of crack: what it asks, of whom, and how it speaks; and what a review tests for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.picture import Picture

if TYPE_CHECKING:
    from counterpoise.watch.watched import Watched


class Unit(StrEnum):
    """What a figure of a kind is counted in, so that a page writes it well."""

    POINTS = "points"  # of a rate or a share, kept as a fraction
    DAYS = "days"
    MONEY = "money"
    COUNT = "count"


@dataclass(frozen=True)
class Tested:
    """One question about one subject, answered: a member of the family that is judged together.

    Attributes:
        p: One-sided; None for a plain fact, which is there or is not (and is yielded only when
            it is there).
        stake: Money a quarter, never below 0.
        group: The id of the subject's group (the team of a person), where one could be named too.
        member: For a group, the id of the member who adds most to the finding.
        p_without: For a group, its p-value without that member; None where nobody asked.
        p_among: For a member, its p-value among the members of its own group alone.
        by_past: Whether it is the subject's own past that the finding is held against.
    """

    variant: str
    subject: Subject
    side: Side
    observed: float
    expected: float
    low: float
    high: float
    n: int
    p: float | None
    stake: Decimal
    stake_formula: str
    since: dt.date
    picture: Picture
    group: str = ""
    member: str = ""
    p_without: float | None = None
    p_among: float | None = None
    by_past: bool = False
    notes: Mapping[str, object] = field(default_factory=dict)
    """What the kind's own words need beside this."""


@dataclass(frozen=True)
class OtherView:
    """The same matter as the other side sees it: a sentence, and figures by their names."""

    says: str
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of crack. One module of `kinds` defines each, as `KIND`.

    Attributes:
        name: As the contract spells it.
        side: Who should act; a test may name another side (a role's, a promise's).
        counterpart: The kind that watches the other side; its own name where it asks both at once.
        variants: What a subject may be, and of what type it is.
        asks: The question in plain words, for the catalogue.
        measure: How it is measured and judged, for the catalogue.
        stake: How money is reckoned, for the catalogue.
        needs: Tables that the books must hold, beside deals where it reads them.
        missing: Says why these books cannot show it although the tables are there; "" if they can.
        test: Tests every subject that is large enough; never looks at results to choose them.
        says: The sentence that a manager can say aloud.
        next_step: What to do, in the agreement's words where it has some.
        rows: The rows behind a finding: the table's own id column first, then what a reader wants
            to see, and `stake_part`: money a quarter of this row.
        other_view: The other side's view.
    """

    name: str
    side: Side
    counterpart: str
    variants: Mapping[str, str]
    asks: str
    measure: str
    stake: str
    unit: Unit
    needs: tuple[str, ...]
    test: Callable[[Watched], Iterable[Tested]]
    says: Callable[[Watched, Tested], str]
    next_step: Callable[[Watched, Tested], str]
    rows: Callable[[Watched, Tested], ir.Table]
    other_view: Callable[[Watched, Tested], OtherView]
    missing: Callable[[Watched], str] = lambda _: ""
