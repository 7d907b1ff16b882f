"""The entries of the trail; the database refuses to change them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

LONGEST_ACT = 100
LONGEST_SUBJECT = 300


class Entry(models.Model):
    """One act. The MAC covers every other column, the place in the trail included."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    """The id of who acted; no foreign key, since an entry outlives everything. None: the room."""
    act = models.CharField(max_length=LONGEST_ACT)
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    detail = models.TextField()
    """JSON in one canonical form, kept as text so that every byte of it is covered."""
    previous = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    class Meta:
        """Searched by act, subject, actor and day, newest first."""

        ordering: ClassVar = ["-sequence"]
        indexes: ClassVar = [
            models.Index(fields=["act", "-sequence"], name="audit_by_act"),
            models.Index(fields=["subject", "-sequence"], name="audit_by_subject"),
            models.Index(fields=["actor_id", "-sequence"], name="audit_by_actor"),
            models.Index(fields=["at"], name="audit_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.act} {self.subject}"


class Check(models.Model):
    """One verification of the whole trail, and what it found."""

    at = models.DateTimeField(auto_now_add=True)
    by_id = models.BigIntegerField(null=True)
    entries = models.BigIntegerField()
    findings = models.JSONField(default=list)

    class Meta:
        """The newest first."""

        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.entries} entries, {len(self.findings)} findings"
