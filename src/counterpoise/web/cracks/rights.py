"""Who sees a crack, and who may answer, own, assign and accept it.

A crack about a person is that person's alone until they answered or two working days have passed;
then it is also of those in whose scope the person is. All others are for everyone on both sides.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import Reach, Scope, scope_of
from counterpoise.web.cracks.models import PERSON, Crack
from counterpoise.web.live import live
from counterpoise.web.people.models import User


class NotYoursError(CounterpoiseError, PermissionError):
    """Somebody does to a crack what is not theirs to do."""


def visible_to(user: User, now: dt.datetime | None = None) -> QuerySet[Crack]:
    """Return the cracks that a person sees."""
    scope = scope_of(user)
    at = now or timezone.now()
    seen = ~Q(subject_type=PERSON)
    if user.person_id:
        seen |= Q(subject_type=PERSON, subject_id=user.person_id)
    others = Q(subject_type=PERSON, shown_at__lte=at)
    if scope.reach is not Reach.EVERYTHING:
        others &= Q(subject_id__in=scope.owners)
    return Crack.objects.filter(seen | others).select_related("seen__round", "owner")


def is_own(user: User, crack: Crack) -> bool:
    """Tell whether a crack is about this person."""
    return crack.is_personal and bool(user.person_id) and crack.subject_id == user.person_id


def may_answer(user: User, crack: Crack) -> bool:
    """Tell whether a person may answer: the one named alone, else whoever is of the side."""
    if not crack.is_open:
        return False
    if crack.is_personal:
        return is_own(user, crack)
    return _is_of_side(user, crack)


def may_steer(user: User, crack: Crack) -> bool:
    """Tell whether a person may give a crack an owner and a day, or accept it; never their own."""
    if not crack.is_open or is_own(user, crack) or not _is_of_side(user, crack):
        return False
    if user.side == Side.BOTH:
        return True
    scope = scope_of(user)
    if crack.is_personal:
        return crack.subject_id in scope.owners
    return user.may_sign or _leads(user, scope) or crack.subject_id in scope.campaigns


def possible_owners(crack: Crack, now: dt.datetime | None = None) -> list[User]:
    """Return who may own a crack: those of the acting side who see it, by name."""
    at = now or timezone.now()
    return [
        user
        for user in User.objects.filter(is_active=True).order_by("name", "pk")
        if _is_of_side(user, crack) and sees(user, crack, at)
    ]


def sees(user: User, crack: Crack, now: dt.datetime) -> bool:
    """Tell whether a person sees a crack: the same rule as `visible_to`, for one."""
    if not crack.is_personal or is_own(user, crack):
        return True
    scope = scope_of(user)
    opens = scope.reach is Reach.EVERYTHING or crack.subject_id in scope.owners
    return opens and crack.shown_at <= now


def _is_of_side(user: User, crack: Crack) -> bool:
    return crack.side == Side.BOTH or user.side in {crack.side, Side.BOTH.value}


def _leads(user: User, scope: Scope) -> bool:
    return scope.reach is Reach.TEAM or bool(live().people_under(user.person_id))
