"""Cracks for programs: those that the person of the token sees, and what they may do about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import PathEx, QueryEx, Router, Schema
from ninja.params import P

from counterpoise.agreement import Side
from counterpoise.desk import RequestError
from counterpoise.desk.request import Problem
from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.idempotency import KEY, once
from counterpoise.web.api.problems import refused
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import body_of, example_of, json_answer
from counterpoise.web.api.written import Written, written_of
from counterpoise.web.cracks import acting, lines, money, written
from counterpoise.web.cracks.life import CrackState, Deed
from counterpoise.web.cracks.models import LONGEST_TEXT, Crack
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import visible_to
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import latest

router = Router(tags=["Cracks"])
_READ = TokenAuth(TokenScope.READ, TokenScope.CRACKS)
_ACT = TokenAuth(TokenScope.CRACKS)
_LARGEST_ID = 2**63 - 1

CrackId = PathEx[str, P(pattern="^[-a-zA-Z0-9_]{1,200}$", description="The id of a crack.")]
Page = QueryEx[int, P(ge=1, le=100_000, description="The page of rows behind it.")]
StateName = QueryEx[
    str,
    P(pattern=f"^({'|'.join(lines.STATES)})$", description="Where cracks stand; open by default."),
]
Kind = QueryEx[str, P(pattern="^[a-z_]{0,60}$", description="Only cracks of this kind.")]
Order = QueryEx[
    str, P(pattern="^(stake|age|side)$", description="Most money first, or the oldest first.")
]


class SubjectShape(Schema):
    """What or whom a crack is about; a person is named to who opened it."""

    type: str
    id: str
    name: str


class PersonShape(Schema):
    """Somebody of the room."""

    id: int
    name: str


class CrackShape(Schema):
    """A crack: as the review has it, and where it stands."""

    id: str
    kind: str
    variant: str
    side: Side
    subject: SubjectShape
    says: str
    observed: float | None
    expected: float | None
    low: float | None
    high: float | None
    n: int | None
    q_value: float | None
    stake: float
    """Money a quarter."""
    stake_formula: str
    since: dt.date | None
    next_step: str
    state: CrackState
    opened_at: dt.datetime
    shown_at: dt.datetime
    """From when on others than the person named see it."""
    owner: PersonShape | None
    due_on: dt.date | None
    accepted_until: dt.date | None
    closed_at: dt.datetime | None
    is_looked_at: bool
    """Whether whom it is about is told: it is one's own, or was opened today."""


class CracksShape(Schema):
    """Where agreement and reality part, and what is not watched, with the reason."""

    cracks: list[CrackShape]
    stake: float
    """What they are worth together a quarter; a deal's money counts once."""
    not_watched: list[dict[str, Any]]


class MeasuredShape(Schema):
    """What one review measured."""

    as_of: dt.date
    is_found: bool
    observed: float | None
    expected: float | None
    q_value: float | None
    stake: float


class DeedShape(Schema):
    """Something that was done, by a person or by a review."""

    deed: Deed
    at: dt.datetime
    by: PersonShape | None
    text: str
    owner: PersonShape | None
    until_on: dt.date | None


class RowShape(Schema):
    """A row behind a crack."""

    id: str | None
    stake_part: float


class RowsShape(Schema):
    """A page of the rows that open."""

    kind: str | None
    count: int
    open_to_you: int
    page: int
    rows: list[RowShape]


class WholeCrackShape(CrackShape):
    """A crack with its evidence and its story."""

    other_view: str
    history: list[MeasuredShape]
    story: list[DeedShape]
    rows: RowsShape
    may_answer: bool
    possible_owners: list[PersonShape]


_CRACK: dict[str, Any] = {
    "id": "discount_drift-team-5e1f0a3c",
    "kind": "discount_drift",
    "variant": "team",
    "side": "sales",
    "subject": {"type": "team", "id": "North", "name": "North"},
    "says": "North gives 4.6 points more discount than colleagues on the same mix.",
    "observed": 0.104,
    "expected": 0.058,
    "low": 0.097,
    "high": 0.111,
    "n": 126,
    "q_value": 0.002,
    "stake": 26916.87,
    "stake_formula": "points above what is expected × list value of won deals a quarter",
    "since": "2025-10-01",
    "next_step": "Go through the three deepest deals.",
    "state": "new",
    "opened_at": "2026-07-01T06:00:00+00:00",
    "shown_at": "2026-07-01T06:00:00+00:00",
    "owner": None,
    "due_on": None,
    "accepted_until": None,
    "closed_at": None,
    "is_looked_at": True,
}
_WHOLE: dict[str, Any] = {
    **_CRACK,
    "other_view": "A competitor was named on 45% of their deals, on 40% of all.",
    "history": [
        {
            "as_of": "2026-06-30",
            "is_found": True,
            "observed": 0.104,
            "expected": 0.058,
            "q_value": 0.002,
            "stake": 26916.87,
        }
    ],
    "story": [
        {
            "deed": "found",
            "at": "2026-07-01T06:00:00+00:00",
            "by": None,
            "text": "",
            "owner": None,
            "until_on": None,
        }
    ],
    "rows": {"kind": "deal", "count": 0, "open_to_you": 0, "page": 1, "rows": []},
    "may_answer": True,
    "possible_owners": [],
}
_TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
_DAY = {"type": "string", "format": "date"}
_ANSWER = {"type": "object", "required": ["text"], "properties": {"text": _TEXT}}
_ASSIGN = {
    "type": "object",
    "required": ["owner", "due_on"],
    "properties": {
        "owner": {
            "type": "integer",
            "minimum": 1,
            "maximum": _LARGEST_ID,
            "description": "One of `possible_owners`.",
        },
        "due_on": _DAY,
    },
}
_ACCEPT = {
    "type": "object",
    "required": ["reason", "until_on"],
    "properties": {"reason": _TEXT, "until_on": _DAY},
}


@router.get(
    "cracks",
    auth=_READ,
    response=CracksShape,
    operation_id="list_cracks",
    summary="Cracks that you see",
    openapi_extra=example_of({"cracks": [_CRACK], "stake": 26916.87, "not_watched": []}),
)
def list_cracks(
    request: HttpRequest,
    state: StateName = lines.OPEN_ONES,
    side: Side | None = None,
    kind: Kind = "",
    order: Order = "stake",
) -> HttpResponse:
    """List where agreement and reality part, as the person of the token sees it."""
    user, kept = token_of(request).user, latest()
    wanted = lines.Wanted(state, side.value if side else "", kind, order)
    found = wanted.among(visible_to(user))
    naming = Naming(user)
    told = {
        "cracks": [written.short(crack, naming) for crack in found],
        "stake": round(money.total(found, money.parts_of(kept)), 2),
        "not_watched": kept.object["not_watched"] if kept else [],
    }
    return json_answer(told)


@router.get(
    "cracks/{crack_id}",
    auth=_READ,
    response=WholeCrackShape,
    operation_id="read_crack",
    summary="One crack",
    openapi_extra=example_of(_WHOLE),
)
def read_crack(request: HttpRequest, crack_id: CrackId, page: Page = 1) -> HttpResponse:
    """Return a crack with its evidence; one about another person is opened first."""
    user = token_of(request).user
    found, naming = _found(user, crack_id), Naming(user)
    if not naming.opened(found):
        says = "This crack is about a person; open it by POST …/look, which the trail keeps."
        raise refused("look-first", says, status=409)
    return json_answer(written.whole(found, naming, latest(), page))


@router.post(
    "cracks/{crack_id}/look",
    auth=_ACT,
    response=WholeCrackShape,
    operation_id="look_at_crack",
    summary="Open a crack about another person",
    openapi_extra={**KEY, **example_of(_WHOLE)},
)
def look_at_crack(request: HttpRequest, crack_id: CrackId) -> HttpResponse:
    """Open a crack about another person for today; the audit trail keeps who did."""
    return _done(request, crack_id, lambda user: acting.look(user, crack_id))


@router.post(
    "cracks/{crack_id}/answer",
    auth=_ACT,
    response=WholeCrackShape,
    operation_id="answer_crack",
    summary="Answer a crack",
    openapi_extra={
        **KEY,
        **body_of(_ANSWER, {"text": "Two of the three were renewals at last year's price."}),
        **example_of({**_WHOLE, "state": "answered"}),
    },
)
def answer_crack(request: HttpRequest, crack_id: CrackId) -> HttpResponse:
    """Answer: about a person only that person does, else somebody of the side that should act."""
    _found(token_of(request).user, crack_id)
    text = written_of(request.body, ("text",)).text("text")
    return _done(request, crack_id, lambda user: acting.answer(user, crack_id, text))


@router.post(
    "cracks/{crack_id}/assign",
    auth=_ACT,
    response=WholeCrackShape,
    operation_id="assign_crack",
    summary="Give a crack an owner and a due day",
    openapi_extra={
        **KEY,
        **body_of(_ASSIGN, {"owner": 3, "due_on": "2026-07-31"}),
        **example_of({**_WHOLE, "state": "healing"}),
    },
)
def assign_crack(request: HttpRequest, crack_id: CrackId) -> HttpResponse:
    """Give a crack an owner and a day; from then on reviews measure whether it heals."""
    _found(token_of(request).user, crack_id)
    given = written_of(request.body, ("owner", "due_on"))
    owner = User.objects.filter(pk=given.number("owner") or 0).first()
    if owner is None:
        raise RequestError([Problem("owner", "nobody has this number; see possible_owners")])
    due_on = _day(given, "due_on")
    return _done(request, crack_id, lambda user: acting.assign(user, crack_id, owner, due_on))


@router.post(
    "cracks/{crack_id}/accept",
    auth=_ACT,
    response=WholeCrackShape,
    operation_id="accept_crack",
    summary="Accept a crack for a time",
    openapi_extra={
        **KEY,
        **body_of(_ACCEPT, {"reason": "Agreed for the launch.", "until_on": "2026-09-30"}),
        **example_of({**_WHOLE, "state": "accepted"}),
    },
)
def accept_crack(request: HttpRequest, crack_id: CrackId) -> HttpResponse:
    """Accept a crack with a reason and a last day; it is measured on all the same."""
    _found(token_of(request).user, crack_id)
    given = written_of(request.body, ("reason", "until_on"))
    reason, until_on = given.text("reason"), _day(given, "until_on")
    return _done(request, crack_id, lambda user: acting.accept(user, crack_id, reason, until_on))


def _found(user: User, crack_id: str) -> Crack:
    return get_object_or_404(visible_to(user), slug=crack_id)


def _day(given: Written, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(given.text(name))
    except ValueError:
        raise RequestError([Problem(name, "a day such as 2026-07-31 belongs here")]) from None


def _done(request: HttpRequest, crack_id: str, do: Callable[[User], object]) -> HttpResponse:
    """Do something once, and return the crack as it then stands."""
    token = token_of(request)
    found = _found(token.user, crack_id)

    def act() -> HttpResponse:
        do(token.user)
        crack, naming = visible_to(token.user).get(pk=found.pk), Naming(token.user)
        if naming.opened(crack):
            return json_answer(written.whole(crack, naming, latest(), 1))
        return json_answer({**_unopened(crack, naming)})

    return once(request, token, act)


def _unopened(crack: Crack, naming: Naming) -> dict[str, Any]:
    """Return what may be told of a crack that was assigned without being opened."""
    return {
        **written.short(crack, naming),
        "other_view": "",
        "history": [],
        "story": [],
        "rows": {"kind": None, "count": 0, "open_to_you": 0, "page": 1, "rows": []},
        "may_answer": False,
        "possible_owners": [],
    }
