"""Joint reviews, their points and minutes, what was decided, and what somebody promised to do."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from counterpoise.agreement import Side
from counterpoise.web.joint.states import ActionState, ReviewState
from counterpoise.web.places import Section

LONGEST_LINE = 300
"""The most characters of a point, a place or a reason."""

LONGEST_URL = 500
"""The most characters of an address that a point leads to; a longer one is left out."""

LONGEST_TEXT = 2_000
"""The most characters that somebody writes down at a time."""

LONGEST_NOTES = 20_000
"""The most characters of a point's minutes."""

ADDED = "added"
"""The section of points that people bring."""

_USER = settings.AUTH_USER_MODEL


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Rhythm(models.Model):
    """When in its period a review is held; how often stands in the agreement."""

    weekday = models.PositiveSmallIntegerField(default=0)
    """0 is Monday."""
    at = models.TimeField(default="10:00")
    """By the workspace's clock."""
    minutes = models.PositiveSmallIntegerField(default=45)
    place = models.CharField(max_length=LONGEST_LINE, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        """There is one."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="one_rhythm"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="rhythm_on_a_weekday"),
        ]

    def __str__(self) -> str:
        return f"weekday {self.weekday} at {self.at}"


class JointReview(models.Model):
    """One joint review, of one stretch of the agreement's rhythm."""

    period_on = models.DateField(unique=True)
    """The first day of its stretch."""
    until_on = models.DateField()
    """The last day of its stretch; planned and not begun by then, it was skipped."""
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=LONGEST_LINE, blank=True)
    moves = models.PositiveSmallIntegerField(default=0)
    """How often it was moved or changed: calendars ask."""
    planned_at = models.DateTimeField()
    state = models.CharField(
        max_length=7, choices=_choices(ReviewState), default=ReviewState.PLANNED.value
    )
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """When its minutes were closed, or when it was skipped."""
    ended_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    """Nobody where the room saw that its stretch was over."""
    reason = models.CharField(max_length=LONGEST_LINE, blank=True)
    """Why it was skipped."""
    changes = models.PositiveIntegerField(default=0)
    """Counts what was written, so that open pages know when to look again."""

    class Meta:
        """One is open at a time."""

        ordering: ClassVar = ["-starts_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ReviewState]),
                name="joint_review_state_known",
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=ReviewState.OPEN.value),
                name="one_joint_review_open",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[ReviewState.PLANNED.value, ReviewState.OPEN.value],
                    ended_at__isnull=True,
                )
                | Q(
                    state__in=[ReviewState.HELD.value, ReviewState.SKIPPED.value],
                    ended_at__isnull=False,
                ),
                name="joint_review_ended_at_an_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"joint review of {self.period_on}"

    @property
    def is_open(self) -> bool:
        """Tell whether both sides sit together now."""
        return self.state == ReviewState.OPEN

    @property
    def is_planned(self) -> bool:
        """Tell whether it is still to come."""
        return self.state == ReviewState.PLANNED

    @property
    def is_held(self) -> bool:
        """Tell whether its minutes are closed."""
        return self.state == ReviewState.HELD


class Presence(models.Model):
    """That somebody was asked to a review, or was there."""

    review = models.ForeignKey(JointReview, models.CASCADE, related_name="presences")
    user = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    side = models.CharField(max_length=9, choices=_choices(Side))
    """The person's side on that day."""
    is_there = models.BooleanField(default=False)

    class Meta:
        """A person once a review."""

        ordering: ClassVar = ["side", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "user"], name="present_once")
        ]

    def __str__(self) -> str:
        return f"user {self.user_id} at {self.review_id}"


class Point(models.Model):
    """A point of an agenda as it stood when the review began, and its minutes."""

    review = models.ForeignKey(JointReview, models.CASCADE, related_name="points")
    section = models.CharField(
        max_length=20, choices=[*_choices(Section), (ADDED, ADDED)], default=ADDED
    )
    key = models.CharField(max_length=64)
    """What it is about, or the token of the form that brought it, so that it stands there once."""
    place = models.PositiveSmallIntegerField()
    says = models.CharField(max_length=LONGEST_LINE)
    url = models.CharField(max_length=LONGEST_URL, blank=True)
    at = models.DateTimeField(null=True)
    side = models.CharField(max_length=9, choices=_choices(Side), default=Side.BOTH.value)
    added_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    notes = models.TextField(max_length=LONGEST_NOTES, blank=True)
    version = models.PositiveIntegerField(default=0)
    """Counts what was written into the notes."""
    changed = models.PositiveIntegerField(default=0)
    """The review's count of changes when this point last changed."""
    born = models.PositiveIntegerField(default=0)
    """The review's count of changes when this point was brought."""

    class Meta:
        """In the agenda's order, once a review."""

        ordering: ClassVar = ["place", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "key"], name="point_once_a_review")
        ]

    def __str__(self) -> str:
        return f"point {self.pk}"


class Revision(models.Model):
    """Notes of a point as somebody left them: what the next writer's words are merged with."""

    point = models.ForeignKey(Point, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    token = models.CharField(max_length=64)

    class Meta:
        """A form writes once."""

        ordering: ClassVar = ["version", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["point", "version"], name="revision_once"),
            models.UniqueConstraint(fields=["by", "token"], name="noted_once"),
        ]

    def __str__(self) -> str:
        return f"version {self.version} of point {self.point_id}"


class Decision(models.Model):
    """Something that both sides decided about a point."""

    point = models.ForeignKey(Point, models.CASCADE, related_name="decisions")
    text = models.TextField(max_length=LONGEST_TEXT)
    by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    """Who wrote it down."""
    at = models.DateTimeField()
    token = models.CharField(max_length=64)
    struck_at = models.DateTimeField(null=True)
    """When it was struck out again, while the review was open."""

    class Meta:
        """A form decides once."""

        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "token"], name="decided_once")
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Action(models.Model):
    """Something that somebody is to do until a day."""

    point = models.ForeignKey(Point, models.CASCADE, related_name="actions")
    text = models.TextField(max_length=LONGEST_TEXT)
    owner = models.ForeignKey(_USER, models.PROTECT, related_name="joint_actions")
    due_on = models.DateField()
    by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    """Who wrote it down."""
    at = models.DateTimeField()
    token = models.CharField(max_length=64)
    state = models.CharField(
        max_length=7, choices=_choices(ActionState), default=ActionState.OPEN.value
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        """What is due first at the top; a form promises once."""

        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(fields=["owner", "state"], name="joint_action_by_owner"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "token"], name="promised_once"),
            models.CheckConstraint(
                condition=Q(
                    state=ActionState.OPEN.value,
                    settled_at__isnull=True,
                    settled_by__isnull=True,
                )
                | (
                    Q(state__in=[ActionState.DONE.value, ActionState.DROPPED.value])
                    & Q(settled_at__isnull=False, settled_by__isnull=False)
                ),
                name="joint_action_settled_once",
            ),
        ]

    def __str__(self) -> str:
        return f"action {self.pk}"

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to be done."""
        return self.state == ActionState.OPEN


class Feed(models.Model):
    """A person's secret link for calendars; the link itself is not kept."""

    user = models.OneToOneField(_USER, models.CASCADE, related_name="joint_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"feed of user {self.user_id}"
