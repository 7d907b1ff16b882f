"""Links that let somebody in once, and attempts that failed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Link(models.Model):
    """A way to set a password once. Only a digest of it is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"link {self.pk} of user {self.user_id}"


class Attempt(models.Model):
    """An attempt to sign in that failed, or is under way; keys are keyed digests, not addresses."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """Counted by key within a span."""

        indexes: ClassVar = [models.Index(fields=["key", "at"], name="attempts_by_key")]

    def __str__(self) -> str:
        return f"attempt {self.pk}"
