"""Answering for a promotion: each role once, never who asked, and two people for a pair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from pydantic import JsonValue

from counterpoise.desk import RequestError, Verdict
from counterpoise.desk.promotion_deciding import answer_promotion
from counterpoise.desk.promotion_decision import PromotionDecision
from counterpoise.desk.request import Problem
from counterpoise.errors import CounterpoiseError
from counterpoise.web import asking, house
from counterpoise.web.access import scope_of
from counterpoise.web.audit.entries import record
from counterpoise.web.desk.deciders import (
    Party,
    Right,
    holders,
    right_over,
    rights_of,
    waits_for_one,
)
from counterpoise.web.desk.states import Said, State
from counterpoise.web.desk.trying import wall_time
from counterpoise.web.people.models import User
from counterpoise.web.promotions.models import AskedPromotion, PromotionAnswer, PromotionStep
from counterpoise.web.promotions.on_record import TURN, RoomPromotions
from counterpoise.web.turns import one_at_a_time


class NotYoursToAnswerError(CounterpoiseError, PermissionError):
    """Somebody answers for a role that they do not hold, or for their own request."""


class PromotionSettledError(CounterpoiseError):
    """A promotion was answered before, or what was agreed no longer allows it."""


@dataclass(frozen=True)
class Saying:
    """What an approver says; `counter` is the promotion with other terms, as the desk reads it."""

    said: Said
    comment: str = ""
    counter: Mapping[str, Any] | None = None


def party_of(promotion: AskedPromotion) -> Party:
    """Return whose request it is."""
    return Party(promotion.asker_id, frozenset({promotion.asker_person_id} - {""}))


def waiting_promotions(user: User, now: dt.datetime | None = None) -> QuerySet[AskedPromotion]:
    """Return the open promotions that wait for a person's answer, what starts first at the top."""
    rights = rights_of(user, now or timezone.now())
    if not rights:
        return AskedPromotion.objects.none()
    answered = PromotionAnswer.objects.filter(
        promotion=OuterRef("promotion"), clause=OuterRef("clause"), decided_by=user
    )
    steps = PromotionStep.objects.filter(
        waits_for_one(user, rights, "promotion", ("asker_person_id",)),
        ~Exists(answered),
        promotion=OuterRef("pk"),
        answer__isnull=True,
        covered_by=None,
    )
    return AskedPromotion.objects.filter(Exists(steps), state=State.OPEN).order_by(
        "starts_on", "pk"
    )


def hears(user: User, promotion: AskedPromotion) -> bool:
    """Tell whether a person reads the words of a request, its note and its answers' comments.

    Its terms and answers stand on the calendar that both sides see; words open to who asked, to
    those above them, and to the roles that it was put to.
    """
    if promotion.asker_id == user.pk or scope_of(user).opens(promotion.asker_person_id or None):
        return True
    roles = promotion.steps.values_list("role", "escalated_to")
    return bool(user.role) and any(user.role in each for each in roles)


def steps_for(
    promotion: AskedPromotion, user: User, now: dt.datetime | None = None
) -> list[tuple[PromotionStep, Right]]:
    """Return the steps that a person may answer now, each with the right to."""
    if not promotion.is_open:
        return []
    steps = list(promotion.steps.select_related("answer", "covered_by"))
    party, rights = party_of(promotion), rights_of(user, now or timezone.now())
    found: dict[str, tuple[PromotionStep, Right]] = {}
    for step in steps:
        if hasattr(step, "answer") or step.covered_by_id is not None:
            continue
        right = right_over(step, party, user, rights, steps)
        if right is not None and step.clause not in found:
            found[step.clause] = (step, right)
    return list(found.values())


def answer(user: User, pk: int, saying: Saying, now: dt.datetime | None = None) -> AskedPromotion:
    """Approve, refuse or counter, for every role that waits for a person.

    Raises:
        NotYoursToAnswerError: If nothing of it waits for this person.
        PromotionSettledError: If it is settled, or a yes would break what is agreed by now.
        RequestError: If the counter's terms cannot be answered, or nobody could grant them.
    """
    at = now or timezone.now()
    try:
        with transaction.atomic():
            return _answer(user, pk, saying, at)
    except IntegrityError as error:
        raise PromotionSettledError("Somebody answered in the same moment; look again.") from error


def _answer(user: User, pk: int, saying: Saying, now: dt.datetime) -> AskedPromotion:
    one_at_a_time(TURN)
    promotion = AskedPromotion.objects.select_for_update().get(pk=pk)
    mine = steps_for(promotion, user, now)
    if not mine:
        if not promotion.is_open:
            raise PromotionSettledError("It was answered or withdrawn before; nothing changed.")
        raise NotYoursToAnswerError("Nothing of this request waits for your answer.")
    if saying.said is Said.APPROVED:
        _check_still_possible(promotion, now)
    written = None
    if saying.said is Said.COUNTERED:
        written = _countered(promotion, saying.counter or {}, now)
    for step, right in mine:
        PromotionAnswer.objects.create(
            step=step,
            promotion=promotion,
            asker_id=promotion.asker_id,
            clause=step.clause,
            said=saying.said,
            decided_by=user,
            decided_person_id=user.person_id,
            capacity=right.capacity,
            delegation=right.delegation,
            decided_at=now,
            comment=saying.comment.strip(),
            written=written,
        )
    state = _next_state(promotion, saying.said)
    if state is not State.OPEN:
        AskedPromotion.objects.filter(pk=pk, state=State.OPEN).update(state=state, settled_at=now)
    record(user, f"promotion.{saying.said.value}", f"promotion:{pk}", _audited(mine, state))
    promotion.refresh_from_db()
    return promotion


def _audited(mine: Sequence[tuple[PromotionStep, Right]], state: State) -> dict[str, JsonValue]:
    clauses: list[JsonValue] = [*sorted({step.clause for step, _ in mine})]
    roles: list[JsonValue] = [*sorted({step.role for step, _ in mine})]
    capacity = mine[0][1].capacity.value
    return {"clauses": clauses, "roles": roles, "capacity": capacity, "state": state.value}


def _next_state(promotion: AskedPromotion, said: Said) -> State:
    if said is not Said.APPROVED:
        return State.REFUSED if said is Said.REFUSED else State.COUNTERED
    is_waiting = promotion.steps.filter(answer__isnull=True, covered_by=None).exists()
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


def _countered(
    promotion: AskedPromotion, counter: Mapping[str, Any], now: dt.datetime
) -> dict[str, Any]:
    """Return a counter's terms; terms that nobody could grant are no counter."""
    written = dict(counter)
    if written == promotion.written:
        says = "these are the terms that were asked; approve them"
        raise RequestError([Problem("counter", says)])
    made = _decided(promotion, written, now)
    if made.verdict is Verdict.REFUSED:
        says = f"nobody may grant it: {made.reasons[0].says}"
        raise RequestError([Problem("counter", says)])
    return written


def decided_anew(promotion: AskedPromotion, now: dt.datetime) -> PromotionDecision | None:
    """Return what the desk answers to a request of then by what is agreed and on record now."""
    try:
        return _decided(promotion, promotion.written, now)
    except (RequestError, LookupError):
        return None


def _decided(
    promotion: AskedPromotion, terms: Mapping[str, Any], now: dt.datetime
) -> PromotionDecision:
    asked_at = wall_time(now).isoformat()
    written = {**terms, "asked_by": promotion.asker_role, "asked_at": asked_at}
    on_deal = RoomPromotions(but=promotion.pk)
    return answer_promotion(written, house.agreements(), asking.facts(), on_deal)


def people_for(
    step: PromotionStep, promotion: AskedPromotion, now: dt.datetime | None = None
) -> Sequence[User]:
    """Return who may answer a step: its holders, their stand-ins, and those it was handed to."""
    party, at = party_of(promotion), now or timezone.now()
    found = holders(step.role, party, at)
    if step.escalated_at:
        found += [each for each in holders(step.escalated_to, party, at) if each not in found]
    return found
