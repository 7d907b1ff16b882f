"""Addresses that are told, what they are told, and how that went.

No secret is kept here: what signs is derived from a key outside the database and an endpoint's
nonce.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Topic(models.TextChoices):
    """What a message is about."""

    ASKED = "request.asked", "A request is put on record"
    SETTLED = "request.settled", "A request is decided, withdrawn or over"
    PASSED = "lead.passed", "A lead is passed to sales"
    JUDGED = "lead.judged", "A lead is accepted or rejected"
    TOOL_ASKED = "tool.requested", "A seller asks marketing for a tool"
    TOOL_SETTLED = "tool.answered", "A request for a tool is answered, declined or taken back"
    PROMOTION_ASKED = "promotion.asked", "A promotion is put on record"
    PROMOTION_SETTLED = "promotion.settled", "A promotion is decided, withdrawn or over"
    REVIEWED = "review.made", "A review is made"
    OPENED = "crack.opened", "A crack is found, or found again, and all may see it"
    CLOSED = "crack.closed", "A crack is no longer found"
    QUESTION_ASKED = "question.asked", "Somebody is asked in a thread"
    QUESTION_ANSWERED = "question.answered", "Such a question is answered"
    HELD = "joint_review.held", "Both sides sat together, and the minutes are closed"
    SIGNED = "transfer.signed", "A transfer between budgets is signed by both sides"
    BROKEN = "promise.broken", "A review finds a promise broken"
    TEST = "test", "A test"


class State(models.TextChoices):
    """Where a message to one endpoint stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """Given up after the last try."""


class Endpoint(models.Model):
    """An address that is told."""

    url = models.CharField(max_length=500)
    topics = models.JSONField()
    nonce = models.CharField(max_length=64)
    """Another one makes another secret."""
    is_on = models.BooleanField(default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        """Latest first."""

        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"endpoint {self.pk}"


class Message(models.Model):
    """One thing that happened, as every endpoint is told of it."""

    key = models.CharField(max_length=200, unique=True)
    """What it is about; the same is told once."""
    topic = models.CharField(max_length=20)
    body = models.TextField()
    """The JSON as it is signed and sent, each try the same bytes."""
    made_at = models.DateTimeField()

    class Meta:
        """Latest first."""

        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Sending(models.Model):
    """A message on its way to an endpoint."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="sendings")
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="sendings")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        """A message goes to an endpoint once."""

        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "endpoint"], name="one_sending_an_endpoint")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="sendings_due")]

    def __str__(self) -> str:
        return f"sending {self.pk}"
