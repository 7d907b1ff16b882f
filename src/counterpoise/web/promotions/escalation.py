"""Promotions that wait: reminded of, handed on, and over once their first day is there."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from counterpoise.web.audit.entries import record
from counterpoise.web.desk.deciders import holders
from counterpoise.web.desk.escalation import Escalated
from counterpoise.web.desk.handing_on import Belongs, hand_on, remind
from counterpoise.web.desk.states import State
from counterpoise.web.promotions.answering import party_of
from counterpoise.web.promotions.models import AskedPromotion, PromotionStep


def escalate(now: dt.datetime) -> Escalated:
    """Remind of what waits, hand on what is overdue, end what nobody answered before it began."""
    due = _waiting(remind_at__lte=now, reminded_at=None)
    reminded = sum(remind(step, _of(step.promotion), now) for step in due)
    overdue = _waiting(due_at__lte=now, escalated_at=None)
    escalated = sum(hand_on(step, _of(step.promotion), now) for step in overdue)
    today = timezone.localdate(now)
    over = AskedPromotion.objects.filter(state=State.OPEN, ends_on__lt=today)
    expired = sum(_expire(each, now) for each in over)
    return Escalated(reminded, escalated, expired)


def escalate_unanswerable(promotion: AskedPromotion, now: dt.datetime) -> None:
    """Hand on at once what nobody may answer who holds the role."""
    of = _of(promotion)
    for step in promotion.steps.filter(covered_by=None):
        if not holders(step.role, of.party, now):
            hand_on(step, of, now)


def _of(promotion: AskedPromotion) -> Belongs:
    party = party_of(promotion)
    return Belongs("promotion", promotion.pk, promotion.agreement, party, promotion.steps.all())


def _waiting(**when: object) -> QuerySet[PromotionStep]:
    return PromotionStep.objects.filter(
        promotion__state=State.OPEN, answer__isnull=True, covered_by=None, **when
    ).select_related("promotion")


def _expire(promotion: AskedPromotion, now: dt.datetime) -> bool:
    with transaction.atomic():
        mine = AskedPromotion.objects.filter(pk=promotion.pk, state=State.OPEN)
        if not mine.update(state=State.EXPIRED, settled_at=now):
            return False
        record(None, "promotion.expired", f"promotion:{promotion.pk}", {"why": "unanswered"})
    return True
