"""Transfers between budgets: proposed by one side, in effect once both have signed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from counterpoise.web.promises.states import TransferState

LONGEST_REASON = 500
_USER = settings.AUTH_USER_MODEL


class Transfer(models.Model):
    """Money of one budget that becomes another's for a period."""

    first_on = models.DateField()
    """The first day of the period of both budgets."""
    from_budget = models.CharField(max_length=100)
    to_budget = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    """Empty once who gave it was forgotten."""
    agreement = models.CharField(max_length=64)
    """The fingerprint of the agreement that has the budgets."""
    token = models.CharField(max_length=64, unique=True)
    """Made with the form, so that sending it twice proposes once."""
    state = models.CharField(
        max_length=9, choices=[(each.value, each.value) for each in TransferState]
    )
    proposed_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    proposed_side = models.CharField(max_length=9)
    """The side that it was signed for by being proposed."""
    proposed_at = models.DateTimeField()
    settled_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=LONGEST_REASON, blank=True)
    """Why it was declined."""

    class Meta:
        """Two budgets, an amount, and never one person for both sides."""

        ordering: ClassVar = ["-proposed_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(from_budget=F("to_budget")), name="transfer_between_two"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_of_something"),
            models.CheckConstraint(
                condition=~Q(state=TransferState.SIGNED.value) | ~Q(settled_by=F("proposed_by")),
                name="transfer_signed_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"transfer {self.pk}"

    @property
    def is_open(self) -> bool:
        """Tell whether the other side has not answered."""
        return self.state == TransferState.OPEN
