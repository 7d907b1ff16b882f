"""What the desk of the room knows, as rows of the canonical tables, for the next import.

Approvals given here, offers put to customers and customizations agreed to are facts like any
other. A request that is linked to no deal counts nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from counterpoise.web.desk.covering import part_of
from counterpoise.web.desk.models import Answer, Offered, Request, Step
from counterpoise.web.desk.states import AGREED, Said

Row = Mapping[str, object]


def rows() -> dict[str, list[Row]]:
    """Return the rows by table: `approvals`, `offers` and `customizations`."""
    return {
        "approvals": list(_approvals()),
        "offers": list(_offers()),
        "customizations": list(_customizations()),
    }


def since() -> dict[str, dt.date]:
    """Return the day from which on the room records approvals: that of the first answer given.

    Linked or not: what is linked later does not move it.
    """
    first = Answer.objects.order_by("decided_at").values_list("decided_at", flat=True).first()
    return {"approvals": _wall(first).date()} if first else {}


def _linked() -> QuerySet[Request]:
    return Request.objects.exclude(deal_id="")


def _approvals() -> Iterator[Row]:
    """Yield one approval an answer and kind; a counter is a no to what was asked.

    Where a former yes covers a request, that yes counts for its terms too.
    """
    given = Answer.objects.filter(request__in=_linked()).select_related("request", "step")
    for answer in given.order_by("id").iterator():
        request, is_yes = answer.request, answer.said == Said.APPROVED
        row = _approval(answer, request, is_yes=is_yes, at=answer.decided_at)
        yield from _by_kind(f"room-{answer.pk}", answer.clause, request, row)
    covered = Step.objects.filter(request__in=_linked(), covered_by__isnull=False)
    covered = covered.select_related("request", "covered_by__step")
    for step in covered.order_by("id").iterator():
        request = step.request
        assert step.covered_by is not None
        row = _approval(step.covered_by, request, is_yes=True, at=request.asked_at)
        yield from _by_kind(f"room-step-{step.pk}", step.clause, request, row)


def _approval(answer: Answer, request: Request, *, is_yes: bool, at: dt.datetime) -> Row:
    return {
        "deal_id": request.deal_id,
        "requested_by": request.asker_person_id or None,
        "requested_at": _wall(request.asked_at),
        "decided_by": answer.decided_person_id or None,
        "decided_role": answer.step.role,
        "verdict": "approved" if is_yes else "refused",
        "decided_at": _wall(at),
    }


def _by_kind(name: str, clause: str, request: Request, row: Row) -> Iterator[Row]:
    """Yield what an answer was about: a rate, or each kind of customization with its cost."""
    if part_of(clause) != "customizations":
        rate = request.rate or Decimal(0)
        yield {"approval_id": name, "subject": "discount", "kind": None, "value": rate, **row}
        return
    for kind, tailored in request.terms["customizations"].items():
        about = {"subject": "customization", "kind": kind, "value": Decimal(tailored["cost"])}
        yield {"approval_id": f"{name}-{kind}", **about, **row}


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
    """Yield what was agreed to be tailored; a request that was taken up again counts no more."""
    later = Request.objects.filter(follows=OuterRef("pk"), state__in=AGREED)
    agreed = _linked().filter(~Exists(later), state__in=AGREED)
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
