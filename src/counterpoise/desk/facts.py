"""Facts of a request: what was claimed, filled up with what the books know of that day.

The result is a case: plain facts by column, amounts in workspace currency, and nothing that has
to be looked up again while the desk weighs it or tries another offer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from counterpoise.agreement.conditions import write_value
from counterpoise.books.schema import Kind
from counterpoise.books.spelling import unknown
from counterpoise.desk.authority import Ready
from counterpoise.desk.book_facts import NO_BOOKS, BookFacts, Record
from counterpoise.desk.case import ZERO, Case, Unit, Wanted
from counterpoise.desk.claims import MAX_NUMBER, stored
from counterpoise.desk.lookup import Lookup
from counterpoise.desk.pricing import AMOUNTS, Pricing
from counterpoise.desk.request import Request, RequestError

_NOTHING: Record = {}


def local_time(asked_at: dt.datetime, ready: Ready) -> dt.datetime:
    """Return the wall time in the agreement's zone; a time without a zone is one already."""
    if asked_at.tzinfo is None:
        return asked_at
    return asked_at.astimezone(ready.zone).replace(tzinfo=None)


def case_of(
    request: Request, ready: Ready, books: BookFacts = NO_BOOKS, *, books_win: bool = False
) -> Case:
    """Gather the facts of a request.

    Args:
        request: What is asked.
        ready: The agreement in force on its day.
        books: What is on record.
        books_win: Take facts of account, product, person, list price and cost from the books
            where both speak, and note the difference.

    Raises:
        RequestError: If ids are unknown, the role is not on the ladder, or a price is missing.
    """
    lookup = Lookup(books, local_time(request.asked_at, ready).date(), books_win=books_win)
    if request.asked_by not in ready.ranks:
        lookup.refuse("asked_by", unknown("role", request.asked_by, ready.ranks))
    claims = request.claims
    recorded = _NOTHING
    deal_id = claims.get("deal_id")
    if deal_id is not None:
        recorded = books.deal(str(deal_id)) or _NOTHING
    facts = _laid_under(claims, recorded)
    if ready.aliases or ready.instants:
        _rename_and_localize(facts, ready)
    lookup.find_exchange(facts.get("currency"), ready.agreement.company.currency)
    lookup.account(facts)
    lookup.owner(facts)
    units, cost = Pricing(request, facts, recorded, lookup).priced(by_line=ready.by_line)
    if not units and not request.customizations and not lookup.problems:
        lookup.refuse("deal", "nothing is asked; give lines, a net_amount or a rate")
    if ready.attribute_kinds:
        for each in (facts, *(unit.facts for unit in units if unit.facts is not facts)):
            _type_attributes(each, ready.attribute_kinds, lookup)
    _settle_persona(facts, units, ready, lookup)
    wanted, recorded_cost = _wanted(request, deal_id, lookup)
    if lookup.problems:
        raise RequestError(lookup.problems)
    return Case(
        request,
        lookup.day,
        facts,
        units,
        cost,
        wanted,
        recorded_cost,
        tuple(lookup.differences),
        lookup.exchange,
    )


def _laid_under(claims: Mapping[str, Any], recorded: Record) -> dict[str, Any]:
    """Lay what is on record of the deal under what is claimed; amounts are priced apart."""
    if not recorded:
        return dict(claims)
    known = {
        name: value for name, value in recorded.items() if value is not None and name not in AMOUNTS
    }
    return {**known, **claims}


def _rename_and_localize(facts: dict[str, Any], ready: Ready) -> None:
    """Give bare attributes to whom they belong, and times the wall clock of the agreement."""
    for stated, column in ready.aliases.items():
        if stated in facts:
            facts.setdefault(column, facts[stated])
    for column in ready.instants:
        at = facts.get(column)
        if isinstance(at, dt.datetime):
            facts[column] = local_time(at, ready)


def _settle_persona(
    facts: dict[str, Any], units: tuple[Unit, ...], ready: Ready, lookup: Lookup
) -> None:
    """State which persona the customer is: as claimed, else as its facts say."""
    claimed = facts.get("persona")
    if claimed is not None:
        known = [each.id for each, _ in ready.personas]
        if claimed not in known:
            lookup.refuse("deal.persona", unknown("persona", claimed, known))
    persona = ready.persona_of(facts) if claimed is None or lookup.books_win else claimed
    facts["persona"] = claimed if persona is None else persona
    for unit in units:
        unit.facts["persona"] = facts["persona"]


def _wanted(
    request: Request, deal_id: object, lookup: Lookup
) -> tuple[tuple[Wanted, ...], Decimal]:
    """Sum the customizations asked, kind by kind, and what is on record for the deal."""
    recorded: dict[str, Decimal] = {}
    if deal_id is not None:
        for row in lookup.books.customizations(str(deal_id)):
            cost = ZERO if row.cost is None else lookup.converted(row.cost)
            recorded[row.kind] = recorded.get(row.kind, ZERO) + cost
    if not request.customizations:
        return (), sum(recorded.values(), ZERO)
    asked: dict[str, list[Decimal]] = {}
    for each in request.customizations:
        asked.setdefault(each.kind, []).append(lookup.converted(each.cost))
    wanted = tuple(
        Wanted(kind, sum(costs, ZERO), len(costs), recorded.get(kind, ZERO))
        for kind, costs in asked.items()
    )
    return wanted, sum(recorded.values(), ZERO)


def _type_attributes(facts: dict[str, Any], kinds: Mapping[str, Kind], lookup: Lookup) -> None:
    """Give attributes the kind that the agreement compares them as."""
    for column, kind in kinds.items():
        fact = facts.get(column)
        if fact is None:
            continue
        if kind is Kind.TEXT and not isinstance(fact, str):
            facts[column] = write_value(fact.normalize() if isinstance(fact, Decimal) else fact)
        elif kind is Kind.NUMBER and not isinstance(fact, Decimal):
            number = _number(fact)
            facts[column] = number
            if number is None:
                says = f"{fact!r} is not a number, as the agreement compares it"
                lookup.refuse(f"deal.{column.replace('__', '.')}", says)


def _number(fact: object) -> Decimal | None:
    try:
        number = Decimal(str(fact))
    except InvalidOperation:
        return None
    return stored(number) if number.is_finite() and abs(number) < MAX_NUMBER else None
