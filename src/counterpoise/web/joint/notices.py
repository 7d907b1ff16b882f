"""Telling people about joint reviews: the day before, when one was skipped, and what they owe.

Each is told once a person, whatever happens to the worker: its key names what it is about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from counterpoise.web.joint.agenda import address_of
from counterpoise.web.joint.models import Action, JointReview, Presence
from counterpoise.web.joint.states import ActionState, ReviewState
from counterpoise.web.notices.telling import notify
from counterpoise.web.numbers import read_by
from counterpoise.web.people.models import User
from counterpoise.web.shell.templatetags.figures import day, moment_there

_AHEAD = dt.timedelta(hours=24)
_LATEST = dt.timedelta(days=3)
"""What happened longer ago is no news."""

_DAY = dt.timedelta(days=1)
_AGAIN_DAYS = 7


def tell(now: dt.datetime) -> int:
    """Tell what is to be told and was not yet, and return how many notices there are."""
    return _soon(now) + _skipped(now) + _given(now) + _due(now)


def _soon(now: dt.datetime) -> int:
    """Tell who was asked, the day before; anew where the review was moved."""
    coming = JointReview.objects.filter(
        state=ReviewState.PLANNED, starts_at__gt=now, starts_at__lte=now + _AHEAD
    )
    told = 0
    for review in coming:
        where = f" {review.place}." if review.place else ""
        length = f"{review.minutes} minutes.{where}"
        key = f"joint:{review.pk}:soon:{review.starts_at.astimezone(dt.UTC):%Y%m%dT%H%M}"
        for user in _asked(review):
            with read_by(user):
                text = f"{moment_there(review.starts_at)}, {length}"
            told += _each([user], "Joint review of both sides", text, _url(review), key)
    return told


def _skipped(now: dt.datetime) -> int:
    """Tell who was asked that a review was skipped."""
    over = JointReview.objects.filter(state=ReviewState.SKIPPED, ended_at__gt=now - _LATEST)
    told = 0
    for review in over:
        why = review.reason or "Nobody began it in its time."
        key = f"joint:{review.pk}:skipped"
        told += _each(_asked(review), "A joint review was skipped", why, _url(review), key)
    return told


def _given(now: dt.datetime) -> int:
    """Tell owners what became theirs, unless they wrote it down themselves."""
    fresh = Action.objects.filter(state=ActionState.OPEN, at__gt=now - _LATEST)
    told = 0
    for action in fresh.select_related("owner", "point"):
        if action.owner_id != action.by_id:
            text = f"{action.text}\n\nDue {day(action.due_on)}."
            key = f"joint_action:{action.pk}:given"
            told += _each([action.owner], "Yours from the joint review", text, _at(action), key)
    return told


def _due(now: dt.datetime) -> int:
    """Remind owners the day before, and each week while it is overdue."""
    today = timezone.localdate(now)
    waiting = Action.objects.filter(state=ActionState.OPEN, due_on__lte=today + _DAY)
    told = 0
    for action in waiting.select_related("owner", "point"):
        late = (today - action.due_on).days
        if late <= 0:
            subject, what = "Due tomorrow" if late < 0 else "Due today", f"due:{action.due_on}"
        else:
            subject, what = "Overdue", f"late:{action.due_on}:{(late - 1) // _AGAIN_DAYS}"
        key = f"joint_action:{action.pk}:{what}"
        text = f"{action.text}\n\nDue {day(action.due_on)}."
        told += _each([action.owner], f"{subject}: what you promised", text, _at(action), key)
    return told


def _asked(review: JointReview) -> list[User]:
    return [each.user for each in Presence.objects.filter(review=review).select_related("user")]


def _each(users: Iterable[User], subject: str, text: str, url: str, key: str) -> int:
    return sum(notify(user, subject, text, url, key=key) is not None for user in users)


def _url(review: JointReview) -> str:
    return reverse("joint:review", args=[review.pk])


def _at(action: Action) -> str:
    return address_of(action)
