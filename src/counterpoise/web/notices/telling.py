"""Telling somebody something: written down with what it is about, sent soon after."""

from __future__ import annotations

import uuid
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from counterpoise.web.notices.models import (
    LONGEST_KEY,
    LONGEST_URL,
    Delivery,
    Notice,
    Preference,
    Way,
)
from counterpoise.web.people.models import User


def notify(user: User, subject: str, text: str, url: str = "", *, key: str = "") -> Notice | None:
    """Tell a person something by the ways that they chose; None where it was told before.

    Args:
        user: Who is told; nobody who left is.
        subject: What it is about, in one line.
        text: What there is to know, without figures that the person may not see.
        url: The path of the page where to go on; who opens it signs in.
        key: What it is about, so that it is told once; by default every call is a thing of its own.
    """
    if not user.is_active:
        return None
    with transaction.atomic():
        notice, is_new = Notice.objects.get_or_create(
            user=user,
            key=_key(key),
            defaults={"subject": _one_line(subject), "text": text, "url": _short(url)},
        )
        if not is_new:
            return None
        now = timezone.now()
        Delivery.objects.bulk_create(
            Delivery(notice=notice, way=way, due_at=now) for way in _ways(user)
        )
    return notice


def preference_of(user: User) -> Preference:
    """Return how a person wants to be told; the default until they say."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


def _ways(user: User) -> list[Way]:
    wanted = preference_of(user)
    mail = [Way.MAIL] if wanted.by_mail and settings.ROOM.mail else []
    return [*mail, *([Way.CHAT] if wanted.chat_address else [])]


def _one_line(subject: str) -> str:
    return " ".join(subject.split())[:200]


def _key(key: str) -> str:
    """Return a key that can be kept: a long one by its digest, and its own where there is none."""
    if len(key) > LONGEST_KEY:
        return sha256(key.encode()).hexdigest()
    return key or uuid.uuid4().hex


def _short(url: str) -> str:
    """Return an address that can be kept; who gets none finds the thing by its name."""
    return url if len(url) <= LONGEST_URL else ""
