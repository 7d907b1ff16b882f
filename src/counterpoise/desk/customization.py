"""Customizations: each kind by what it costs in all, and by how many there are in a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol

from counterpoise.agreement.quantities import Period
from counterpoise.desk.authority import LiveRow, Ready
from counterpoise.desk.book_facts import NO_BOOKS, BookFacts
from counterpoise.desk.case import ZERO, Case, Wanted
from counterpoise.desk.discount import Asker
from counterpoise.desk.outcome import Outcome, Reading, granted, needs, refused
from counterpoise.desk.predicates import Facts

OTHERWISE = "customizations.otherwise"


class Tailored(NamedTuple):
    """The answer to one kind of customization, and the row that gave it (None: no row)."""

    wanted: Wanted
    outcome: Outcome
    row: LiveRow | None
    used: int = 0
    is_sure: bool = True


def weigh_customizations(
    case: Case,
    ready: Ready,
    asker: Asker,
    books: BookFacts = NO_BOOKS,
    reading: Reading = Reading.STRICT,
) -> tuple[Tailored, ...]:
    """Answer for every kind that is asked."""
    return tuple(
        weigh_kind(each, case, ready, asker, counter_of(books, case.day, ready), reading)
        for each in case.wanted
    )


class Counts(Protocol):
    """Tells how many of a kind there are in a period already."""

    def used(self, kind: str, per: Period) -> int:
        """Return how many there are."""


class Counter(NamedTuple):
    """Counts what is on record of a kind in the period of a quota."""

    books: BookFacts
    day: dt.date
    fiscal_year_starts: int

    def used(self, kind: str, per: Period) -> int:
        """Return how many there are in the period around the day."""
        first, last = period_of(self.day, per, self.fiscal_year_starts)
        return self.books.customizations_between(kind, first, last)


def counter_of(books: BookFacts, day: dt.date, ready: Ready) -> Counter:
    """Return the counter of a decision."""
    return Counter(books, day, ready.agreement.company.fiscal_year_starts)


def weigh_kind(
    wanted: Wanted,
    case: Case,
    ready: Ready,
    asker: Asker,
    counter: Counter,
    reading: Reading = Reading.STRICT,
) -> Tailored:
    """Answer for one kind: the worst of the rows that may decide, or the best if lenient."""
    answers = answers_to_kind(wanted, case.facts, case.day, ready, lambda _: (asker,), counter)
    if len(answers) == 1:
        return answers[0]
    choose = max if reading is Reading.STRICT else min
    return choose(answers, key=lambda answer: answer.outcome.weight)._replace(is_sure=False)


def answers_to_kind(
    wanted: Wanted,
    facts: Facts,
    day: dt.date,
    ready: Ready,
    askers: Callable[[LiveRow], Sequence[Asker]],
    counter: Counts,
) -> list[Tailored]:
    """Answer by every row that may decide, for everybody who may have asked."""
    table = ready.customizations.get(wanted.kind)
    rows = table.possible(facts, day) if table else ()
    answers = [_row_answer(row, wanted, asker, counter) for row in rows for asker in askers(row)]
    if not rows or rows[-1].truth(facts) is not True:
        answers.append(Tailored(wanted, _without_row(ready), None))
    return answers


def _without_row(ready: Ready) -> Outcome:
    is_free = ready.agreement.customizations.otherwise == "granted"
    return granted(OTHERWISE) if is_free else refused(OTHERWISE, ZERO)


def _row_answer(row: LiveRow, wanted: Wanted, asker: Asker, counter: Counts) -> Tailored:
    if row.quota is not None:
        used = counter.used(wanted.kind, row.quota.per)
        if used + wanted.pieces > row.quota.count:
            clause = f"{row.clause}.quota"
            return Tailored(wanted, refused(clause, Decimal(row.quota.count)), row, used)
    return Tailored(wanted, cost_outcome(row, wanted.total, asker), row)


def cost_outcome(row: LiveRow, cost: Decimal, asker: Asker) -> Outcome:
    """Answer by one row: granted, or by the first role above that may, or refused."""
    own = row.own.get(asker.role) if asker.role is not None else None
    if own is not None and cost <= own:
        return granted(row.clause, own)
    for grant in row.grants:
        if grant.rank > asker.rank and cost <= grant.rate:
            return needs(grant, row.clause, own or ZERO)
    return refused(row.clause, own or ZERO)


def period_of(day: dt.date, per: Period, fiscal_year_starts: int) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the period that a day lies in; quarters are fiscal.

    >>> period_of(dt.date(2026, 6, 10), Period.QUARTER, fiscal_year_starts=2)
    (datetime.date(2026, 5, 1), datetime.date(2026, 7, 31))
    """
    if per is Period.DAY:
        return day, day
    if per is Period.WEEK:
        first = day - dt.timedelta(days=day.weekday())
        return first, first + dt.timedelta(days=6)
    months = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}[per]
    into = (day.month - fiscal_year_starts) % 12 % months
    start = day.year * 12 + day.month - 1 - into
    first = dt.date(start // 12, start % 12 + 1, 1)
    after = start + months
    return first, dt.date(after // 12, after % 12 + 1, 1) - dt.timedelta(days=1)
