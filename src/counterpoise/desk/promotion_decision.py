"""A decision about a promotion: the answer, why, what is left, and what could be asked instead."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from counterpoise.agreement.quantities import Period
from counterpoise.desk.decision import Approval, Basis, Need, Reason, plain
from counterpoise.desk.outcome import Verdict
from counterpoise.desk.promotion import BudgetLeft
from counterpoise.desk.promotion_books import Brought


class PromotionOffer(NamedTuple):
    """What could be asked instead, and what the desk would answer to it."""

    says: str
    needs: tuple[Need, ...]
    verdict: Verdict
    clause: str
    approvers: tuple[str, ...]


class OnDeal(NamedTuple):
    """How full the calendar is with the promotion, in its fullest place.

    `at_most` and `per` are None where no weeks are agreed, `gap_days` where there is no other.
    """

    weeks: int
    at_most: int | None
    per: Period | None
    gap_days: int | None
    gap_weeks: int | None


@dataclass(frozen=True, slots=True)
class PromotionDecision:
    """The desk's answer to a request about a promotion."""

    verdict: Verdict
    approvals: tuple[Approval, ...]
    reasons: tuple[Reason, ...]
    calendar: OnDeal | None
    budgets: tuple[BudgetLeft, ...]
    last_ones: tuple[Brought, ...]
    counter_offers: tuple[PromotionOffer, ...]
    agreement: Basis

    def as_json(self) -> dict[str, Any]:
        """Return the decision as plain values, ready for a JSON writer."""
        return {
            "verdict": self.verdict.value,
            "approvals": [
                {"role": role, "clause": clause, "due_at": due_at and due_at.isoformat()}
                for role, clause, due_at in self.approvals
            ],
            "reasons": [
                {
                    "clause": clause,
                    "asked": plain(asked),
                    "limit": plain(limit),
                    "says": says,
                    "say_to_customer": say_to_customer,
                }
                for clause, asked, limit, says, say_to_customer in self.reasons
            ],
            "calendar": self.calendar and _calendar_json(self.calendar),
            "budgets": [_budget_json(each) for each in self.budgets],
            "last_ones": [_brought_json(each) for each in self.last_ones],
            "counter_offers": [
                {
                    "says": says,
                    "needs": [{"field": field, "value": plain(value)} for field, value in needs],
                    "verdict": verdict.value,
                    "clause": clause,
                }
                for says, needs, verdict, clause, _ in self.counter_offers
            ],
            "agreement": {
                "title": self.agreement.title,
                "fingerprint": self.agreement.fingerprint,
                "status": self.agreement.status,
            },
        }


def _calendar_json(on_deal: OnDeal) -> dict[str, Any]:
    return {
        "weeks_on_deal": on_deal.weeks,
        "at_most": on_deal.at_most,
        "per": on_deal.per and on_deal.per.value,
        "gap_days": on_deal.gap_days,
        "gap_weeks": on_deal.gap_weeks,
    }


def _budget_json(each: BudgetLeft) -> dict[str, Any]:
    return {
        "id": each.budget.id,
        "from": each.days.first.isoformat(),
        "until": each.days.last.isoformat(),
        "amount": plain(each.budget.amount),
        "spent": plain(each.spent),
        "left": plain(each.left),
    }


def _brought_json(each: Brought) -> dict[str, Any]:
    values: dict[str, Decimal | None] = {
        "rate": each.rate,
        "units_a_week": each.units,
        "usual_week": each.usual,
        "lift": each.lift,
        "trade_spend": each.trade_spend,
    }
    return {
        "promotion_id": each.promotion_id,
        "starts_on": each.days.first.isoformat(),
        "ends_on": each.days.last.isoformat(),
        **{name: plain(value) for name, value in values.items()},
    }


def promotion_json(decision: PromotionDecision) -> str:
    """Write a decision as one line of JSON, the same text for the same decision everywhere."""
    return json.dumps(decision.as_json(), ensure_ascii=False, allow_nan=False)
