"""Answering for a promotion: each role once, never who asked, and two people for a pair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from pydantic import JsonValue

from counterpoise.desk import RequestError, Verdict
from counterpoise.desk.promotion_deciding import answer_promotion
from counterpoise.desk.promotion_decision import PromotionDecision
from counterpoise.errors import CounterpoiseError
from counterpoise.web import asking, house
from counterpoise.web.audit.entries import record
from counterpoise.web.desk.trying import wall_time
from counterpoise.web.people.models import User
from counterpoise.web.promotions.models import (
    AskedPromotion,
    PromotionAnswer,
    PromotionStep,
    Said,
    State,
)
from counterpoise.web.promotions.on_record import RoomPromotions


class NotYoursToAnswerError(CounterpoiseError, PermissionError):
    """Somebody answers for a role that they do not hold, or for their own request."""


class PromotionSettledError(CounterpoiseError):
    """A promotion was answered before, or what was agreed no longer allows it."""


def waiting_promotions(user: User) -> QuerySet[AskedPromotion]:
    """Return the open promotions that wait for a person's answer, what starts first at the top."""
    steps = PromotionStep.objects.filter(
        promotion=OuterRef("pk"), role=user.role, answer__isnull=True
    )
    answered = PromotionAnswer.objects.filter(promotion=OuterRef("pk"), decided_by=user)
    found = AskedPromotion.objects.filter(Exists(steps), ~Exists(answered), state=State.OPEN)
    mine = {"asker_person_id": user.person_id} if user.person_id else {"asker": user}
    return found.exclude(asker=user).exclude(**mine).order_by("starts_on", "pk")


def steps_for(promotion: AskedPromotion, user: User) -> list[PromotionStep]:
    """Return the steps that a person may answer now."""
    if not promotion.is_open or not user.role or _is_askers(promotion, user):
        return []
    taken = set(promotion.answers.filter(decided_by=user).values_list("clause", flat=True))
    waiting = promotion.steps.filter(role=user.role, answer__isnull=True)
    return [step for step in waiting if step.clause not in taken]


def _is_askers(promotion: AskedPromotion, user: User) -> bool:
    is_same = bool(user.person_id) and user.person_id == promotion.asker_person_id
    return promotion.asker_id == user.pk or is_same


def answer(
    user: User, pk: int, said: Said, comment: str = "", now: dt.datetime | None = None
) -> AskedPromotion:
    """Approve or refuse, for every role of one's own that is asked.

    Raises:
        NotYoursToAnswerError: If nothing of it waits for this person.
        PromotionSettledError: If it is settled, or a yes would break what is agreed by now.
    """
    at = now or timezone.now()
    try:
        with transaction.atomic():
            return _answer(user, pk, said, comment, at)
    except IntegrityError as error:
        raise PromotionSettledError("Somebody answered in the same moment; look again.") from error


def _answer(user: User, pk: int, said: Said, comment: str, now: dt.datetime) -> AskedPromotion:
    promotion = AskedPromotion.objects.select_for_update().get(pk=pk)
    mine = steps_for(promotion, user)
    if not mine:
        if not promotion.is_open:
            raise PromotionSettledError("It was answered or withdrawn before; nothing changed.")
        raise NotYoursToAnswerError("Nothing of this request waits for your answer.")
    if said is Said.APPROVED:
        _check_still_possible(promotion, now)
    for step in mine:
        PromotionAnswer.objects.create(
            step=step,
            promotion=promotion,
            asker_id=promotion.asker_id,
            clause=step.clause,
            said=said,
            decided_by=user,
            decided_at=now,
            comment=comment.strip(),
        )
    state = _next_state(promotion, said)
    if state is not State.OPEN:
        AskedPromotion.objects.filter(pk=pk, state=State.OPEN).update(state=state, settled_at=now)
    clauses: list[JsonValue] = [*sorted({step.clause for step in mine})]
    told: dict[str, JsonValue] = {"clauses": clauses, "state": state.value, "role": user.role}
    record(user, f"promotion.{said.value}", f"promotion:{pk}", told)
    promotion.refresh_from_db()
    return promotion


def _next_state(promotion: AskedPromotion, said: Said) -> State:
    if said is Said.REFUSED:
        return State.REFUSED
    is_waiting = promotion.steps.filter(answer__isnull=True).exists()
    return State.OPEN if is_waiting else State.APPROVED


def _check_still_possible(promotion: AskedPromotion, now: dt.datetime) -> None:
    """Refuse a yes where another promotion took the weeks meanwhile, or the agreement changed."""
    decision = decided_anew(promotion, now)
    asked = set(promotion.steps.values_list("role", flat=True))
    if decision is None or decision.verdict is Verdict.REFUSED:
        why = decision.reasons[0].says if decision else "it can no longer be read"
        raise PromotionSettledError(f"It can no longer be granted: {why} Ask for it anew.")
    if not {each.role for each in decision.approvals} <= asked:
        raise PromotionSettledError("By now other roles must approve it. Ask for it anew.")


def decided_anew(promotion: AskedPromotion, now: dt.datetime) -> PromotionDecision | None:
    """Return what the desk answers to a request of then by what is agreed and on record now."""
    written = {
        **promotion.written,
        "asked_by": promotion.asker_role,
        "asked_at": wall_time(now).isoformat(),
    }
    on_deal = RoomPromotions(but=promotion.pk)
    try:
        return answer_promotion(written, house.agreements(), asking.facts(), on_deal)
    except (RequestError, LookupError):
        return None


def people_for(role: str, promotion: AskedPromotion) -> Sequence[User]:
    """Return who may answer for a role."""
    able = User.objects.filter(role=role, is_active=True).exclude(pk=promotion.asker_id)
    return [user for user in able.order_by("name", "pk") if not _is_askers(promotion, user)]
