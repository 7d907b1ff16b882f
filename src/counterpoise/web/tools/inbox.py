"""Messages to marketing as pages show them: what waits, what is overdue, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from counterpoise.web.people.models import User
from counterpoise.web.tools.library import titles
from counterpoise.web.tools.models import Message
from counterpoise.web.tools.rights import deal_opens
from counterpoise.web.tools.states import MessageKind, MessageState

A_PAGE = 25
STANDINGS: Mapping[str, str] = {
    "open": "Waiting",
    "overdue": "Overdue",
    "settled": "Answered",
    "mine": "Mine",
}
_LOOKS = {
    MessageState.OPEN.value: "wait",
    MessageState.ANSWERED.value: "good",
    MessageState.DECLINED.value: "bad",
    MessageState.WITHDRAWN.value: "quiet",
}
_WORDS = {MessageState.OPEN.value: "waits for an answer"}


@dataclass(frozen=True)
class Shown:
    """A message as one person reads it."""

    message: Message
    state: str
    look: str
    is_overdue: bool
    about: tuple[str, ...]
    deal_id: str
    """The deal, where it opens to the reader."""
    has_hidden_deal: bool
    tool_title: str


@dataclass(frozen=True)
class Inbox:
    """A page of messages of one kind, with how many there are of each standing."""

    standing: str
    tabs: list[tuple[str, str, int, bool]]
    """Label, address, how many, and whether it is shown."""
    page: Page[Message]
    lines: list[Shown]


def inbox(user: User, kind: MessageKind, given: Mapping[str, str]) -> Inbox:
    """Return the messages of a standing; everybody on both sides sees the same."""
    standing = given.get("show", "open")
    standing = standing if standing in STANDINGS else "open"
    every = Message.objects.filter(kind=kind)
    parts = {name: _of(every, name, user) for name in STANDINGS}
    tabs = [
        (label, f"?{urlencode({'show': name})}", parts[name].count(), name == standing)
        for name, label in STANDINGS.items()
    ]
    found = parts[standing].select_related("sender", "owner", "settled_by")
    if standing in {"open", "overdue"}:
        found = found.order_by(F("due_at").asc(nulls_last=True), "at", "pk")
    page = Paginator(found, A_PAGE).get_page(given.get("page", "1"))
    known = titles([each.tool_id for each in page.object_list if each.tool_id])
    return Inbox(standing, tabs, page, [_shown(user, each, known) for each in page.object_list])


def shown_message(user: User, message: Message) -> Shown:
    """Return a message as a person reads it."""
    return _shown(user, message, titles([message.tool_id]) if message.tool_id else {})


def overdue() -> Q:
    """Return the condition that a message is open beyond its promised time."""
    return Q(state=MessageState.OPEN, due_at__lt=timezone.now())


def message_title(message: Message) -> str:
    """Return the beginning of a message, in one line."""
    said = " ".join(message.text.split())
    return f"{said[:80].rstrip()}…" if len(said) > 80 else said or f"{message.kind} {message.pk}"


def _of(every: QuerySet[Message], standing: str, user: User) -> QuerySet[Message]:
    match standing:
        case "overdue":
            return every.filter(overdue())
        case "settled":
            return every.exclude(state=MessageState.OPEN)
        case "mine":
            return every.filter(Q(sender=user) | Q(owner=user))
    return every.filter(state=MessageState.OPEN)


def _shown(user: User, message: Message, known: Mapping[str, str]) -> Shown:
    opens = deal_opens(user, message.deal_id) if message.deal_id else False
    about = (message.product_family, message.competitor and f"against {message.competitor}")
    is_late = message.is_open and message.due_at is not None and message.due_at < timezone.now()
    return Shown(
        message,
        "overdue" if is_late else _WORDS.get(message.state, message.state),
        "bad" if is_late else _LOOKS[message.state],
        is_late,
        tuple(each for each in (*about, message.persona) if each),
        message.deal_id if opens else "",
        bool(message.deal_id) and not opens,
        known.get(message.tool_id, ""),
    )
