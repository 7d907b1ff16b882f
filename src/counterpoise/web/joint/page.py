"""What the page of a joint review shows: its agenda by sections, the minutes, who is there."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.joint.agenda import action_id, standing_of
from counterpoise.web.joint.beginning import last_held_at, points_of
from counterpoise.web.joint.forms import ActionForm
from counterpoise.web.joint.models import Action, Decision, JointReview, Point, Presence
from counterpoise.web.joint.rights import may_lead, may_settle, sides_of
from counterpoise.web.joint.states import ReviewState
from counterpoise.web.joint.wording import HEADINGS, STATES, Heading
from counterpoise.web.people.models import User
from counterpoise.web.places import agenda_since


@dataclass(frozen=True)
class Promised:
    """An action with where it stands, for one reader."""

    action: Action
    says: str
    tone: str
    may_settle: bool


@dataclass(frozen=True)
class Spoken:
    """A point with its minutes, for one reader."""

    point: Point
    decisions: Sequence[Decision] = ()
    actions: Sequence[Promised] = ()
    former: Promised | None = None
    """The action of an earlier review that the point is about."""
    token: str = ""
    draft: str = ""
    """What somebody typed that could not be kept as it was."""
    error: str = ""
    action_form: ActionForm | None = None
    is_writing: bool = False
    is_new: bool = False
    """Whether it was brought after the page was loaded."""

    @property
    def paragraphs(self) -> list[str]:
        """Return the notes, paragraph by paragraph."""
        return [line for line in self.point.notes.splitlines() if line.strip()]

    @property
    def is_spoken_of(self) -> bool:
        """Tell whether something was written down."""
        return bool(self.paragraphs or self.decisions or self.actions)


@dataclass(frozen=True)
class Part:
    """A section of the agenda."""

    heading: Heading
    points: list[Spoken]


@dataclass(frozen=True)
class ReviewPage:
    """The page as one reader sees it."""

    review: JointReview
    parts: list[Part]
    presences: list[Presence]
    state: str
    tone: str
    may_lead: bool
    is_coming: bool
    is_there: bool
    missing: list[str]
    """Sides of which nobody is there."""
    decided: int
    promised: int
    before: JointReview | None
    """The last one that was held before."""

    @property
    def points(self) -> list[Spoken]:
        """Return every point in order."""
        return [each for part in self.parts for each in part.points]


def page_of(review: JointReview, reader: User) -> ReviewPage:
    """Return the page; the agenda of a planned review is as it would be now."""
    kept = list(_kept(review))
    if review.is_planned:
        kept = [*points_of(review, agenda_since(last_held_at())), *kept]
    spoken = spoken_of(kept, reader)
    presences = list(review.presences.select_related("user").order_by("side", "user__name", "pk"))
    own = [each for each in presences if each.user_id == reader.pk]
    there = sides_of(presences)
    state, tone = STATES[review.state]
    return ReviewPage(
        review=review,
        parts=_parts(spoken),
        presences=presences,
        state=state,
        tone=tone,
        may_lead=may_lead(reader),
        is_coming=bool(own),
        is_there=any(each.is_there for each in own),
        missing=[side.value for side in (Side.SALES, Side.MARKETING) if side not in there],
        decided=sum(1 for each in spoken for one in each.decisions if not one.struck_at),
        promised=sum(len(each.actions) for each in spoken),
        before=_before(review),
    )


def spoken_of(points: Sequence[Point], reader: User) -> list[Spoken]:
    """Return points with what was written down about them, as one reader sees them."""
    former = _former(points)
    today = timezone.localdate()

    def promised(action: Action) -> Promised:
        says, tone = standing_of(action, today)
        return Promised(action, says, tone, may_settle(reader, action))

    found = []
    for point in points:
        earlier = former.get(action_id(point.url) or 0)
        spoken = Spoken(
            point,
            former=promised(earlier) if earlier else None,
            token=secrets.token_urlsafe(18),
        )
        if point.pk:
            spoken = replace(
                spoken,
                decisions=list(point.decisions.all()),
                actions=[promised(each) for each in point.actions.all()],
            )
        found.append(spoken)
    return found


def changed_since(review: JointReview, seen: int) -> list[Point]:
    """Return the points that were written about since a count of changes."""
    return list(_kept(review).filter(changed__gt=seen)) if review.changes > seen else []


def one(point_id: int) -> Point:
    """Return one point with its minutes."""
    return _with_minutes(Point.objects.filter(pk=point_id)).get()


def _kept(review: JointReview) -> QuerySet[Point]:
    return _with_minutes(review.points.all())


def _with_minutes(points: QuerySet[Point]) -> QuerySet[Point]:
    actions = Action.objects.select_related("owner", "settled_by").order_by("due_on", "pk")
    return points.select_related("added_by", "review").prefetch_related(
        "decisions", Prefetch("actions", queryset=actions)
    )


def _former(points: Iterable[Point]) -> Mapping[int, Action]:
    wanted = [number for point in points if (number := action_id(point.url))]
    return Action.objects.select_related("owner").in_bulk(wanted) if wanted else {}


def _parts(spoken: Sequence[Spoken]) -> list[Part]:
    grouped = (
        Part(heading, [each for each in spoken if each.point.section == section])
        for section, heading in HEADINGS.items()
    )
    return [part for part in grouped if part.points]


def _before(review: JointReview) -> JointReview | None:
    held = JointReview.objects.filter(state=ReviewState.HELD, starts_at__lt=review.starts_at)
    return held.first()
