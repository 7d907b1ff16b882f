"""Sources that administrators allowed, and when they are imported by themselves."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Source(models.Model):
    """A folder or database that may be imported."""

    name = models.CharField(max_length=100, unique=True)
    address = models.CharField(max_length=500)
    """A folder, a file, or a database's address; passwords stand in the environment."""
    adapter = models.CharField(max_length=300, blank=True)
    """The name or folder of an adapter; empty for the one that fits best."""
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    allowed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Sources by name."""

        ordering: ClassVar = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Schedule(models.Model):
    """When a source is imported by itself: every day at a time, or on one day of the week."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="schedule")
    at = models.TimeField()
    """Wall time of the workspace."""
    weekday = models.PositiveSmallIntegerField(null=True)
    """0 is Monday; empty for every day."""
    next_at = models.DateTimeField(db_index=True)

    class Meta:
        """What is due first at the top."""

        ordering: ClassVar = ["next_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(weekday__isnull=True) | models.Q(weekday__lte=6),
                name="schedule_on_a_weekday",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} at {self.at}"
