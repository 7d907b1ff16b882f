"""Joint reviews as programs read them: what the page shows, and nothing of who typed what."""

from __future__ import annotations

from typing import Any

from counterpoise.web.joint.models import Action, Decision, JointReview
from counterpoise.web.joint.page import ReviewPage, Spoken


def short(review: JointReview) -> dict[str, Any]:
    """Return a review as a list carries it."""
    return {
        "id": review.pk,
        "starts_at": review.starts_at.isoformat(),
        "minutes": review.minutes,
        "place": review.place,
        "state": review.state,
        "reason": review.reason,
    }


def whole(page: ReviewPage) -> dict[str, Any]:
    """Return a review with its agenda, its minutes and who was there."""
    return {
        **short(page.review),
        "there": [
            {"id": each.user_id, "name": str(each.user), "side": each.side}
            for each in page.presences
            if each.is_there
        ],
        "points": [point_object(each) for each in page.points],
    }


def point_object(spoken: Spoken) -> dict[str, Any]:
    """Return a point of an agenda with its minutes; one that is not kept yet has no number."""
    point = spoken.point
    return {
        "id": point.pk,
        "section": point.section,
        "says": point.says,
        "url": point.url,
        "side": point.side,
        "at": point.at and point.at.isoformat(),
        "notes": point.notes,
        "version": point.version,
        "decisions": [_decision(each) for each in spoken.decisions if not each.struck_at],
        "actions": [action_object(each.action) for each in spoken.actions],
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {"id": decision.pk, "text": decision.text, "at": decision.at.isoformat()}


def action_object(action: Action) -> dict[str, Any]:
    """Return what somebody is to do."""
    return {
        "id": action.pk,
        "text": action.text,
        "owner": {"id": action.owner_id, "name": str(action.owner)},
        "due_on": action.due_on.isoformat(),
        "state": action.state,
    }
