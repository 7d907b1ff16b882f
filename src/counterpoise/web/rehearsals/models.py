"""Rehearsals with their candidates, what they are attached to, and the effects that were estimated.

A candidate never changes: another rate is another candidate. What was estimated is kept under all
that it depends on, so that the same question is answered once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models

from counterpoise.rehearse.results import Behaviour
from counterpoise.web.agreements.models import Draft, Proposal

MOST_CANDIDATES = 4
"""So many stand side by side; more cannot be compared at a glance."""

LONGEST_NAME = 60
LONGEST_TITLE = 120


class Rehearsal(models.Model):
    """A question to the past: an agreement that exists, and candidates that differ in rates."""

    title = models.CharField(max_length=LONGEST_TITLE)
    base_ref = models.CharField(max_length=64)
    """The version, wording or draft's revision that it starts from."""
    base_label = models.CharField(max_length=300)
    base_text = models.TextField()
    """The agreement as it was read; what a draft says later changes no rehearsal."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        """Latest change first."""

        ordering: ClassVar = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Candidate(models.Model):
    """An agreement that is tried: its name, its place among the others, and its text."""

    rehearsal = models.ForeignKey(Rehearsal, models.CASCADE, related_name="candidates")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    text = models.TextField()
    rules = models.CharField(max_length=64)
    """The fingerprint of what decides discounts in it."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """At most four, each another."""

        ordering: ClassVar = ["rehearsal_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rehearsal", "number"], name="one_candidate_a_number"),
            models.UniqueConstraint(fields=["rehearsal", "rules"], name="no_candidate_twice"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=MOST_CANDIDATES),
                name="four_candidates_at_most",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Attachment(models.Model):
    """A candidate laid beside a draft or a proposal, for those who sign it."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="attachments")
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="+", null=True)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="+", null=True)
    behaviour = models.CharField(
        max_length=16,
        choices=[(each.value, each.value) for each in Behaviour],
        default=Behaviour.WITHIN_AUTHORITY.value,
    )
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    attached_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """To one of the two, and once."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["candidate", "draft"], name="once_a_draft"),
            models.UniqueConstraint(fields=["candidate", "proposal"], name="once_a_proposal"),
            models.CheckConstraint(
                condition=models.Q(draft__isnull=True) ^ models.Q(proposal__isnull=True),
                name="attached_to_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id}"


class EstimateState(StrEnum):
    """How far an estimate is; one that is `left` was overtaken by another question."""

    ASKED = "asked"
    LEFT = "left"
    DONE = "done"
    FAILED = "failed"


class Estimate(models.Model):
    """What a candidate would have done, kept under all that the answer depends on."""

    snapshot = models.CharField(max_length=100)
    as_of = models.DateField()
    measured_by = models.CharField(max_length=64)
    """One word for the agreements of the deals' days."""
    rules = models.CharField(max_length=64)
    behaviour = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in Behaviour]
    )
    is_attested = models.BooleanField(default=False)
    """Whether somebody vouches that recording depends on how deals ended alone."""
    text = models.TextField()
    state = models.CharField(
        max_length=6,
        choices=[(each.value, each.value) for each in EstimateState],
        default=EstimateState.ASKED.value,
    )
    written = models.TextField(blank=True)
    """The rehearsal as `counterpoise rehearse --json` writes it."""
    trouble = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """One a question."""

        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "snapshot",
                    "as_of",
                    "measured_by",
                    "rules",
                    "behaviour",
                    "is_attested",
                ],
                name="one_estimate_a_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rules[:12]}, {self.behaviour}"
