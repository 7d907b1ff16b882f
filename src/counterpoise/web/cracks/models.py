"""Cracks, what each review measured of them, and what people did. What was found stays."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from counterpoise.agreement import Side
from counterpoise.web.cracks.life import BY_MEASUREMENT, CrackState, Deed

LONGEST_TEXT = 2_000
PERSON = "person"
"""The type of a subject who is a single person."""


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Round(models.Model):
    """One review that watched: the same books, day and agreements are one measurement."""

    snapshot = models.CharField(max_length=100)
    as_of = models.DateField()
    measured_by = models.CharField(max_length=64, blank=True)
    """One word for the agreements in the workspace."""
    review = models.CharField(max_length=64)
    """The key of the review that it was taken from."""
    at = models.DateTimeField()
    watched = models.JSONField(default=list)
    """The kinds that these books could show."""
    questions = models.PositiveIntegerField(default=0)

    class Meta:
        """The latest day last."""

        ordering: ClassVar = ["as_of", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["snapshot", "as_of", "measured_by"], name="round_measured_once"
            )
        ]

    def __str__(self) -> str:
        return f"round of {self.as_of}"


class Crack(models.Model):
    """A crack through all its life. Its identity is its kind, variant and subject."""

    crack_id = models.CharField(max_length=200, unique=True)
    """As the watch names it; who knows a person's id can work it out, so no page shows it."""
    slug = models.SlugField(max_length=200, unique=True)
    """What stands in addresses: drawn by lot for a crack about a person."""
    kind = models.CharField(max_length=60)
    variant = models.CharField(max_length=60)
    side = models.CharField(max_length=9, choices=_choices(Side))
    """Who should act."""
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=400)
    state = models.CharField(
        max_length=8, choices=_choices(CrackState), default=CrackState.NEW.value
    )
    life = models.PositiveSmallIntegerField(default=1)
    """How many times it was opened."""
    opened_at = models.DateTimeField()
    """When this life began."""
    opened_on = models.DateField()
    """The as-of day of the review that opened it."""
    shown_at = models.DateTimeField()
    """From when on others than the person named see it."""
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="owned_cracks"
    )
    due_on = models.DateField(null=True)
    accepted_until = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)
    """When its owner was last told that it is overdue."""
    seen = models.ForeignKey("Sighting", models.PROTECT, null=True, related_name="+")
    """The last review that found it."""
    stake = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    """Money a quarter, when it was last found."""

    class Meta:
        """A state has what it needs; most money first."""

        ordering: ClassVar = ["-stake", "slug"]
        indexes: ClassVar = [
            models.Index(fields=["state", "-stake"], name="crack_by_state"),
            models.Index(fields=["subject_type", "subject_id"], name="crack_by_subject"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in CrackState]),
                name="crack_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state=CrackState.CLOSED.value, closed_at__isnull=False)
                | (~Q(state=CrackState.CLOSED.value) & Q(closed_at__isnull=True)),
                name="crack_closed_at_an_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state=CrackState.HEALING.value)
                | Q(owner__isnull=False, due_on__isnull=False),
                name="crack_heals_with_owner_and_day",
            ),
            models.CheckConstraint(
                condition=Q(state=CrackState.ACCEPTED.value, accepted_until__isnull=False)
                | (~Q(state=CrackState.ACCEPTED.value) & Q(accepted_until__isnull=True)),
                name="crack_accepted_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_personal(self) -> bool:
        """Tell whether it is about a single person."""
        return self.subject_type == PERSON

    @property
    def is_open(self) -> bool:
        """Tell whether it is open."""
        return CrackState(self.state).is_open


class Sighting(models.Model):
    """What one review measured of one crack; names of people are marks in it. Never changed."""

    crack = models.ForeignKey(Crack, models.PROTECT, related_name="sightings")
    round = models.ForeignKey(Round, models.PROTECT, related_name="sightings")
    is_found = models.BooleanField()
    observed = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.PositiveIntegerField(default=0)
    q_value = models.FloatField(null=True)
    stake = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    since = models.DateField(null=True)
    told = models.JSONField(default=dict)
    """Sentence, next step, formula, picture and the other side's view."""

    class Meta:
        """One a review; the latest day last."""

        ordering: ClassVar = ["round__as_of", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["crack", "round"], name="sighting_once_a_round"),
            models.CheckConstraint(
                condition=Q(is_found=False) | Q(since__isnull=False), name="sighting_found_is_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.crack_id} in round {self.round_id}"


class Act(models.Model):
    """Something that a person did about a crack, or that measurement did. Never changed."""

    crack = models.ForeignKey(Crack, models.PROTECT, related_name="acts")
    life = models.PositiveSmallIntegerField()
    deed = models.CharField(max_length=8, choices=_choices(Deed))
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="crack_acts"
    )
    """Nobody where a review did it."""
    text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    until_on = models.DateField(null=True)
    """When it is due, or until when it is accepted."""
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="acts")

    class Meta:
        """In their order; only measurement finds, closes and reopens."""

        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["deed", "at"], name="crack_act_by_deed")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(deed__in=[deed.value for deed in Deed]), name="crack_deed_known"
            ),
            models.CheckConstraint(
                condition=Q(deed__in=[deed.value for deed in BY_MEASUREMENT], actor__isnull=True)
                | (~Q(deed__in=[deed.value for deed in BY_MEASUREMENT]) & Q(actor__isnull=False)),
                name="crack_moved_by_measurement_alone",
            ),
            models.CheckConstraint(
                condition=~Q(deed=Deed.ASSIGNED.value)
                | Q(owner__isnull=False, until_on__isnull=False),
                name="crack_assigned_with_owner_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(deed=Deed.ACCEPTED.value) | Q(until_on__isnull=False),
                name="crack_accepted_with_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(deed__in=[Deed.FOUND.value, Deed.CLOSED.value, Deed.REOPENED.value])
                | Q(round__isnull=False),
                name="crack_measured_in_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deed} {self.crack_id}"


class Look(models.Model):
    """That a person opened another's crack on a day; the trail has an entry of it too."""

    crack = models.ForeignKey(Crack, models.CASCADE, related_name="looks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    on = models.DateField()

    class Meta:
        """One a day."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["crack", "user", "on"], name="look_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.crack_id}"


class Showing(StrEnum):
    """How people are shown in cracks."""

    NAMES = "names"
    PSEUDONYMS = "pseudonyms"


class Setting(models.Model):
    """How this room shows cracks: one row, made when first changed."""

    people = models.CharField(max_length=10, choices=_choices(Showing), default=Showing.NAMES.value)

    class Meta:
        """There is one."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="crack_setting_is_one")
        ]

    def __str__(self) -> str:
        return f"people by {self.people}"
