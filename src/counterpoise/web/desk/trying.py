"""Trying: the desk's answer to a written request from one person, which leaves no trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from counterpoise.desk import BookFacts, CounterOffer, Decision, RequestError, Verdict, read_request
from counterpoise.desk import Request as Asked
from counterpoise.desk import answer as desk_answer
from counterpoise.desk.authority import Ready
from counterpoise.desk.book_facts import Record
from counterpoise.desk.case import Difference
from counterpoise.desk.claims import STORED
from counterpoise.desk.deciding import ready_for, weigh_request
from counterpoise.desk.predicates import DEAL_FIELDS
from counterpoise.desk.reasons import difference_reason
from counterpoise.desk.request import Problem
from counterpoise.desk.terms import controlled_columns
from counterpoise.desk.weighing import Weighing
from counterpoise.errors import CounterpoiseError
from counterpoise.web import asking, house
from counterpoise.web.access import scope_of
from counterpoise.web.desk.asked_again import facts_for
from counterpoise.web.desk.customer import Figures
from counterpoise.web.desk.terms import Terms, terms_of
from counterpoise.web.live import live

if TYPE_CHECKING:
    from counterpoise.web.desk.models import Request
    from counterpoise.web.people.models import User

_AMOUNTS = ("lines", "rate", "net_amount", "cost_amount")


class NoRoleError(CounterpoiseError, PermissionError):
    """Somebody asks who has no role on the ladder of the agreement."""

    def __init__(self, role: str) -> None:
        found = f"Your role, {role}, is" if role else "You have no role"
        super().__init__(
            f"{found} not on the ladder of the agreement in force; "
            "an administrator sets it under Settings, People."
        )


class DealNotYoursError(CounterpoiseError, PermissionError):
    """Somebody asks about a deal that does not open to them."""

    def __init__(self, deal_id: str) -> None:
        super().__init__(f"Deal {deal_id} is not among the deals that open to you.")


@dataclass(frozen=True)
class Tried:
    """A request with the desk's answer, and everything that the answer was made from."""

    written: Mapping[str, Any]
    asked: Asked
    decision: Decision
    weighing: Weighing
    ready: Ready
    deal: Record | None
    facts: BookFacts

    @property
    def deal_id(self) -> str:
        """Return the deal's id where the books know it."""
        return str(self.deal["deal_id"]) if self.deal else ""

    @property
    def account_id(self) -> str:
        """Return the account's id, or nothing."""
        return str(self.weighing.case.facts.get("account_id") or "")

    @property
    def owner_person_id(self) -> str:
        """Return whose deal it is, or nothing."""
        return str(self.weighing.case.facts.get("owner_id") or "")

    @property
    def currency(self) -> str:
        """Return the deal's currency."""
        return self.terms.currency

    @cached_property
    def terms(self) -> Terms:
        """Return what an approval would hold for."""
        return terms_of(self.weighing, self.ready, self.facts, self.deal_id)

    def figures(self) -> Figures:
        """Return list and net in the deal's currency; None where no price is asked."""
        case = self.weighing.case
        if not case.units:
            return Figures(None, None, self.currency)
        exchange = case.exchange or Decimal(1)
        listed, net = (
            (amount / exchange).quantize(STORED, ROUND_HALF_EVEN)
            for amount in (case.list_amount, case.net_amount)
        )
        return Figures(listed, net, self.currency)

    def highest_rate(self) -> Decimal | None:
        """Return the highest rate that the asker may give alone; None where there is none.

        The desk itself is asked whether it would grant it; the floor may hold it back.
        """
        discount = self.weighing.discount
        if discount is None or not discount.outcome.limit:
            return None
        at_limit = _at_rate(self.asked, discount.outcome.limit)
        made = _decide(at_limit, self.facts)
        if made.verdict is Verdict.GRANTED:
            return discount.outcome.limit
        plain = [offer.rate for offer in made.counter_offers if _is_plain(offer)]
        return max((rate for rate in plain if rate is not None), default=None)


def try_request(
    written: Mapping[str, Any],
    user: User,
    now: dt.datetime | None = None,
    follows: Request | None = None,
) -> Tried:
    """Answer a person's request as the desk of this moment, book facts ahead of claims.

    Args:
        written: The request; `asked_by` and `asked_at` are the person's role and now.
        user: Who asks.
        now: When, as an instant; by default this moment.
        follows: The request on record whose terms are taken up again.

    Raises:
        NoRoleError: If the person has no role on the ladder.
        DealNotYoursError: If the deal is known and does not open to the person.
        RequestError: If the request cannot be answered as it stands.
        NoAgreementError: If no agreement is in force.
    """
    facts, agreements = facts_for(asking.facts(), follows), house.agreements()
    stated, deal = _with_books(written, user, facts)
    at = asking.now() if now is None else wall_time(now)
    stated |= {"asked_by": user.role or "?", "asked_at": at.isoformat()}
    ready = ready_for(Asked(user.role, at), agreements, facts)
    if user.role not in ready.ranks:
        raise NoRoleError(user.role)
    stated, differences = _books_ahead(stated, deal, ready, facts)
    decision = desk_answer(stated, agreements, facts, books_win=True)
    asked = read_request(stated)
    weighing = weigh_request(asked, agreements, facts, books_win=True)
    reasons = (*decision.reasons, *map(difference_reason, differences))
    decision = replace(decision, reasons=reasons)
    return Tried(stated, asked, decision, weighing, ready, deal, facts)


def wall_time(at: dt.datetime) -> dt.datetime:
    """Return an instant as the wall time of the workspace, to the second."""
    return timezone.localtime(at).replace(tzinfo=None, microsecond=0)


def _with_books(
    written: Mapping[str, Any], user: User, facts: BookFacts
) -> tuple[dict[str, Any], Record | None]:
    """Find the deal, check that it opens, and name its owner: the asker where it is new."""
    stated = dict(written)
    deal_part = stated.get("deal")
    if not isinstance(deal_part, Mapping):
        return stated, None
    stated["deal"] = deal_stated = _unnested(deal_part)
    deal_id = deal_stated.get("deal_id")
    deal = facts.deal(deal_id) if isinstance(deal_id, str) and deal_id else None
    if deal is not None:
        campaigns = live().deal_campaigns(str(deal["deal_id"]))
        if not scope_of(user).opens(deal.get("owner_id"), campaigns):
            raise DealNotYoursError(str(deal["deal_id"]))
    elif user.person_id:
        deal_stated["owner_id"] = user.person_id
    return stated, deal


def _unnested(deal: Mapping[str, Any]) -> dict[str, Any]:
    """Write attributes under their full names, so that they meet those of the books."""
    flat = {name: value for name, value in deal.items() if name != "attr"}
    attributes = deal.get("attr")
    if isinstance(attributes, Mapping):
        return flat | {f"attr.{name}": value for name, value in attributes.items()}
    return flat if attributes is None else flat | {"attr": attributes}


def _books_ahead(
    stated: dict[str, Any], deal: Record | None, ready: Ready, facts: BookFacts
) -> tuple[dict[str, Any], list[Difference]]:
    """Take what the books know of a deal over what is claimed, the terms being asked aside."""
    if deal is None:
        return stated, []
    known = {**deal, "list_amount": _recorded_list(deal, facts)}
    if stated["deal"].get("lines"):
        known["list_amount"] = None
    open_to_terms = controlled_columns(ready.levers.all)
    kept: dict[str, Any] = {}
    differences: list[Difference] = []
    for name, claimed in stated["deal"].items():
        recorded = known.get(_column(name))
        is_open = name in _AMOUNTS or _column(name) in open_to_terms
        if is_open or recorded is None or name == "deal_id":
            kept[name] = claimed
        elif not _is_same(claimed, recorded):
            differences.append(Difference(name, str(claimed), recorded))
    _refuse_another_account(differences)
    return stated | {"deal": kept}, differences


def _recorded_list(deal: Record, facts: BookFacts) -> Decimal | None:
    """Return the deal at list: what its lines add to where there are lines."""
    rows = facts.lines(str(deal["deal_id"]))
    prices = [(row["quantity"], row.get("list_price")) for row in rows]
    if not rows or any(price is None for _, price in prices):
        return deal.get("list_amount")
    return sum((quantity * price for quantity, price in prices), Decimal(0))


def _refuse_another_account(differences: list[Difference]) -> None:
    """Refuse to answer for another account than the deal's: it is a slip, not a claim."""
    for field, claimed, recorded in differences:
        if field == "account_id":
            says = f"the deal is of account {recorded!r}, not {claimed!r}; leave the account out"
            raise RequestError([Problem("deal.account_id", says)])


def _column(name: str) -> str:
    from counterpoise.agreement.fields import UnknownFieldError

    try:
        return DEAL_FIELDS.resolve(name).column
    except UnknownFieldError:
        return name


def _is_same(claimed: object, recorded: object) -> bool:
    if isinstance(recorded, Decimal):
        try:
            return Decimal(str(claimed)) == recorded
        except InvalidOperation:
            return False
    return str(claimed) == str(recorded)


def _at_rate(asked: Asked, rate: Decimal) -> Asked:
    lines = tuple(replace(line, net_price=None) for line in asked.lines)
    return replace(asked, lines=lines, net_amount=None, rate=rate)


def _decide(asked: Asked, facts: BookFacts) -> Decision:
    from counterpoise.desk import decide

    return decide(asked, house.agreements(), facts, books_win=True)


def _is_plain(offer: CounterOffer) -> bool:
    return offer.verdict is Verdict.GRANTED and not offer.needs
