"""Reasons of a decision about a promotion, each in one sentence with its clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from counterpoise.agreement.quantities import format_rate, short_rate
from counterpoise.agreement.wording import role_text, say_period
from counterpoise.desk.decision import Reason
from counterpoise.desk.outcome import Outcome, Reading, Verdict
from counterpoise.desk.promotion import (
    BudgetLeft,
    PromotionReady,
    PromotionWeighed,
    budgets_left,
    weigh_promotion,
)
from counterpoise.desk.promotion_chain import Ending
from counterpoise.desk.promotion_facts import Goods, PromotionCase
from counterpoise.desk.wording import amount_text, approvers_text, fact_text, listed

TO_ACCOUNT = {
    Verdict.GRANTED: "Yes, we can do this promotion with you.",
    Verdict.NEEDS_APPROVAL: "I will gladly take this up for you and come back with an answer.",
    Verdict.REFUSED: "We cannot do it like this; let me show you what we can do together.",
}
"""What may be said to the retailer: no limit, margin or role."""


def promotion_reasons(
    case: PromotionCase, weighed: Sequence[PromotionWeighed], ready: PromotionReady
) -> list[Reason]:
    """Return why: a reason for each of the goods that has trouble, the budgets, and what to know.

    Where nothing is in the way, the first goods speak for all.
    """
    pairs = list(zip(case.goods, weighed, strict=True))
    troubled = [pair for pair in pairs if pair[1].by_row.outcome.weight] or pairs[:1]
    is_one = len(pairs) == 1
    reasons = [_row_reason(case, None if is_one else goods, each) for goods, each in troubled]
    reasons += _budget_reasons(case, weighed[0], ready)
    reasons += _missing(case, weighed, ready)
    reasons += _on_the_same_days(case)
    reasons += _beside(case)
    reasons += _break_even(case)
    return reasons


def _row_reason(case: PromotionCase, goods: Goods | None, weighed: PromotionWeighed) -> Reason:
    answer = weighed.by_row
    outcome, rule = answer.outcome, answer.row.rule
    of = f"{goods.name}: " if goods else ""
    says_customer = TO_ACCOUNT[outcome.verdict]
    if outcome.clause.endswith(".weeks_on_deal") and rule.weeks_on_deal and answer.fullness:
        weeks, per = answer.fullness.weeks_on_deal, say_period(rule.weeks_on_deal.per)
        most = rule.weeks_on_deal.at_most
        says = (
            f"{of}With it these goods are {weeks} weeks on deal {per}; at most {most} are agreed."
        )
        return Reason(outcome.clause, Decimal(weeks), Decimal(most), says, says_customer)
    if outcome.clause.endswith(".gap_weeks") and answer.fullness:
        gap, least = answer.fullness.gap_days or 0, rule.gap_weeks or 0
        near = (
            "It overlaps another promotion of these goods"
            if gap < 0
            else f"Only {_days(gap)} lie between it and another promotion of these goods"
        )
        says = f"{of}{near}; at least {least} weeks are agreed."
        return Reason(outcome.clause, Decimal(gap), Decimal(least * 7), says, says_customer)
    says = of + _depth_text(case, weighed)
    return Reason(outcome.clause, case.request.depth, outcome.limit, says, says_customer)


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _depth_text(case: PromotionCase, weighed: PromotionWeighed) -> str:
    outcome, rule = weighed.by_row.outcome, weighed.by_row.row.rule
    depth, asked_by = case.request.depth, case.request.asked_by
    what = f"{format_rate(short_rate(depth))} off is asked" if depth else "No price cut is asked"
    if rule.ending is Ending.UNSAID:
        return "The agreement says nothing about promotions, so nobody may grant one."
    if rule.ending is not None:
        return f"{what}; no row of the agreement fits, and what none fits is {rule.ending.value}."
    said = f" ({rule.says})" if rule.says else ""
    own = format_rate(outcome.limit) if outcome.limit else "nothing"
    who = f"{role_text(asked_by)} may give {own} here{said}"
    if outcome.verdict is Verdict.GRANTED:
        return f"{what}; {who}."
    if outcome.verdict is Verdict.NEEDS_APPROVAL:
        return f"{what}; {who}, so {approvers_text(outcome.approvers, asked_by)} must approve."
    most = max((grant.rate for grant in rule.grants), default=Decimal(0))
    return f"{what}; {who}, and nobody may give more than {format_rate(most)}."


def _budget_reasons(
    case: PromotionCase, weighed: PromotionWeighed, ready: PromotionReady
) -> Iterator[Reason]:
    over: dict[str, Outcome] = {each.clause: outcome for each, outcome in weighed.by_budget}
    for each in budgets_left(weighed.asked, ready.agreement):
        yield _budget_reason(case, each, over.get(each.clause))


def _budget_reason(case: PromotionCase, each: BudgetLeft, over: Outcome | None) -> Reason:
    cost = case.request.trade_spend
    per, amount = say_period(each.budget.every), amount_text(each.budget.amount)
    left = amount_text(max(each.left, Decimal(0)))
    told = f"{left} of {amount} {per} is left in the budget {each.budget.id}"
    if cost is None:
        says = f"{told}; not checked, because the trade spend is not given."
    elif over is None:
        says = f"{told}; this takes {amount_text(cost)}."
    else:
        who = approvers_text(over.approvers, case.request.asked_by)
        says = f"{told}, and this takes {amount_text(cost)}, so {who} must approve."
    return Reason(each.clause, cost, each.left, says, None)


def _missing(
    case: PromotionCase, weighed: Sequence[PromotionWeighed], ready: PromotionReady
) -> Iterator[Reason]:
    """Name the facts that nobody knows, where with them the answer could be better."""
    unknown: dict[str, None] = {}
    for each in weighed:
        role = case.request.asked_by
        lenient = weigh_promotion(each.asked, ready, role, Reading.LENIENT)
        if lenient.strictest.weight == each.strictest.weight:
            continue
        for row in ready.possible(each.asked.facts):
            for bound in row.predicate.tests:
                if each.asked.facts.get(bound.field.column) is None:
                    unknown[bound.field.path] = None
    if unknown:
        names = listed([fact_text(path) for path in unknown])
        verb = "is" if len(unknown) == 1 else "are"
        yield Reason(None, None, None, f"{names} {verb} not known; the answer turns on it.", None)


def _on_the_same_days(case: PromotionCase) -> Iterator[Reason]:
    """Tell of the same goods on deal at the same account on the very same days: parts of one."""
    request = case.request
    same = [
        other
        for other in case.others
        if other.days == request.days
        and other.account_id in (None, request.account_id)
        and other.product_id in (None, *request.products)
        and any(other.product_family in (None, goods.family) for goods in case.goods)
    ]
    if same:
        cuts = [format_rate(short_rate(each.rate)) for each in same if each.rate]
        what = f"{listed(list(dict.fromkeys(cuts)))} off" if cuts else "a promotion"
        says = f"On the same days {what} is on the calendar there already; this is part of it."
        yield Reason(None, None, None, says, None)


def _beside(case: PromotionCase) -> Iterator[Reason]:
    """Tell of other goods of the same family on deal at the same account on the same days."""
    request = case.request
    names: dict[str, None] = {}
    for other in case.others:
        is_near = other.days.first <= request.days.last and request.days.first <= other.days.last
        at_it = not (other.account_id and request.account_id) or (
            other.account_id == request.account_id
        )
        for goods in case.goods:
            is_neighbour = goods.family is not None and other.product_family == goods.family
            if is_near and at_it and is_neighbour and other.product_id not in request.products:
                names[other.product_id or other.product_family or "all goods"] = None
    if names:
        said = listed(list(names)[:5])
        says = f"On the same days {said} of the same family is on deal and may take from it."
        yield Reason(None, None, None, says, None)


def _break_even(case: PromotionCase) -> Iterator[Reason]:
    """Say how much more must be sold for the price cut to pay: arithmetic, no forecast."""
    depth, expected = case.request.depth, case.request.expected_lift
    if not depth or len(case.goods) != 1:
        return
    price, cost = (case.goods[0].record.get(name) for name in ("list_price", "unit_cost"))
    if price is None or cost is None or price <= cost:
        return
    left = price * (1 - depth) - cost
    if left <= 0:
        says = f"At {format_rate(depth)} off every unit is sold below its cost."
        yield Reason(None, expected, None, says, None)
        return
    need = ((price - cost) / left - 1).quantize(Decimal("0.01"))
    says = f"The cut alone pays from {format_rate(need)} more units on"
    if expected is not None:
        says += f"; {format_rate(short_rate(expected))} more are expected"
    yield Reason(None, expected, need, f"{says}.", None)
