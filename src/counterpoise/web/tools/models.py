"""Tools, their files, their uses, and messages from sellers to marketing."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from counterpoise.web.tools.states import MessageKind, MessageState

LONGEST_TEXT = 2_000
"""The most characters of a sentence, a proof, a message or an answer."""

LONGEST_LINE = 200
"""The most characters of a title or a name."""

_USER = settings.AUTH_USER_MODEL


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


def _line() -> models.CharField[str, str]:
    return models.CharField(max_length=LONGEST_LINE, blank=True)


def _text() -> models.TextField[str, str]:
    return models.TextField(max_length=LONGEST_TEXT, blank=True)


class Tool(models.Model):
    """A tool made in the room, or what the room adds to an imported one."""

    tool_id = models.CharField(max_length=LONGEST_LINE, unique=True)
    """Its id in the books."""
    is_imported = models.BooleanField(default=False)
    """Whether the books bring it; then the room adds to it, and the next review reads theirs."""
    token = models.CharField(max_length=64)
    """Made with the form, so that sending it twice makes one."""
    title = models.CharField(max_length=LONGEST_LINE)
    kind = _line()
    objection = _line()
    """What the customer says."""
    sentence = _text()
    """What to say to it."""
    proof = _text()
    question = _text()
    """What to ask back."""
    link = models.URLField(max_length=500, blank=True)
    value_ids = models.JSONField(default=list)
    """Ids of the agreement's value propositions that it sells."""
    product_family = _line()
    persona = _line()
    competitor = _line()
    stage = _line()
    owner = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="tools")
    expires_on = models.DateField(null=True, blank=True)
    """The last day on which it is offered."""
    retired_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    """Counts its changes, so that nobody overwrites what they have not read."""

    class Meta:
        """A form makes one tool."""

        ordering: ClassVar = ["title", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["made_by", "token"], name="tool_made_once"),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="https://"), name="tool_link_is_secure"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ToolFile(models.Model):
    """The file of a tool, kept in the database so that backups hold it."""

    tool = models.OneToOneField(Tool, models.CASCADE, related_name="file")
    name = models.CharField(max_length=LONGEST_LINE)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Use(models.Model):
    """That somebody used a tool on a deal on a day, and whether it helped."""

    tool_id = models.CharField(max_length=LONGEST_LINE)
    deal_id = models.CharField(max_length=LONGEST_LINE, blank=True)
    user = models.ForeignKey(_USER, models.PROTECT, related_name="tool_uses")
    person_id = models.CharField(max_length=LONGEST_LINE, blank=True)
    at = models.DateTimeField()
    on = models.DateField()
    helped_at = models.DateTimeField(null=True)

    class Meta:
        """A person uses a tool on a deal once a day."""

        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["deal_id"], name="tool_use_by_deal"),
            models.Index(fields=["tool_id"], name="tool_use_by_tool"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tool_id", "deal_id", "user", "on"], name="tool_used_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tool_id} on {self.deal_id or 'no deal'}"


class Message(models.Model):
    """What a seller sends to marketing: a request for a tool, or what a customer said."""

    kind = models.CharField(max_length=7, choices=_choices(MessageKind))
    sender = models.ForeignKey(_USER, models.PROTECT, related_name="tool_messages")
    sender_person_id = models.CharField(max_length=LONGEST_LINE, blank=True)
    token = models.CharField(max_length=64)
    at = models.DateTimeField()
    text = _text()
    objection = _line()
    product_family = _line()
    persona = _line()
    competitor = _line()
    deal_id = _line()
    account_id = _line()
    owner = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="tool_requests")
    """Who answers, of marketing; nobody where marketing has nobody in the room."""
    due_at = models.DateTimeField(null=True)
    """By when the agreement of that moment promises an answer."""
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    """When the room saw that it is overdue, and told."""
    agreement = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=9, choices=_choices(MessageState))
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    settled_person_id = models.CharField(max_length=LONGEST_LINE, blank=True)
    answer = _text()
    tool_id = _line()
    """The tool that answers a request."""

    class Meta:
        """The same form sends once; a message is settled once, by somebody."""

        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["kind", "state"], name="message_by_state")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "token"], name="message_sent_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in MessageKind]),
                name="message_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in MessageState]),
                name="message_state_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=MessageState.OPEN.value,
                    settled_at__isnull=True,
                    settled_by__isnull=True,
                )
                | (
                    ~Q(state=MessageState.OPEN.value)
                    & Q(settled_at__isnull=False, settled_by__isnull=False)
                ),
                name="message_settled_once",
            ),
            models.CheckConstraint(
                condition=~Q(kind=MessageKind.REQUEST.value, state=MessageState.ANSWERED.value)
                | ~Q(tool_id=""),
                name="request_answered_with_a_tool",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for an answer."""
        return self.state == MessageState.OPEN

    @property
    def is_request(self) -> bool:
        """Tell whether it asks for a tool."""
        return self.kind == MessageKind.REQUEST
