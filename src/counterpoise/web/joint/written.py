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
        "points": [_point(each) for each in page.points],
    }


def _point(spoken: Spoken) -> dict[str, Any]:
    point = spoken.point
    return {
        "section": point.section,
        "says": point.says,
        "url": point.url,
        "side": point.side,
        "at": point.at and point.at.isoformat(),
        "notes": point.notes,
        "decisions": [_decision(each) for each in spoken.decisions if not each.struck_at],
        "actions": [_action(each.action) for each in spoken.actions],
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {"id": decision.pk, "text": decision.text, "at": decision.at.isoformat()}


def _action(action: Action) -> dict[str, Any]:
    return {
        "id": action.pk,
        "text": action.text,
        "owner": {"id": action.owner_id, "name": str(action.owner)},
        "due_on": action.due_on.isoformat(),
        "state": action.state,
    }
