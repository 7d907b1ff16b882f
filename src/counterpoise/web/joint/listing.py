"""The list of joint reviews: the next, what was promised, and those that were held or skipped."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from counterpoise.web.joint.agenda import standing_of
from counterpoise.web.joint.models import Action, JointReview
from counterpoise.web.joint.page import Promised
from counterpoise.web.joint.planning import agreement_of, next_review
from counterpoise.web.joint.rights import may_lead, may_settle
from counterpoise.web.joint.states import ActionState, ReviewState
from counterpoise.web.joint.wording import EVERY, HEADINGS, STATES
from counterpoise.web.people.models import User
from counterpoise.web.places import agenda_since

_MOST = 60


@dataclass(frozen=True)
class Past:
    """A review that is over."""

    review: JointReview
    state: str
    tone: str
    decided: int
    promised: int
    done: int


@dataclass(frozen=True)
class ListPage:
    """The list as one reader sees it."""

    next: JointReview | None
    sections: list[tuple[str, int]]
    """What the next agenda holds so far: headings, and how many points."""
    every: str
    mine: list[Promised]
    others: list[Promised]
    past: list[Past]
    held: int
    skipped: int
    may_lead: bool


def list_of(user: User) -> ListPage:
    """Return the list as a person sees it."""
    agreement = agreement_of(timezone.localdate())
    open_ones = _open_actions(user)
    past = _past()
    return ListPage(
        next=next_review(),
        sections=_sections(past),
        every=EVERY[agreement.review.every] if agreement else "",
        mine=[each for each in open_ones if each.action.owner_id == user.pk],
        others=[each for each in open_ones if each.action.owner_id != user.pk],
        past=past,
        held=sum(1 for each in past if each.review.is_held),
        skipped=sum(1 for each in past if not each.review.is_held),
        may_lead=may_lead(user),
    )


def _open_actions(user: User) -> list[Promised]:
    today = timezone.localdate()
    found = Action.objects.filter(state=ActionState.OPEN).select_related("owner", "point")
    return [
        Promised(action, *standing_of(action, today), may_settle(user, action))
        for action in found[:_MOST]
    ]


def _sections(past: list[Past]) -> list[tuple[str, int]]:
    held = [each.review.begun_at for each in past if each.review.is_held]
    found = agenda_since(max((at for at in held if at), default=None))
    counted = (
        (heading.title, sum(1 for item in found if item.section == section))
        for section, heading in HEADINGS.items()
    )
    return [(title, count) for title, count in counted if count]


def _past() -> list[Past]:
    over = JointReview.objects.filter(state__in=[ReviewState.HELD, ReviewState.SKIPPED])
    counted = over.annotate(
        decided=Count(
            "points__decisions", filter=Q(points__decisions__struck_at=None), distinct=True
        ),
        promised=Count("points__actions", distinct=True),
        done=Count(
            "points__actions", filter=Q(points__actions__state=ActionState.DONE), distinct=True
        ),
    )
    return [
        Past(each, *STATES[each.state], each.decided, each.promised, each.done)
        for each in counted.order_by("-starts_at", "-pk")[:_MOST]
    ]
