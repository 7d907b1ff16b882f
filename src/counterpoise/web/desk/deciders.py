"""Who may answer: those who hold a role, and those who stand in for them; never who asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web import house
from counterpoise.web.desk.approval_models import ApprovalStep
from counterpoise.web.desk.models import Answer, Delegation, Request, Step
from counterpoise.web.desk.states import Capacity
from counterpoise.web.people.models import User

if TYPE_CHECKING:
    from counterpoise.agreement import Agreement


@dataclass(frozen=True)
class Right:
    """The right of one person to answer for a role, and by what."""

    role: str
    capacity: Capacity
    delegation: Delegation | None = None


@dataclass(frozen=True)
class Party:
    """Whose request it is: nobody of these may answer it."""

    user_id: int
    person_ids: frozenset[str]

    @classmethod
    def of(cls, request: Request) -> Party:
        """Return who stands behind a request: who asked, and whose deal it is."""
        persons = {request.asker_person_id, request.owner_person_id} - {""}
        return cls(request.asker_id, frozenset(persons))

    @classmethod
    def asking(cls, asker: User, owner_person_id: str) -> Party:
        """Return who stands behind a request that somebody is about to make."""
        return cls(asker.pk, frozenset({asker.person_id, owner_person_id} - {""}))

    def includes(self, user: User) -> bool:
        """Tell whether a person is one of them, under any account."""
        return user.pk == self.user_id or user.person_id in self.person_ids


def active_delegations(now: dt.datetime) -> QuerySet[Delegation]:
    """Return the delegations of the day whose giver still holds the role they hand over."""
    today = timezone.localdate(now)
    return Delegation.objects.filter(
        ended_at=None,
        from_on__lte=today,
        until_on__gte=today,
        giver__is_active=True,
        delegate__is_active=True,
    ).select_related("giver", "delegate")


def rights_of(user: User, now: dt.datetime) -> list[Right]:
    """Return the roles for which a person may answer: their own, and those handed to them."""
    own = [Right(user.role, Capacity.OWN)] if user.role else []
    held = active_delegations(now).filter(delegate=user)
    return own + [
        Right(each.role, Capacity.DELEGATE, each)
        for each in held
        if each.giver.role == each.role and may_stand_in(user, each.role)
    ]


def may_stand_in(user: User, role: str) -> bool:
    """Tell whether a person is of the side for which a role answers."""
    side = side_of(role)
    return side is not None and user.side in (side.value, Side.BOTH.value)


def side_of(role: str) -> Side | None:
    """Return the side of a role of the agreement in force, None where it is not on the ladder."""
    agreement = _agreement()
    found = agreement.roles.get(role) if agreement else None
    return found.side if found else None


def right_over(
    step: ApprovalStep,
    party: Party,
    user: User,
    rights: Iterable[Right],
    fellows: Sequence[ApprovalStep],
) -> Right | None:
    """Return by what right a person may answer a step, None where they may not.

    Args:
        step: What waits.
        party: Whose request it is.
        user: Who would answer.
        rights: What they may answer for.
        fellows: All steps of the request, with their answers.
    """
    if party.includes(user) or _answered_beside(step, user, fellows):
        return None
    for right in rights:
        if right.delegation is not None and party.includes(right.delegation.giver):
            continue
        if right.role == step.role:
            return right
        if step.escalated_at and right.role == step.escalated_to:
            return Right(step.role, _escalated(right), right.delegation)
    return None


def _escalated(right: Right) -> Capacity:
    return right.capacity if right.delegation else Capacity.ESCALATION


def _answered_beside(step: ApprovalStep, user: User, fellows: Sequence[ApprovalStep]) -> bool:
    """Tell whether a person has answered under the same clause: a pair are two people."""
    beside = (each for each in fellows if each.clause == step.clause and each.pk != step.pk)
    given = (getattr(each, "answer", None) or getattr(each, "covered_by", None) for each in beside)
    return any(answer.decided_by_id == user.pk for answer in given if answer is not None)


def holders(role: str, party: Party, now: dt.datetime) -> list[User]:
    """Return who may answer for a role: its holders and their stand-ins, by name."""
    found = {user.pk: user for user in User.objects.filter(role=role, is_active=True)}
    givers = [user for user in found.values() if not party.includes(user)]
    for each in active_delegations(now).filter(role=role, giver__in=givers):
        if may_stand_in(each.delegate, role):
            found[each.delegate_id] = each.delegate
    able = (user for user in found.values() if not party.includes(user))
    return sorted(able, key=lambda user: (user.name, user.pk))


def waiting_steps(user: User, rights: Sequence[Right]) -> QuerySet[Step]:
    """Return the steps that wait for a person by any of these rights."""
    answered = Answer.objects.filter(
        request=OuterRef("request"), clause=OuterRef("clause"), decided_by=user
    )
    waits = waits_for_one(user, rights, "request", ("asker_person_id", "owner_person_id"))
    return Step.objects.filter(waits, ~Exists(answered), answer__isnull=True, covered_by=None)


def waits_for_one(user: User, rights: Sequence[Right], of: str, persons: Sequence[str]) -> Q:
    """Return the condition that a step is a person's to answer by any of these rights.

    Args:
        user: Who would answer.
        rights: What they may answer for.
        of: The field of a step that says what it belongs to.
        persons: The fields of that which hold whose it is, as ids of the books.
    """
    mine = Q(pk__in=[])
    for right in rights:
        given = Q(role=right.role) | Q(escalated_at__isnull=False, escalated_to=right.role)
        giver = right.delegation.giver if right.delegation else None
        mine |= given & _not_of(giver, of, persons) if giver else given
    return mine & _not_of(user, of, persons)


def _not_of(user: User, of: str, persons: Sequence[str]) -> Q:
    """Return the condition that what a step belongs to is not a person's own."""
    theirs = Q(**{f"{of}__asker": user})
    if user.person_id:
        for name in persons:
            theirs |= Q(**{f"{of}__{name}": user.person_id})
    return ~theirs


def _agreement() -> Agreement | None:
    """Return the agreement of today, else the latest."""
    agreements = house.agreements()
    version = agreements.on(timezone.localdate()) or agreements.latest
    return version.agreement if version else None
