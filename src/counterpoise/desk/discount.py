"""Discounts: what a row of the chain answers to a rate, and which row counts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from counterpoise.desk.authority import LiveRow, Ready
from counterpoise.desk.case import ZERO, Unit
from counterpoise.desk.outcome import Outcome, Reading, granted, needs, refused

NOBODY = -1
"""The rank of one whose role no row names: below the ladder."""


NO_DISCOUNT = "discounts"
"""The clause that is cited where no discount is asked, whatever row would decide about one."""


class Asker(NamedTuple):
    """Who asks. The role is None for a past deal whose owner's role is unknown."""

    role: str | None
    rank: int


class Weighed(NamedTuple):
    """The answer to one discount, the row that gave it, and all rows that may decide.

    `levers` is what they add to a row that earns them; `is_sure` tells that no missing fact could
    change the answer.
    """

    unit: Unit
    outcome: Outcome
    row: LiveRow
    rows: tuple[LiveRow, ...]
    levers: Decimal
    is_sure: bool

    @property
    def earned(self) -> Decimal:
        """Return what levers add to the row that decided."""
        return self.levers if self.row.earns_levers else ZERO


def weigh_discount(
    unit: Unit, ready: Ready, asker: Asker, day: dt.date, reading: Reading = Reading.STRICT
) -> Weighed:
    """Answer for one unit: the worst of the rows that may decide, or the best if lenient."""
    facts, list_amount, net_amount = unit.facts, unit.list_amount, unit.net_amount
    rows = ready.rows.possible(facts, day)
    low, high = ready.levers.bounds(facts)
    levers = low if reading is Reading.STRICT else high
    concession = list_amount - net_amount
    if len(rows) == 1:
        row = rows[0]
        outcome = row_outcome(row, list_amount, concession, asker, levers)
        return Weighed(unit, outcome, row, rows, levers, low == high)
    answers = [(row_outcome(row, list_amount, concession, asker, levers), row) for row in rows]
    choose = max if reading is Reading.STRICT else min
    outcome, row = choose(answers, key=lambda answer: _strictness(answer[0]))
    return Weighed(unit, outcome, row, rows, levers, is_sure=False)


def _strictness(outcome: Outcome) -> tuple[int, Decimal]:
    """Order answers: of equal ones, that which leaves the asker less is the stricter."""
    return outcome.weight, -(outcome.limit or ZERO)


def worst_outcome(
    rows: tuple[LiveRow, ...],
    list_amount: Decimal,
    concession: Decimal,
    asker: Asker,
    levers: Decimal,
) -> Outcome:
    """Answer by the strictest of the rows that may decide."""
    worst = row_outcome(rows[0], list_amount, concession, asker, levers)
    for row in rows[1:]:
        outcome = row_outcome(row, list_amount, concession, asker, levers)
        if _strictness(outcome) > _strictness(worst):
            worst = outcome
    return worst


def row_outcome(
    row: LiveRow, list_amount: Decimal, concession: Decimal, asker: Asker, levers: Decimal
) -> Outcome:
    """Answer by one row: granted, or by the first role above that may, or refused.

    Rates are never divided out: a concession is covered if it is at most list × authority.
    """
    extra = levers if row.earns_levers else ZERO
    own = row.own.get(asker.role) if asker.role is not None else None
    authority = ZERO if own is None else own + extra
    if concession <= 0:
        return granted(NO_DISCOUNT, authority)
    if own is not None and concession <= list_amount * authority:
        return granted(row.clause, authority)
    for grant in row.grants:
        if grant.rank > asker.rank and concession <= list_amount * (grant.rate + extra):
            return needs(grant, row.clause, authority)
    return refused(row.clause, authority)
