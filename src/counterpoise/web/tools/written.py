"""Tools and messages as programs read them: ids, words and instants."""

from __future__ import annotations

from typing import Any

from counterpoise.web.people.models import User
from counterpoise.web.tools.inbox import shown_message
from counterpoise.web.tools.library import Card, Counts
from counterpoise.web.tools.models import Message, Use

_PLAIN = (
    "tool_id",
    "title",
    "kind",
    "objection",
    "sentence",
    "proof",
    "question",
    "link",
    "product_family",
    "persona",
    "competitor",
    "stage",
    "is_imported",
    "is_retired",
    "revision",
)


def tool_object(card: Card, counts: Counts | None) -> dict[str, Any]:
    """Return a tool."""
    used = counts or Counts()
    return {
        **{name: getattr(card, name) for name in _PLAIN},
        "values": list(card.values),
        "owner": _person(card.owner_id, card.owner),
        "made_on": card.made_on.isoformat() if card.made_on else None,
        "expires_on": card.expires_on.isoformat() if card.expires_on else None,
        "file": card.file.name if card.file else None,
        "used": used.used,
        "helped": used.helped,
    }


def use_object(use: Use) -> dict[str, Any]:
    """Return a use of a tool."""
    return {
        "id": use.pk,
        "tool_id": use.tool_id,
        "deal_id": use.deal_id or None,
        "at": use.at.isoformat(),
        "helped": use.helped_at is not None,
    }


def message_object(user: User, message: Message) -> dict[str, Any]:
    """Return a message as a person reads it: a deal is named where it opens to them."""
    shown = shown_message(user, message)
    sender, owner, settled_by = message.sender, message.owner, message.settled_by
    return {
        "id": message.pk,
        "kind": message.kind,
        "state": message.state,
        "is_overdue": shown.is_overdue,
        "text": message.text,
        "objection": message.objection,
        "product_family": message.product_family,
        "persona": message.persona,
        "competitor": message.competitor,
        "deal_id": shown.deal_id or None,
        "account_id": message.account_id or None,
        "sender": _person(sender.pk, str(sender)),
        "sent_at": message.at.isoformat(),
        "owner": _person(owner.pk, str(owner)) if owner else None,
        "due_at": message.due_at.isoformat() if message.due_at else None,
        "answer": message.answer,
        "tool_id": message.tool_id or None,
        "settled_by": _person(settled_by.pk, str(settled_by)) if settled_by else None,
        "settled_at": message.settled_at.isoformat() if message.settled_at else None,
    }


def _person(pk: int | None, name: str) -> dict[str, Any] | None:
    return None if pk is None else {"id": pk, "name": name}
