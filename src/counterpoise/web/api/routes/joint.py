"""Joint reviews for programs: when they are, what is on the agenda, and the minutes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import PathEx, QueryEx, Router, Schema
from ninja.params import P

from counterpoise.agreement import Side
from counterpoise.web.api.authentication import TokenAuth, token_of
from counterpoise.web.api.problems import refused
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.sending import example_of, json_answer
from counterpoise.web.joint import written
from counterpoise.web.joint.models import JointReview
from counterpoise.web.joint.page import page_of
from counterpoise.web.joint.states import ActionState, ReviewState

router = Router(tags=["Joint reviews"])
_READ = TokenAuth(TokenScope.READ)
_A_PAGE = 50

ReviewId = PathEx[int, P(ge=1, le=2**63 - 1, description="The number in the review's address.")]
Page = QueryEx[int, P(ge=1, le=100_000, description="The page; 50 a page, the latest first.")]


class JointReviewShape(Schema):
    """A joint review: when, and where it stands."""

    id: int
    starts_at: dt.datetime
    minutes: int
    place: str
    state: ReviewState
    reason: str
    """Why it was skipped."""


class JointReviewsShape(Schema):
    """Joint reviews, the latest first."""

    joint_reviews: list[JointReviewShape]


class AttendantShape(Schema):
    """Somebody who was there, with their side of that day."""

    id: int
    name: str
    side: Side


class OwnerShape(Schema):
    """Who does it."""

    id: int
    name: str


class DecidedShape(Schema):
    """What both sides decided."""

    id: int
    text: str
    at: dt.datetime


class ActionShape(Schema):
    """What somebody promised to do."""

    id: int
    text: str
    owner: OwnerShape
    due_on: dt.date
    state: ActionState


class PointShape(Schema):
    """A point of the agenda with its minutes."""

    id: int | None
    """Nothing as long as the review did not begin, unless somebody brought it."""
    section: str
    says: str
    url: str
    side: Side
    at: dt.datetime | None
    notes: str
    version: int
    """Counts what was written into the notes."""
    decisions: list[DecidedShape]
    actions: list[ActionShape]


class WholeJointReviewShape(JointReviewShape):
    """A joint review with its agenda; of one to come, as it would be now."""

    there: list[AttendantShape]
    points: list[PointShape]


SHORT: dict[str, Any] = {
    "id": 3,
    "starts_at": "2026-07-06T08:00:00+00:00",
    "minutes": 45,
    "place": "",
    "state": "held",
    "reason": "",
}
POINT: dict[str, Any] = {
    "id": 14,
    "section": "goals",
    "says": "Price realization: 91.1% where at least 91.8% is wanted, behind",
    "url": "/agreement/#goals.realization",
    "side": "both",
    "at": None,
    "notes": "Quarter ends weigh most.",
    "version": 2,
    "decisions": [{"id": 1, "text": "Offers go out early.", "at": "2026-07-06T08:12:00+00:00"}],
    "actions": [],
}
WHOLE: dict[str, Any] = {
    **SHORT,
    "there": [{"id": 2, "name": "Hugo Imhof", "side": "sales"}],
    "points": [POINT],
}


@router.get(
    "joint-reviews",
    auth=_READ,
    response=JointReviewsShape,
    operation_id="list_joint_reviews",
    summary="Joint reviews",
    openapi_extra=example_of({"joint_reviews": [SHORT]}),
)
def list_joint_reviews(request: HttpRequest, page: Page = 1) -> HttpResponse:
    """List joint reviews, those to come and those that were held or skipped."""
    first = (page - 1) * _A_PAGE
    found = JointReview.objects.order_by("-starts_at", "-pk")[first : first + _A_PAGE]
    return json_answer({"joint_reviews": [written.short(each) for each in found]})


@router.get(
    "joint-reviews/{review_id}",
    auth=_READ,
    response=WholeJointReviewShape,
    operation_id="read_joint_review",
    summary="One joint review",
    openapi_extra=example_of(WHOLE),
)
def read_joint_review(request: HttpRequest, review_id: ReviewId) -> HttpResponse:
    """Return a joint review with its agenda, notes, decisions and actions."""
    found = JointReview.objects.filter(pk=review_id).first()
    if found is None:
        raise refused("no-joint-review", "There is no such joint review.", status=404)
    return json_answer(written.whole(page_of(found, token_of(request).user)))
