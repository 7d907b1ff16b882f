"""The joint reviews of a made-up company: one that was held, with its minutes, and the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from zoneinfo import ZoneInfo

from counterpoise.agreement import Agreement
from counterpoise.desk.customization import period_of
from counterpoise.web import house
from counterpoise.web.cracks.acting import assign
from counterpoise.web.example.moments import Moments
from counterpoise.web.example.quoting import crack_of
from counterpoise.web.example.staff import Staff
from counterpoise.web.joint import beginning, writing
from counterpoise.web.joint.models import ADDED, JointReview, Point
from counterpoise.web.joint.planning import go_on, plan_now, rhythm
from counterpoise.web.joint.schedule import When, slots
from counterpoise.web.joint.states import ActionState
from counterpoise.web.people.models import User
from counterpoise.web.places import Section
from counterpoise.web.promises.budgets import budgets_of
from counterpoise.web.results.reading import latest

_AGO = dt.timedelta(days=2)
"""So long ago it is at least that both sides sat together."""
_DAY = dt.timedelta(days=1)
_LATE = dt.timedelta(minutes=2)
_LASTED = dt.timedelta(minutes=43)
_BROUGHT = "example-brought"


@dataclass(frozen=True)
class Spoken:
    """What was said about a point, what was decided, and who does what."""

    about: str
    """A section of the agenda, or the beginning of a crack's address."""
    notes: tuple[tuple[User, str], ...]
    decided: str = ""
    action: tuple[User, str, dt.date] | None = None
    is_done: bool = False
    heals: bool = False
    """Whether who does it owns the crack from then on, until the same day."""


def held_at(agreement: Agreement, now: dt.datetime) -> dt.datetime:
    """Return when the joint review was due that was held last."""
    usual, zone = rhythm(), ZoneInfo(house.workspace().time_zone)
    starts = agreement.company.fiscal_year_starts
    first, _ = period_of(now.date(), agreement.review.every, starts)
    before, _ = period_of(first - _DAY, agreement.review.every, starts)
    further, _ = period_of(before - _DAY, agreement.review.every, starts)
    found = islice(slots(agreement, When(usual.weekday, usual.at), zone, further), 4)
    return max(slot.starts_at for slot in found if slot.starts_at < now - _AGO)


def hold(staff: Staff, at: dt.datetime, moments: Moments) -> JointReview | None:
    """Hold a joint review with people of both sides, write its minutes, and plan the next."""
    planned = plan_now(staff.lead, at - _AGO)
    if planned is None:
        return None
    beginning.bring(
        staff.rep, planned.pk, "Who goes to the fair in spring, and with which line?", _BROUGHT
    )
    review = beginning.begin(staff.lead, planned.pk, at + _LATE)
    Point.objects.filter(review=review, section=Section.WAITING_REQUESTS).delete()  # asked later
    there = [staff.manager, staff.rep, staff.marketer, *staff.marketers[:1]]
    for user in there:
        beginning.come(user, review.pk)
    points = list(Point.objects.filter(review=review))
    for number, spoken in enumerate(_spoken(staff, moments)):
        point = next((each for each in points if _is_about(each, spoken.about)), None)
        if point is not None:
            _write(staff, point, spoken, f"example-{number:02}")
    closed = beginning.close(staff.lead, review.pk, at + _LASTED)
    go_on(moments.now)
    return closed


def _is_about(point: Point, about: str) -> bool:
    return point.section == about or point.url.startswith(f"/cracks/{about}-")


def _write(staff: Staff, point: Point, spoken: Spoken, token: str) -> None:
    for number, (user, text) in enumerate(spoken.notes):
        writing.note(user, point.pk, f"{user.name}: {text}", f"{token}-note-{number}")
    if spoken.decided:
        writing.decide(staff.lead, point.pk, spoken.decided, f"{token}-decision")
    if spoken.action:
        owner, text, due_on = spoken.action
        made = writing.promise(staff.lead, point.pk, text, owner, due_on, f"{token}-action")
        if spoken.is_done:
            writing.settle(owner, made.pk, ActionState.DONE)
        crack = crack_of(spoken.about)
        if spoken.heals and crack is not None:
            assign(staff.lead, crack.slug, owner, due_on)


def _spoken(staff: Staff, moments: Moments) -> Iterator[Spoken]:
    yield from _of_sales(staff, moments)
    yield from _of_marketing(staff, moments)
    yield Spoken(
        Section.GOALS,
        ((staff.lead, "what is met needs no words; what is behind hangs on the cracks above."),),
    )
    if len(budgets_of(latest())) > 1:
        yield Spoken(
            Section.BUDGETS,
            (
                (staff.marketer, "the offers to resellers that are planned take more than agreed."),
                (staff.manager, "we give away less. Half of what will be missing can be ours."),
            ),
            decided="Half of what marketing will be short of moves from sales, signed by both.",
        )
    yield Spoken(
        ADDED,
        (
            (staff.rep, "last year three of us stood there and told three stories."),
            (staff.marketer, "one line for all, and a card to hand over."),
        ),
        action=(staff.rep, "List the customers who come to the fair", moments.day_after(6)),
    )


def _of_sales(staff: Staff, moments: Moments) -> Iterator[Spoken]:
    yield Spoken(
        "quarter_end",
        (
            (staff.manager, "customers have learned to wait for those ten days."),
            (staff.marketer, "no campaign ends there; we looked."),
        ),
        decided="Until the quarter is over, offers of its last ten days are talked through first.",
        action=(
            staff.manager,
            "Tell all sales managers how offers of the last ten days are talked through",
            moments.day_after(2),
        ),
        is_done=True,
    )
    yield Spoken(
        "losing_promotion",
        ((staff.manager, "it sold, but to those who would have bought anyway."),),
        decided="The next one is shallower and has a display.",
        action=(staff.manager, "Plan the next one with its display", moments.day_after(3)),
    )


def _of_marketing(staff: Staff, moments: Moments) -> Iterator[Spoken]:
    yield Spoken(
        "tool_gap",
        (
            (staff.rep, "they are named in the first talk, and I have nothing to hand over."),
            (staff.marketer, "with three lost deals and their last offers I can write it."),
        ),
        decided="The card comes before the next campaign does.",
        action=(staff.marketer, "Write the card, from three lost deals", moments.day_after(7)),
        heals=True,
    )
    yield Spoken(
        "unsupported_promotion",
        (
            (staff.rep, "the displays came when the offer was half over."),
            (staff.marketer, "then the weeks have to be known when we agree, not later."),
        ),
        decided="A display is paid when its photograph is there.",
        action=(staff.marketer, "Ask each account for its first week", moments.day_after(4)),
        heals=True,
    )
    if staff.marketers:
        yield Spoken(
            "lead_quality",
            ((staff.rep, "they come for the prize, not for a drive; I call and nobody knows us."),),
            action=(
                staff.marketers[0],
                "Look at who signed up at the event, and mend the form",
                moments.day_after(3),
            ),
        )
