"""To whom a hand-off opens, and who may pass, answer and assign."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from counterpoise.agreement import Side
from counterpoise.errors import CounterpoiseError
from counterpoise.web.access import Reach, Scope, scope_of
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.live import live
from counterpoise.web.people.models import User


class NotYoursError(CounterpoiseError, PermissionError):
    """Somebody does to a lead what is not theirs to do."""


def visible_to(user: User) -> QuerySet[Handoff]:
    """Return the hand-offs that open to a person.

    Sellers their own, managers their team's and those that nobody in it has yet, who is asked as
    the next above those too; marketers what they passed and what their campaigns brought; all of
    them to who stands above both sides.
    """
    found, scope = Handoff.objects.all(), scope_of(user)
    if scope.reach is Reach.EVERYTHING:
        return found
    if user.side == Side.MARKETING:
        return found.filter(Q(passed_by=user) | Q(campaign_id__in=scope.campaigns - {""}))
    mine = Q(owner_person_id__in=scope.owners - {""})
    if user.role:
        mine |= Q(escalated_to=user.role) & _near(user, scope)
    return found.filter(mine)


def may_pass(user: User) -> bool:
    """Tell whether a person may pass leads to sales."""
    return user.side in {Side.MARKETING, Side.BOTH}


def may_pass_lead(user: User, campaign_id: str) -> bool:
    """Tell whether a lead of the books is a person's to pass: one of their campaigns, or any."""
    if not may_pass(user):
        return False
    scope = scope_of(user)
    return scope.reach is Reach.EVERYTHING or campaign_id in scope.campaigns


def may_answer(user: User, handoff: Handoff, scope: Scope | None = None) -> bool:
    """Tell whether a person may respond and judge: who has it, who leads them, who is asked."""
    if user.side == Side.MARKETING:
        return False
    known = scope or scope_of(user)
    if known.reach is Reach.EVERYTHING:
        return True
    if handoff.owner_person_id and handoff.owner_person_id in known.owners:
        return True
    return bool(user.role) and handoff.escalated_to == user.role


def may_assign(user: User, handoff: Handoff) -> bool:
    """Tell whether a person may give a lead to another: who leads people, above who has it."""
    scope = scope_of(user)
    if user.side == Side.MARKETING or not handoff.is_open:
        return False
    return scope.reach in {Reach.TEAM, Reach.EVERYTHING} and may_answer(user, handoff, scope)


def may_take(user: User, person_id: str) -> bool:
    """Tell whether a person may give leads to somebody: to those whom they lead, or to anybody."""
    scope = scope_of(user)
    return scope.reach is Reach.EVERYTHING or person_id in scope.owners


def deal_shown(scope: Scope, deal_id: str) -> str:
    """Return the id of a lead's deal where that deal opens, else nothing."""
    deal = live().deal(deal_id) if deal_id else None
    if scope.reach is Reach.EVERYTHING:
        return deal_id
    if deal is None or not scope.opens(deal["owner_id"], live().deal_campaigns(deal_id)):
        return ""
    return deal_id


def _near(user: User, scope: Scope) -> Q:
    """Return which escalated leads are near a person: of those they lead, else of nobody."""
    if scope.reach is Reach.TEAM or live().people_under(user.person_id):
        return Q(owner_person_id__in=scope.owners | {""})
    return Q()
