"""Hand-offs for programs: those that open to the person of the token, and what they may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import PathEx, QueryEx, Router, Schema
from ninja.params import P

from counterpoise.desk import RequestError
from counterpoise.desk.decision import plain
from counterpoise.desk.request import Problem
from counterpoise.web.access import Scope, scope_of
from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.idempotency import KEY, once
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import body_of, example_of, json_answer
from counterpoise.web.api.written import Written, written_of
from counterpoise.web.handoffs import answering, passing
from counterpoise.web.handoffs.leads import Lead
from counterpoise.web.handoffs.models import LONGEST_NOTE, LONGEST_REASON, Handoff, Happening
from counterpoise.web.handoffs.rights import deal_shown, visible_to
from counterpoise.web.handoffs.states import LeadEvent, LeadState, ReportSource, RoutingRule
from counterpoise.web.handoffs.uploading import lead_of
from counterpoise.web.live import live
from counterpoise.web.people.models import User

router = Router(tags=["Hand-offs"])
_READ = TokenAuth(TokenScope.READ, TokenScope.HANDOFFS)
_ACT = TokenAuth(TokenScope.HANDOFFS)
_LARGEST_ID = 2**63 - 1
_PAGE = 100
_STATES = "|".join(LeadState)

HandoffId = PathEx[int, P(ge=1, le=_LARGEST_ID, description="The number of a hand-off.")]
Page = QueryEx[int, P(ge=1, le=100_000, description="The page, the latest passed first.")]
StateName = QueryEx[str, P(pattern=f"^({_STATES}|)$", description="Only those that stand there.")]


class ReportShape(Schema):
    """Something that happened to a lead, and by whose word."""

    kind: LeadEvent
    at: dt.datetime
    recorded_at: dt.datetime
    source: ReportSource
    by: int | None
    person_id: str | None
    reason: str | None
    deal_id: str | None
    comment: str
    detail: dict[str, Any]


class HandoffShape(Schema):
    """A lead that was passed to sales, and where it stands."""

    id: int
    lead_id: str
    round: int
    state: LeadState
    account_id: str | None
    campaign_id: str | None
    source: str | None
    score: float | None
    passed_at: dt.datetime
    owner_id: str | None
    """Who has it, by the id of the books."""
    team: str | None
    rule: RoutingRule
    why: str
    """Why it went where it went."""
    assigned_at: dt.datetime | None
    first_response_at: dt.datetime | None
    respond_by: dt.datetime | None
    verdict_at: dt.datetime | None
    judge_by: dt.datetime | None
    rejection_reason: str | None
    escalated_to: str | None
    deal_id: str | None


class HandoffsShape(Schema):
    """A page of hand-offs."""

    count: int
    page: int
    handoffs: list[HandoffShape]


class WholeHandoffShape(HandoffShape):
    """A hand-off with everything that was reported of it."""

    about: str
    note: str
    story: list[ReportShape]


_HANDOFF: dict[str, Any] = {
    "id": 17,
    "lead_id": "L00000042",
    "round": 1,
    "state": "assigned",
    "account_id": "A000067",
    "campaign_id": "C0007",
    "source": "fair",
    "score": 72,
    "passed_at": "2026-07-01T07:00:00+00:00",
    "owner_id": "P00011",
    "team": "North",
    "rule": "account_owner",
    "why": "owner of the account",
    "assigned_at": "2026-07-01T07:00:00+00:00",
    "first_response_at": None,
    "respond_by": "2026-07-01T11:00:00+00:00",
    "verdict_at": None,
    "judge_by": "2026-07-03T07:00:00+00:00",
    "rejection_reason": None,
    "escalated_to": None,
    "deal_id": None,
}
_WHOLE: dict[str, Any] = {
    **_HANDOFF,
    "about": "",
    "note": "",
    "story": [
        {
            "kind": "passed",
            "at": "2026-07-01T07:00:00+00:00",
            "recorded_at": "2026-07-01T07:00:00+00:00",
            "source": "room",
            "by": 4,
            "person_id": None,
            "reason": None,
            "deal_id": None,
            "comment": "",
            "detail": {},
        }
    ],
}
_LONGEST = 200
_LINE = {"type": "string", "maxLength": _LONGEST}
_NOTE = {"type": "string", "maxLength": LONGEST_NOTE}
_PASS = {
    "type": "object",
    "properties": {
        "lead_id": {
            **_LINE,
            "description": "A lead of the books; by itself it is passed as they know it.",
        },
        "account": {**_LINE, "description": "Name or id."},
        "about": _LINE,
        "campaign": _LINE,
        "source": _LINE,
        "score": {"type": ["number", "null"]},
        "note": _NOTE,
    },
}
_RESPOND = {
    "type": "object",
    "properties": {
        "at": {"type": "string", "format": "date-time", "description": "Left out: now."},
        "comment": _NOTE,
    },
}
_VERDICT = {
    "type": "object",
    "required": ["verdict"],
    "properties": {
        "verdict": {"type": "string", "enum": ["accepted", "rejected"]},
        "reason": {
            "type": "string",
            "maxLength": LONGEST_REASON,
            "description": "Of handoff.reasons; a rejection always gives one.",
        },
        "comment": _NOTE,
        "insists": {
            "type": "boolean",
            "description": "Reject as the wrong persona although the account meets one.",
        },
    },
}
_ASSIGN = {"type": "object", "required": ["person_id"], "properties": {"person_id": _LINE}}
_AGAIN = {"type": "object", "required": ["note"], "properties": {"note": _NOTE}}


@router.get(
    "handoffs",
    auth=_READ,
    response=HandoffsShape,
    operation_id="list_handoffs",
    summary="Leads passed to sales that open to you",
    openapi_extra=example_of({"count": 1, "page": 1, "handoffs": [_HANDOFF]}),
)
def list_handoffs(request: HttpRequest, state: StateName = "", page: Page = 1) -> HttpResponse:
    """List the hand-offs that open to the person of the token, the latest first."""
    user = token_of(request).user
    found, scope = visible_to(user), scope_of(user)
    rows = Paginator(found.filter(state=state) if state else found, _PAGE)
    shown = rows.get_page(page)
    told = {
        "count": rows.count,
        "page": shown.number,
        "handoffs": [_short(each, scope) for each in shown],
    }
    return json_answer(told)


@router.get(
    "handoffs/{handoff_id}",
    auth=_READ,
    response=WholeHandoffShape,
    operation_id="read_handoff",
    summary="One lead with its story",
    openapi_extra=example_of(_WHOLE),
)
def read_handoff(request: HttpRequest, handoff_id: HandoffId) -> HttpResponse:
    """Return a hand-off with everything that was reported of it."""
    user = token_of(request).user
    return json_answer(_whole(_found(user, handoff_id), scope_of(user)))


@router.post(
    "handoffs",
    auth=_ACT,
    response=WholeHandoffShape,
    operation_id="pass_lead",
    summary="Pass a lead to sales",
    openapi_extra={
        **KEY,
        **body_of(_PASS, {"account": "A000067", "about": "Ada, line 3", "score": 72}),
        **example_of(_WHOLE),
    },
)
def pass_lead(request: HttpRequest) -> HttpResponse:
    """Pass a lead of the books, or one that is described; it is routed at once."""
    names = ("lead_id", "account", "about", "campaign", "source", "score", "note")
    given, user = written_of(request.body, names), token_of(request).user
    return _once(request, lambda: _passed(user, given))


@router.post(
    "handoffs/{handoff_id}/respond",
    auth=_ACT,
    response=WholeHandoffShape,
    operation_id="respond_to_lead",
    summary="Record the first response",
    openapi_extra={
        **KEY,
        **body_of(_RESPOND, {"at": "2026-07-01T09:30:00+02:00", "comment": "Called."}),
        **example_of({**_WHOLE, "state": "answered"}),
    },
)
def respond_to_lead(request: HttpRequest, handoff_id: HandoffId) -> HttpResponse:
    """Record the first response, now or at an earlier instant; the earliest counts."""
    user = token_of(request).user
    _found(user, handoff_id)
    given = written_of(request.body, ("at", "comment"))
    at, comment = _instant(given), given.text("comment")
    return _once(request, lambda: answering.respond(user, handoff_id, comment, at))


@router.post(
    "handoffs/{handoff_id}/verdict",
    auth=_ACT,
    response=WholeHandoffShape,
    operation_id="judge_lead",
    summary="Accept a lead, or reject it with a reason",
    openapi_extra={
        **KEY,
        **body_of(_VERDICT, {"verdict": "rejected", "reason": "no budget"}),
        **example_of({**_WHOLE, "state": "rejected", "rejection_reason": "no budget"}),
    },
)
def judge_lead(request: HttpRequest, handoff_id: HandoffId) -> HttpResponse:
    """Judge a lead once; calling the wrong persona what meets one needs `insists`."""
    user = token_of(request).user
    _found(user, handoff_id)
    given = written_of(request.body, ("verdict", "reason", "comment", "insists"))
    kind = given.word("verdict", LeadEvent)
    said = answering.Verdict(
        kind, given.text("reason"), given.text("comment"), given.parts.get("insists") is True
    )
    return _once(request, lambda: answering.judge(user, handoff_id, said))


@router.post(
    "handoffs/{handoff_id}/assign",
    auth=_ACT,
    response=WholeHandoffShape,
    operation_id="assign_lead",
    summary="Give a lead to somebody",
    openapi_extra={
        **KEY,
        **body_of(_ASSIGN, {"person_id": "P00011"}),
        **example_of(_WHOLE),
    },
)
def assign_lead(request: HttpRequest, handoff_id: HandoffId) -> HttpResponse:
    """Give a lead to somebody of sales by hand; the clocks run on."""
    user = token_of(request).user
    _found(user, handoff_id)
    person_id = written_of(request.body, ("person_id",)).text("person_id")
    return _once(request, lambda: answering.assign(user, handoff_id, person_id))


@router.post(
    "handoffs/{handoff_id}/again",
    auth=_ACT,
    response=WholeHandoffShape,
    operation_id="pass_lead_again",
    summary="Pass a returned lead again",
    openapi_extra={
        **KEY,
        **body_of(_AGAIN, {"note": "They have a budget now."}),
        **example_of({**_WHOLE, "round": 2}),
    },
)
def pass_lead_again(request: HttpRequest, handoff_id: HandoffId) -> HttpResponse:
    """Pass a rejected lead again, saying what is different; its history is kept."""
    user = token_of(request).user
    _found(user, handoff_id)
    note = written_of(request.body, ("note",)).text("note")
    return _once(request, lambda: passing.recycle(user, handoff_id, note))


def _found(user: User, handoff_id: int) -> Handoff:
    return get_object_or_404(visible_to(user), pk=handoff_id)


def _once(request: HttpRequest, do: Callable[[], Handoff]) -> HttpResponse:
    """Do something once, and return the lead as it then stands."""
    token = token_of(request)
    return once(request, token, lambda: json_answer(_whole(do(), scope_of(token.user))))


def _passed(user: User, given: Written) -> Handoff:
    lead_id = given.text("lead_id").strip()
    if set(given.parts) <= {"lead_id", "note"} and lead_id and live().lead(lead_id):
        how = passing.Passing(note=passing.checked_text(given.text("note"), "note"))
        return passing.pass_lead(user, passing.lead_of_books(user, lead_id), how)
    how = passing.Passing(passing.fresh_token(), passing.checked_text(given.text("note"), "note"))
    return passing.pass_lead(user, _described(given, lead_id, how.token), how)


def _described(given: Written, lead_id: str, token: str) -> Lead:
    """Return a lead as a program describes it.

    Raises:
        RequestError: If a part is too long, or names nothing.
    """
    parts = {name: given.text(name) for name in ("account", "about", "campaign", "source")}
    for name, text in {**parts, "lead_id": lead_id}.items():
        if len(text) > _LONGEST:
            raise RequestError([Problem(name, f"at most {_LONGEST} characters")])
    found, said = lead_of({**parts, "lead": lead_id}, _score(given), token)
    if said:
        raise RequestError([Problem("", each) for each in said])
    return found


def _score(given: Written) -> Decimal | None:
    score = given.parts.get("score")
    if score is None:
        return None
    if isinstance(score, bool) or not isinstance(score, int | float) or abs(score) >= 10**12:
        raise RequestError([Problem("score", "a number such as 72 belongs here")])
    return Decimal(str(score))


def _instant(given: Written) -> dt.datetime | None:
    text = given.text("at")
    if not text:
        return None
    try:
        at = dt.datetime.fromisoformat(text)
        return timezone.make_aware(at) if at.tzinfo is None else at.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        says = "an instant such as 2026-07-01T09:30:00+02:00 belongs here"
        raise RequestError([Problem("at", says)]) from None


def _whole(handoff: Handoff, scope: Scope) -> dict[str, Any]:
    story = [_report(each, scope) for each in handoff.happenings.all()]
    told = {**_short(handoff, scope), "about": handoff.about, "note": handoff.note}
    return {**told, "story": story}


def _short(handoff: Handoff, scope: Scope) -> dict[str, Any]:
    return {
        "id": handoff.pk,
        "lead_id": handoff.lead_id,
        "round": handoff.round,
        "state": str(handoff.state),
        "account_id": handoff.account_id or None,
        "campaign_id": handoff.campaign_id or None,
        "source": handoff.source or None,
        "score": plain(handoff.score),
        "passed_at": handoff.passed_at.isoformat(),
        "owner_id": handoff.owner_person_id or None,
        "team": handoff.team or None,
        "rule": str(handoff.rule),
        "why": handoff.why,
        "assigned_at": _iso(handoff.assigned_at),
        "first_response_at": _iso(handoff.responded_at),
        "respond_by": _iso(handoff.respond_by),
        "verdict_at": _iso(handoff.verdict_at),
        "judge_by": _iso(handoff.judge_by),
        "rejection_reason": handoff.reason or None,
        "escalated_to": handoff.escalated_to or None,
        "deal_id": deal_shown(scope, handoff.deal_id) or None,
    }


def _report(happening: Happening, scope: Scope) -> dict[str, Any]:
    return {
        "kind": str(happening.kind),
        "at": happening.at.isoformat(),
        "recorded_at": happening.recorded_at.isoformat(),
        "source": str(happening.source),
        "by": happening.actor_id,
        "person_id": happening.person_id or None,
        "reason": happening.reason or None,
        "deal_id": deal_shown(scope, happening.deal_id) or None,
        "comment": happening.comment,
        "detail": happening.detail,
    }


def _iso(at: dt.datetime | None) -> str | None:
    return None if at is None else at.isoformat()
