"""Reasons: each answer of a weighing in words, with its clause, what was asked and the limit."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from counterpoise.agreement.quantities import format_rate, short_rate
from counterpoise.agreement.wording import role_text, say_kind
from counterpoise.desk.authority import Ready
from counterpoise.desk.case import ZERO, Case, Difference
from counterpoise.desk.customization import OTHERWISE, Tailored
from counterpoise.desk.decision import Reason
from counterpoise.desk.discount import Weighed
from counterpoise.desk.floor import CLAUSE, FloorCheck
from counterpoise.desk.outcome import Outcome, Verdict
from counterpoise.desk.weighing import Weighing
from counterpoise.desk.wording import (
    TAILORING_TO_CUSTOMER,
    TO_CUSTOMER,
    amount_text,
    approvers_text,
    fact_text,
    listed,
    value_text,
)

_PROMISES = (
    TO_CUSTOMER[Verdict.NEEDS_APPROVAL],
    TAILORING_TO_CUSTOMER[Verdict.NEEDS_APPROVAL],
)
_RATE_STEP = Decimal("0.000001")


def reasons_of(weighing: Weighing, ready: Ready) -> list[Reason]:
    """Return why, one reason an ask: the discount, the floor, each kind of customization.

    Where lines are judged by themselves, each that is not granted has its reason; if all are, the
    first that asks for a discount.
    """
    discounts = weighing.discounts
    if len(discounts) > 1:
        troubled = tuple([each for each in discounts if each.outcome.weight])
        asking = (each for each in discounts if each.unit.net_amount < each.unit.list_amount)
        discounts = troubled or (next(asking, discounts[0]),)
    reasons = [discount_reason(each, weighing.case, ready) for each in discounts]
    if weighing.floor is not None and (reason := floor_reason(weighing.floor, weighing.case)):
        reasons.append(reason)
    reasons += [kind_reason(kind, weighing.case) for kind in weighing.kinds]
    reasons += [difference_reason(each) for each in weighing.case.differences]
    return _without_promises(reasons) if weighing.verdict is Verdict.REFUSED else reasons


def _without_promises(reasons: list[Reason]) -> list[Reason]:
    """Promise the customer no answer where nobody is asked for one: all of it is refused."""
    return [
        each._replace(say_to_customer=None) if each.say_to_customer in _PROMISES else each
        for each in reasons
    ]


def asked_rate(weighed: Weighed) -> Decimal:
    """Return the rate that is asked, negative above list."""
    unit = weighed.unit
    if unit.list_amount <= 0:
        return Decimal(0)
    concession = unit.list_amount - unit.net_amount
    return (concession / unit.list_amount).quantize(_RATE_STEP, ROUND_HALF_EVEN).normalize()


def discount_reason(weighed: Weighed, case: Case, ready: Ready) -> Reason:
    """Say why a discount is granted, needs approval, or is refused."""
    outcome, asked = weighed.outcome, asked_rate(weighed)
    says = _discount_text(weighed, case, ready, asked)
    if weighed.unit.line_no is not None:
        says = f"Line {weighed.unit.line_no}: {says}"
    return Reason(outcome.clause, asked, outcome.limit, says, TO_CUSTOMER[outcome.verdict])


def _discount_text(weighed: Weighed, case: Case, ready: Ready, asked: Decimal) -> str:
    outcome, row = weighed.outcome, weighed.row
    if asked <= 0 and outcome.verdict is Verdict.GRANTED:
        return "No discount is asked."
    said = f" ({row.says})" if row.says else ""
    what = f"{_asked_text(weighed, asked)} is asked"
    if row.is_exclusion:
        return f"{what}; no discount at all is given here{said}."
    if not row.grants:
        return f"{what}, but no row of the agreement fits, so nobody may give a discount."
    own = format_rate(outcome.limit) if outcome.limit else "nothing"
    who = f"{role_text(case.request.asked_by)} may give {own} here"
    if weighed.earned and outcome.limit:
        who += _lever_text(weighed, ready)
    who += said
    if outcome.verdict is Verdict.GRANTED:
        return f"{what}; {who}."
    if outcome.verdict is Verdict.NEEDS_APPROVAL:
        return f"{what}; {who}, so {_approvers(outcome, case)} must approve."
    return f"{what}; {who}, and {_highest_text(weighed, asked)}."


def _asked_text(weighed: Weighed, asked: Decimal) -> str:
    """Write the asked rate on the step of rates, unless that hides on which side of a limit it is.

    A price in whole cents is a rate of many digits.
    """
    unit = weighed.unit
    exact = (unit.list_amount - unit.net_amount) / unit.list_amount if unit.list_amount else asked
    limits = [ZERO, *(grant.rate + weighed.earned for grant in weighed.row.grants)]
    for said in (short_rate(exact), asked):
        if all((exact > limit) == (said > limit) for limit in limits):
            return format_rate(said)
    return f"A little more than {format_rate(short_rate(exact))}"


def _lever_text(weighed: Weighed, ready: Ready) -> str:
    names = [each.lever.says or each.lever.id for each in ready.levers.holding(weighed.unit.facts)]
    return f", {format_rate(weighed.earned)} of it for {listed(names)}"


def _highest_text(weighed: Weighed, asked: Decimal) -> str:
    best = max(weighed.row.grants, key=lambda grant: grant.rate)
    most = best.rate + weighed.earned
    if asked <= most:
        return "nobody above may approve it"
    who = listed([role_text(role) for role in best.roles])
    return f"nobody may give more than {format_rate(most)} ({who})"


def floor_reason(check: FloorCheck, case: Case) -> Reason | None:
    """Say what the floor asks for; None where it is kept."""
    if check.margin is None:
        says = "Floor not checked: the cost is not known."
        return Reason(CLAUSE, None, check.floor, says, None)
    if not check.is_below:
        return None
    outcome, floor = check.outcome, format_rate(check.floor)
    margin = check.margin.quantize(_RATE_STEP, ROUND_HALF_EVEN).normalize()
    would_be = f"The margin would be {format_rate(margin)}"
    if case.net_amount <= 0:
        would_be = "There is no margin at a net of 0"
    says = f"{would_be}, below the floor of {floor}; {_floor_answer(outcome, case)}"
    return Reason(CLAUSE, margin, check.floor, says, TO_CUSTOMER[outcome.verdict])


def _floor_answer(outcome: Outcome, case: Case) -> str:
    if outcome.verdict is Verdict.GRANTED:
        return f"{role_text(case.request.asked_by)} may decide that."
    if outcome.verdict is Verdict.NEEDS_APPROVAL:
        return f"{_approvers(outcome, case)} must approve as well."
    return "nobody may go below it."


def kind_reason(kind: Tailored, case: Case) -> Reason:
    """Say why a customization is granted, needs approval, or is refused."""
    outcome, wanted = kind.outcome, kind.wanted
    on_record = f", {amount_text(wanted.recorded)} of it on record" if wanted.recorded else ""
    kind_said = say_kind(wanted.kind)
    what = f"{kind_said[0].upper()}{kind_said[1:]} for {amount_text(wanted.total)} is asked"
    what += on_record
    to_customer = TAILORING_TO_CUSTOMER[outcome.verdict]
    if outcome.clause.endswith(".quota"):
        says = f"{kind.used} of at most {outcome.limit} are on record for the period"
        asked = Decimal(wanted.pieces)
        return Reason(outcome.clause, asked, outcome.limit, f"{what}; {says}.", to_customer)
    says = f"{what}; {_kind_answer(kind, case)}."
    return Reason(outcome.clause, wanted.total, outcome.limit, says, to_customer)


def _kind_answer(kind: Tailored, case: Case) -> str:
    outcome = kind.outcome
    if outcome.clause == OTHERWISE:
        return f"no row of the agreement fits, and what none fits is {outcome.verdict.value}"
    said = f" ({kind.row.says})" if kind.row and kind.row.says else ""
    granted = amount_text(outcome.limit or ZERO)
    who = f"{role_text(case.request.asked_by)} may grant {granted}{said}"
    if outcome.verdict is Verdict.GRANTED:
        return who
    if outcome.verdict is Verdict.NEEDS_APPROVAL:
        return f"{who}, so {_approvers(outcome, case)} must approve"
    return f"{who}, and nobody may grant that much"


def _approvers(outcome: Outcome, case: Case) -> str:
    return approvers_text(outcome.approvers, case.request.asked_by)


def difference_reason(difference: Difference) -> Reason:
    """Say that the books know better than the request."""
    field, claimed, recorded = difference
    says = (
        f"{fact_text(field)} is {value_text(recorded)} in the books, not {value_text(claimed)};"
        " the books are taken."
    )
    return Reason(None, claimed, recorded, says, None)
