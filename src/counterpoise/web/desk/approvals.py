"""Approvals: what waits for a person, and their yes, no or counter to it.

Whatever happens at the same instant, the database keeps one answer a step and one end a request:
the row is locked where the database locks rows, and its constraints have the last word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from counterpoise.desk import NoAgreementError, RequestError, Verdict, read_request
from counterpoise.desk import answer as desk_answer
from counterpoise.desk.deciding import ready_for, weigh_request
from counterpoise.desk.request import Problem
from counterpoise.errors import CounterpoiseError
from counterpoise.web import asking, house
from counterpoise.web.audit.entries import record
from counterpoise.web.desk.deciders import Party, Right, right_over, rights_of, waiting_steps
from counterpoise.web.desk.escalation import expire
from counterpoise.web.desk.models import LONGEST_NOTE, Answer, Request, Step
from counterpoise.web.desk.requests import settle, tell
from counterpoise.web.desk.states import Happening, Said, State
from counterpoise.web.desk.terms import Terms, terms_of
from counterpoise.web.desk.trying import wall_time
from counterpoise.web.people.models import User


class NotYoursToAnswerError(CounterpoiseError, PermissionError):
    """Somebody answers what they may not: their own request, or another role's."""

    def __init__(self, request_id: int) -> None:
        super().__init__(
            f"Request {request_id} is not yours to answer: it is your own or on your own deal, "
            "it waits for another role, or you have answered under this clause already."
        )


class AlreadySettledError(CounterpoiseError):
    """Somebody answers what was answered, withdrawn or over a moment before."""

    def __init__(self, request: Request) -> None:
        last = request.answers.select_related("decided_by").last()
        by = f" by {last.decided_by.name}" if last and request.state != State.WITHDRAWN else ""
        what = "answered" if request.is_open else request.state
        super().__init__(
            f"Request {request.pk} was {what}{by} already; your answer changed nothing."
        )


class AgreementChangedError(CounterpoiseError):
    """What was asked under one agreement is no longer this role's to grant under another."""

    def __init__(self, request_id: int) -> None:
        super().__init__(
            f"The agreement has changed since request {request_id} was asked, and answers it "
            "otherwise now. The request has ended; let it be asked again."
        )


@dataclass(frozen=True)
class Saying:
    """What an approver says; `counter` is the request with other terms, as the desk reads it."""

    said: Said
    comment: str = ""
    counter: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Counter:
    """A counter's terms, read and found answerable."""

    written: dict[str, Any]
    terms: Terms


def waiting_for(user: User, now: dt.datetime | None = None) -> QuerySet[Request]:
    """Return the requests that wait for a person's answer, what is due first at the top."""
    return waiting_by(user, rights_of(user, now or timezone.now()))


def waiting_by(user: User, rights: Sequence[Right]) -> QuerySet[Request]:
    """Return the requests that wait for a person by these rights."""
    if not rights:
        return Request.objects.none()
    steps = waiting_steps(user, rights).filter(request=OuterRef("pk"))
    found = Request.objects.filter(Exists(steps), state=State.OPEN)
    return found.order_by("asked_at", "id")


def may_wait(rights: Sequence[Right]) -> bool:
    """Tell whether any open request asks for one of these roles; for most people none ever does."""
    roles = [right.role for right in rights]
    asked = Q(role__in=roles) | Q(escalated_to__in=roles)
    return Step.objects.filter(asked, answer__isnull=True, request__state=State.OPEN).exists()


def answerable(request: Request, user: User, now: dt.datetime) -> list[tuple[Step, Right]]:
    """Return the steps that a person may answer now, each with the right to."""
    if not request.is_open:
        return []
    steps = list(request.steps.select_related("answer", "covered_by"))
    party, rights = Party.of(request), rights_of(user, now)
    found: dict[str, tuple[Step, Right]] = {}
    for step in steps:
        if hasattr(step, "answer") or step.covered_by_id is not None:
            continue
        right = right_over(step, party, user, rights, steps)
        if right is not None and step.clause not in found:
            found[step.clause] = (step, right)
    return list(found.values())


def answer(
    decider: User, request_id: int, saying: Saying, now: dt.datetime | None = None
) -> Request:
    """Answer every step of a request that waits for a person.

    Raises:
        Request.DoesNotExist: If there is no such request.
        NotYoursToAnswerError: If none of it is theirs to answer.
        AlreadySettledError: If it was settled, or answered for this role, before.
        AgreementChangedError: If a yes would be by an agreement that is over; the request ends.
        RequestError: If the counter's terms cannot be answered, or nobody could grant them.
    """
    at = now or timezone.now()
    if "\x00" in saying.comment:
        raise RequestError([Problem("comment", "it holds characters that cannot be kept")])
    if len(saying.comment) > LONGEST_NOTE:
        says = f"it has {len(saying.comment):,} characters; at most {LONGEST_NOTE:,} are kept"
        raise RequestError([Problem("comment", says)])
    request = Request.objects.get(pk=request_id)
    _refuse_if_not_theirs(request, decider, at)
    if saying.said is not Said.REFUSED and not _still_holds(request, at):
        expire(request, at, "agreement changed")
        raise AgreementChangedError(request_id)
    counter = _counter(request, saying, at) if saying.said is Said.COUNTERED else None
    try:
        with transaction.atomic():
            return _write(decider, request_id, saying, counter, at)
    except IntegrityError:
        raise AlreadySettledError(Request.objects.get(pk=request_id)) from None


def _refuse_if_not_theirs(request: Request, decider: User, now: dt.datetime) -> None:
    """Say what is wrong before anything is worked out; the same is asked again under the lock.

    Another may have answered since the request was read: then that is what is wrong.
    """
    if answerable(request, decider, now):
        return
    request.refresh_from_db()
    if Party.of(request).includes(decider):
        raise NotYoursToAnswerError(request.pk)
    roles = [right.role for right in rights_of(decider, now)]
    theirs = Q(decided_by=decider) | Q(step__role__in=roles)
    if not request.is_open or request.answers.filter(theirs).exists():
        raise AlreadySettledError(request)
    raise NotYoursToAnswerError(request.pk)


def _write(
    decider: User, request_id: int, saying: Saying, counter: Counter | None, now: dt.datetime
) -> Request:
    """Write the answers and the end of the request, as one."""
    request = Request.objects.select_for_update().get(pk=request_id)
    mine = answerable(request, decider, now)
    if not mine:
        raise AlreadySettledError(request)
    for step, right in mine:
        Answer.objects.create(
            step=step,
            request=request,
            asker_id=request.asker_id,
            clause=step.clause,
            said=saying.said,
            decided_by=decider,
            decided_person_id=decider.person_id,
            capacity=right.capacity,
            delegation=right.delegation,
            decided_at=now,
            comment=saying.comment.strip(),
            written=counter.written if counter else None,
            terms=counter.terms.as_json() if counter else None,
        )
    state = _next_state(request, saying.said)
    if state is not State.OPEN and not settle(request_id, state, now):
        raise AlreadySettledError(request)
    tell(request_id, Happening(saying.said.value), now, decider, _told(mine))
    record(
        decider,
        f"request.{saying.said.value}",
        f"request:{request_id}",
        {**_told(mine), "state": state.value, "rate": _rate(request, counter)},
    )
    request.refresh_from_db()
    return request


def _next_state(request: Request, said: Said) -> State:
    if said is Said.REFUSED:
        return State.REFUSED
    if said is Said.COUNTERED:
        return State.COUNTERED
    is_waiting = request.steps.filter(answer__isnull=True, covered_by=None).exists()
    return State.OPEN if is_waiting else State.APPROVED


def _told(mine: Sequence[tuple[Step, Right]]) -> dict[str, Any]:
    return {
        "roles": sorted({step.role for step, _ in mine}),
        "clauses": sorted({step.clause for step, _ in mine}),
        "capacity": mine[0][1].capacity.value,
    }


def _rate(request: Request, counter: Counter | None) -> str | None:
    rate = counter.terms.rate if counter else request.rate
    return None if rate is None else str(rate)


def _still_holds(request: Request, now: dt.datetime) -> bool:
    """Tell whether the agreement of today still leaves the request to those who are asked."""
    agreements = house.agreements()
    version = agreements.on(timezone.localdate(now)) or agreements.latest
    if version is not None and version.fingerprint == request.agreement:
        return True
    written = {**request.written, "asked_at": wall_time(now).isoformat()}
    try:
        made = desk_answer(written, agreements, asking.facts(), books_win=True)
    except (RequestError, NoAgreementError):
        return False
    asked = set(request.steps.values_list("role", flat=True))
    needed = {approval.role for approval in made.approvals}
    return made.verdict is not Verdict.REFUSED and needed <= asked


def _counter(request: Request, saying: Saying, now: dt.datetime) -> Counter:
    """Read a counter; terms that nobody could grant are no counter."""
    written = {
        **(saying.counter or {}),
        "asked_by": request.asker_role,
        "asked_at": wall_time(now).isoformat(),
    }
    agreements, facts = house.agreements(), asking.facts()
    made = desk_answer(written, agreements, facts, books_win=True)
    if made.verdict is Verdict.REFUSED:
        raise RequestError([Problem("counter", f"nobody may grant it: {made.reasons[0].says}")])
    asked = read_request(written)
    weighing = weigh_request(asked, agreements, facts, books_win=True)
    terms = terms_of(weighing, ready_for(asked, agreements, facts), facts, request.deal_id)
    if terms.as_json() == request.terms:
        raise RequestError(
            [Problem("counter", "these are the terms that were asked; approve them")]
        )
    return Counter(written, terms)
