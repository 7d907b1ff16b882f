"""When a person was last here, and what the CRM's own report says of won revenue."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Visit(models.Model):
    """The visits of one person: news is what happened since the one before this."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="visit"
    )
    seen_at = models.DateTimeField()
    """When the home page was last open."""
    news_since = models.DateTimeField()
    """From when on the page tells what happened."""

    class Meta:
        """One row a person."""

        ordering: ClassVar = ["user"]

    def __str__(self) -> str:
        return f"visit of {self.user_id}"


class RevenueCheck(models.Model):
    """Won revenue as the CRM's own report gives it, typed in by a person for one snapshot."""

    snapshot = models.CharField(max_length=100)
    reported = models.DecimalField(max_digits=18, decimal_places=2)
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="revenue_checks"
    )

    class Meta:
        """The latest of a snapshot counts."""

        ordering: ClassVar = ["-checked_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reported__gte=0), name="reported_revenue_is_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reported} reported for {self.snapshot}"
