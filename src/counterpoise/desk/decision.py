"""A decision: what the desk answers, why, and what could be offered instead."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from counterpoise.agreement.conditions import Value
from counterpoise.desk.outcome import Verdict


class Approval(NamedTuple):
    """A role that must say yes, under which clause, and by when it should have."""

    role: str
    clause: str
    due_at: dt.datetime | None


class Reason(NamedTuple):
    """Why: the clause, what was asked and what it allows, for inside and for the customer."""

    clause: str | None
    asked: Value | None
    limit: Value | None
    says: str
    say_to_customer: str | None


class Need(NamedTuple):
    """What an offer asks of the deal: a field and the value that it must have."""

    field: str
    value: Value | None


class CounterOffer(NamedTuple):
    """What could be offered instead, and what the desk would answer to it.

    `net_amount` is in the deal's currency, rounded up to cents; both it and the rate are None
    where the request asks no price. `by_line` tells that lines have prices of their own: those
    among the needs, the others as they were asked.
    """

    says: str
    rate: Decimal | None
    net_amount: Decimal | None
    needs: tuple[Need, ...]
    verdict: Verdict
    clause: str
    approvers: tuple[str, ...]
    by_line: bool = False


class Selling(NamedTuple):
    """A value proposition that applies: what to sell on instead of price."""

    id: str
    says: str
    proof: str | None


class Basis(NamedTuple):
    """The agreement that was decided by."""

    title: str
    fingerprint: str
    status: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The desk's answer to one request."""

    verdict: Verdict
    approvals: tuple[Approval, ...]
    reasons: tuple[Reason, ...]
    persona: str | None
    values: tuple[Selling, ...]
    counter_offers: tuple[CounterOffer, ...]
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
            "persona": self.persona,
            "values": [
                {"id": name, "says": says, "proof": proof} for name, says, proof in self.values
            ],
            "counter_offers": [
                {
                    "says": says,
                    "rate": plain(rate),
                    "net_amount": plain(net_amount),
                    "needs": [{"field": field, "value": plain(value)} for field, value in needs],
                    "verdict": verdict.value,
                    "clause": clause,
                }
                for says, rate, net_amount, needs, verdict, clause, *_ in self.counter_offers
            ],
            "agreement": {
                "title": self.agreement.title,
                "fingerprint": self.agreement.fingerprint,
                "status": self.agreement.status,
            },
        }


def plain(value: object) -> Any:
    """Return a fact as a JSON value; a decimal becomes the number that is written the same way.

    >>> plain(Decimal("0.10")), plain(Decimal("54000.00"))
    (0.1, 54000)
    """
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def decision_json(decision: Decision) -> str:
    """Write a decision as one line of JSON, the same text for the same decision everywhere."""
    return json.dumps(decision.as_json(), ensure_ascii=False, allow_nan=False)
