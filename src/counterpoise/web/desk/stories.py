"""The whole story of a request, as its page shows it to one person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse

from counterpoise.agreement import Agreement
from counterpoise.agreement.wording import role_text
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.books.lookup import Row
from counterpoise.desk import Verdict
from counterpoise.desk.wording import TO_CUSTOMER, amount_text
from counterpoise.web import house
from counterpoise.web.desk.answer_times import AnswerTime, answer_time
from counterpoise.web.desk.approvals import answerable
from counterpoise.web.desk.deciders import Party, holders
from counterpoise.web.desk.linking import may_link, suggested_deals
from counterpoise.web.desk.models import Answer, Event, Request, Step
from counterpoise.web.desk.naming import (
    customer_of,
    request_title,
    state_look,
    state_text,
    terms_text,
)
from counterpoise.web.desk.question import Question, question_of
from counterpoise.web.desk.showing import About, AnswerShown, answer_shown, clause_url, version_of
from counterpoise.web.desk.states import AGREED, Capacity, Said, State
from counterpoise.web.desk.terms import Terms
from counterpoise.web.people.models import User

_HAPPENED = {
    "asked": "asked",
    "covered": "A former approval covers these terms",
    "reminded": "Reminded",
    "escalated": "Handed on",
    "approved": "approved",
    "refused": "refused",
    "countered": "countered",
    "withdrawn": "withdrew it",
    "expired": "It ended unanswered",
    "linked": "linked it to deal",
    "not_linked": "said that it is not deal",
    "offered": "put it to the customer",
}


@dataclass(frozen=True)
class StepShown:
    """An approval: who must give it, and what came of it."""

    role: str
    clause: str
    url: str
    due_at: dt.datetime | None
    is_late: bool
    people: tuple[str, ...]
    escalated_to: str
    usual: AnswerTime | None
    answer: Answer | None
    said: str
    look: str
    capacity: str
    counter_url: str
    counter_terms: tuple[str, ...]
    covered_by: int | None


@dataclass(frozen=True)
class EventShown:
    """One line of the story."""

    at: dt.datetime
    who: str
    says: str
    look: str


@dataclass(frozen=True)
class Story:
    """Everything that the page of a request shows."""

    request: Request
    title: str
    customer: str
    state: str
    look: str
    answer: AnswerShown
    question: Question
    query: str
    steps: tuple[StepShown, ...]
    events: tuple[EventShown, ...]
    suggestions: Sequence[Row]
    may_answer: bool
    margin: Decimal | None
    is_own: bool
    may_offer: bool
    is_offered: bool


@dataclass(frozen=True)
class WaitingShown:
    """A line of the list of what waits."""

    request: Request
    title: str
    due_at: dt.datetime | None
    is_late: bool
    roles: str


def story_of(request: Request, user: User, now: dt.datetime) -> Story:
    """Lay out a request for a person to whom it opens."""
    question = question_of(request.written)
    is_own = request.asker_id == user.pk
    steps = list(request.steps.select_related("answer__decided_by", "covered_by"))
    facts = {"product_family": _family(request), "competitor": _stated(request, "competitor")}
    may = may_link(request, user)
    is_offered = hasattr(request, "offered")
    may_answer = bool(answerable(request, user, now))
    return Story(
        request=request,
        title=request_title(request),
        customer=customer_of(request),
        state=state_text(request.state),
        look=state_look(request.state),
        answer=_answer(request, _about(request, user, question, facts)),
        question=question,
        query=question.query(),
        steps=tuple(_step(each, request, now) for each in steps),
        events=tuple(_event(each) for each in request.events.select_related("actor")),
        suggestions=suggested_deals(request) if may else (),
        may_answer=may_answer,
        margin=Terms.of_json(request.terms).margin if may_answer else None,
        is_own=is_own,
        may_offer=may and request.state in AGREED and not is_offered,
        is_offered=is_offered,
    )


def _about(request: Request, user: User, question: Question, facts: Mapping[str, Any]) -> About:
    is_own = request.asker_id == user.pk
    return About(
        question,
        facts,
        str(request.pk) if is_own else "",
        is_kept=True,
        reader=user if is_own else None,
        deal_id=request.deal_id,
        page=reverse("desk:request", args=[request.pk]),
    )


def _answer(request: Request, about: About) -> AnswerShown:
    """Lay out the answer of then; where a yes has come since, it is what to say."""
    shown = answer_shown(request.decision, about)
    if request.state != State.APPROVED:
        return shown
    heading = "Needed a yes from above"
    return replace(shown, heading=heading, to_customer=(TO_CUSTOMER[Verdict.GRANTED],), offers=())


def waiting_shown(request: Request, now: dt.datetime) -> WaitingShown:
    """Lay out a request that waits."""
    steps = list(request.steps.all())
    due_at = min((step.due_at for step in steps if step.due_at), default=None)
    roles = ", ".join(dict.fromkeys(role_text(step.role) for step in steps))
    is_late = due_at is not None and due_at < now
    return WaitingShown(request, request_title(request), due_at, is_late, roles)


def agreement_of(request: Request) -> Agreement | None:
    """Return the agreement that decided a request, None where that draft has changed since."""
    versions = house.agreements().versions
    found = (each.agreement for each in versions if each.fingerprint == request.agreement)
    return next(found, None)


def _step(step: Step, request: Request, now: dt.datetime) -> StepShown:
    answer: Answer | None = getattr(step, "answer", None)
    is_waiting = request.is_open and answer is None and step.covered_by_id is None
    agreement = agreement_of(request)
    calendar = WorkCalendar.of(agreement.company) if agreement else WorkCalendar()
    people: list[User] = []
    if is_waiting:
        people = holders(step.role, Party.of(request), now)
        if step.escalated_at:
            people += holders(step.escalated_to, Party.of(request), now)
    said, look = _said(step, request)
    return StepShown(
        role=role_text(step.role),
        clause=step.clause,
        url=clause_url(step.clause, version_of(request.decision)),
        due_at=step.due_at,
        is_late=is_waiting and step.due_at is not None and step.due_at < now,
        people=tuple(dict.fromkeys(user.name for user in people)),
        escalated_to=role_text(step.escalated_to),
        usual=answer_time(step.role, calendar) if is_waiting else None,
        answer=answer,
        said=said,
        look=look,
        capacity=_capacity(answer),
        counter_url=_counter_url(answer, request),
        counter_terms=_counter_terms(answer),
        covered_by=step.covered_by.request_id if step.covered_by else None,
    )


def _said(step: Step, request: Request) -> tuple[str, str]:
    answer: Answer | None = getattr(step, "answer", None)
    if answer is not None:
        return state_text(answer.said), state_look(answer.said)
    if step.covered_by_id is not None:
        return "covered", "good"
    return ("waits", "wait") if request.is_open else ("not answered", "quiet")


def _capacity(answer: Answer | None) -> str:
    if answer is None or answer.capacity == Capacity.OWN:
        return ""
    if answer.delegation is not None:
        return f"for {answer.delegation.giver.name}"
    return "handed on"


def _counter_url(answer: Answer | None, request: Request) -> str:
    """Return where the asker takes a counter up with one click."""
    if answer is None or answer.said != Said.COUNTERED or request.state != State.COUNTERED:
        return ""
    return f"/desk/?{question_of(answer.written or {}).query()}&follows={request.pk}#answer"


def _counter_terms(answer: Answer | None) -> tuple[str, ...]:
    """Say what a counter would grant."""
    if answer is None or answer.terms is None:
        return ()
    terms, asked = Terms.of_json(answer.terms), question_of(answer.written or {})
    found = [terms_text(terms.rate, None)] if terms.rate is not None else []
    found += [f"{asked.term_months} months"] if asked.term_months else []
    found += [asked.payment] if asked.payment else []
    tailored = terms.customizations.items()
    return (*found, *(f"{kind} for {amount_text(each.cost)}" for kind, each in tailored))


def _event(event: Event) -> EventShown:
    who = event.actor.name if event.actor else ""
    says = _HAPPENED[event.kind]
    detail: Mapping[str, Any] = event.detail
    if event.kind in ("linked", "not_linked"):
        says = f"{says} {detail.get('deal')}"
    elif event.kind == "reminded":
        says = f"Reminded: {role_text(str(detail.get('role')))}"
    elif event.kind == "escalated":
        says = f"Handed on to {role_text(str(detail.get('to')))}"
    elif event.kind == "expired" and detail.get("why") == "agreement changed":
        says = "It ended: the agreement changed and answers otherwise now"
    return EventShown(event.at, who, says, state_look(event.kind))


def _family(request: Request) -> object:
    stated = _stated(request, "product_family")
    if stated:
        return stated
    from counterpoise.web.live import live

    lines = (request.written.get("deal") or {}).get("lines") or ()
    lines = lines or live().lines(request.deal_id)
    ids = (str(line.get("product_id") or "") for line in lines)
    products = (live().product(each) for each in ids if each)
    return next((product["family"] for product in products if product), None)


def _stated(request: Request, name: str) -> object:
    deal = request.written.get("deal") or {}
    return deal.get(name)
