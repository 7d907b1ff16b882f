"""What the desk of the room knows, as rows of the canonical tables, for the next import.

Approvals given here, offers put to customers and customizations agreed to are facts like any
other. A request that is linked to no deal counts nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from counterpoise.web.desk.covering import part_of
from counterpoise.web.desk.models import Answer, Offered, Request
from counterpoise.web.desk.states import AGREED, Said

Row = Mapping[str, object]


def rows() -> dict[str, list[Row]]:
    """Return the rows by table: `approvals`, `offers` and `customizations`."""
    return {
        "approvals": list(_approvals()),
        "offers": list(_offers()),
        "customizations": list(_customizations()),
    }


def _linked() -> QuerySet[Request]:
    return Request.objects.exclude(deal_id="")


def _approvals() -> Iterator[Row]:
    """Yield one approval an answer and kind; a counter is a no to what was asked."""
    found = Answer.objects.filter(request__in=_linked()).select_related("request", "step")
    for answer in found.order_by("id").iterator():
        request = answer.request
        is_yes = answer.said == Said.APPROVED
        shared = {
            "deal_id": request.deal_id,
            "requested_by": request.asker_person_id or None,
            "requested_at": _wall(request.asked_at),
            "decided_by": answer.decided_person_id or None,
            "decided_role": answer.step.role,
            "verdict": "approved" if is_yes else "refused",
            "decided_at": _wall(answer.decided_at),
        }
        for subject, kind, value in _asked(answer):
            suffix = f"-{kind}" if kind else ""
            yield {
                "approval_id": f"room-{answer.pk}{suffix}",
                "subject": subject,
                "kind": kind,
                "value": value,
                **shared,
            }


def _asked(answer: Answer) -> Iterator[tuple[str, str | None, Decimal]]:
    """Yield what an answer was about: a rate, or a kind of customization with its cost."""
    if part_of(answer.clause) != "customizations":
        yield "discount", None, answer.request.rate or Decimal(0)
        return
    for kind, tailored in answer.request.terms["customizations"].items():
        yield "customization", kind, Decimal(tailored["cost"])


def _offers() -> Iterator[Row]:
    found = Offered.objects.filter(request__in=_linked()).select_related("request")
    for offered in found.order_by("id").iterator():
        request = offered.request
        if request.net_amount is not None:
            yield {
                "offer_id": f"room-{request.pk}",
                "deal_id": request.deal_id,
                "offered_at": _wall(offered.at),
                "list_amount": request.list_amount,
                "net_amount": request.net_amount,
            }


def _customizations() -> Iterator[Row]:
    agreed = _linked().filter(state__in=AGREED)
    for request in agreed.order_by("id").iterator():
        for at, asked in enumerate(_tailored(request), start=1):
            yield {
                "customization_id": f"room-{request.pk}-{at}",
                "deal_id": request.deal_id,
                "kind": asked["kind"],
                "cost": Decimal(str(asked["cost"])),
                "requested_at": _wall(request.asked_at),
                "requested_by": request.asker_person_id or None,
            }


def _tailored(request: Request) -> list[Any]:
    return list(request.written.get("customizations") or ())


def _wall(at: dt.datetime) -> dt.datetime:
    return timezone.localtime(at).replace(tzinfo=None)
