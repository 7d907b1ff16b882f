"""Requests on record, and approvals that wait for the person of the token."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import PathEx, QueryEx, Router, Schema
from ninja.params import P

from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.examples import DECIDE_REQUEST, REQUEST
from counterpoise.web.api.idempotency import KEY, once
from counterpoise.web.api.request_schema import REQUEST_SCHEMA
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import body_of, example_of, json_answer
from counterpoise.web.api.showing import REQUEST_PARTS, RequestShape, show
from counterpoise.web.api.written import written_of
from counterpoise.web.desk import approvals
from counterpoise.web.desk.models import LONGEST_NOTE, Request
from counterpoise.web.desk.requests import Asking, ask, visible_to, withdraw
from counterpoise.web.desk.states import Said, State

router = Router(tags=["Requests and approvals"])
_ASK = TokenAuth(TokenScope.ASK)
_READ = TokenAuth(TokenScope.READ, TokenScope.ASK, TokenScope.APPROVE)
_LARGEST_ID = 2**63 - 1
_A_PAGE = 50

RequestId = PathEx[int, P(ge=1, le=_LARGEST_ID, description="The number of a request.")]
Page = QueryEx[int, P(ge=1, le=100_000, description="The page; 50 requests a page.")]
_ID_SCHEMA = {"type": ["integer", "null"], "minimum": 1, "maximum": _LARGEST_ID}
_ASK_SCHEMA = {
    "type": "object",
    "required": ["request"],
    "properties": {
        "request": REQUEST_SCHEMA,
        "note": {"type": ["string", "null"], "maxLength": LONGEST_NOTE},
        "follows": {**_ID_SCHEMA, "description": "The request that this one takes up again."},
    },
}
_ANSWER_SCHEMA = {
    "type": "object",
    "required": ["said"],
    "properties": {
        "said": {"type": "string", "enum": [said.value for said in Said]},
        "comment": {"type": ["string", "null"], "maxLength": LONGEST_NOTE},
        "counter": {
            **REQUEST_SCHEMA,
            "type": ["object", "null"],
            "description": "The request with other terms, where `said` is `countered`.",
        },
    },
}


class RequestsShape(Schema):
    """A page of requests."""

    requests: list[RequestShape]
    page: int
    more: bool


@router.post(
    "requests",
    auth=_ASK,
    response={201: RequestShape},
    operation_id="ask",
    summary="Put a request on record",
    openapi_extra={
        **KEY,
        **body_of(_ASK_SCHEMA, {"request": DECIDE_REQUEST, "note": "Their budget ends in June."}),
        "responses": {201: {"content": {"application/json": {"example": REQUEST}}}},
    },
)
def ask_request(request: HttpRequest) -> HttpResponse:
    """Ask in the name of the token's person, as their role; who must approve is told."""
    token = token_of(request)
    written = written_of(request.body, ("request", "note", "follows"))

    def act() -> HttpResponse:
        how = Asking(secrets.token_urlsafe(24), written.text("note"), written.number("follows"))
        return json_answer(show(ask(token.user, written.part("request"), how)), 201)

    return once(request, token, act)


@router.get(
    "requests",
    auth=_READ,
    response=RequestsShape,
    operation_id="list_requests",
    summary="Requests that open to you",
    openapi_extra=example_of({"requests": [REQUEST], "page": 1, "more": False}),
)
def list_requests(request: HttpRequest, state: State | None = None, page: Page = 1) -> HttpResponse:
    """List the requests that open to the token's person, the latest first."""
    found = visible_to(token_of(request).user).prefetch_related(*REQUEST_PARTS)
    if state is not None:
        found = found.filter(state=state)
    start = (page - 1) * _A_PAGE
    rows = list(found[start : start + _A_PAGE + 1])
    shown = [show(each) for each in rows[:_A_PAGE]]
    return json_answer({"requests": shown, "page": page, "more": len(rows) > _A_PAGE})


@router.get(
    "requests/{request_id}",
    auth=_READ,
    response=RequestShape,
    operation_id="read_request",
    summary="One request",
    openapi_extra=example_of(REQUEST),
)
def read_request(request: HttpRequest, request_id: RequestId) -> HttpResponse:
    """Return a request with its approvals."""
    return json_answer(show(_found(request, request_id)))


@router.post(
    "requests/{request_id}/withdraw",
    auth=_ASK,
    response=RequestShape,
    operation_id="withdraw_request",
    summary="Take a request back",
    openapi_extra={**KEY, **example_of({**REQUEST, "state": "withdrawn"})},
)
def withdraw_request(request: HttpRequest, request_id: RequestId) -> HttpResponse:
    """Take back an open request of one's own; one that is settled stays as it is."""
    token = token_of(request)
    found = _found(request, request_id)

    def act() -> HttpResponse:
        withdraw(token.user, found.pk)
        return json_answer(show(Request.objects.get(pk=found.pk)))

    return once(request, token, act)


@router.get(
    "approvals",
    auth=TokenAuth(TokenScope.APPROVE, TokenScope.READ),
    response=RequestsShape,
    operation_id="list_approvals",
    summary="Requests that wait for you",
    openapi_extra=example_of({"requests": [REQUEST], "page": 1, "more": False}),
)
def list_approvals(request: HttpRequest) -> HttpResponse:
    """List the requests that wait for an answer of the token's person, the oldest first."""
    found = approvals.waiting_for(token_of(request).user).prefetch_related(*REQUEST_PARTS)
    rows = list(found[: _A_PAGE + 1])
    shown = [show(each) for each in rows[:_A_PAGE]]
    return json_answer({"requests": shown, "page": 1, "more": len(rows) > _A_PAGE})


@router.post(
    "approvals/{request_id}",
    auth=TokenAuth(TokenScope.APPROVE),
    response=RequestShape,
    operation_id="answer_request",
    summary="Approve, refuse or counter",
    openapi_extra={
        **KEY,
        **body_of(_ANSWER_SCHEMA, {"said": "approved", "comment": "Good trade."}),
        **example_of({**REQUEST, "state": "approved"}),
    },
)
def answer_request(request: HttpRequest, request_id: RequestId) -> HttpResponse:
    """Answer what waits for the token's person; nobody answers their own request."""
    token = token_of(request)
    found = _found(request, request_id)
    written = written_of(request.body, ("said", "comment", "counter"))
    said = written.word("said", Said)
    counter = written.part("counter") if said is Said.COUNTERED else None

    def act() -> HttpResponse:
        saying = approvals.Saying(said, written.text("comment"), counter)
        return json_answer(show(approvals.answer(token.user, found.pk, saying)))

    return once(request, token, act)


def _found(request: HttpRequest, request_id: int) -> Request:
    return get_object_or_404(visible_to(token_of(request).user), pk=request_id)
