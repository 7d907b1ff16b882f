"""Promotions: what the agreement answers to one, by its depth, the calendar and the budgets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from counterpoise.agreement.document import Agreement, Budget
from counterpoise.agreement.fields import Fields, Scope
from counterpoise.agreement.quantities import Period
from counterpoise.desk.authority import Ready
from counterpoise.desk.case import ZERO
from counterpoise.desk.chain import grants_of
from counterpoise.desk.customization import period_of
from counterpoise.desk.discount import NOBODY, Asker
from counterpoise.desk.outcome import Outcome, Reading, Verdict, granted, needs, refused
from counterpoise.desk.predicates import Predicate, predicate_of
from counterpoise.desk.promotion_calendar import Booked, Calendar, Days, Fullness
from counterpoise.desk.promotion_chain import (
    Ending,
    PromotionRule,
    is_of_goods,
    promotion_budgets,
    promotion_chain,
)

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class LivePromotionRow:
    """A row of the chain, its condition compiled."""

    rule: PromotionRule
    predicate: Predicate
    own: Mapping[str, Decimal]


@dataclass(frozen=True)
class PromotionReady:
    """An agreement made ready to answer about promotions."""

    ready: Ready

    @property
    def agreement(self) -> Agreement:
        """Return the agreement."""
        return self.ready.agreement

    @cached_property
    def fields(self) -> Fields:
        """Return the fields of a promotion."""
        return Fields(Scope.PROMOTION, self.ready.fields.attributes)

    @cached_property
    def rows(self) -> tuple[LivePromotionRow, ...]:
        """Return the chain."""
        return tuple(self._live(rule) for rule in promotion_chain(self.agreement))

    def _live(self, rule: PromotionRule) -> LivePromotionRow:
        fields = self.ready.fields if rule.scope is Scope.DEAL else self.fields
        own = {grant.roles[0]: grant.rate for grant in rule.singles}
        return LivePromotionRow(rule, predicate_of(rule.condition, fields), own)

    def possible(self, facts: Facts) -> list[LivePromotionRow]:
        """Return every row that may be the first to hold; of several the last surely does."""
        goods = {name: fact for name, fact in facts.items() if is_of_goods(name)}
        goods["persona"] = self.ready.persona_of(goods)
        found = []
        for row in self.rows:
            truth = row.predicate.truth(goods if row.rule.scope is Scope.DEAL else facts)
            if truth is False:
                continue
            found.append(row)
            if truth:
                break
        return found


class AskedPromotion(NamedTuple):
    """A promotion of one product, one family or everything, with its facts.

    `others` is what else is on deal; it counts for the calendar and for budgets.
    """

    facts: Facts
    booked: Booked
    others: Sequence[Booked] = ()

    @property
    def depth(self) -> Decimal | None:
        """Return the cut of the price, None where nobody knows."""
        depth: Decimal | None = self.facts.get("depth")
        return depth


class BudgetLeft(NamedTuple):
    """A budget in the period of a promotion, before the promotion."""

    budget: Budget
    days: Days
    spent: Decimal

    @property
    def left(self) -> Decimal:
        """Return what is left, below 0 where more is spent."""
        return self.budget.amount - self.spent

    @property
    def clause(self) -> str:
        """Return the clause."""
        return f"budgets.{self.budget.id}"


class PromotionAnswer(NamedTuple):
    """The answer of one row to the depth and the calendar."""

    outcome: Outcome
    row: LivePromotionRow
    fullness: Fullness | None


class PromotionWeighed(NamedTuple):
    """The answers to a promotion: by its row, and by the budgets that it would take over."""

    asked: AskedPromotion
    by_row: PromotionAnswer
    by_budget: tuple[tuple[BudgetLeft, Outcome], ...]
    is_sure: bool

    @property
    def outcomes(self) -> list[Outcome]:
        """Return every answer, that of the row first."""
        return [self.by_row.outcome, *(outcome for _, outcome in self.by_budget)]

    @property
    def strictest(self) -> Outcome:
        """Return the answer that decides, the first of equals."""
        return max(self.outcomes, key=lambda outcome: outcome.weight)

    @property
    def verdict(self) -> Verdict:
        """Return the verdict."""
        return self.strictest.verdict


def weigh_promotion(
    asked: AskedPromotion,
    ready: PromotionReady,
    role: str | None,
    reading: Reading = Reading.STRICT,
) -> PromotionWeighed:
    """Answer a promotion by the worst of the rows that may decide, or the best if lenient.

    A role that nobody knows may be any that a row names.
    """
    rows = ready.possible(asked.facts)
    calendar = _Calendars(asked, ready.agreement.company.fiscal_year_starts)
    answers = [
        _row_answer(row, asked.depth, asker, calendar, reading)
        for row in rows
        for asker in _askers(role, row, ready)
    ]
    choose = max if reading is Reading.STRICT else min
    best = choose(answers, key=lambda answer: answer.outcome.weight)
    over = _budget_outcomes(asked, ready, role, reading)
    return PromotionWeighed(asked, best, over, is_sure=len(answers) == 1)


@dataclass(frozen=True)
class _Calendars:
    """The calendar of a promotion, made where a row asks for it."""

    asked: AskedPromotion
    fiscal_year_starts: int

    @cached_property
    def it(self) -> Calendar:
        return Calendar(self.asked.booked, self.asked.others, self.fiscal_year_starts)


def _askers(role: str | None, row: LivePromotionRow, ready: PromotionReady) -> list[Asker]:
    ranks = ready.ready.ranks
    if role is not None:
        return [Asker(role, ranks[role])]
    return [Asker(each, ranks[each]) for each in row.own] or [Asker(None, NOBODY)]


def _row_answer(
    row: LivePromotionRow,
    depth: Decimal | None,
    asker: Asker,
    calendars: _Calendars,
    reading: Reading,
) -> PromotionAnswer:
    rule = row.rule
    fullness = None
    if rule.weeks_on_deal is not None or rule.gap_weeks is not None:
        per = rule.weeks_on_deal.per if rule.weeks_on_deal else Period.YEAR
        fullness = calendars.it.fullness(per)
        if barred := calendar_outcome(rule, fullness):
            return PromotionAnswer(barred, row, fullness)
    return PromotionAnswer(depth_outcome(row, depth, asker, reading), row, fullness)


def calendar_outcome(rule: PromotionRule, fullness: Fullness) -> Outcome | None:
    """Refuse what makes the calendar too full or comes too soon; None where neither does."""
    weeks, gap = rule.weeks_on_deal, rule.gap_weeks
    if weeks and fullness.weeks_on_deal > weeks.at_most:
        return refused(f"{rule.clause}.weeks_on_deal", Decimal(weeks.at_most))
    if gap is not None and fullness.gap_days is not None and fullness.gap_days < gap * 7:
        return refused(f"{rule.clause}.gap_weeks", Decimal(gap))
    return None


def depth_outcome(
    row: LivePromotionRow, depth: Decimal | None, asker: Asker, reading: Reading = Reading.STRICT
) -> Outcome:
    """Answer to a depth by one row: granted, or by the first role above that may, or refused.

    A depth that nobody knows may be any: the deepest in the strict reading, none in the lenient.
    """
    rule = row.rule
    if rule.ending is Ending.GRANTED:
        return granted(rule.clause)
    if rule.ending is Ending.UNSAID:
        is_lenient = reading is Reading.LENIENT
        return granted(rule.clause) if is_lenient else refused(rule.clause)
    own = row.own.get(asker.role) if asker.role is not None else None
    if depth is None:
        depth = ZERO if reading is Reading.LENIENT else Decimal("Infinity")
    if depth <= 0 or (own is not None and depth <= own):
        return granted(rule.clause, own)
    for grant in rule.grants:
        if grant.rank > asker.rank and depth <= grant.rate:
            return needs(grant, rule.clause, own or ZERO)
    return refused(rule.clause, own or ZERO)


def budgets_left(asked: AskedPromotion, agreement: Agreement) -> tuple[BudgetLeft, ...]:
    """Return the budgets of promotions in the periods in which one starts, without its own cost."""
    starts = agreement.company.fiscal_year_starts
    found = []
    for budget in promotion_budgets(agreement):
        days = Days(*period_of(asked.booked.days.first, budget.every, starts))
        spent = _spent(asked.others, days.first, days.last)
        found.append(BudgetLeft(budget, days, spent))
    return tuple(found)


def _spent(others: Iterable[Booked], first: dt.date, last: dt.date) -> Decimal:
    costs = (each.trade_spend for each in others if first <= each.days.first <= last)
    return sum((cost for cost in costs if cost is not None), ZERO)


def _budget_outcomes(
    asked: AskedPromotion, ready: PromotionReady, role: str | None, reading: Reading
) -> tuple[tuple[BudgetLeft, Outcome], ...]:
    cost = asked.booked.trade_spend
    highest = ready.agreement.ladder[-1]
    if cost is None or cost <= 0 or role == highest:
        return ()
    if role is None and reading is Reading.LENIENT:
        return ()
    grant = grants_of({highest: ZERO}, ready.ready.ranks)[0]
    return tuple(
        (each, needs(grant, each.clause, each.left))
        for each in budgets_left(asked, ready.agreement)
        if cost > each.left
    )
