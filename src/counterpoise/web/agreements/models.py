"""Drafts, proposals with what both sides say to them, signatures, and what was ratified.

What nobody may break stands in the database: one revision a number, one standing signature a side
and a person, one ratified agreement a starting day.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models

from counterpoise.agreement import Side
from counterpoise.agreement.fingerprint import SHORT

_SIGNING = (Side.SALES.value, Side.MARKETING.value)
_LONGEST_SAYS = 2_000
_LONGEST_CLAUSE = 300


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Origin(StrEnum):
    """Where a draft comes from."""

    WORKSPACE = "workspace"
    BOOKS = "books"
    VERSION = "version"
    PROPOSAL = "proposal"


class DraftState(StrEnum):
    """Whether a draft is worked on."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"


class Draft(models.Model):
    """A text that is worked on; `revision` is the number of its latest revision."""

    title = models.CharField(max_length=200)
    origin = models.CharField(max_length=9, choices=_choices(Origin))
    based_on = models.CharField(max_length=64, blank=True)
    """The fingerprint of the version that it started from."""
    state = models.CharField(
        max_length=9, choices=_choices(DraftState), default=DraftState.OPEN.value
    )
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        """Latest change first."""

        ordering: ClassVar = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """What a draft said once; nothing that was stored is lost."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    says = models.CharField(max_length=_LONGEST_CLAUSE)
    """What was changed."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A number is given once, so that no revision covers another."""

        ordering: ClassVar = ["draft_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "number"], name="one_revision_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}, revision {self.number}"


class ProposalState(StrEnum):
    """Whether a proposal is open."""

    OPEN = "open"
    RATIFIED = "ratified"
    WITHDRAWN = "withdrawn"


class Proposal(models.Model):
    """A wording put before both sides; `wording` is the number of the one that can be signed."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="proposals")
    draft_revision = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    says = models.CharField(max_length=_LONGEST_SAYS, blank=True)
    state = models.CharField(
        max_length=9, choices=_choices(ProposalState), default=ProposalState.OPEN.value
    )
    wording = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """Latest first."""

        ordering: ClassVar = ["-proposed_at", "-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be signed and changed."""
        return self.state == ProposalState.OPEN.value


class Wording(models.Model):
    """The text of a proposal at one time, with what it means as a fingerprint."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="wordings")
    number = models.PositiveIntegerField()
    text = models.TextField()
    fingerprint = models.CharField(max_length=64, db_index=True)
    says = models.CharField(max_length=_LONGEST_SAYS)
    """Why it differs from the one before."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A number is given once."""

        ordering: ClassVar = ["proposal_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "number"], name="one_wording_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}, wording {self.number}"

    @property
    def short(self) -> str:
        """Return as much of the fingerprint as people compare."""
        return self.fingerprint[:SHORT]


class PointKind(StrEnum):
    """What somebody puts forward about a clause."""

    OBJECTION = "objection"
    COUNTER = "counter"
    EXCEPTION = "exception"


class PointState(StrEnum):
    """What became of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Trade(models.Model):
    """Counters that are accepted together or not at all: one clause for another."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="trades")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"trade {self.pk}"


class Point(models.Model):
    """An objection to a clause, another text for it, or a dated exception from it.

    An empty `text` of a counter asks to strike the clause out.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="points")
    trade = models.ForeignKey(Trade, models.CASCADE, related_name="points", null=True)
    kind = models.CharField(max_length=9, choices=_choices(PointKind))
    clause = models.CharField(max_length=_LONGEST_CLAUSE)
    text = models.TextField(blank=True)
    instead_of = models.TextField(blank=True)
    """What the clause said when this was put forward."""
    says = models.CharField(max_length=_LONGEST_SAYS, blank=True)
    side = models.CharField(max_length=9, choices=_choices(Side))
    state = models.CharField(
        max_length=9, choices=_choices(PointState), default=PointState.OPEN.value
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """As they were put forward."""

        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} to {self.clause}"

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has answered it."""
        return self.state == PointState.OPEN.value


class Comment(models.Model):
    """What somebody says to a proposal, to one of its clauses, or to a point."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="comments")
    point = models.ForeignKey(Point, models.CASCADE, related_name="comments", null=True)
    clause = models.CharField(max_length=_LONGEST_CLAUSE, blank=True)
    says = models.CharField(max_length=_LONGEST_SAYS)
    side = models.CharField(max_length=9, choices=_choices(Side))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """As they were said."""

        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.says[:60]


class SignatureState(StrEnum):
    """Whether a signature counts; `void` is one for a wording that was changed since."""

    STANDS = "stands"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class Signature(models.Model):
    """A person's signature for a side, under one wording."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="signatures")
    wording = models.ForeignKey(Wording, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=9, choices=[(side, side) for side in _SIGNING])
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=9, choices=_choices(SignatureState), default=SignatureState.STANDS.value
    )
    signed_at = models.DateTimeField()

    class Meta:
        """One standing signature a side, and a person never for both."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "side"],
                condition=models.Q(state="stands"),
                name="one_signature_a_side",
            ),
            models.UniqueConstraint(
                fields=["proposal", "signer"],
                condition=models.Q(state="stands"),
                name="one_signature_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(side__in=_SIGNING), name="signature_is_for_a_side"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side}, {self.state}"


class Ratification(models.Model):
    """An agreement that both sides signed; its file is written from here, and again if it is lost.

    `text` holds the signatures too.
    """

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="ratification")
    fingerprint = models.CharField(max_length=64, unique=True)
    starts_on = models.DateField(unique=True)
    text = models.TextField()
    ratified_at = models.DateTimeField()

    class Meta:
        """Earliest start first; never two that start on one day."""

        ordering: ClassVar = ["starts_on"]

    def __str__(self) -> str:
        return self.fingerprint[:SHORT]


class ComparisonState(StrEnum):
    """How far a comparison is."""

    ASKED = "asked"
    DONE = "done"
    FAILED = "failed"


class Comparison(models.Model):
    """Past deals under two agreements, kept for a pair of fingerprints and a snapshot."""

    old = models.CharField(max_length=64)
    new = models.CharField(max_length=64)
    snapshot = models.CharField(max_length=100)
    old_text = models.TextField()
    new_text = models.TextField()
    state = models.CharField(
        max_length=6, choices=_choices(ComparisonState), default=ComparisonState.ASKED.value
    )
    found = models.JSONField(null=True)
    """Deals and moves, as `desk.replay` counts them; amounts as text."""
    trouble = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """One a pair and snapshot."""

        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["old", "new", "snapshot"], name="one_comparison_a_pair"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old[:SHORT]} against {self.new[:SHORT]}"
