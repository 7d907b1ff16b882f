"""A person's secret link for calendars: shown once, kept as a digest, replaced at will."""

from __future__ import annotations

import secrets
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from counterpoise.web.audit.entries import record
from counterpoise.web.joint.models import Feed
from counterpoise.web.people.models import User


def make_link(user: User) -> str:
    """Make a person's link anew and return its token; an earlier one opens nothing any more."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        told = {"digest": _digest(token), "made_at": timezone.now()}
        Feed.objects.update_or_create(user=user, defaults=told)
        record(user, "joint_calendar.linked", f"person:{user.pk}", {})
    return token


def drop_link(user: User, by: User | None = None) -> None:
    """Let a person's link open nothing any more, at their own word or at another's."""
    with transaction.atomic():
        gone, _ = Feed.objects.filter(user=user).delete()
        if gone:
            record(by or user, "joint_calendar.dropped", f"person:{user.pk}", {})


def whose(token: str) -> User | None:
    """Return whose link a token is of; nobody's when it was replaced, or when they left."""
    found = Feed.objects.select_related("user").filter(digest=_digest(token)).first()
    return found.user if found and found.user.is_active else None


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
