"""The list of joint reviews: the next, what was promised, and those that were held or skipped."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from counterpoise.web.joint.agenda import standing_of
from counterpoise.web.joint.models import Action, Decision, JointReview
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
    found = list(over.order_by("-starts_at", "-pk")[:_MOST])
    decided = _decided(found)
    actions = _actions(found)
    return [
        Past(each, *STATES[each.state], decided.get(each.pk, 0), *actions.get(each.pk, (0, 0)))
        for each in found
    ]


def _decided(reviews: list[JointReview]) -> dict[int, int]:
    found = Decision.objects.filter(point__review__in=reviews, struck_at=None).order_by()
    return dict(found.values_list("point__review").annotate(Count("pk")))


def _actions(reviews: list[JointReview]) -> dict[int, tuple[int, int]]:
    """Return how many actions each review has, and how many of them are done."""
    found = Action.objects.filter(point__review__in=reviews).order_by()
    done = Count("pk", filter=Q(state=ActionState.DONE))
    rows = found.values_list("point__review").annotate(promised=Count("pk"), done=done)
    return {review: (promised, settled) for review, promised, settled in rows}
