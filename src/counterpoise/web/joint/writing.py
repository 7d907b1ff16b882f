"""Writing the minutes: notes, decisions and actions, by several people at once.

Every act takes the review's row first, so that acts come one after the other; what somebody wrote
from an earlier state of the notes is merged with what stands. The same form writes once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from counterpoise.web.audit.entries import record
from counterpoise.web.joint.beginning import mark_there
from counterpoise.web.joint.merging import merge
from counterpoise.web.joint.models import (
    LONGEST_NOTES,
    LONGEST_TEXT,
    Action,
    Decision,
    JointReview,
    Point,
    Revision,
)
from counterpoise.web.joint.planning import MOST, ReviewError, named
from counterpoise.web.joint.rights import NotYoursError, may_settle
from counterpoise.web.joint.states import ActionState
from counterpoise.web.once import once_key
from counterpoise.web.people.models import User

_FURTHEST = dt.timedelta(days=5 * 366)
"""How far ahead something is promised; a day beyond that is mistyped."""


@dataclass(frozen=True)
class Noted:
    """What came of writing notes."""

    point: Point
    is_merged: bool
    """Whether somebody else had written meanwhile."""


def note(user: User, point_id: int, text: str, token: str) -> Point:
    """Add a paragraph to the notes of a point.

    Raises:
        ReviewError: If the review is not open, or nothing is said.
    """
    said = _said(text)
    with _open(user, point_id) as point:
        _keep(user, point, f"{point.notes}\n{said}".strip(), once_key(token, said))
    return point


def edit(user: User, point_id: int, version: int, text: str, token: str) -> Noted:
    """Write the notes of a point anew, from the version that one read.

    Raises:
        ReviewError: If the review is not open, or there was no such version.
    """
    said = "\n".join(line.rstrip() for line in text.strip().splitlines())
    key = once_key(token, version, said)
    with _open(user, point_id) as point:
        is_merged = version != point.version
        if is_merged:
            said = merge(_text_of(point, version), point.notes, said)
        if said != point.notes:
            _keep(user, point, said, key)
    return Noted(point, is_merged)


def decide(user: User, point_id: int, text: str, token: str) -> Decision:
    """Write down what both sides decided.

    Raises:
        ReviewError: If the review is not open or full, or nothing is said.
    """
    said = _said(text)
    with _open(user, point_id) as point:
        made, is_new = Decision.objects.get_or_create(
            by=user,
            token=once_key(token, said),
            defaults={"point": point, "text": said, "at": timezone.now()},
        )
        if is_new:
            decisions = Decision.objects.filter(point__review_id=point.review_id).count()
            _refuse_more(decisions, "decisions")
            detail = {"point": point.pk, "decision": made.pk}
            record(user, "joint_review.decided", named(point.review), {**detail})
    return made


def strike(user: User, decision_id: int) -> Decision:
    """Strike a decision out while the review is open; it stays to be read.

    Raises:
        ReviewError: If the review is not open.
    """
    found = Decision.objects.get(pk=decision_id)
    with _open(user, found.point_id) as point:
        if Decision.objects.filter(pk=found.pk, struck_at=None).update(struck_at=timezone.now()):
            detail = {"decision": found.pk}
            record(user, "joint_review.struck", named(point.review), {**detail})
    return found


def promise(
    user: User, point_id: int, text: str, owner: User, due_on: dt.date, token: str
) -> Action:
    """Write down what somebody is to do until a day.

    Raises:
        ReviewError: If the review is not open, nothing is said, the day is over or years ahead, or
            the review is full.
    """
    said, today = _said(text), timezone.localdate()
    if due_on < today:
        raise ReviewError("Choose a day that is still to come.")
    if due_on > today + _FURTHEST:
        raise ReviewError("That is years ahead; choose a day that somebody will remember.")
    if not owner.is_active:
        raise ReviewError(f"{owner} is not in the room any more.")
    with _open(user, point_id) as point:
        defaults = {
            "point": point,
            "text": said,
            "owner": owner,
            "due_on": due_on,
            "at": timezone.now(),
        }
        key = once_key(token, said, owner.pk, due_on)
        made, is_new = Action.objects.get_or_create(by=user, token=key, defaults=defaults)
        if is_new:
            actions = Action.objects.filter(point__review_id=point.review_id).count()
            _refuse_more(actions, "actions")
            owed = {"action": made.pk, "owner": owner.pk}
            about = named(point.review)
            record(user, "joint_action.promised", about, {**owed, "due_on": due_on.isoformat()})
    return made


def settle(user: User, action_id: int, state: ActionState) -> Action:
    """Tick an action off, or drop it.

    Raises:
        NotYoursError: If it is somebody else's and they do not lead.
        ReviewError: If it is settled already.
    """
    action = Action.objects.select_related("point").get(pk=action_id)
    if not action.is_open:
        raise ReviewError(f"This was {action.state} already.")
    if not may_settle(user, action):
        raise NotYoursError("Its owner ticks an action off, or who signs for a side.")
    with transaction.atomic():
        open_one = Action.objects.filter(pk=action.pk, state=ActionState.OPEN)
        if not open_one.update(state=state, settled_at=timezone.now(), settled_by=user):
            raise ReviewError("This was settled a moment ago.")
        _touch_where_it_is_spoken_of(action)
        record(user, f"joint_action.{state.value}", f"joint_action:{action.pk}", {})
    action.refresh_from_db()
    return action


def _touch_where_it_is_spoken_of(action: Action) -> None:
    """Let open pages look again: at its own minutes, and where an agenda begins with it."""
    from counterpoise.web.joint.agenda import address_of

    for point in Point.objects.filter(review__state="open").filter(url=address_of(action)):
        _touch(point)
    if action.point.review.is_open:
        _touch(action.point)


@contextmanager
def _open(user: User, point_id: int) -> Iterator[Point]:
    """Hold the review of a point while somebody writes; whoever writes is there."""
    review_id = Point.objects.values_list("review_id", flat=True).get(pk=point_id)
    with transaction.atomic():
        review = JointReview.objects.select_for_update().get(pk=review_id)
        if not review.is_open:
            raise ReviewError(
                "The minutes are closed; what comes up now goes to the next review."
                if review.is_held
                else "This review is not open; minutes are written once it begins."
            )
        point = Point.objects.get(pk=point_id)
        point.review = review
        yield point
        mark_there(review, user)
        _touch(point)


def _touch(point: Point) -> None:
    JointReview.objects.filter(pk=point.review_id).update(changes=F("changes") + 1)
    changes = JointReview.objects.values_list("changes", flat=True).get(pk=point.review_id)
    Point.objects.filter(pk=point.pk).update(changed=changes)


def _keep(user: User, point: Point, text: str, token: str) -> None:
    if Revision.objects.filter(by=user, token=token).exists():  # the same form, sent again
        return
    if len(text) > LONGEST_NOTES:
        raise ReviewError(f"The notes of a point hold {LONGEST_NOTES:,} characters at most.")
    point.notes, point.version = text, point.version + 1
    point.save(update_fields=["notes", "version"])
    now = timezone.now()
    Revision.objects.create(
        point=point, version=point.version, text=text, by=user, at=now, token=token
    )
    detail = {"point": point.pk, "version": point.version}
    record(user, "joint_review.noted", named(point.review), {**detail})


def _text_of(point: Point, version: int) -> str:
    """Return the notes as they were; there were none before the first version."""
    if version == 0:
        return ""
    kept = Revision.objects.filter(point=point, version=version).first()
    if kept is None:
        raise ReviewError("These notes were never like that; load the page and write again.")
    return kept.text


def _said(text: str) -> str:
    said = text.strip()
    if not said:
        raise ReviewError("Write something down first.")
    if len(said) > LONGEST_TEXT:
        raise ReviewError(f"Write {LONGEST_TEXT:,} characters at most at a time.")
    return said


def _refuse_more(count: int, what: str) -> None:
    """Refuse, and so take back, what was just written down where it is one too many."""
    if count > MOST:
        raise ReviewError(
            f"At most {MOST} {what} are written down in a review; leave the rest to the next one."
        )
