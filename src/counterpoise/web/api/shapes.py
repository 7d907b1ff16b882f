"""What answers look like: the forms that the description of the API gives."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from counterpoise.agreement import Status


class ApprovalShape(Schema):
    """A role that must say yes, and by when it should have."""

    role: str
    clause: str
    due_at: str | None


class ReasonShape(Schema):
    """Why, for inside and for the customer."""

    clause: str | None
    asked: Any
    limit: Any
    says: str
    say_to_customer: str | None


class ValueShape(Schema):
    """What to sell on instead of price."""

    id: str
    says: str
    proof: str | None


class NeedShape(Schema):
    """What an offer asks of the deal."""

    field: str
    value: Any


class OfferShape(Schema):
    """What could be offered instead."""

    says: str
    rate: float | None
    net_amount: float | None
    needs: list[NeedShape]
    verdict: Literal["granted", "needs_approval", "refused"]
    clause: str


class BasisShape(Schema):
    """The agreement that was decided by."""

    title: str
    fingerprint: str
    status: str


class DecisionShape(Schema):
    """The desk's answer."""

    verdict: Literal["granted", "needs_approval", "refused"]
    approvals: list[ApprovalShape]
    reasons: list[ReasonShape]
    persona: str | None
    values: list[ValueShape]
    counter_offers: list[OfferShape]
    agreement: BasisShape


class PromotionOfferShape(Schema):
    """A promotion that could be asked for instead."""

    says: str
    needs: list[NeedShape]
    verdict: Literal["granted", "needs_approval", "refused"]
    clause: str


class OnDealShape(Schema):
    """How full the calendar is with the promotion, in its fullest place."""

    weeks_on_deal: int
    at_most: int | None
    per: str | None
    gap_days: int | None
    gap_weeks: int | None


class BudgetLeftShape(Schema):
    """A budget in the period of the promotion, before the promotion."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    from_: dt.date = Field(alias="from")
    until: dt.date
    amount: float
    spent: float
    left: float


class BroughtShape(Schema):
    """What an earlier promotion like it brought, as seen."""

    promotion_id: str
    starts_on: dt.date
    ends_on: dt.date
    rate: float | None
    units_a_week: float | None
    usual_week: float | None
    lift: float | None
    trade_spend: float | None


class PromotionDecisionShape(Schema):
    """The desk's answer about a promotion."""

    verdict: Literal["granted", "needs_approval", "refused"]
    approvals: list[ApprovalShape]
    reasons: list[ReasonShape]
    calendar: OnDealShape | None
    budgets: list[BudgetLeftShape]
    last_ones: list[BroughtShape]
    counter_offers: list[PromotionOfferShape]
    agreement: BasisShape


class VersionShape(Schema):
    """A version of the agreement, and the days on which it is in force."""

    title: str
    fingerprint: str
    status: Status
    in_force_from: dt.date
    in_force_until: dt.date | None
    in_force_today: bool


class AgreementShape(VersionShape):
    """A version with what it says."""

    document: dict[str, Any]


class ExplainedShape(Schema):
    """A version in plain sentences, as Markdown."""

    fingerprint: str
    text: str


class DocumentShape(Schema):
    """A document to be checked, as YAML."""

    document: str


class FindingShape(Schema):
    """What is wrong with a document, or odd about it."""

    line: int | None
    clause: str
    says: str


class CheckedShape(Schema):
    """What there is to say about a document."""

    usable: bool
    fingerprint: str | None
    problems: list[FindingShape]
    warnings: list[FindingShape]


class HolderShape(Schema):
    """Who a token stands for, and what it may do."""

    name: str
    side: str
    role: str | None
    person_id: str | None
    is_program: bool
    scopes: list[str]
    expires_on: dt.date
