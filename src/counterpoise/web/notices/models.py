"""What is to be told to whom, by which way, and how that went."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models

LONGEST_KEY = 200
LONGEST_URL = 500


class Way(models.TextChoices):
    """How a notice travels."""

    MAIL = "mail"
    CHAT = "chat"


class State(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    """Given up after several tries."""
    LOST = "lost"
    """Its worker died while sending; it may have gone out or not, and is not sent again."""


class Preference(models.Model):
    """How one person wants to be told."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    by_mail = models.BooleanField(default=True)
    chat_address = models.CharField(max_length=500, blank=True)
    """An Apprise address; it holds secrets and is never shown whole again."""
    digest_at = models.TimeField(null=True, blank=True, default=dt.time(8))
    """When the day's digest goes out, by the person's clock; None for none."""

    def __str__(self) -> str:
        return f"preference of user {self.user_id}"


class Notice(models.Model):
    """One thing that one person is told."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=LONGEST_KEY)
    """What it is about; the same is told once."""
    subject = models.CharField(max_length=200)
    text = models.TextField()
    url = models.CharField(max_length=LONGEST_URL, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The same thing is told to a person once."""

        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="one_notice_a_thing")
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Delivery(models.Model):
    """A notice on its way."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    way = models.CharField(max_length=4, choices=Way.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        """A notice travels each way once."""

        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "way"], name="one_delivery_a_way")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="deliveries_due")]

    def __str__(self) -> str:
        return f"delivery {self.pk}"
