"""Joint reviews by programs: planning and holding them, and what is written into the minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from ninja import PathEx
from ninja.params import P

from counterpoise.desk import RequestError
from counterpoise.desk.request import Problem
from counterpoise.web.api.authentication import TokenAuth
from counterpoise.web.api.filling import done, filled, form_token
from counterpoise.web.api.idempotency import KEY
from counterpoise.web.api.problems import refused
from counterpoise.web.api.routes.joint import (
    POINT,
    SHORT,
    WHOLE,
    ActionShape,
    JointReviewShape,
    PointShape,
    ReviewId,
    WholeJointReviewShape,
    router,
)
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import body_of, example_of
from counterpoise.web.api.tool_shapes import LARGEST_ID
from counterpoise.web.api.written import Written, written_of
from counterpoise.web.joint import beginning, planning, writing, written
from counterpoise.web.joint.forms import ActionForm, NotesForm, PointForm, SkipForm, WriteForm
from counterpoise.web.joint.models import (
    LONGEST_LINE,
    LONGEST_NOTES,
    LONGEST_TEXT,
    Action,
    Decision,
    JointReview,
    Point,
)
from counterpoise.web.joint.page import one, page_of, spoken_of
from counterpoise.web.joint.states import ActionState
from counterpoise.web.people.models import User

__all__ = ["router"]  # an address has one router, whether it is read or written to
_ACT = TokenAuth(TokenScope.TALK)
_YEARS = range(2000, 2200)

PointId = PathEx[int, P(ge=1, le=LARGEST_ID, description="The number of a point.")]
DecisionId = PathEx[int, P(ge=1, le=LARGEST_ID, description="The number of a decision.")]
ActionId = PathEx[int, P(ge=1, le=LARGEST_ID, description="The number of an action.")]


class NotedShape(PointShape):
    """A point after its notes were written."""

    is_merged: bool
    """Whether somebody else had written meanwhile; what both wrote stands."""


def _text(longest: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest}


def _body(required: list[str], **parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": parts}


_DAY = {"type": "string", "format": "date"}
_OWNER = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
_MOVED = _body(["starts_at"], starts_at={"type": "string", "format": "date-time"})
_SKIPPED = _body(["reason"], reason=_text(LONGEST_LINE))
_BROUGHT = _body(["says"], says=_text(LONGEST_LINE))
_NOTES = _body(
    ["text"],
    text={"type": "string", "maxLength": LONGEST_NOTES},
    version={
        "type": ["integer", "null"],
        "minimum": 0,
        "maximum": 2**31 - 1,
        "description": "The notes are written anew from this version; without it, they are "
        "followed by a paragraph.",
    },
)
_DECIDED = _body(["text"], text=_text(LONGEST_TEXT))
_PROMISED = _body(["text", "owner", "due_on"], text=_text(LONGEST_TEXT), owner=_OWNER, due_on=_DAY)
_SETTLED = _body(["state"], state={"type": "string", "enum": ["done", "dropped"]})
_ACTION = {
    "id": 5,
    "text": "Bring the list of offers.",
    "owner": {"id": 2, "name": "Hugo Imhof"},
    "due_on": "2026-07-20",
    "state": "done",
}
_PROMISES = {"text": "Bring the list of offers.", "owner": 2, "due_on": "2026-07-20"}


@router.post(
    "joint-reviews",
    auth=_ACT,
    response={201: JointReviewShape},
    operation_id="plan_joint_review",
    summary="Plan the next joint review",
    openapi_extra={**KEY, **example_of({**SHORT, "state": "planned"}, status=201)},
)
def plan_joint_review(request: HttpRequest) -> HttpResponse:
    """Plan the next review by the agreement's rhythm, or return the one that is planned."""

    def act(user: User) -> object:
        planned = planning.plan_now(user) or planning.next_review()
        return written.short(planned) if planned else {}

    return done(request, act, 201)


@router.post(
    "joint-reviews/{review_id}/move",
    auth=_ACT,
    response=JointReviewShape,
    operation_id="move_joint_review",
    summary="Hold a joint review at another moment",
    openapi_extra={
        **KEY,
        **body_of(_MOVED, {"starts_at": "2026-07-07T08:00:00Z"}),
        **example_of({**SHORT, "state": "planned"}),
    },
)
def move_joint_review(request: HttpRequest, review_id: ReviewId) -> HttpResponse:
    """Move a planned review; calendars follow."""
    _review(review_id)
    starts_at = _moment(written_of(request.body, ("starts_at",)))
    return done(request, lambda user: written.short(planning.move(user, review_id, starts_at)))


@router.post(
    "joint-reviews/{review_id}/skip",
    auth=_ACT,
    response=JointReviewShape,
    operation_id="skip_joint_review",
    summary="Skip a joint review",
    openapi_extra={
        **KEY,
        **body_of(_SKIPPED, {"reason": "Everybody is at the fair."}),
        **example_of({**SHORT, "state": "skipped", "reason": "Everybody is at the fair."}),
    },
)
def skip_joint_review(request: HttpRequest, review_id: ReviewId) -> HttpResponse:
    """Skip a planned review with a reason that both sides read."""
    _review(review_id)
    given = written_of(request.body, ("reason",))
    reason = filled(SkipForm({"reason": given.text("reason")})).cleaned_data["reason"]
    return done(request, lambda user: written.short(planning.skip(user, review_id, reason)))


@router.post(
    "joint-reviews/{review_id}/begin",
    auth=_ACT,
    response=WholeJointReviewShape,
    operation_id="begin_joint_review",
    summary="Begin a joint review",
    openapi_extra={**KEY, **example_of({**WHOLE, "state": "open"})},
)
def begin_joint_review(request: HttpRequest, review_id: ReviewId) -> HttpResponse:
    """Begin a planned review; its agenda is kept as it stands."""
    return _held(request, review_id, beginning.begin)


@router.post(
    "joint-reviews/{review_id}/come",
    auth=_ACT,
    response=WholeJointReviewShape,
    operation_id="come_to_joint_review",
    summary="Say that one is there",
    openapi_extra={**KEY, **example_of({**WHOLE, "state": "open"})},
)
def come_to_joint_review(request: HttpRequest, review_id: ReviewId) -> HttpResponse:
    """Say that the token's person is at an open review, or means to come to a planned one."""
    return _held(request, review_id, beginning.come)


@router.post(
    "joint-reviews/{review_id}/close",
    auth=_ACT,
    response=WholeJointReviewShape,
    operation_id="close_joint_review",
    summary="Close the minutes",
    openapi_extra={**KEY, **example_of(WHOLE)},
)
def close_joint_review(request: HttpRequest, review_id: ReviewId) -> HttpResponse:
    """Close the minutes of a review to which both sides came; they stay as they are."""
    return _held(request, review_id, beginning.close)


@router.post(
    "joint-reviews/{review_id}/points",
    auth=_ACT,
    response={201: PointShape},
    operation_id="bring_point",
    summary="Bring a point of one's own",
    openapi_extra={
        **KEY,
        **body_of(_BROUGHT, {"says": "Prices of valves"}),
        **example_of({**POINT, "section": "added"}, status=201),
    },
)
def bring_point(request: HttpRequest, review_id: ReviewId) -> HttpResponse:
    """Bring a point to a review that is planned or open."""
    _review(review_id)
    told = {"says": written_of(request.body, ("says",)).text("says"), "token": form_token()}
    given = filled(PointForm(told)).cleaned_data

    def act(user: User) -> object:
        return _point(user, beginning.bring(user, review_id, given["says"], given["token"]).pk)

    return done(request, act, 201)


@router.post(
    "joint-points/{point_id}/notes",
    auth=_ACT,
    response=NotedShape,
    operation_id="write_notes",
    summary="Write the minutes of a point",
    openapi_extra={
        **KEY,
        **body_of(_NOTES, {"text": "Quarter ends weigh most."}),
        **example_of({**POINT, "is_merged": False}),
    },
)
def write_notes(request: HttpRequest, point_id: PointId) -> HttpResponse:
    """Add a paragraph, or write the notes anew from a version; nothing of others is lost."""
    _kept_point(point_id)
    given = written_of(request.body, ("text", "version"))
    if given.parts.get("version") is None:
        text, token = _words(given)

        def add(user: User) -> object:
            writing.note(user, point_id, text, token)
            return {**_point(user, point_id), "is_merged": False}

        return done(request, add)
    version = given.parts["version"]
    if not isinstance(version, int) or isinstance(version, bool):
        raise RequestError([Problem("version", "the number of a version belongs here")])
    told = {"text": given.text("text"), "version": version, "token": form_token()}
    notes = filled(NotesForm(told)).cleaned_data

    def anew(user: User) -> object:
        said = writing.edit(user, point_id, notes["version"], notes["text"], notes["token"])
        return {**_point(user, point_id), "is_merged": said.is_merged}

    return done(request, anew)


@router.post(
    "joint-points/{point_id}/decisions",
    auth=_ACT,
    response={201: PointShape},
    operation_id="write_decision",
    summary="Write down what both sides decided",
    openapi_extra={
        **KEY,
        **body_of(_DECIDED, {"text": "Offers go out early."}),
        **example_of(POINT, status=201),
    },
)
def write_decision(request: HttpRequest, point_id: PointId) -> HttpResponse:
    """Write a decision down at a point of an open review."""
    _kept_point(point_id)
    text, token = _words(written_of(request.body, ("text",)))

    def act(user: User) -> object:
        writing.decide(user, point_id, text, token)
        return _point(user, point_id)

    return done(request, act, 201)


@router.post(
    "joint-decisions/{decision_id}/strike",
    auth=_ACT,
    response=PointShape,
    operation_id="strike_decision",
    summary="Strike a decision out",
    openapi_extra={**KEY, **example_of({**POINT, "decisions": []})},
)
def strike_decision(request: HttpRequest, decision_id: DecisionId) -> HttpResponse:
    """Strike a decision out while the review is open."""
    found = Decision.objects.filter(pk=decision_id).first()
    if found is None:
        raise refused("not-there", "There is no such decision.", status=404)
    point_id = found.point_id

    def act(user: User) -> object:
        writing.strike(user, decision_id)
        return _point(user, point_id)

    return done(request, act)


@router.post(
    "joint-points/{point_id}/actions",
    auth=_ACT,
    response={201: PointShape},
    operation_id="write_action",
    summary="Write down who does what until when",
    openapi_extra={
        **KEY,
        **body_of(_PROMISED, _PROMISES),
        **example_of({**POINT, "actions": [{**_ACTION, "state": "open"}]}, status=201),
    },
)
def write_action(request: HttpRequest, point_id: PointId) -> HttpResponse:
    """Write an action down at a point of an open review; it waits on its owner's home page."""
    _kept_point(point_id)
    given = written_of(request.body, ("text", "owner", "due_on"))
    text, token = _words(given)
    told = {"owner": given.number("owner"), "due_on": given.text("due_on")}

    def act(user: User) -> object:
        form = filled(ActionForm(point_id, told))
        due_on = form.cleaned_data["due_on"]
        writing.promise(user, point_id, text, form.chosen(), due_on, token)
        return _point(user, point_id)

    return done(request, act, 201)


@router.post(
    "joint-actions/{action_id}/settle",
    auth=_ACT,
    response=ActionShape,
    operation_id="settle_action",
    summary="Tick an action off, or drop it",
    openapi_extra={**KEY, **body_of(_SETTLED, {"state": "done"}), **example_of(_ACTION)},
)
def settle_action(request: HttpRequest, action_id: ActionId) -> HttpResponse:
    """Tick off or drop an action of one's own; who signs for a side settles any."""
    if not Action.objects.filter(pk=action_id).exists():
        raise refused("not-there", "There is no such action.", status=404)
    state = written_of(request.body, ("state",)).word("state", ActionState)
    if state is ActionState.OPEN:
        raise RequestError([Problem("state", "done or dropped belongs here")])
    return done(request, lambda user: written.action_object(writing.settle(user, action_id, state)))


def _held(request: HttpRequest, review_id: int, act: Callable[[User, int], object]) -> HttpResponse:
    """Do something about a whole review, and return it as it then stands."""
    _review(review_id)

    def acted(user: User) -> object:
        act(user, review_id)
        return written.whole(page_of(_review(review_id), user))

    return done(request, acted)


def _review(review_id: int) -> JointReview:
    found = JointReview.objects.filter(pk=review_id).first()
    if found is None:
        raise refused("no-joint-review", "There is no such joint review.", status=404)
    return found


def _kept_point(point_id: int) -> None:
    if not Point.objects.filter(pk=point_id).exists():
        raise refused("not-there", "There is no such point.", status=404)


def _point(user: User, point_id: int) -> dict[str, Any]:
    return written.point_object(spoken_of([one(point_id)], user)[0])


def _words(given: Written) -> tuple[str, str]:
    """Return what somebody writes down, and the token of the form that it stands for."""
    form = filled(WriteForm({"text": given.text("text"), "token": form_token()}))
    return form.cleaned_data["text"], form.cleaned_data["token"]


def _moment(given: Written) -> dt.datetime:
    try:
        found = parse_datetime(given.text("starts_at"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year not in _YEARS:
        raise RequestError([Problem("starts_at", "a moment with its zone belongs here")])
    return found.astimezone(dt.UTC)
