"""A deal's whole story: the books, the room's requests, and how its concession divides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from counterpoise.report.wording import STEPS, share
from counterpoise.web import house
from counterpoise.web.access import scope_of
from counterpoise.web.ledger.names import Naming
from counterpoise.web.ledger.selection import ORDER_OF_PARTS
from counterpoise.web.ledger.story import Event, Story, story_of
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.results.figures import one
from counterpoise.web.results.reading import KeptReview


@dataclass(frozen=True)
class Split:
    """How a deal's concession divides by authority, and by which clause of which agreement."""

    parts: list[tuple[str, Decimal]]
    verdict: str
    approver: str
    clause: str
    clause_url: str
    agreement: str
    rate: Decimal | None
    authority: str


@dataclass(frozen=True)
class Told:
    """A deal's story with its split; None where no review has judged it."""

    story: Story
    split: Split | None
    account: str
    owner: str
    campaigns: list[str]
    judged: Mapping[str, Any] | None
    """The deal as the review has it."""


def tell(user: User, deal_id: str, kept: KeptReview | None) -> Told | None:
    """Tell a deal's story, or nothing where there is no such deal or it does not open."""
    lookup = live()
    deal = lookup.deal(deal_id)
    if deal is None:
        return None
    campaigns = lookup.deal_campaigns(deal_id)
    if not scope_of(user).opens(deal["owner_id"], campaigns):
        return None
    naming = Naming(lookup)
    story = story_of(lookup, deal)
    judged = one(kept, deal_id) if kept else None
    asked = sorted([*story.events, *_requests(user, deal_id)], key=lambda event: event.at)
    return Told(
        story=replace(story, events=tuple(asked)),
        split=_split(judged) if judged else None,
        account=naming.account(deal["account_id"]),
        owner=naming.person(deal["owner_id"]),
        campaigns=sorted(naming.campaign(each) for each in campaigns),
        judged=judged,
    )


def _requests(user: User, deal_id: str) -> Iterator[Event]:
    """Yield the requests of the room about a deal that open to the person."""
    from counterpoise.web.desk.requests import visible_to

    found = visible_to(user).filter(deal_id=deal_id).prefetch_related("answers")
    for request in found:
        url = reverse("desk:request", args=[request.pk])
        rate = "" if request.rate is None else f": {share(request.rate)}"
        says = f"Asked the desk{rate}"
        verdict = request.verdict.replace("_", " ")
        yield Event(_wall(request.asked_at), "asked", says, f"Answer: {verdict}", url=url)
        for answer in request.answers.all():
            tone = "good" if answer.said == "approved" else "bad"
            says = f"Request {request.pk} {answer.said}"
            yield Event(_wall(answer.decided_at), "approval", says, answer.comment, tone, url)


def _wall(when: dt.datetime) -> dt.datetime:
    return timezone.localtime(when).replace(tzinfo=None)


def _split(row: Mapping[str, Any]) -> Split:
    clause = row["clause"] or ""
    return Split(
        parts=[(STEPS[step], row[column]) for step, column in ORDER_OF_PARTS if row[column]],
        verdict=(row["verdict"] or "").replace("_", " "),
        approver=(row["approver"] or "").replace("_", " "),
        clause=clause,
        clause_url=_clause_url(clause, row["agreement"]),
        agreement=_title(row["agreement"]),
        rate=_rate(row),
        authority=_authority(row),
    )


def _clause_url(clause: str, fingerprint: str | None) -> str:
    """Return where a clause is read: in the agreement that stands, or in the version of its day."""
    if not clause:
        return ""
    latest = house.agreements().latest
    if fingerprint is None or (latest is not None and latest.fingerprint == fingerprint):
        return f"{reverse('agreements:read')}#{clause}"
    return f"{reverse('agreements:version', args=[fingerprint])}#{clause}"


def _title(fingerprint: str | None) -> str:
    found = (v for v in house.agreements().versions if v.fingerprint == fingerprint)
    return next((version.agreement.title for version in found), "")


def _rate(row: Mapping[str, Any]) -> Decimal | None:
    listed, net = row["list_amount"], row["net_amount"]
    return 1 - net / listed if listed and net is not None else None


def _authority(row: Mapping[str, Any]) -> str:
    low, high = row["authority_low"], row["authority_high"]
    if low is None:
        return ""
    return share(low) if low == high else f"{share(low)} to {share(high)}"
