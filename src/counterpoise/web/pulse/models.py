"""Pulses: who took part until it closes, the sealed urn until then, and the figures afterwards.

No row holds what one person rated. The urn holds the ballots of everybody, sealed anew with each;
it and the participations go when the pulse closes.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

LONGEST_WORDS = 4_000


class Pulse(models.Model):
    """One asking of both sides."""

    first_on = models.DateField(unique=True)
    """The first day of the period that it asks about."""
    opened_on = models.DateField()
    closes_on = models.DateField()
    """The last day on which it takes answers."""
    smallest = models.PositiveSmallIntegerField()
    """The smallest group that is shown, as agreed when it opened."""
    key_name = models.CharField(max_length=32, unique=True)
    urn = models.BinaryField(default=b"")
    closed_on = models.DateField(null=True)

    class Meta:
        """The latest first."""

        ordering: ClassVar = ["-first_on"]

    def __str__(self) -> str:
        return f"pulse of {self.first_on}"

    @property
    def is_open(self) -> bool:
        """Tell whether it takes answers."""
        return self.closed_on is None


class Participation(models.Model):
    """Somebody took part in an open pulse; what they said stands nowhere near."""

    pulse = models.ForeignKey(Pulse, models.CASCADE, related_name="participations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        """Everybody takes part once."""

        ordering: ClassVar = ["user_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pulse", "user"], name="one_answer_a_pulse")
        ]

    def __str__(self) -> str:
        return f"user {self.user_id} in {self.pulse_id}"


class Figure(models.Model):
    """What a group said that is large enough to be shown."""

    pulse = models.ForeignKey(Pulse, models.CASCADE, related_name="figures")
    side = models.CharField(max_length=9)
    team = models.CharField(max_length=200, blank=True)
    """Empty for the whole side."""
    n = models.PositiveIntegerField()
    mean = models.FloatField()
    spread = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    ratings = models.JSONField()

    class Meta:
        """A group has one figure a pulse."""

        ordering: ClassVar = ["pulse", "side", "team"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pulse", "side", "team"], name="one_figure_a_group")
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.team} in {self.pulse_id}"


class Words(models.Model):
    """What somebody wrote to both leads, whose side is too small to be asked."""

    pulse = models.ForeignKey(Pulse, models.CASCADE, related_name="words")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(max_length=LONGEST_WORDS, blank=True)
    """Empty once its writer was forgotten."""
    at = models.DateTimeField()

    class Meta:
        """Everybody writes once; writing again replaces it."""

        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pulse", "user"], name="one_word_a_pulse")
        ]

    def __str__(self) -> str:
        return f"words {self.pk}"
