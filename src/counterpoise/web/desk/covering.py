"""Covering: a former yes holds for later terms of the same deal that are no worse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q

from counterpoise.desk.decision import Approval
from counterpoise.desk.floor import CLAUSE as FLOOR
from counterpoise.web.desk.deciders import Party
from counterpoise.web.desk.models import Answer, Request
from counterpoise.web.desk.states import Said, State
from counterpoise.web.desk.terms import Terms
from counterpoise.web.live import live

TOLERANCE = Decimal("0.01")
"""How far amounts of the same deal may lie apart."""

_LONGEST_CHAIN = 50


@dataclass(frozen=True)
class Yes:
    """A role's standing yes, and the terms that it holds for."""

    answer: Answer
    role: str
    part: str
    terms: Terms

    def covers(self, approval: Approval, terms: Terms) -> bool:
        """Tell whether nobody has to be asked again."""
        if self.role != approval.role or self.part != part_of(approval.clause):
            return False
        keeps_margin = self.part != FLOOR or terms.keeps_margin_of(self.terms)
        return keeps_margin and terms.is_no_worse_than(self.terms)


def part_of(clause: str) -> str:
    """Return what an approval is about: the discount, the floor or the customizations.

    >>> part_of("discounts.limits.standard"), part_of("customizations.limits.label")
    ('discounts', 'customizations')
    """
    if clause == FLOOR:
        return FLOOR
    return "customizations" if clause.startswith("customizations") else "discounts"


def standing_yeses(
    deal_id: str, list_amount: Decimal | None, follows: Request | None, party: Party
) -> list[Yes]:
    """Return the yeses that stand for a deal, the latest first; none of the party's own.

    Those of a request that was refused in the end do not stand. A deal that the books do not know
    is the same where a request takes another up at the same list price.

    Args:
        deal_id: The deal; nothing where it is new.
        list_amount: What it is worth at list.
        follows: The request that is taken up.
        party: Who asks, and whose deal it is.
    """
    if deal_id:
        same = Q(deal_id=deal_id)
    else:
        chain = [each.pk for each in chain_of(follows) if _is_same(each, list_amount)]
        same = Q(pk__in=chain, deal_id="")
    requests = Request.objects.filter(same, state__in=[State.APPROVED, State.COUNTERED])
    answers = (
        Answer.objects.filter(request__in=requests, said__in=[Said.APPROVED, Said.COUNTERED])
        .select_related("request", "step", "decided_by")
        .order_by("-decided_at", "-id")
    )
    account_id = str((live().deal(deal_id) or {}).get("account_id") or "") if deal_id else ""
    standing = (each for each in answers if _stands(each) and not party.includes(each.decided_by))
    return [_yes(each, account_id) for each in standing]


def _yes(answer: Answer, account_id: str) -> Yes:
    """Read a yes; a customer who was new is the account of the deal that a person linked."""
    terms = Terms.of_json(answer.terms or answer.request.terms)
    if not terms.account_id:
        terms = replace(terms, account_id=account_id)
    return Yes(answer, answer.step.role, part_of(answer.clause), terms)


def _stands(answer: Answer) -> bool:
    return (answer.said == Said.COUNTERED) == (answer.request.state == State.COUNTERED)


def _is_same(request: Request, list_amount: Decimal | None) -> bool:
    if request.list_amount is None or list_amount is None:
        return request.list_amount == list_amount
    return abs(request.list_amount - list_amount) <= TOLERANCE * request.list_amount


def chain_of(request: Request | None) -> Iterator[Request]:
    """Yield a request and those that it takes up again."""
    for _ in range(_LONGEST_CHAIN):
        if request is None:
            return
        yield request
        request = request.follows
