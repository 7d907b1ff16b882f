"""Gathering: what happened since an endpoint is there becomes a message, once.

It reads what the desk, hand-offs, talk and reviews keep anyway, so that neither a worker that died
nor one that runs twice makes a difference. Messages hold ids and figures, never names.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from counterpoise.desk.decision import plain
from counterpoise.web.cracks.life import Deed
from counterpoise.web.cracks.models import Act, Crack
from counterpoise.web.desk.models import Request
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.people.inviting import home_address
from counterpoise.web.promotions.models import AskedPromotion
from counterpoise.web.results.reading import latest
from counterpoise.web.tools.models import Message as ToolMessage
from counterpoise.web.tools.states import MessageKind
from counterpoise.web.webhooks.both_sides import between_both_sides
from counterpoise.web.webhooks.happening import AT_ONCE, Happened, untold
from counterpoise.web.webhooks.models import Endpoint, Message, Sending, Topic

_LATEST = dt.timedelta(days=1)


def gather(now: dt.datetime) -> int:
    """Make messages of what happened of late and no message tells; return how many."""
    endpoints = list(Endpoint.objects.filter(is_on=True))
    if not endpoints:
        return 0
    since = max(now - _LATEST, min(each.made_at for each in endpoints))
    found = (
        *_requests("asked_at", since),
        *_requests("settled_at", since),
        *_promotions("asked_at", since),
        *_promotions("settled_at", since),
        *_leads("passed_at", since),
        *_leads("verdict_at", since),
        *_tool_requests("at", since),
        *_tool_requests("settled_at", since),
        *_reviews(since),
        *_cracks_opened(since, now),
        *_cracks_closed(since, now),
        *between_both_sides(since),
    )
    return sum(_tell(each, endpoints, now) for each in found)


def test_message(endpoint: Endpoint, now: dt.datetime) -> None:
    """Send one endpoint a message that tells nothing, to try it."""
    key = f"test:{uuid.uuid4().hex}"
    with transaction.atomic():
        made = _message(Happened(Topic.TEST, key, now, {"says": "It works."}), now)
        Sending.objects.create(message=made, endpoint=endpoint, due_at=now)


def _tell(happened: Happened, endpoints: list[Endpoint], now: dt.datetime) -> bool:
    hear = [
        each for each in endpoints if happened.topic in each.topics and each.made_at <= happened.at
    ]
    if not hear:
        return False
    try:
        with transaction.atomic():
            made = _message(happened, now)
            Sending.objects.bulk_create(
                Sending(message=made, endpoint=each, due_at=now) for each in hear
            )
    except IntegrityError:  # another worker told it just now
        return False
    return True


def _message(happened: Happened, now: dt.datetime) -> Message:
    told = {
        "type": happened.topic.value,
        "timestamp": happened.at.isoformat(),
        "data": happened.data,
    }
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return Message.objects.create(
        key=happened.key, topic=happened.topic.value, body=body, made_at=now
    )


def _requests(column: str, since: dt.datetime) -> Iterator[Happened]:
    """Yield requests by when they were asked, or settled."""
    topic = Topic.ASKED if column == "asked_at" else Topic.SETTLED
    key = Concat(Value(f"{topic.value}:"), Cast("pk", CharField()), output_field=CharField())
    told = Message.objects.filter(key=OuterRef("key"))
    found: QuerySet[Request] = (
        Request.objects.filter(**{f"{column}__gte": since})
        .annotate(key=key)
        .filter(~Exists(told))
        .order_by(column, "pk")[:AT_ONCE]
    )
    for request in found:
        at = getattr(request, column)
        yield Happened(topic, f"{topic.value}:{request.pk}", at, _of_request(request))


def _of_request(request: Request) -> dict[str, Any]:
    return {
        "id": request.pk,
        "state": str(request.state),
        "verdict": request.verdict,
        "asked_by": request.asker_role,
        "deal_id": request.deal_id or None,
        "account_id": request.account_id or None,
        "currency": request.currency,
        "list_amount": plain(request.list_amount),
        "net_amount": plain(request.net_amount),
        "rate": plain(request.rate),
        "agreement": request.agreement,
        "url": home_address() + reverse("desk:request", args=[request.pk]),
    }


def _promotions(column: str, since: dt.datetime) -> Iterator[Happened]:
    """Yield promotions by when they were asked, or settled."""
    topic = Topic.PROMOTION_ASKED if column == "asked_at" else Topic.PROMOTION_SETTLED
    found = AskedPromotion.objects.filter(**{f"{column}__gte": since}).order_by(column, "pk")
    yield from untold(
        [
            Happened(topic, f"{topic.value}:{each.pk}", getattr(each, column), _of_promotion(each))
            for each in found
        ]
    )


def _of_promotion(asked: AskedPromotion) -> dict[str, Any]:
    return {
        "id": asked.pk,
        "state": str(asked.state),
        "verdict": asked.verdict,
        "asked_by": asked.asker_role,
        "account_id": asked.account_id or None,
        "products": asked.products,
        "product_family": asked.product_family or None,
        "starts_on": asked.starts_on.isoformat(),
        "ends_on": asked.ends_on.isoformat(),
        "depth": plain(asked.depth),
        "kind": asked.kind,
        "trade_spend": plain(asked.trade_spend),
        "agreement": asked.agreement,
        "url": home_address() + reverse("promotions:promotion", args=[asked.pk]),
    }


def _leads(column: str, since: dt.datetime) -> Iterator[Happened]:
    """Yield leads by when they were passed, or judged."""
    topic = Topic.PASSED if column == "passed_at" else Topic.JUDGED
    found = Handoff.objects.filter(**{f"{column}__gte": since}).order_by(column, "pk")
    yield from untold(
        [
            Happened(topic, f"{topic.value}:{each.pk}", getattr(each, column), _of_lead(each))
            for each in found
        ]
    )


def _of_lead(handoff: Handoff) -> dict[str, Any]:
    return {
        "id": handoff.pk,
        "lead_id": handoff.lead_id,
        "round": handoff.round,
        "state": str(handoff.state),
        "account_id": handoff.account_id or None,
        "campaign_id": handoff.campaign_id or None,
        "owner_id": handoff.owner_person_id or None,
        "rejection_reason": handoff.reason or None,
        "url": home_address() + reverse("handoffs:lead", args=[handoff.pk]),
    }


def _tool_requests(column: str, since: dt.datetime) -> Iterator[Happened]:
    """Yield requests for tools by when they were sent, or settled."""
    topic = Topic.TOOL_ASKED if column == "at" else Topic.TOOL_SETTLED
    sent = ToolMessage.objects.filter(kind=MessageKind.REQUEST, **{f"{column}__gte": since})
    yield from untold(
        [
            Happened(
                topic, f"{topic.value}:{each.pk}", getattr(each, column), _of_tool_request(each)
            )
            for each in sent.order_by(column, "pk")
        ]
    )


def _of_tool_request(request: ToolMessage) -> dict[str, Any]:
    return {
        "id": request.pk,
        "state": str(request.state),
        "deal_id": request.deal_id or None,
        "account_id": request.account_id or None,
        "product_family": request.product_family or None,
        "competitor": request.competitor or None,
        "due_at": request.due_at.isoformat() if request.due_at else None,
        "tool_id": request.tool_id or None,
        "url": home_address() + reverse("tools:message", args=[request.pk]),
    }


def _reviews(since: dt.datetime) -> Iterator[Happened]:
    kept = latest()
    if kept is None or kept.made_at < since:
        return
    key = f"{Topic.REVIEWED.value}:{kept.key}"
    if Message.objects.filter(key=key).exists():
        return
    ledger = kept.object["ledger"]
    figures = ("deals_won", "net_revenue", "value_held", "value_given", "price_realization")
    data = {
        "key": kept.key,
        "as_of": kept.as_of.isoformat(),
        "snapshot": kept.snapshot,
        "currency": kept.object["currency"],
        **{name: ledger[name] for name in figures},
        "url": home_address() + reverse("ledger:home"),
    }
    yield Happened(Topic.REVIEWED, key, timezone.localtime(kept.made_at, dt.UTC), data)


def _cracks_opened(since: dt.datetime, now: dt.datetime) -> Iterator[Happened]:
    """Yield cracks once others than the person named may see them."""
    shown = Crack.objects.filter(shown_at__gte=since, shown_at__lte=now, closed_at=None)
    opened = [_of_crack(Topic.OPENED, each, each.shown_at) for each in shown.order_by("shown_at")]
    yield from untold(opened)


def _cracks_closed(since: dt.datetime, now: dt.datetime) -> Iterator[Happened]:
    """Yield cracks that closed when others than the person named had seen them already."""
    acts = Act.objects.filter(deed=Deed.CLOSED.value, at__gte=since, at__lte=now)
    closed = [
        _of_crack(Topic.CLOSED, act.crack, act.at)
        for act in acts.select_related("crack").order_by("at", "pk")
        if act.life == act.crack.life and act.crack.shown_at <= act.at
    ]
    yield from untold(closed)


def _of_crack(topic: Topic, crack: Crack, at: dt.datetime) -> Happened:
    data = {
        "id": crack.slug,
        "kind": crack.kind,
        "variant": crack.variant,
        "side": crack.side,
        "subject_type": crack.subject_type,
        "subject_id": None if crack.is_personal else crack.subject_id,
        "state": crack.state,
        "stake": float(crack.stake),
        "url": home_address() + reverse("cracks:crack", args=[crack.slug]),
    }
    return Happened(topic, f"{topic.value}:{crack.pk}:{crack.life}", at, data)
