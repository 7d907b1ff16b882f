"""Fit, contra-effects and power, worked out with each review."""

from __future__ import annotations

from typing import Any, cast

from counterpoise.ledger.contra import Association, contra_effects
from counterpoise.ledger.contra_deals import compared, repeat_rates
from counterpoise.ledger.contra_words import Grounds, contra_object
from counterpoise.ledger.discount_effect import EffectStatus, discount_effect
from counterpoise.ledger.fit_report import fit_object, fit_report
from counterpoise.ledger.power import power
from counterpoise.ledger.power_words import power_object
from counterpoise.web.results.measured import Measured, Outcome
from counterpoise.web.results.scores import POWER_ROWS, TOGETHER_ROWS

MOST_DEALS = 300_000
"""Deals above which nobody asks for grounds: to read them all takes minutes."""
TOO_MANY = "Grounds for causal words are not asked of so many deals."


def measure_fit(measured: Measured) -> Outcome:
    """Score personas on leads, accounts and deals."""
    touched = measured.touched if measured.view.books.has("touches") else None
    found = fit_report(measured.view, measured.agreements, measured.deals, touched)
    return Outcome(fit_object(found))


def measure_together(measured: Measured) -> Outcome:
    """Tell what one side's work goes with on the other's."""
    view = measured.view
    table = view.books.keep(compared(view, measured.deals), "compared")
    found = contra_effects(view, table)
    figures = contra_object(found, _grounds(measured, found))
    return Outcome(cast("Any", figures), {TOGETHER_ROWS: repeat_rates(table)})


def measure_power(measured: Measured) -> Outcome:
    """Tell who decided, and who waited for whom."""
    found = power(measured.view, measured.agreements, measured.deals)
    rows = {} if found.rows is None else {POWER_ROWS: found.rows.order_by("deal_id", "approval_id")}
    return Outcome(power_object(found), rows)


def _grounds(measured: Measured, found: tuple[Association, ...]) -> Grounds:
    """Tell whether causal words may be used; asked only where they could be."""
    sure = any(each.estimate and each.estimate.is_clear_of_zero for each in found)
    if not sure or measured.agreement is None:
        return Grounds(hold=False)
    books = measured.view.books
    recorded = discount_effect(books, measured.deals)
    if recorded.status is EffectStatus.REFUSED:
        return Grounds(hold=False, why=recorded.why)
    deals = measured.deals
    rows = books.run(deals.filter(deals.outcome != "open").count().name("n").as_table())
    if rows["n"][0].as_py() > MOST_DEALS:
        return Grounds(hold=False, why=TOO_MANY)
    from counterpoise.rehearse.grounds import against_causes

    against = against_causes(books, measured.agreements, measured.agreement, measured.view.as_of)
    return Grounds(hold=True) if against is None else Grounds(hold=False, why=against.why)
