"""Thanks that were said, and what a digest told already."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

_USER = settings.AUTH_USER_MODEL


class Thank(models.Model):
    """One person thanked another for something that they did."""

    giver = models.ForeignKey(_USER, models.CASCADE, related_name="+")
    taker = models.ForeignKey(_USER, models.CASCADE, related_name="+")
    key = models.CharField(max_length=300)
    """What for: the same is thanked for once."""
    says = models.CharField(max_length=500)
    """What for, in the words of that day."""
    url = models.CharField(max_length=500)
    """Where it is, which asks again who may open it."""
    at = models.DateTimeField()

    class Meta:
        """Nobody thanks twice for the same, nor themselves."""

        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["giver", "key"], name="one_thank_a_deed"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="thank_somebody_else"),
        ]
        indexes: ClassVar = [models.Index(fields=["taker", "at"], name="thanks_to_somebody")]

    def __str__(self) -> str:
        return f"thank {self.pk}"


class Told(models.Model):
    """Something that a digest told a person, or the week that one opened."""

    user = models.ForeignKey(_USER, models.CASCADE, related_name="+")
    key = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        """Everything is told once."""

        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.key} to {self.user_id}"
