"""The story of a deal: everything on record about it, in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from counterpoise.books.lookup import Lookup, Row
from counterpoise.report.wording import money, share
from counterpoise.web.ledger.names import Naming

_MORNING = dt.time()


@dataclass(frozen=True)
class Event:
    """Something that happened to a deal; `tone` colours it: good, bad, wait or nothing."""

    at: dt.datetime
    kind: str
    says: str
    detail: str = ""
    tone: str = ""
    url: str = ""
    times: int = 1


@dataclass(frozen=True)
class Story:
    """A deal with its account, its owner, its lines and what happened."""

    deal: Row
    account: Row | None
    owner: Row | None
    lines: tuple[Row, ...]
    events: tuple[Event, ...]
    undated: tuple[Event, ...]


def story_of(lookup: Lookup, deal: Row) -> Story:
    """Tell the story of a deal from the books."""
    day = deal["closed_at"].date() if deal["closed_at"] else None
    account_id, owner_id = deal["account_id"], deal["owner_id"]
    teller = _Teller(lookup, deal, Naming(lookup))
    events = list(teller.events())
    dated = sorted((each for each in events if each.at != _NEVER), key=lambda each: each.at)
    return Story(
        deal=deal,
        account=lookup.account(account_id, day) if account_id else None,
        owner=lookup.person(owner_id, day) if owner_id else None,
        lines=tuple(lookup.lines(deal["deal_id"])),
        events=tuple(_gathered(dated)),
        undated=tuple(each for each in events if each.at == _NEVER),
    )


_NEVER = dt.datetime.min
_MERGED = {"touch"}


def _gathered(events: list[Event]) -> Iterator[Event]:
    """Put the same touch again and again on one line."""
    last: Event | None = None
    for event in events:
        if last and event.kind in _MERGED and (event.kind, event.says) == (last.kind, last.says):
            last = replace(last, times=last.times + 1)
            continue
        if last:
            yield last
        last = event
    if last:
        yield last


class _Teller:
    """Walks the records of one deal."""

    def __init__(self, lookup: Lookup, deal: Row, naming: Naming) -> None:
        self.lookup, self.deal, self.naming = lookup, deal, naming
        self.deal_id: str = deal["deal_id"]

    def events(self) -> Iterator[Event]:
        yield from self._touches()
        yield from self._leads()
        yield from self._own()
        yield from self._offers()
        yield from self._approvals()
        yield from self._customizations()
        yield from self._adjustments()
        yield from self._tools()

    def _touches(self) -> Iterator[Event]:
        for touch in self.lookup.touches_of_deal(self.deal_id):
            campaign = self.naming.campaign(touch["campaign_id"])
            says = " · ".join(part for part in (f"Touch by {touch['channel']}", campaign) if part)
            yield Event(_at(touch["touched_at"]), "touch", says)

    def _leads(self) -> Iterator[Event]:
        for lead in self.lookup.leads_of_deal(self.deal_id):
            name = f"Lead {lead['lead_id']}"
            score = "" if lead["score"] is None else f"score {lead['score'].normalize():f}"
            told = (lead["source"] or "", self.naming.campaign(lead["campaign_id"]), score)
            detail = " · ".join(part for part in told if part)
            yield Event(_at(lead["created_at"]), "lead", f"{name} came in", detail)
            for column, says in (
                ("qualified_at", "qualified by marketing"),
                ("handed_over_at", "handed over to sales"),
                ("first_response_at", "answered for the first time"),
            ):
                if lead[column]:
                    yield Event(_at(lead[column]), "lead", f"{name} {says}")
            if lead["verdict"]:
                tone = "good" if lead["verdict"] == "accepted" else "bad"
                reason = lead["rejection_reason"] or ""
                says = f"{name} {lead['verdict']} by sales"
                yield Event(_at(lead["verdict_at"]), "lead", says, reason, tone)

    def _own(self) -> Iterator[Event]:
        owner = self.naming.person(self.deal["owner_id"])
        yield Event(_at(self.deal["created_at"]), "deal", "Deal opened", owner)
        outcome = self.deal["outcome"]
        if outcome == "open":
            return
        told = [self.deal["loss_reason"] or ""]
        if self.deal["competitor"]:
            told.append(f"against {self.deal['competitor']}")
        tone = {"won": "good", "lost": "bad"}.get(outcome, "")
        detail = " · ".join(part for part in told if part)
        yield Event(_at(self.deal["closed_at"]), "outcome", outcome.capitalize(), detail, tone)

    def _offers(self) -> Iterator[Event]:
        for number, offer in enumerate(self.lookup.offers(self.deal_id), 1):
            says = f"Offer {number}: {self._money(offer['net_amount'])}"
            detail = ""
            if offer["list_amount"] and offer["net_amount"] is not None:
                rate = 1 - offer["net_amount"] / offer["list_amount"]
                detail = f"{share(rate)} off a list of {self._money(offer['list_amount'])}"
            yield Event(_at(offer["offered_at"]), "offer", says, detail)

    def _approvals(self) -> Iterator[Event]:
        for each in self.lookup.approvals(self.deal_id):
            yield from self._approval(each)

    def _approval(self, each: Row) -> Iterator[Event]:
        what = self._asked(each)
        if each["requested_at"]:
            by = self.naming.person(each["requested_by"])
            yield Event(_at(each["requested_at"]), "asked", f"{what} asked for", by)
        is_yes = each["verdict"] == "approved"
        role = (each["decided_role"] or "").replace("_", " ")
        who = " · ".join(part for part in (self.naming.person(each["decided_by"]), role) if part)
        says, tone = f"{what} {each['verdict']}", "good" if is_yes else "bad"
        yield Event(_at(each["decided_at"]), "approval", says, who, tone)

    def _asked(self, each: Row) -> str:
        value = each["value"]
        if each["subject"] == "discount":
            return "A discount" if value is None else f"A discount of {share(value)}"
        what = (each["kind"] or "customization").replace("_", " ")
        return (
            what.capitalize() if value is None else f"{what.capitalize()} for {self._money(value)}"
        )

    def _customizations(self) -> Iterator[Event]:
        for each in self.lookup.customizations(self.deal_id):
            what = each["kind"].replace("_", " ").capitalize()
            cost = "cost not on record" if each["cost"] is None else self._money(each["cost"])
            by = self.naming.person(each["requested_by"])
            detail = " · ".join(part for part in (cost, by) if part)
            yield Event(_at(each["requested_at"]), "customization", what, detail)

    def _adjustments(self) -> Iterator[Event]:
        for each in self.lookup.adjustments(self.deal_id):
            what = each["kind"].replace("_", " ").capitalize()
            yield Event(_at(each["booked_at"]), "adjustment", what, self._money(each["amount"]))

    def _tools(self) -> Iterator[Event]:
        for each in self.lookup.tool_uses(self.deal_id):
            tool = self.lookup.tool(each["tool_id"])
            title = (tool and tool["title"]) or each["tool_id"]
            by = self.naming.person(each["person_id"])
            yield Event(_at(each["used_at"]), "tool", f"Used “{title}”", by)

    def _money(self, amount: Decimal | None) -> str:
        return money(amount, self.deal["currency"] or self.lookup.currency)


def _at(when: Any) -> dt.datetime:
    """Return an instant; a day is its morning, and what has none stands apart."""
    if when is None:
        return _NEVER
    if isinstance(when, dt.datetime):
        return when
    return dt.datetime.combine(when, _MORNING)
