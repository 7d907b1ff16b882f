"""A decision about a promotion as its pages show it: sentences, links, offers to take up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.desk import Verdict
from counterpoise.desk.promotion_reasons import TO_ACCOUNT
from counterpoise.desk.promotion_request import PromotionRequest
from counterpoise.web.desk.showing import clause_url
from counterpoise.web.desk.states import AGREED, State

_HEADINGS = {
    "granted": "Granted",
    "needs_approval": "Needs approval",
    "refused": "Not like this",
}


@dataclass(frozen=True)
class Said:
    """A reason with the address of its clause, empty where it has none."""

    says: str
    clause: str
    url: str


@dataclass(frozen=True)
class Offer:
    """A counter-offer and the address that asks for it."""

    says: str
    url: str
    fields: tuple[tuple[str, str], ...] = ()
    """What a form holds that puts it on record at once."""


@dataclass(frozen=True)
class DecisionShown:
    """What the pages show of a decision."""

    verdict: str
    heading: str
    reasons: tuple[Said, ...]
    approvals: tuple[Mapping[str, Any], ...]
    offers: tuple[Offer, ...]
    calendar: Mapping[str, Any] | None
    budgets: tuple[Mapping[str, Any], ...]
    last_ones: tuple[Mapping[str, Any], ...]
    customer: str
    is_as_if: bool


def decision_shown(
    decision: Mapping[str, Any], asked: PromotionRequest | None, given: Mapping[str, str]
) -> DecisionShown:
    """Lay out a decision; without what was asked its offers lead nowhere."""
    reasons = tuple(
        Said(each["says"], each["clause"] or "", clause_url(each["clause"]))
        for each in decision["reasons"]
    )
    spoken = [each["say_to_customer"] for each in decision["reasons"] if each["say_to_customer"]]
    return DecisionShown(
        decision["verdict"],
        _HEADINGS[decision["verdict"]],
        reasons,
        tuple(_approvals(decision["approvals"])),
        tuple(_offer(each, asked, given) for each in decision["counter_offers"]),
        decision["calendar"],
        tuple(decision["budgets"]),
        tuple(_dated(each) for each in decision["last_ones"]),
        spoken[0] if spoken else "",
        decision["agreement"]["status"] == "as_if",
    )


def settled(shown: DecisionShown, state: State) -> DecisionShown:
    """Lay out a decision once people answered: what was agreed needs no other offer."""
    if state in AGREED:
        return replace(shown, offers=(), customer=TO_ACCOUNT[Verdict.GRANTED])
    if state is State.REFUSED:
        return replace(shown, customer=TO_ACCOUNT[Verdict.REFUSED])
    return shown


def _approvals(approvals: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [
        {**each, "due_at": each["due_at"] and dt.datetime.fromisoformat(each["due_at"])}
        for each in approvals
    ]


def _dated(each: Mapping[str, Any]) -> Mapping[str, Any]:
    days = {name: dt.date.fromisoformat(each[name]) for name in ("starts_on", "ends_on")}
    return {**each, **days}


def _offer(
    offer: Mapping[str, Any], asked: PromotionRequest | None, given: Mapping[str, str]
) -> Offer:
    if asked is None:
        return Offer(offer["says"], "")
    taken = dict(given)
    needs = {each["field"]: each["value"] for each in offer["needs"]}
    if "product_id" in needs:
        taken["goods"] = str(needs["product_id"])
    if "rate" in needs:
        taken["rate"] = f"{Decimal(str(needs['rate'])) * 100:f}".rstrip("0").rstrip(".")
    if "displayed" in needs:
        taken["displayed"] = "on" if needs["displayed"] else ""
    if "starts_on" in needs:
        first = dt.date.fromisoformat(needs["starts_on"])
        last = dt.date.fromisoformat(needs.get("ends_on") or asked.days.last.isoformat())
        taken["starts_on"] = first.isoformat()
        taken["weeks"] = str(((last - first).days + 7) // 7)
    fields = tuple((name, value) for name, value in taken.items() if value)
    return Offer(
        offer["says"], f"{reverse('promotions:asking')}?{urlencode(fields)}#answer", fields
    )
