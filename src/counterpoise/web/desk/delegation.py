"""Delegation: while somebody is away, another of their side answers for their role."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from counterpoise.agreement.wording import role_text
from counterpoise.errors import CounterpoiseError
from counterpoise.web.audit.entries import record
from counterpoise.web.desk.deciders import may_stand_in, side_of
from counterpoise.web.desk.models import Delegation
from counterpoise.web.people.models import User

LONGEST_DAYS = 90
"""The most days for which a role is handed over at once."""


class DelegationError(CounterpoiseError, ValueError):
    """A role cannot be handed over like this."""


def stand_ins_for(user: User) -> list[User]:
    """Return who may answer for a person's role while they are away."""
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    return [other for other in others if _may_take(other, user)]


def delegate(
    giver: User,
    to: User,
    from_on: dt.date,
    until_on: dt.date,
    now: dt.datetime | None = None,
) -> Delegation:
    """Hand a person's role over for some days, both inclusive.

    Raises:
        DelegationError: If they hold no role, the other may not take it, or the days are wrong.
    """
    at = now or timezone.now()
    _check_days(from_on, until_on, timezone.localdate(at))
    if side_of(giver.role) is None:
        raise DelegationError("You hold no role on the ladder, so there is none to hand over.")
    if not _may_take(to, giver):
        raise DelegationError(
            f"{to.name} is not of the side that {role_text(giver.role)} answers for; "
            "choose one who is."
        )
    with transaction.atomic():
        User.objects.select_for_update().get(pk=giver.pk)
        _refuse_overlap(giver, from_on, until_on)
        made = Delegation.objects.create(
            giver=giver,
            delegate=to,
            role=giver.role,
            from_on=from_on,
            until_on=until_on,
            made_at=at,
        )
        record(giver, "delegation.made", f"delegation:{made.pk}", _detail(made))
    return made


def end(giver: User, delegation_id: int) -> bool:
    """Take a role back; tell whether there was anything to take back."""
    with transaction.atomic():
        running = Delegation.objects.filter(pk=delegation_id, giver=giver, ended_at=None)
        if not running.update(ended_at=timezone.now()):
            return False
        record(giver, "delegation.ended", f"delegation:{delegation_id}")
    return True


def _may_take(other: User, giver: User) -> bool:
    is_double = bool(giver.person_id) and other.person_id == giver.person_id
    return other.pk != giver.pk and not is_double and may_stand_in(other, giver.role)


def _check_days(from_on: dt.date, until_on: dt.date, today: dt.date) -> None:
    if until_on < from_on:
        raise DelegationError(f"{until_on} lies before {from_on}; it ends after it starts.")
    if until_on < today:
        raise DelegationError(f"{until_on} is over; choose days to come.")
    if (until_on - from_on).days >= LONGEST_DAYS:
        raise DelegationError(
            f"That is more than {LONGEST_DAYS} days; ask an administrator to give the role instead."
        )


def _refuse_overlap(giver: User, from_on: dt.date, until_on: dt.date) -> None:
    running = Delegation.objects.filter(giver=giver, ended_at=None)
    clash = running.filter(from_on__lte=until_on, until_on__gte=from_on).first()
    if clash:
        raise DelegationError(
            f"From {clash.from_on} until {clash.until_on} your role is handed over already; "
            "end that first."
        )


def _detail(made: Delegation) -> dict[str, str | int]:
    return {
        "delegate": made.delegate_id,
        "role": made.role,
        "from": made.from_on.isoformat(),
        "until": made.until_on.isoformat(),
    }
