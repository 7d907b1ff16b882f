"""Requests on record: asking, withdrawing, and to whom they open."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from pydantic import JsonValue

from counterpoise.agreement import Side
from counterpoise.desk import Verdict
from counterpoise.desk.decision import Approval
from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import scope_of
from counterpoise.web.audit.entries import record
from counterpoise.web.desk.covering import Yes, standing_yeses
from counterpoise.web.desk.deciders import Party, rights_of
from counterpoise.web.desk.escalation import escalate_unanswerable
from counterpoise.web.desk.models import LONGEST_NOTE, Answer, Event, Request, Step
from counterpoise.web.desk.states import Happening, State
from counterpoise.web.desk.trying import Tried, try_request, wall_time
from counterpoise.web.live import live
from counterpoise.web.once import once_key
from counterpoise.web.people.models import User

_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")


class AskingError(CounterpoiseError, ValueError):
    """A request cannot be put on record like this."""


@dataclass(frozen=True)
class Asking:
    """How a request is put on record.

    `token` identifies the form or call, so that sending the same twice asks once. `follows` is the
    request whose terms are taken up again.
    """

    token: str
    note: str = ""
    follows: int | None = None

    def key(self, written: Mapping[str, Any]) -> str:
        """Return what is asked once: other terms sent from the same form are asked too."""
        return once_key(self.token, written, self.note, self.follows)


def ask(
    asker: User, written: Mapping[str, Any], how: Asking, now: dt.datetime | None = None
) -> Request:
    """Put a request on record with the desk's answer; the same form asks the same once.

    Raises:
        AskingError: If the token or the note cannot be used, or it follows what is not theirs.
        NoRoleError: If the asker has no role on the ladder.
        DealNotYoursError: If the deal does not open to the asker.
        RequestError: If the request cannot be answered as it stands.
        NoAgreementError: If no agreement is in force.
    """
    _check(how)
    key = how.key(written)
    if former := Request.objects.filter(asker=asker, token=key).first():
        return former
    at = now or timezone.now()
    follows = _followed(asker, how.follows)
    tried = try_request(written, asker, at, follows)
    try:
        with transaction.atomic():
            return _keep(asker, tried, replace(how, token=key), follows, at)
    except IntegrityError:
        return Request.objects.get(asker=asker, token=key)


def withdraw(asker: User, request_id: int, now: dt.datetime | None = None) -> bool:
    """Take an open request back; tell whether it still was open."""
    at = now or timezone.now()
    with transaction.atomic():
        is_done = settle(request_id, State.WITHDRAWN, at, asker=asker)
        if is_done:
            tell(request_id, Happening.WITHDRAWN, at, asker)
            record(asker, "request.withdrawn", f"request:{request_id}")
    return is_done


def settle(request_id: int, state: State, now: dt.datetime, **only: object) -> bool:
    """Move an open request on; tell whether it was open. Inside a transaction."""
    open_one = Request.objects.filter(pk=request_id, state=State.OPEN, **only)
    return bool(open_one.update(state=state, settled_at=now))


def tell(
    request_id: int,
    kind: Happening,
    now: dt.datetime,
    actor: User | None = None,
    detail: Mapping[str, JsonValue] | None = None,
) -> None:
    """Add to the story of a request."""
    Event.objects.create(
        request_id=request_id, kind=kind, at=now, actor=actor, detail=dict(detail or {})
    )


def visible_to(user: User, now: dt.datetime | None = None) -> QuerySet[Request]:
    """Return the requests that open to a person.

    Their own and those on their deals, their team's, those that they answered or may answer, and
    all of them to who stands above both sides.
    """
    everything = Request.objects.all()
    if user.side == Side.BOTH:
        return everything
    answered = Answer.objects.filter(request=OuterRef("pk"), decided_by=user)
    mine = Q(asker=user) | Q(Exists(answered))
    if user.side == Side.SALES:
        owners = scope_of(user).owners
        mine |= Q(asker_person_id__in=owners) | Q(owner_person_id__in=owners)
    roles = [right.role for right in rights_of(user, now or timezone.now())]
    for_role = Step.objects.filter(request=OuterRef("pk")).filter(
        Q(role__in=roles) | Q(escalated_to__in=roles)
    )
    return everything.filter(mine | Q(Exists(for_role)) if roles else mine)


def _check(how: Asking) -> None:
    if not _TOKEN.fullmatch(how.token):
        raise AskingError(
            "The form has no token; open the desk anew and ask again, nothing was put on record."
        )
    if "\x00" in how.note:
        raise AskingError("The note holds characters that cannot be kept; write plain text.")
    if len(how.note) > LONGEST_NOTE:
        raise AskingError(f"The note has {len(how.note):,} characters; at most {LONGEST_NOTE:,}.")


def _followed(asker: User, request_id: int | None) -> Request | None:
    if request_id is None:
        return None
    found = Request.objects.filter(pk=request_id, asker=asker).first()
    if found is None:
        raise AskingError(f"Request {request_id} is not among yours, so it cannot be taken up.")
    return found


def _keep(
    asker: User, tried: Tried, how: Asking, follows: Request | None, now: dt.datetime
) -> Request:
    """Write a request, its approvals and what covers them."""
    party = Party.asking(asker, tried.owner_person_id)
    approvals = tried.decision.approvals
    deal_id = tried.deal_id or _deal_of(follows, tried.account_id)
    figures = tried.figures()
    yeses: list[Yes] = []
    if approvals:
        yeses = standing_yeses(deal_id, figures.list_amount, follows, party)
    covered = [_covering(each, tried, yeses) for each in approvals]
    state = _state(tried.decision.verdict, covered)
    made = Request.objects.create(
        asker=asker,
        asker_role=asker.role,
        asker_person_id=asker.person_id,
        owner_person_id=tried.owner_person_id,
        token=how.token,
        asked_at=now,
        follows=follows,
        deal_id=deal_id,
        account_id=tried.account_id,
        currency=tried.currency,
        list_amount=figures.list_amount,
        net_amount=figures.net_amount,
        rate=tried.terms.rate,
        note=how.note.strip(),
        written=dict(tried.written),
        terms=tried.terms.as_json(),
        decision=tried.decision.as_json(),
        verdict=tried.decision.verdict.value,
        agreement=tried.decision.agreement.fingerprint,
        snapshot=live().snapshot,
        state=state,
        settled_at=None if state is State.OPEN else now,
    )
    for approval, yes in zip(approvals, covered, strict=True):
        _step(made, approval, yes, tried, now)
    tell(made.pk, Happening.ASKED, now, asker, {"verdict": made.verdict})
    if any(covered):
        by = sorted({yes.answer.request_id for yes in covered if yes})
        tell(made.pk, Happening.COVERED, now, None, {"requests": list(by)})
    if state is State.OPEN:
        escalate_unanswerable(made, party, now)
    record(asker, "request.asked", f"request:{made.pk}", _audited(made))
    return made


def _deal_of(follows: Request | None, account_id: str) -> str:
    """Return the deal of the request that is taken up, where it is still about that account."""
    return follows.deal_id if follows and follows.account_id == account_id else ""


def _covering(approval: Approval, tried: Tried, yeses: Sequence[Yes]) -> Yes | None:
    return next((yes for yes in yeses if yes.covers(approval, tried.terms)), None)


def _state(verdict: Verdict, covered: Sequence[Yes | None]) -> State:
    if verdict is Verdict.GRANTED:
        return State.GRANTED
    if verdict is Verdict.REFUSED:
        return State.REFUSED
    return State.APPROVED if all(covered) else State.OPEN


def _step(
    request: Request, approval: Approval, yes: Yes | None, tried: Tried, now: dt.datetime
) -> None:
    remind_after = tried.ready.agreement.approvals.remind_after
    remind_at = tried.ready.calendar.due_at(wall_time(now), remind_after) if remind_after else None
    Step.objects.create(
        request=request,
        role=approval.role,
        clause=approval.clause,
        due_at=instant(approval.due_at),
        remind_at=instant(remind_at),
        covered_by=yes.answer if yes else None,
    )


def instant(wall: dt.datetime | None) -> dt.datetime | None:
    """Return wall time of the workspace as an instant."""
    if wall is None or wall.tzinfo is not None:
        return wall
    return timezone.make_aware(wall)


def _audited(made: Request) -> dict[str, JsonValue]:
    return {
        "verdict": made.verdict,
        "state": made.state,
        "deal": made.deal_id,
        "account": made.account_id,
        "rate": None if made.rate is None else str(made.rate),
        "agreement": made.agreement,
        "snapshot": made.snapshot,
    }
