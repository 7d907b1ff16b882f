"""What the room knows of tools, as rows of the canonical tables, for the next review.

Tools made here, uses said here, and sellers' requests for tools. Imported tools stay as they are;
what was heard from customers is no fact of the books.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from django.utils import timezone

from counterpoise.web.tools.library import card_of
from counterpoise.web.tools.models import Message, Tool, Use
from counterpoise.web.tools.states import MessageKind, MessageState

Row = Mapping[str, object]
_VERDICTS = {MessageState.ANSWERED.value: "answered", MessageState.DECLINED.value: "declined"}


def rows() -> dict[str, list[Row]]:
    """Return the rows by table: `tools`, `tool_uses` and `tool_requests`."""
    return {
        "tools": list(_tools()),
        "tool_uses": list(_uses()),
        "tool_requests": list(_requests()),
    }


def _tools() -> Iterator[Row]:
    for tool in Tool.objects.filter(is_imported=False).select_related("owner").order_by("pk"):
        yield {
            "tool_id": tool.tool_id,
            "title": tool.title,
            "kind": tool.kind or None,
            "product_family": tool.product_family or None,
            "persona": tool.persona or None,
            "competitor": tool.competitor or None,
            "created_at": _wall(tool.made_at),
            "owner_id": (tool.owner.person_id or None) if tool.owner else None,
        }


def _uses() -> Iterator[Row]:
    """Yield uses of tools that are there; a tool that an import dropped takes its uses along."""
    there: dict[str, bool] = {}
    for use in Use.objects.order_by("pk").iterator():
        if use.tool_id not in there:
            there[use.tool_id] = card_of(use.tool_id) is not None
        if there[use.tool_id]:
            yield {
                "tool_id": use.tool_id,
                "used_at": _wall(use.at),
                "deal_id": use.deal_id or None,
                "person_id": use.person_id or None,
            }


def _requests() -> Iterator[Row]:
    """Yield requests with their answers; what was taken back asks nobody."""
    sent = Message.objects.filter(kind=MessageKind.REQUEST).exclude(state=MessageState.WITHDRAWN)
    for request in sent.select_related("owner").order_by("pk"):
        yield {
            "request_id": f"room-{request.pk}",
            "asked_by": request.sender_person_id or None,
            "asked_at": _wall(request.at),
            "owner_id": (request.owner.person_id or None) if request.owner else None,
            "deal_id": request.deal_id or None,
            "product_family": request.product_family or None,
            "persona": request.persona or None,
            "competitor": request.competitor or None,
            "answered_by": request.settled_person_id or None,
            "answered_at": _wall(request.settled_at) if request.settled_at else None,
            "verdict": _VERDICTS.get(request.state),
            "tool_id": request.tool_id or None,
        }


def _wall(at: dt.datetime) -> dt.datetime:
    return timezone.localtime(at).replace(tzinfo=None)
