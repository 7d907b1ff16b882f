"""Asking for a promotion: trying leaves no trace, a request is on record with its approvals."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from pydantic import JsonValue

from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.desk import Verdict
from counterpoise.desk.promotion_deciding import decide_promotion
from counterpoise.desk.promotion_decision import PromotionDecision
from counterpoise.desk.promotion_request import PromotionRequest, read_promotion
from counterpoise.errors import CounterpoiseError
from counterpoise.web import asking, house
from counterpoise.web.audit.entries import record
from counterpoise.web.desk.requests import instant
from counterpoise.web.desk.states import Said, State
from counterpoise.web.desk.trying import NoRoleError, wall_time
from counterpoise.web.live import live
from counterpoise.web.once import once_key
from counterpoise.web.people.models import User
from counterpoise.web.promotions.escalation import escalate_unanswerable
from counterpoise.web.promotions.models import (
    LONGEST_NOTE,
    AskedPromotion,
    PromotionAnswer,
    PromotionStep,
)
from counterpoise.web.promotions.on_record import TURN, RoomPromotions
from counterpoise.web.turns import one_at_a_time

_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")


class PromotionAskingError(CounterpoiseError, ValueError):
    """A promotion cannot be put on record like this."""


def try_promotion(
    written: Mapping[str, Any], asker: User, now: dt.datetime
) -> tuple[PromotionRequest, PromotionDecision]:
    """Answer what a person asks, as the role that they hold; nothing is kept.

    Raises:
        NoRoleError: If the asker has no role on the ladder.
        RequestError: If the request cannot be answered as it stands.
        NoAgreementError: If no agreement is in force.
    """
    if not asker.role:
        raise NoRoleError(asker.role)
    content = {**written, "asked_by": asker.role, "asked_at": wall_time(now).isoformat()}
    request = read_promotion(content)
    decision = decide_promotion(request, house.agreements(), asking.facts(), RoomPromotions())
    return request, decision


def ask_promotion(
    asker: User,
    written: Mapping[str, Any],
    token: str,
    note: str = "",
    now: dt.datetime | None = None,
    follows: AskedPromotion | None = None,
) -> AskedPromotion:
    """Put a promotion on record with the desk's answer; the same form asks the same once.

    What `follows` a request with a counter-offer has the yes of who made it.

    Raises:
        PromotionAskingError: If the token or the note cannot be used.
        NoRoleError: If the asker has no role on the ladder.
        RequestError: If the request cannot be answered as it stands.
        NoAgreementError: If no agreement is in force.
    """
    if not _TOKEN.fullmatch(token):
        raise PromotionAskingError(
            "The form has no token; open it anew, nothing was put on record."
        )
    if "\x00" in note or len(note) > LONGEST_NOTE:
        raise PromotionAskingError(
            f"The note cannot be kept; write plain text of at most {LONGEST_NOTE:,} characters."
        )
    at = now or timezone.now()
    key = once_key(token, written, note, follows.pk if follows else None)
    if former := AskedPromotion.objects.filter(asker=asker, token=key).first():
        return former
    try:
        with transaction.atomic():
            one_at_a_time(TURN)
            tried = try_promotion(written, asker, at)
            return _keep(asker, written, tried, (key, note, follows), at)
    except IntegrityError:
        return AskedPromotion.objects.get(asker=asker, token=key)


def _keep(
    asker: User,
    written: Mapping[str, Any],
    tried: tuple[PromotionRequest, PromotionDecision],
    how: tuple[str, str, AskedPromotion | None],
    now: dt.datetime,
) -> AskedPromotion:
    """Write a request with its approvals."""
    (request, decision), (token, note, follows) = tried, how
    covering = _covering(decision, follows)
    state = _STATES[decision.verdict]
    if state is State.OPEN and all(covering.values()):
        state = State.APPROVED
    made = AskedPromotion.objects.create(
        asker=asker,
        asker_role=asker.role,
        asker_person_id=asker.person_id,
        token=token,
        asked_at=now,
        follows=follows,
        **_asked(request),
        note=note.strip(),
        written=dict(written),
        decision=decision.as_json(),
        verdict=decision.verdict.value,
        agreement=decision.agreement.fingerprint,
        snapshot=live().snapshot,
        state=state,
        settled_at=None if state is State.OPEN else now,
    )
    _add_steps(made, decision, covering)
    record(asker, "promotion.asked", f"promotion:{made.pk}", _audited(made))
    if state is State.OPEN:
        escalate_unanswerable(made, now)
    return made


def _asked(request: PromotionRequest) -> dict[str, Any]:
    """Return what is asked, by the columns that keep it."""
    return {
        "account_id": request.account_id or "",
        "products": list(request.products),
        "product_family": request.product_family or "",
        "starts_on": request.days.first,
        "ends_on": request.days.last,
        "depth": request.depth,
        "kind": request.told_kind,
        "trade_spend": request.trade_spend,
    }


def _add_steps(
    made: AskedPromotion,
    decision: PromotionDecision,
    covering: Mapping[tuple[str, str], PromotionAnswer | None],
) -> None:
    """Write the approvals that a request needs, those that are given already among them."""
    remind_at = _remind_at(decision.agreement.fingerprint, made.asked_at)
    PromotionStep.objects.bulk_create(
        PromotionStep(
            promotion=made,
            role=each.role,
            clause=each.clause,
            due_at=instant(each.due_at),
            remind_at=remind_at,
            covered_by=covering[each.role, each.clause],
        )
        for each in decision.approvals
    )


def _covering(
    decision: PromotionDecision, follows: AskedPromotion | None
) -> dict[tuple[str, str], PromotionAnswer | None]:
    """Return the counter-offers whose terms these are, by role and clause of the approval."""
    given: dict[tuple[str, str], PromotionAnswer] = {}
    if follows is not None:
        countered = follows.answers.filter(said=Said.COUNTERED).select_related("step")
        given = {(each.step.role, each.clause): each for each in countered}
    return {
        (each.role, each.clause): given.get((each.role, each.clause)) for each in decision.approvals
    }


def _remind_at(fingerprint: str, now: dt.datetime) -> dt.datetime | None:
    """Return when who has to answer is reminded, by the agreement it was decided by."""
    for version in house.agreements().versions:
        if version.fingerprint == fingerprint:
            after = version.agreement.approvals.remind_after
            calendar = WorkCalendar.of(version.agreement.company)
            return instant(calendar.due_at(wall_time(now), after)) if after else None
    return None


_STATES = {
    Verdict.GRANTED: State.GRANTED,
    Verdict.NEEDS_APPROVAL: State.OPEN,
    Verdict.REFUSED: State.REFUSED,
}


def _audited(made: AskedPromotion) -> dict[str, JsonValue]:
    return {
        "verdict": made.verdict,
        "account": made.account_id,
        "depth": str(made.depth),
        "starts_on": made.starts_on.isoformat(),
        "ends_on": made.ends_on.isoformat(),
        "agreement": made.agreement,
        "snapshot": made.snapshot,
    }


def withdraw_promotion(asker: User, pk: int, now: dt.datetime | None = None) -> bool:
    """Take an open request back; tell whether it still was open and the person's own."""
    at = now or timezone.now()
    with transaction.atomic():
        mine = AskedPromotion.objects.filter(pk=pk, asker=asker, state=State.OPEN)
        is_done = bool(mine.update(state=State.WITHDRAWN, settled_at=at))
        if is_done:
            record(asker, "promotion.withdrawn", f"promotion:{pk}")
    return is_done
