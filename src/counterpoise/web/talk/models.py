"""Words about things, their files and mentions, and questions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from counterpoise.web.talk.states import QuestionState

LONGEST_TEXT = 4_000
"""The most characters of what somebody says at once."""

LONGEST_THING = 240
LONGEST_LINE = 200

_USER = settings.AUTH_USER_MODEL


class Words(models.Model):
    """What somebody said about a thing."""

    thing = models.CharField(max_length=LONGEST_THING)
    """What it is about, as the trail names it: `deal:D1`, `clause:discounts.floor`."""
    author = models.ForeignKey(_USER, models.PROTECT, related_name="words")
    token = models.CharField(max_length=64)
    """Made with the form, so that sending it twice says it once."""
    at = models.DateTimeField()
    text = models.TextField(max_length=LONGEST_TEXT, blank=True)
    """The words, with marks in the place of people's names."""
    quote = models.JSONField(null=True)
    """A figure as it was: label, value, note, day, source, address and to whom it opens."""
    answers = models.ForeignKey("talk.Question", models.PROTECT, null=True, related_name="answers")
    """The question that these words answer."""
    edited_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """The same form says it once."""

        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["thing", "at"], name="words_by_thing"),
            models.Index(fields=["author", "at"], name="words_by_author"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["author", "token"], name="words_said_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(text=""), name="words_withdrawn_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"words {self.pk}"

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether they were taken back."""
        return self.withdrawn_at is not None


class WordsFile(models.Model):
    """The file that came along with words, kept in the database so that backups hold it."""

    words = models.OneToOneField(Words, models.CASCADE, related_name="file")
    name = models.CharField(max_length=LONGEST_LINE)
    size = models.PositiveIntegerField()
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.name


class Mention(models.Model):
    """Somebody named in words, who is told."""

    words = models.ForeignKey(Words, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(_USER, models.PROTECT, related_name="+")

    class Meta:
        """A person is named once in the same words."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["words", "user"], name="named_once")
        ]

    def __str__(self) -> str:
        return f"mention {self.pk}"


class Question(models.Model):
    """Words that ask: who owes the answer, and by when."""

    words = models.OneToOneField(Words, models.CASCADE, related_name="question")
    owner = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="questions")
    """Who owes the answer; nobody where who did left without a successor."""
    asker_side = models.CharField(max_length=9)
    owner_side = models.CharField(max_length=9)
    asker_person_id = models.CharField(max_length=LONGEST_LINE, blank=True)
    within = models.CharField(max_length=40)
    """The working time given for the reply."""
    due_at = models.DateTimeField()
    remind_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    """When the room saw that it is overdue, and told."""
    state = models.CharField(
        max_length=9, choices=[(each.value, each.value) for each in QuestionState]
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    settled_person_id = models.CharField(max_length=LONGEST_LINE, blank=True)

    class Meta:
        """A question is settled once, by somebody."""

        ordering: ClassVar = ["due_at", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="questions_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in QuestionState]),
                name="question_state_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=QuestionState.OPEN.value,
                    settled_at__isnull=True,
                    settled_by__isnull=True,
                )
                | (
                    ~Q(state=QuestionState.OPEN.value)
                    & Q(settled_at__isnull=False, settled_by__isnull=False)
                ),
                name="question_settled_once",
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for an answer."""
        return self.state == QuestionState.OPEN


class Announcement(models.Model):
    """That sales was told of a campaign, and what to say about it in the field."""

    campaign_id = models.CharField(max_length=LONGEST_LINE, unique=True)
    """Its id in the books, or one of the room's until the books bring it."""
    token = models.CharField(max_length=64)
    name = models.CharField(max_length=LONGEST_LINE)
    channel = models.CharField(max_length=LONGEST_LINE, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    line = models.TextField(max_length=LONGEST_TEXT)
    """What sellers say about it."""
    given_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    """When sales was first told; a change of the line leaves it."""
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)
    """Counts its changes, so that nobody overwrites what they have not read."""

    class Meta:
        """The same form tells once."""

        ordering: ClassVar = ["starts_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["given_by", "token"], name="announced_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="announced_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name
