"""What an approval is made of, whatever it is about: who is asked by when, and what they say."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models

from counterpoise.web.desk.states import Capacity, Said

LONGEST_NOTE = 2_000
"""The most characters of a note or comment."""


def choices_of(words: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the words of a closed set, as fields choose among them."""
    return [(word.value, word.value) for word in words]


class ApprovalStep(models.Model):
    """An approval that is needed: one role, under one clause."""

    role = models.CharField(max_length=100)
    clause = models.CharField(max_length=300)
    due_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    escalated_to = models.CharField(max_length=100, blank=True)

    class Meta:
        """Each kind of request has steps of its own."""

        abstract = True

    def __str__(self) -> str:
        return f"{self.role} under {self.clause}"


class ApprovalAnswer(models.Model):
    """What an approver says to a step."""

    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    clause = models.CharField(max_length=300)
    said = models.CharField(max_length=9, choices=choices_of(Said))
    decided_person_id = models.CharField(max_length=200, blank=True)
    capacity = models.CharField(max_length=10, choices=choices_of(Capacity))
    delegation = models.ForeignKey("room_desk.Delegation", on_delete=models.PROTECT, null=True)
    decided_at = models.DateTimeField()
    comment = models.TextField(max_length=LONGEST_NOTE, blank=True)
    written = models.JSONField(null=True)
    """The request with the counter's terms, as the desk reads it."""

    class Meta:
        """Each kind of request has answers of its own."""

        abstract = True
