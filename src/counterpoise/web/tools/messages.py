"""Messages from sellers to marketing: sending, passing on, answering, declining, withdrawing.

Whatever happens at the same instant, a message is settled once: its state moves on only where it
is still open, and who comes second is told so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from counterpoise.errors import CounterpoiseError
from counterpoise.web.audit.entries import record
from counterpoise.web.live import live
from counterpoise.web.once import once_key
from counterpoise.web.people.models import User
from counterpoise.web.tools.library import card_of
from counterpoise.web.tools.models import LONGEST_TEXT, Message
from counterpoise.web.tools.owners import owner_for, possible_owners
from counterpoise.web.tools.promised import promised
from counterpoise.web.tools.rights import (
    NoDealError,
    NotYoursError,
    deal_opens,
    may_make,
    refuse_unless_making,
    refuse_unless_using,
)
from counterpoise.web.tools.states import MessageKind, MessageState


class MessageError(CounterpoiseError, ValueError):
    """A message cannot be sent or answered like this."""


class SettledMeanwhileError(CounterpoiseError):
    """Somebody answers what was answered, declined or withdrawn a moment before."""

    def __init__(self, message: Message) -> None:
        by = f" by {message.settled_by}" if message.settled_by else ""
        super().__init__(
            f"This {message.kind} was {message.state}{by} already; what you sent changed nothing."
        )


@dataclass(frozen=True)
class About:
    """What a message is about; all of it may be left out."""

    deal_id: str = ""
    account_id: str = ""
    objection: str = ""
    product_family: str = ""
    persona: str = ""
    competitor: str = ""


def send(
    user: User,
    kind: MessageKind,
    text: str,
    about: About,
    token: str,
    now: dt.datetime | None = None,
) -> Message:
    """Send marketing a message; the same form sends once.

    Raises:
        NotYoursError: If they are not of sales.
        MessageError: If the text is empty or too long.
        NoDealError: If the deal does not open to them.
    """
    refuse_unless_using(user)
    said = _text(text, "message")
    at = now or timezone.now()
    if about.deal_id and not deal_opens(user, about.deal_id):
        raise NoDealError(about.deal_id)
    if about.account_id and live().account(about.account_id) is None:
        raise MessageError(f"No account {about.account_id} is in the books.")
    time = promised(kind, at)
    owner = owner_for(about.product_family)
    key = once_key(token, kind.value, said, about)
    try:
        with transaction.atomic():
            made = Message.objects.create(
                kind=kind,
                sender=user,
                sender_person_id=user.person_id,
                token=key,
                at=at,
                text=said,
                **vars(about),
                owner=owner,
                due_at=time.due_at,
                remind_at=time.remind_at,
                agreement=time.agreement,
                state=MessageState.OPEN,
            )
            record(user, _act(kind, "sent"), named(made), _audited(made))
    except IntegrityError:
        return Message.objects.get(sender=user, token=key)
    return made


def answer(
    user: User, message_id: int, text: str, tool_id: str = "", now: dt.datetime | None = None
) -> Message:
    """Answer a message: a request with a tool, a note in words.

    Raises:
        Message.DoesNotExist: If there is none.
        NotYoursError: If they are not of marketing, or it is their own.
        MessageError: If a request gets no known tool, or a note no words.
        SettledMeanwhileError: If it was settled a moment before.
    """
    message = _theirs_to_answer(user, message_id)
    if message.is_request and card_of(tool_id) is None:
        raise MessageError(
            "Name the tool that answers it: one of the library, or a new one. "
            "Without a tool, decline with a reason."
        )
    said = _text(text, "answer") if text.strip() or not message.is_request else ""
    kept = {"answer": said, "tool_id": tool_id if message.is_request else ""}
    return _settle(user, message, MessageState.ANSWERED, kept, now)


def decline(user: User, message_id: int, reason: str, now: dt.datetime | None = None) -> Message:
    """Decline a request with a reason, which is never left out.

    Raises:
        Message.DoesNotExist: If there is none.
        NotYoursError: If they are not of marketing, or it is their own.
        MessageError: If it is a note, or the reason is empty.
        SettledMeanwhileError: If it was settled a moment before.
    """
    message = _theirs_to_answer(user, message_id)
    if not message.is_request:
        raise MessageError("What was heard from customers is answered, not declined.")
    said = _text(reason, "reason")
    return _settle(user, message, MessageState.DECLINED, {"answer": said}, now)


def withdraw(user: User, message_id: int, now: dt.datetime | None = None) -> Message:
    """Take back one's own open message.

    Raises:
        Message.DoesNotExist: If there is none.
        NotYoursError: If somebody else sent it.
        SettledMeanwhileError: If it was settled a moment before.
    """
    message = Message.objects.get(pk=message_id)
    if message.sender_id != user.pk:
        raise NotYoursError("Who sent a message takes it back, nobody else.")
    return _settle(user, message, MessageState.WITHDRAWN, {}, now)


def pass_on(user: User, message_id: int, owner: User) -> Message:
    """Give a message another owner of marketing.

    Raises:
        Message.DoesNotExist: If there is none.
        NotYoursError: If they are not of marketing.
        MessageError: If the new owner may not answer.
        SettledMeanwhileError: If it was settled a moment before.
    """
    refuse_unless_making(user)
    if owner not in possible_owners():
        raise MessageError("The owner must be somebody of marketing who answers sellers.")
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        if not Message.objects.filter(pk=message.pk, state=MessageState.OPEN).update(owner=owner):
            raise SettledMeanwhileError(message)
        record(user, _act(message.kind, "passed_on"), named(message), {"to": f"person:{owner.pk}"})
    message.owner = owner
    return message


def named(message: Message) -> str:
    """Return a message as the trail names it."""
    return f"tool_{message.kind}:{message.pk}"


def may_answer(user: User, message: Message) -> bool:
    """Tell whether a person may answer a message: any of marketing, never who sent it."""
    return message.is_open and may_make(user) and message.sender_id != user.pk


def _theirs_to_answer(user: User, message_id: int) -> Message:
    refuse_unless_making(user)
    message = Message.objects.get(pk=message_id)
    if message.sender_id == user.pk:
        raise NotYoursError("Nobody answers what they sent themselves; somebody of marketing does.")
    return message


def _settle(
    user: User,
    message: Message,
    state: MessageState,
    kept: Mapping[str, Any],
    now: dt.datetime | None,
) -> Message:
    at = now or timezone.now()
    with transaction.atomic():
        open_one = Message.objects.filter(pk=message.pk, state=MessageState.OPEN)
        told = {"settled_at": at, "settled_by": user, "settled_person_id": user.person_id}
        if not open_one.update(state=state, **told, **kept):
            message.refresh_from_db()
            raise SettledMeanwhileError(message)
        detail = {"tool": kept["tool_id"]} if kept.get("tool_id") else {}
        record(user, _act(message.kind, state.value), named(message), detail)
    message.refresh_from_db()
    return message


def _text(text: str, what: str) -> str:
    said = text.strip()
    if not said:
        raise MessageError(f"The {what} is empty; say it in a sentence.")
    if "\x00" in said:
        raise MessageError(f"The {what} holds characters that cannot be kept.")
    if len(said) > LONGEST_TEXT:
        raise MessageError(
            f"The {what} has {len(said):,} characters; at most {LONGEST_TEXT:,} are kept."
        )
    return said


def _act(kind: str, deed: str) -> str:
    return f"tool_{kind}.{deed}"


def _audited(made: Message) -> dict[str, Any]:
    return {
        "deal": made.deal_id,
        "account": made.account_id,
        "owner": f"person:{made.owner_id}" if made.owner_id else None,
        "due_at": made.due_at.isoformat() if made.due_at else None,
        "agreement": made.agreement,
    }
