"""Leads that were handed over, and everything that was reported of them.

A report is never changed. What a hand-off's own row says of its course is worked out from them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from counterpoise.web.handoffs.states import OPEN, LeadEvent, LeadState, ReportSource

LONGEST_NOTE = 2_000
"""The most characters of a note or comment."""
LONGEST_REASON = 200


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Handoff(models.Model):
    """A lead that marketing passed to sales; one that comes back and is passed again is another."""

    lead_id = models.CharField(max_length=200)
    round = models.PositiveSmallIntegerField(default=1)
    follows = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="followed_by"
    )
    """The hand-off that was rejected and is tried again."""
    account_id = models.CharField(max_length=200, blank=True)
    campaign_id = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    score = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    created_at = models.DateTimeField()
    """When the lead was made."""
    qualified_at = models.DateTimeField(null=True)
    about = models.CharField(max_length=200, blank=True)
    """Who and what it is about, in the words of who passed it."""
    note = models.TextField(max_length=LONGEST_NOTE, blank=True)
    passed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handoffs_passed"
    )
    passed_at = models.DateTimeField()
    token = models.CharField(max_length=64, blank=True)
    """Made with the form, so that sending it twice passes once."""
    agreement = models.CharField(max_length=64, blank=True)
    """The fingerprint of the agreement by which it was routed and is due."""

    state = models.CharField(max_length=8, choices=_choices(LeadState))
    owner_person_id = models.CharField(max_length=200, blank=True)
    team = models.CharField(max_length=200, blank=True)
    """The owner's team when it was assigned."""
    rule = models.CharField(max_length=20, blank=True)
    why = models.CharField(max_length=300, blank=True)
    """Why it went where it went."""
    clause = models.CharField(max_length=200, blank=True)
    assigned_at = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)
    responder_id = models.CharField(max_length=200, blank=True)
    verdict_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    deal_id = models.CharField(max_length=200, blank=True)

    soon_at = models.DateTimeField(null=True)
    """From when on a response is due soon."""
    respond_by = models.DateTimeField(null=True)
    judge_by = models.DateTimeField(null=True)
    escalations = models.PositiveSmallIntegerField(default=0)
    escalate_at = models.DateTimeField(null=True)
    """When it goes a rung up, unless it is answered by then."""
    escalated_to = models.CharField(max_length=100, blank=True)

    class Meta:
        """A lead is with sales once at a time."""

        ordering: ClassVar = ["-passed_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["owner_person_id", "state"], name="handoff_by_owner"),
            models.Index(fields=["state", "respond_by"], name="handoff_by_state"),
            models.Index(fields=["campaign_id"], name="handoff_by_campaign"),
            models.Index(fields=["team", "state"], name="handoff_by_team"),
            models.Index(fields=["account_id"], name="handoff_by_account"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lead_id", "round"], name="handoff_once_a_round"),
            models.UniqueConstraint(
                fields=["lead_id"],
                condition=Q(state__in=sorted(state.value for state in OPEN)),
                name="handoff_open_once_a_lead",
            ),
            models.UniqueConstraint(
                fields=["passed_by", "token"],
                condition=~Q(token=""),
                name="handoff_once_a_form",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in LeadState]),
                name="handoff_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=LeadState.REJECTED.value) | ~Q(reason=""),
                name="handoff_rejected_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"hand-off {self.pk}"

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for a response or a verdict."""
        return self.state in OPEN


class Happening(models.Model):
    """A report that something happened to a lead: when, who says so, and when it was said."""

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="happenings")
    kind = models.CharField(max_length=9, choices=_choices(LeadEvent))
    at = models.DateTimeField()
    source = models.CharField(max_length=5, choices=_choices(ReportSource))
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    person_id = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    deal_id = models.CharField(max_length=200, blank=True)
    comment = models.TextField(max_length=LONGEST_NOTE, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        """What the books say is taken in once; so is a rung of the ladder."""

        ordering: ClassVar = ["at", "recorded_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["handoff", "kind", "at", "source"], name="happening_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"
