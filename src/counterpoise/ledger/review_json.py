"""The review as JSON, in the form that other programs rely on (`counterpoise/review/v1`).

What the contract names comes first and keeps its names; whatever else a page may want is added
after it. Amounts are numbers as exact as they are stored, shares have six digits, and a ratio
without a denominator is null.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from counterpoise.ledger.crack import Crack, WatchState
from counterpoise.ledger.cycle import Cycle, CycleTime
from counterpoise.ledger.fit import FitSide
from counterpoise.ledger.groups import Group
from counterpoise.ledger.handoff import Handoff
from counterpoise.ledger.ledger import Ledger
from counterpoise.ledger.offers import OfferMovement, Offers
from counterpoise.ledger.review import AgreementState, Review
from counterpoise.ledger.totals import Totals
from counterpoise.ledger.value_over_time import TimeRow

FORM = "counterpoise/review/v1"
_SHARE_DIGITS = Decimal("0.000001")
_MONEY_DIGITS = Decimal("0.0001")
_DAY_DIGITS = Decimal("0.0001")

Json = dict[str, Any]


def review_json(review: Review) -> str:
    """Write a review as JSON; the same review gives the same text."""
    return json.dumps(review_object(review), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def review_object(review: Review) -> Json:
    """Return a review as plain objects, lists, texts and numbers."""
    return {
        "schema": FORM,
        "as_of": review.as_of.isoformat(),
        "currency": review.currency,
        "books": _books(review),
        "agreement": _agreement(review.agreement),
        "ledger": _ledger(review.ledger),
        "handoff": _handoff(review.handoff),
        "goals": _goals(review),
        "promises": _promises(review),
        "not_watched": [{"kind": each.kind, "why": each.why} for each in review.not_watched],
        "cracks": [_crack(each) for each in review.cracks],
        "budgets": _budgets(review),
        "watch": _watch(review.watch),
    }


def _agreement(state: AgreementState) -> Json:
    first, last = state.measured or (None, None)
    return {
        "title": state.title,
        "fingerprint": state.fingerprint,
        "status": state.status.value,
        "in_force": state.in_force,
        "lapsed_on": state.lapsed_on and state.lapsed_on.isoformat(),
        "measured_from": first and first.isoformat(),
        "measured_until": last and last.isoformat(),
    }


def _books(review: Review) -> Json:
    return {
        "snapshot": review.books.snapshot,
        "tables": {
            name: {"rows": facts.rows, "set_aside": facts.set_aside}
            for name, facts in review.books.tables.items()
        },
        "problems": [
            {
                "rule": problem.rule.value,
                "table": problem.table,
                "rows": problem.rows,
                "example": problem.example,
                "effect": problem.effect,
                "column": problem.column,
            }
            for problem in review.books.problems
        ],
    }


def _ledger(ledger: Ledger) -> Json:
    totals = ledger.totals
    return {
        "deals_won": totals.deals_won,
        "deals_lost": totals.deals_lost,
        "deals_cancelled": totals.deals_cancelled,
        "deals_open": totals.deals_open,
        "win_rate": _share(totals.win_rate),
        "list_revenue": _money(totals.list_revenue),
        "net_revenue": _money(totals.net_revenue),
        "conceded": _money(totals.conceded),
        "above_list": _money(totals.above_list),
        "price_realization": _share(totals.price_realization),
        "value_held": _money(totals.value_held),
        "value_given": _money(totals.value_given),
        "unpriced": {
            "deals": totals.unpriced_deals,
            "net_revenue": _money(totals.unpriced_net),
            "without_amounts": totals.blank_deals,
        },
        "waterfall": [
            {"step": step.step.value, "amount": _money(step.amount)} for step in ledger.waterfall
        ],
        "concessions": {name: _money(amount) for name, amount in vars(ledger.concessions).items()},
        "discount_effect": {
            "status": ledger.discount_effect.status.value,
            "why": ledger.discount_effect.why,
        },
        "by": {name: [_group(each) for each in found] for name, found in ledger.by.items()},
        **_further(ledger),
    }


def _group(group: Group) -> Json:
    return {"key": group.key, "name": group.name, **_figures(group.totals)}


def _figures(totals: Totals) -> Json:
    return {
        "deals_won": totals.deals_won,
        "deals_lost": totals.deals_lost,
        "win_rate": _share(totals.win_rate),
        "list_revenue": _money(totals.list_revenue),
        "net_revenue": _money(totals.net_revenue),
        "conceded": _money(totals.conceded),
        "above_list": _money(totals.above_list),
        "price_realization": _share(totals.price_realization),
    }


def _further(ledger: Ledger) -> Json:
    """Return what pages want beyond the contract."""
    totals, pays = ledger.totals, ledger.break_even
    return {
        "cost_unknown": {
            "deals": totals.uncosted_deals,
            "net_revenue": _money(totals.uncosted_net),
        },
        "undated": _figures(ledger.undated),
        "unjudged": [
            {
                "reason": each.reason.value,
                "says": each.reason.says,
                "deals": each.deals,
                "amount": _money(each.amount),
            }
            for each in ledger.unjudged
        ],
        "break_even": {
            "points": _number(pays.points),
            "deals": pays.deals,
            "cost": _money(pays.cost),
            "margin": _money(pays.margin),
            "more_wins": pays.more_wins,
            "says": pays.says,
        },
        "fit": _fit(ledger),
        "cycle": _cycle(ledger.cycle),
        "offers": _offers(ledger.offers),
        "value_over_time": {
            "months": [_time(row) for row in ledger.value_over_time.months],
            "quarters": [_time(row) for row in ledger.value_over_time.quarters],
        },
    }


def _fit(ledger: Ledger) -> Json:
    fit = ledger.fit
    return {
        "share_of_won": _share(fit.share_of_won),
        "share_of_net": _share(fit.share_of_net),
        "inside": _fit_side(fit.inside),
        "outside": _fit_side(fit.outside),
        "unknown": {
            "deals_won": fit.unknown.deals_won,
            "net_revenue": _money(fit.unknown.net_revenue),
        },
    }


def _fit_side(side: FitSide) -> Json:
    margin = side.margin_per_pursued
    return {
        "deals_won": side.totals.deals_won,
        "net_revenue": _money(side.totals.net_revenue),
        "discount": _share(side.discount),
        "win_rate": _share(side.win_rate),
        "margin_per_pursued": None if margin is None else _number(margin, Decimal("0.01")),
    }


def _cycle(cycle: Cycle) -> Json:
    return {
        "median_days": _median(cycle.all),
        "closed_before_created": cycle.before_created,
        "undated": cycle.undated,
        "by": {
            name: [{"key": key, **_median(each)} for key, each in _sorted(found)]
            for name, found in cycle.by.items()
        },
    }


def _median(time: CycleTime) -> Json:
    return {"won": _days(time.won), "lost": _days(time.lost)}


def _offers(offers: Offers | None) -> Json | None:
    if offers is None:
        return None
    return {
        **_movement(offers.all),
        "lost_deals": offers.lost_deals,
        "lost_with_offer": offers.lost_with_offer,
        "by_outcome": [{"key": key, **_movement(each)} for key, each in _sorted(offers.by_outcome)],
        "by": {
            name: [{"key": key, **_movement(each)} for key, each in _sorted(found)]
            for name, found in offers.by.items()
        },
    }


def _movement(moved: OfferMovement) -> Json:
    return {
        "deals": moved.deals,
        "first_rate": _share(moved.first_rate),
        "last_rate": _share(moved.last_rate),
        "moved": moved.moved,
    }


def _time(row: TimeRow) -> Json:
    totals = row.totals
    return {
        "label": row.label,
        **_figures(totals),
        "value_held": _money(totals.value_held),
        "value_given": _money(totals.value_given),
        "leakage_low": _money(totals.leakage),
        "leakage_high": _money(totals.leakage_high),
    }


def _handoff(handoff: Handoff) -> Json:
    response = handoff.response
    hours = handoff.median_response_hours
    return {
        "handed_over": handoff.handed_over,
        "within_sla": _share(response.share) if response else None,
        "median_response_hours": None if hours is None else _number(hours, Decimal("0.01")),
        "unanswered": handoff.unanswered,
        "accepted": handoff.accepted,
        "rejected": handoff.rejected,
        "promised": handoff.promised,
        "due": response.due if response else 0,
        "not_yet_due": handoff.not_yet_due,
    }


def _goals(review: Review) -> list[Json]:
    return [
        {
            "id": goal.id,
            "metric": goal.metric,
            "target": _number(goal.target),
            "actual": None if goal.actual is None else _number(goal.actual),
            "status": goal.status.value,
            "at_least": goal.at_least,
            "why": goal.why,
        }
        for goal in review.goals
    ]


def _promises(review: Review) -> list[Json]:
    return [
        {
            "id": promise.id,
            "side": promise.side.value,
            "kept": _share(promise.kept),
            "due": promise.due,
            "status": promise.status.value,
            "metric": promise.metric,
            "enough": _share(promise.enough),
            "why": promise.why,
        }
        for promise in review.promises
    ]


def _budgets(review: Review) -> list[Json]:
    return [
        {
            "id": budget.id,
            "of": budget.of,
            "side": budget.side.value,
            "first": budget.first.isoformat(),
            "last": budget.last.isoformat(),
            "amount": _money(budget.amount),
            "transferred": _money(budget.transferred),
            "spent": None if budget.spent is None else _money(budget.spent),
            "status": budget.status.value,
        }
        for budget in review.budgets
    ]


def _crack(crack: Crack) -> Json:
    figures = ("observed", "expected", "low", "high", "q_value", "stake")
    return {
        **vars(crack),
        **{name: _measured(getattr(crack, name)) for name in figures},
        "subject": vars(crack.subject),
        "since": crack.since.isoformat(),
    }


def _watch(state: WatchState | None) -> Json | None:
    if state is None:
        return None
    return {
        "questions": state.questions,
        "false_alarms": _share(state.false_alarms),
        "material": _money(state.material),
        "stake": _measured(state.stake),
        "sides": [
            {"side": each.side, "cracks": each.cracks, "stake": _measured(each.stake)}
            for each in state.sides
        ],
    }


def _sorted(found: Mapping[str | None, Any]) -> list[tuple[str | None, Any]]:
    return sorted(found.items(), key=lambda item: (item[0] is None, item[0] or ""))


def _money(amount: Decimal) -> float:
    return _number(amount, _MONEY_DIGITS)


def _measured(value: float | None) -> float | None:
    """Return a figure of the watch with six digits; null where nothing bounds it."""
    if value is None or not math.isfinite(value):
        return None
    return round(value, 6) + 0.0


def _share(value: Decimal | None) -> float | None:
    return None if value is None else _number(value, _SHARE_DIGITS)


def _days(value: Decimal | None) -> float | None:
    return None if value is None else _number(value, _DAY_DIGITS)


def _number(value: Decimal, digits: Decimal = _SHARE_DIGITS) -> float:
    """Return a number as JSON has it; -0 is 0."""
    return float(value.quantize(digits)) + 0.0
