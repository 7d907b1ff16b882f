"""What the API keeps: tokens, and the answers to calls that may come twice."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models

from counterpoise.web.api.scopes import TokenScope


class Token(models.Model):
    """What lets a program in. The secret itself is kept nowhere, only its SHA-256."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    """Whose rows open to it, and who answers for it."""
    name = models.CharField(max_length=100)
    is_program = models.BooleanField(default=False)
    """Works by itself, without the person at the keys; may not approve."""
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.CharField(max_length=100)
    """Words of `TokenScope`, a blank between them."""
    made_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField()
    """The first day on which it does not open any more."""
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def granted(self) -> tuple[TokenScope, ...]:
        """Return what it may do."""
        return tuple(TokenScope(word) for word in self.scopes.split())

    def may(self, scope: TokenScope) -> bool:
        """Tell whether it may do this."""
        return scope.value in self.scopes.split()

    def opens_on(self, day: dt.date) -> bool:
        """Tell whether it opens on a day."""
        return self.revoked_at is None and day < self.expires_on


class Answered(models.Model):
    """The answer to a call that named a key, so that the same call gets the same answer."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="answered")
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    """SHA-256 over method, path and body."""
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A key stands for one call of a token."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "key"], name="one_answer_a_key")
        ]

    def __str__(self) -> str:
        return self.key
