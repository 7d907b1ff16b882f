"""Promotions that were asked for in the room, and what became of them.

A request keeps what was asked and what the desk answered, as it was then; only its state moves on,
once. Everything later is a row of its own.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from counterpoise.web.desk.approval_models import (
    LONGEST_NOTE,
    ApprovalAnswer,
    ApprovalStep,
    choices_of,
)
from counterpoise.web.desk.states import AGREED, Said, State

__all__ = ["AGREED", "LONGEST_NOTE", "AskedPromotion", "PromotionAnswer", "PromotionStep"]


class AskedPromotion(models.Model):
    """A promotion that somebody asked for, with the desk's answer of that moment."""

    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="promotions_asked"
    )
    asker_role = models.CharField(max_length=100)
    asker_person_id = models.CharField(max_length=200, blank=True)
    token = models.CharField(max_length=64)
    """Made with the form, so that sending it twice asks once."""
    asked_at = models.DateTimeField()
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    """The request that this one takes up with the terms that its counter-offer named."""
    account_id = models.CharField(max_length=200, blank=True)
    products = models.JSONField(default=list)
    product_family = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    depth = models.DecimalField(max_digits=18, decimal_places=6)
    kind = models.CharField(max_length=20)
    trade_spend = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    note = models.TextField(max_length=LONGEST_NOTE, blank=True)
    written = models.JSONField()
    """What was asked, as the desk reads it."""
    decision = models.JSONField()
    verdict = models.CharField(max_length=14)
    agreement = models.CharField(max_length=64)
    """The fingerprint of the agreement that it was decided by."""
    snapshot = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=9, choices=choices_of(State))
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """The same form asks once; a request has one of the states."""

        ordering: ClassVar = ["-asked_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "starts_on"], name="promotion_by_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asker", "token"], name="promotion_asked_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="promotion_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state=State.OPEN.value, settled_at__isnull=True)
                | (~Q(state=State.OPEN.value) & Q(settled_at__isnull=False)),
                name="promotion_settled_once",
            ),
        ]

    def __str__(self) -> str:
        return f"promotion {self.pk}"

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for an answer."""
        return self.state == State.OPEN


class PromotionStep(ApprovalStep):
    """An approval that a promotion needs: one role, under one clause."""

    promotion = models.ForeignKey(AskedPromotion, on_delete=models.PROTECT, related_name="steps")
    covered_by = models.ForeignKey(
        "PromotionAnswer", on_delete=models.PROTECT, null=True, related_name="covers"
    )
    """The counter-offer whose terms these are: who made it has said yes to them."""

    class Meta:
        """A role is asked once under a clause."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["promotion", "role", "clause"], name="promotion_step_once"
            )
        ]


class PromotionAnswer(ApprovalAnswer):
    """What an approver said to a step. There is one a step, and it is never the asker's."""

    step = models.OneToOneField(PromotionStep, on_delete=models.PROTECT, related_name="answer")
    promotion = models.ForeignKey(AskedPromotion, on_delete=models.PROTECT, related_name="answers")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="promotion_answers"
    )

    class Meta:
        """The database has the last word on who may not answer."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("asker")), name="promotion_answer_never_by_the_asker"
            ),
            models.UniqueConstraint(
                fields=["promotion", "clause", "decided_by"], name="promotion_answer_by_two"
            ),
            models.CheckConstraint(
                condition=Q(said=Said.COUNTERED.value, written__isnull=False)
                | (~Q(said=Said.COUNTERED.value) & Q(written__isnull=True)),
                name="promotion_answer_counters_with_terms",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said} by {self.decided_by_id}"
