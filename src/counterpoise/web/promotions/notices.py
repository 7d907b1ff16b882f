"""Telling people what happened to promotions: those who may answer, and who asked.

Each is told once, by what it is about, so that neither a worker that died nor one that runs twice
makes a difference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.urls import reverse

from counterpoise.web.desk.states import State
from counterpoise.web.notices.models import Notice
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User
from counterpoise.web.promotions.answering import people_for
from counterpoise.web.promotions.models import AskedPromotion, PromotionStep
from counterpoise.web.promotions.naming import promotion_title
from counterpoise.web.shell.templatetags.figures import day, words

_LATEST = dt.timedelta(days=1)
_SETTLED = {
    State.APPROVED: "Your promotion was approved",
    State.REFUSED: "Your promotion was refused",
    State.COUNTERED: "Your promotion has a counter-offer",
    State.EXPIRED: "Your promotion ended without an answer",
}


def tell_what_happened(now: dt.datetime) -> int:
    """Tell what happened of late and was not told yet, and return how many notices there are."""
    since = now - _LATEST
    steps = PromotionStep.objects.filter(
        promotion__state=State.OPEN, answer__isnull=True, covered_by=None
    ).select_related("promotion__asker")
    told = sum(_tell_askers(since))
    for step in steps:
        told += sum(_tell_approvers(step, since, now))
    return told


def _tell_askers(since: dt.datetime) -> Iterator[bool]:
    found = AskedPromotion.objects.filter(settled_at__gt=since, state__in=list(_SETTLED))
    for each in found.exclude(verdict="refused").select_related("asker"):
        subject, text = _SETTLED[State(each.state)], f"{promotion_title(each)}."
        key = f"promotion-settled:{each.pk}"
        if not Notice.objects.filter(key=key).exists():
            yield notify(each.asker, subject, text, _url(each), key=key) is not None


def _tell_approvers(step: PromotionStep, since: dt.datetime, now: dt.datetime) -> Iterator[bool]:
    """Tell of a step that waits: when it was asked, reminded of, and handed on."""
    promotion = step.promotion
    happened = (
        ("asked", promotion.asked_at, "A promotion waits for your answer"),
        ("reminded", step.reminded_at, "A promotion still waits for your answer"),
        ("escalated", step.escalated_at, "A promotion was handed on to you"),
    )
    for word, at, subject in happened:
        key = f"promotion-{word}:{step.pk}"
        if at is None or at <= since or Notice.objects.filter(key=key).exists():
            continue
        text = f"{promotion.asker} asks: {promotion_title(promotion)}, from "
        text += f"{day(promotion.starts_on)}, for {words(step.role)}."
        with transaction.atomic():  # who is told first says that it was told
            told = [
                notify(user, subject, text, _url(promotion), key=key) for user in _asked(step, now)
            ]
        yield from (each is not None for each in told)


def _asked(step: PromotionStep, now: dt.datetime) -> Sequence[User]:
    return people_for(step, step.promotion, now)


def _url(promotion: AskedPromotion) -> str:
    return reverse("promotions:promotion", args=[promotion.pk])
