"""What makes the database itself keep minutes as they were closed.

Nothing is written into a review that is over, and nothing taken out of it. People may be forgotten,
and an action goes on until somebody settles it.
"""

from __future__ import annotations

from counterpoise.web.guarding import Deed, Guard

_OVER = "('held', 'skipped')"
"""Written here, not asked for: the SQL below is made of the module's own words alone."""

_MINUTES = "closed minutes are never changed"


def _of_review(column: str) -> str:
    return f"{column} IN (SELECT id FROM joint_jointreview WHERE state IN {_OVER})"  # noqa: S608


def _of_point(column: str) -> str:
    points = f"SELECT id FROM joint_point WHERE {_of_review('review_id')}"  # noqa: S608
    return f"{column} IN ({points})"


def _closed(table: str, of: str) -> tuple[Guard, ...]:
    """Return what refuses rows that come or go once their review is over."""
    condition = _of_review if of == "review_id" else _of_point
    return (
        Guard(table, _MINUTES, when=condition(f"NEW.{of}"), deed=Deed.ADD, name="none_added"),
        Guard(table, _MINUTES, when=condition(f"OLD.{of}"), deed=Deed.REMOVE, name="none_removed"),
    )


GUARDS = (
    Guard(
        "joint_jointreview",
        "a joint review that is over is never changed",
        kept=("period_on", "until_on", "starts_at", "state", "begun_at", "ended_at", "ended_by_id"),
        words=("reason",),
        when=f"OLD.state IN {_OVER}",
    ),
    Guard(
        "joint_jointreview",
        "a joint review that is over is never removed",
        when=f"OLD.state IN {_OVER}",
        deed=Deed.REMOVE,
        name="kept",
    ),
    Guard(
        "joint_presence",
        "who was at a joint review is never changed",
        kept=("review_id", "user_id", "side", "is_there"),
        when=_of_review("OLD.review_id"),
    ),
    *_closed("joint_presence", "review_id"),
    Guard(
        "joint_point",
        _MINUTES,
        kept=("review_id", "section", "place", "says", "at", "side", "notes", "version"),
        when=_of_review("OLD.review_id"),
    ),
    *_closed("joint_point", "review_id"),
    Guard(
        "joint_revision",
        "what somebody left as notes is never changed",
        kept=("point_id", "version", "by_id", "at", "token"),
        words=("text",),
    ),
    *_closed("joint_revision", "point_id"),
    Guard(
        "joint_decision",
        "what both sides decided is never changed",
        kept=("point_id", "text", "by_id", "at", "token"),
    ),
    Guard(
        "joint_decision",
        _MINUTES,
        kept=("struck_at",),
        when=_of_point("OLD.point_id"),
        name="closed",
    ),
    *_closed("joint_decision", "point_id"),
    Guard(
        "joint_action",
        "what somebody promised to do is never changed",
        kept=("point_id", "text", "due_on", "by_id", "at", "token"),
    ),
    Guard(
        "joint_action",
        "an action is settled once",
        kept=("state", "settled_at", "settled_by_id", "owner_id"),
        when="OLD.state <> 'open'",
        name="settled",
    ),
    *_closed("joint_action", "point_id"),
)
