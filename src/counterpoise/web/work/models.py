"""What runs, how far it is, and who is alive to run it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


ACTIVE = (JobState.WAITING, JobState.RUNNING)


class Job(models.Model):
    """One piece of long work that was asked for, as pages show it."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    """What only one job may be about at a time."""
    arguments = models.JSONField(default=dict)
    task_id = models.UUIDField(null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Nobody where the clock asked."""
    asked_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=9, choices=JobState.choices, default=JobState.WAITING)
    step = models.CharField(max_length=200, blank=True)
    """What it does at present."""
    share = models.FloatField(null=True)
    """How much of the step is done, 0-1, where that is known."""
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    failure = models.TextField(blank=True)
    """What went wrong and what to do, in the words of the error."""

    class Meta:
        """One job a key at a time."""

        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="one_active_job_a_key",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "-id"], name="jobs_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_active(self) -> bool:
        """Tell whether it waits or runs."""
        return self.state in ACTIVE

    @property
    def percent(self) -> int | None:
        """Return how much of the step is done in hundredths."""
        return None if self.share is None else round(self.share * 100)


class Pulse(models.Model):
    """The sign of life of a task that runs, and how often one of its workers died."""

    task_id = models.UUIDField(primary_key=True)
    beat_at = models.DateTimeField(db_index=True)
    deaths = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.task_id)


class WorkerLife(models.Model):
    """A worker that is alive, or was."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.worker_id


class ChoreRun(models.Model):
    """When a chore was last begun; who moves the time on does it."""

    name = models.CharField(max_length=100, primary_key=True)
    begun_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
