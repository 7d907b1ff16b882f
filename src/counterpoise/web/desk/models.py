"""Requests and what became of them.

A request keeps what was asked and what the desk answered, by which agreement and over which
snapshot, as it was then; only its state moves on, once. Everything later is a row of its own.
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
from counterpoise.web.desk.states import Happening, Said, State

__all__ = [
    "LONGEST_NOTE",
    "Answer",
    "Delegation",
    "Event",
    "LinkRefusal",
    "Offered",
    "Request",
    "Step",
]


class Request(models.Model):
    """A question on record, with the desk's answer of that moment."""

    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="desk_requests"
    )
    asker_role = models.CharField(max_length=100)
    asker_person_id = models.CharField(max_length=200, blank=True)
    owner_person_id = models.CharField(max_length=200, blank=True)
    """Whose deal it is in the books; the asker's where the deal is new."""
    token = models.CharField(max_length=64)
    """Made with the form, so that sending it twice asks once."""
    asked_at = models.DateTimeField()
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    """The request that this one takes up again with other terms."""
    deal_id = models.CharField(max_length=200, blank=True)
    """The deal in the books: known when asked, or linked later by a person."""
    account_id = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    list_amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    net_amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    rate = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    note = models.TextField(max_length=LONGEST_NOTE, blank=True)
    written = models.JSONField()
    """What was asked, as the desk reads it."""
    terms = models.JSONField()
    """What an approval would hold for: `terms.Terms`."""
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
            models.Index(fields=["state", "asked_at"], name="request_by_state"),
            models.Index(fields=["deal_id"], name="request_by_deal"),
            models.Index(fields=["owner_person_id"], name="request_by_owner"),
            models.Index(fields=["asker_person_id"], name="request_by_asker"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asker", "token"], name="request_asked_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=State.OPEN.value, settled_at__isnull=True)
                | (~Q(state=State.OPEN.value) & Q(settled_at__isnull=False)),
                name="request_settled_once",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for an answer."""
        return self.state == State.OPEN


class Step(ApprovalStep):
    """An approval that a request needs: one role, under one clause."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")
    covered_by = models.ForeignKey(
        "Answer", on_delete=models.PROTECT, null=True, related_name="covers"
    )
    """A former yes to terms no better for the company, which holds for these too."""

    class Meta:
        """A role is asked once under a clause."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request", "role", "clause"], name="step_once_a_role_and_clause"
            )
        ]


class Delegation(models.Model):
    """Somebody answers in another's place, for some days. It hands on nothing further."""

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_held"
    )
    role = models.CharField(max_length=100)
    from_on = models.DateField()
    until_on = models.DateField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Nobody stands in for themselves, and it ends after it starts."""

        ordering: ClassVar = ["-from_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(giver=F("delegate")), name="delegation_to_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="delegation_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"delegation {self.pk}"


class Answer(ApprovalAnswer):
    """What an approver said to a step. There is one a step, and it is never the asker's."""

    step = models.OneToOneField(Step, on_delete=models.PROTECT, related_name="answer")
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="answers")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="desk_answers"
    )
    terms = models.JSONField(null=True)
    """What the yes in a counter holds for."""

    class Meta:
        """The database has the last word on who may not answer."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("asker")), name="answer_never_by_the_asker"
            ),
            models.UniqueConstraint(
                fields=["request", "clause", "decided_by"], name="answer_of_a_pair_by_two"
            ),
            models.CheckConstraint(
                condition=Q(said=Said.COUNTERED.value, written__isnull=False)
                | (~Q(said=Said.COUNTERED.value) & Q(written__isnull=True)),
                name="answer_counters_with_terms",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said} by {self.decided_by_id}"


class Event(models.Model):
    """Something that happened to a request, for its story."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=choices_of(Happening))
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        """The story in its order."""

        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"


class LinkRefusal(models.Model):
    """A deal that looked like a request's, and is not."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="link_refusals")
    deal_id = models.CharField(max_length=200)

    class Meta:
        """It is said once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "deal_id"], name="link_refused_once")
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} is not request {self.request_id}"


class Offered(models.Model):
    """That the terms of a request were put to the customer."""

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="offered")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"request {self.request_id} offered"
