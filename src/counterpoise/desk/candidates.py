"""Candidates for a counter-offer: terms, customizations and prices that the desk might take.

Candidates are the rates that the asker and each approver below the present one may give, as the
deal stands and with each set of terms that earns more, with the customizations as asked, cheaper,
or left out. None is above the asked rate. What cannot be better than a candidate before it is
left out early.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import product
from typing import Any, NamedTuple

from counterpoise.desk.authority import LiveRow, Ready
from counterpoise.desk.case import CENT, ZERO, Unit, Wanted
from counterpoise.desk.claims import stored
from counterpoise.desk.decision import Need
from counterpoise.desk.discount import Asker
from counterpoise.desk.floor import lowest_net
from counterpoise.desk.offers import CUSTOMIZATIONS
from counterpoise.desk.outcome import approval_weight
from counterpoise.desk.terms import Bundle, Bundles, given_terms
from counterpoise.desk.weighing import Burden, Weighing, asker_of

_FREE_CHOICES = 2
"""Up to so many troubled kinds of customization are varied one by one, more all alike."""

_OFFERED_STEP = Decimal("0.001")
"""The step of a rate that no clause states: a tenth of a percent."""


class Tailoring(NamedTuple):
    """A choice about customizations: what is still wanted, and what that needs."""

    wanted: tuple[Wanted, ...]
    needs: tuple[Need, ...]


_UNTAILORED = (Tailoring((), ()),)


class Terms(NamedTuple):
    """The deal under some terms: its facts, the rows that may decide each unit, and levers.

    `less` are the places of the terms before it that need nothing beyond these.
    """

    changes: dict[str, Need]
    facts: dict[str, Any]
    units: tuple[Unit, ...]
    rows: tuple[tuple[LiveRow, ...], ...]
    levers: tuple[Decimal, ...]
    less: tuple[int, ...] = ()


class Price(NamedTuple):
    """A price for a unit: its amount in workspace currency, and what is offered.

    Offered is the deal's amount or a line's unit price, in the deal's currency, in whole cents;
    None leaves the line as it was asked.
    """

    net_amount: Decimal
    offered: Decimal | None


class Candidate(NamedTuple):
    """Terms, a choice about customizations, and a price for each unit; not yet weighed."""

    terms: Terms
    tailoring: Tailoring
    prices: tuple[Price, ...]


class Candidates:
    """The candidates of one weighing."""

    def __init__(self, weighing: Weighing, ready: Ready, bundles: Bundles, burden: Burden) -> None:
        self.weighing = weighing
        self.case = weighing.case
        self.ready = ready
        self.bundles = bundles
        weight, approvals = burden
        self.below = weight + 1 if approvals > 1 else weight
        self.asker: Asker = asker_of(self.case, ready)
        units = self.case.units
        self.is_whole = len(units) == 1 and units[0].line_no is None

    def __iter__(self) -> Iterator[Candidate]:
        """Yield candidates, those that need least first."""
        every_terms = self._terms()
        for tailoring in self._tailorings() if self.case.wanted else _UNTAILORED:
            if self.case.units:
                yield from self._priced(every_terms, tailoring)
            else:
                yield from (Candidate(terms, tailoring, ()) for terms in every_terms)

    # Terms

    def _terms(self) -> list[Terms]:
        """Return the deal as it stands, then under each bundle that would change anything."""
        case, ready = self.case, self.ready
        discounts = self.weighing.discounts
        rows = tuple([each.rows for each in discounts])
        levers = tuple([each.levers for each in discounts])
        kept = [Terms({}, case.facts, case.units, rows, levers)]
        held = ready.levers.held(case.facts)
        for bundle in self.bundles.all:
            if bundle.members.isdisjoint(held) and (changes := bundle.changes(case.facts)):
                terms = self._under(bundle, changes, kept)
                if terms is not None:
                    kept.append(terms)
        return kept

    def _under(self, bundle: Bundle, changes: dict[str, Need], kept: list[Terms]) -> Terms | None:
        """Return the deal under a bundle's terms, None where fewer terms do as well."""
        as_is, ready = kept[0], self.ready
        facts = given_terms(self.case.facts, changes)
        if self.is_whole:
            units: tuple[Unit, ...] = (_with_facts(as_is.units[0], facts),)
            levers: tuple[Decimal, ...] = (ready.levers.sum(facts),)
        else:
            units = tuple(
                [_with_facts(unit, given_terms(unit.facts, changes)) for unit in as_is.units]
            )
            levers = tuple([ready.levers.sum(unit.facts) for unit in units])
        rows = as_is.rows
        if not ready.rows.columns.isdisjoint(changes):
            rows = tuple([ready.rows.possible(unit.facts, self.case.day) for unit in units])
        less = [
            place
            for place, before in enumerate(kept)
            if not before.changes or before.changes.items() <= changes.items()
        ]
        if not (self.case.wanted and ready.kind_columns.intersection(changes)):
            for place in less:
                if kept[place].levers == levers and kept[place].rows == rows:
                    return None
        return Terms(changes, facts, units, rows, levers, tuple(less))

    # Customizations

    def _tailorings(self) -> Iterator[Tailoring]:
        """Yield the customizations as asked, then each way to have fewer or cheaper ones."""
        yield Tailoring(self.case.wanted, ())
        floor = self.weighing.floor
        below = floor is not None and floor.outcome.weight > 0
        troubled = [
            kind
            for kind in self.weighing.kinds
            if kind.outcome.weight or (below and kind.wanted.asked)
        ]
        if not troubled:
            return
        options = {kind.wanted.kind: self._options(kind.wanted, kind.row) for kind in troubled}
        every = list(product(*options.values()))
        if len(troubled) > _FREE_CHOICES:
            every = [tuple(each[-1] for each in options.values())]
        for choice in every:
            picked = dict(zip(options, choice, strict=True))
            wanted = tuple(picked.get(each.kind, each) for each in self.case.wanted)
            tailoring = _tailoring(self.case.wanted, wanted)
            if tailoring.needs:
                yield tailoring

    def _options(self, wanted: Wanted, row: LiveRow | None) -> list[Wanted | None]:
        """Return a kind as asked, at what asker and approvers may grant, and left out."""
        options: list[Wanted | None] = [wanted]
        if row is not None and wanted.pieces == 1:
            amounts = {row.own.get(self.asker.role or "", ZERO)}
            amounts |= {grant.rate for grant in row.grants if grant.rank > self.asker.rank}
            lower = (amount - wanted.recorded for amount in sorted(amounts, reverse=True))
            options += [wanted._replace(asked=cost) for cost in lower if ZERO < cost < wanted.asked]
        return [*options, None]

    # Prices

    def _priced(self, every_terms: list[Terms], tailoring: Tailoring) -> Iterator[Candidate]:
        least = lowest_net(self.case, tailoring.wanted, self.ready)
        seen: list[list[tuple[int, tuple[Price, ...]]]] = []
        for terms in every_terms:
            offered: list[tuple[int, tuple[Price, ...]]] = []
            seen.append(offered)
            lower = [seen[place] for place in terms.less]
            for rank, prices in self._prices(terms):
                if offered and _is_as_low(offered[-1][1], prices):
                    continue
                offered.append((rank, prices))
                if lower and _is_beaten(rank, prices, lower):
                    continue
                yield Candidate(terms, tailoring, prices)
                if least is not None and self.is_whole and prices[0].net_amount < least:
                    unit = terms.units[0]
                    if least <= unit.list_amount:
                        price = self._price(unit, _on_a_step(least, unit.list_amount))
                        yield Candidate(terms, tailoring, (price,))

    def _prices(self, terms: Terms) -> list[tuple[int, tuple[Price, ...]]]:
        """Return the lowest prices, none below the asked, by the rank up to which somebody may.

        The first rank is the asker's, then those of approvers that are a relief.
        """
        if len(terms.rows) == 1 and len(terms.rows[0]) == 1:
            return self._unit_prices(terms)
        return [
            (
                rank,
                tuple(
                    self._price(unit, unit.list_amount * (1 - self._least(rows, levers, rank)))
                    for unit, rows, levers in zip(
                        terms.units, terms.rows, terms.levers, strict=True
                    )
                ),
            )
            for rank in self._ranks(terms)
        ]

    def _unit_prices(self, terms: Terms) -> list[tuple[int, tuple[Price, ...]]]:
        """Return the prices of one unit that one row decides."""
        role, own = self.asker
        unit, row = terms.units[0], terms.rows[0][0]
        list_amount = unit.list_amount
        extra = terms.levers[0] if row.earns_levers else ZERO
        prices: list[tuple[int, tuple[Price, ...]]] = []
        for rank, rate in row.steps(role, own):
            if rank > own and approval_weight(rank) >= self.below:
                break
            given = ZERO if rate is None else list_amount * (rate + extra)
            prices.append((rank, (self._price(unit, list_amount - given),)))
            if list_amount - unit.net_amount <= given:
                break
        return prices

    def _ranks(self, terms: Terms) -> list[int]:
        role, own = self.asker
        steps = [step for rows in terms.rows for row in rows for step in row.steps(role, own)[1:]]
        ranks = {rank for rank, _ in steps if approval_weight(rank) < self.below}
        return [own, *sorted(ranks)]

    def _least(self, rows: tuple[LiveRow, ...], levers: Decimal, rank: int) -> Decimal:
        """Return what somebody up to a rank may give by each of the rows that may decide."""
        return min(self._authority(row, levers, rank) for row in rows)

    def _authority(self, row: LiveRow, levers: Decimal, rank: int) -> Decimal:
        rate: Decimal | None = None
        for step, given in row.steps(*self.asker):
            if step <= rank:
                rate = given
        if rate is None:
            return ZERO
        return rate + levers if row.earns_levers else rate

    def _price(self, unit: Unit, allowed: Decimal) -> Price:
        """Round a price up to whole cents, between the asked and the list price."""
        asked = unit.net_amount
        amount = asked if asked >= allowed else allowed
        if unit.line_no is None and self.case.exchange is None:
            offered = amount.quantize(CENT, ROUND_CEILING)
            if offered > unit.list_amount > asked:
                offered = unit.list_amount
            return Price(offered, offered)
        if unit.line_no is not None and amount is asked and self._states_unit_prices():
            return Price(asked, None)
        return self._converted_price(unit, amount)

    def _states_unit_prices(self) -> bool:
        return all(line.net_price is not None for line in self.case.request.lines)

    def _converted_price(self, unit: Unit, amount: Decimal) -> Price:
        """Round a unit price, or a price in another currency, up to whole cents."""
        factor = unit.quantity * (self.case.exchange or 1)
        offered = (amount / factor).quantize(CENT, ROUND_CEILING)
        if offered * factor > unit.list_amount > unit.net_amount:
            return Price(unit.list_amount, stored(unit.list_amount / factor))
        return Price(stored(offered * factor), offered)


def _with_facts(unit: Unit, facts: dict[str, Any]) -> Unit:
    return Unit(facts, unit.list_amount, unit.net_amount, unit.line_no, unit.quantity)


def _on_a_step(least: Decimal, list_amount: Decimal) -> Decimal:
    """Return the lowest price, not below the least, whose rate is a whole number of steps.

    >>> _on_a_step(Decimal("968.59"), Decimal(1000))
    Decimal('969.000')
    """
    if list_amount <= 0:
        return least
    rate = ((list_amount - least) / list_amount).quantize(_OFFERED_STEP, ROUND_FLOOR)
    return list_amount * (1 - rate)


def _is_as_low(one: tuple[Price, ...], other: tuple[Price, ...]) -> bool:
    """Tell whether no unit's price is higher than the other's."""
    if len(one) == 1:
        return one[0].net_amount <= other[0].net_amount
    return all(a.net_amount <= b.net_amount for a, b in zip(one, other, strict=True))


def _is_beaten(
    rank: int, prices: tuple[Price, ...], lower: list[list[tuple[int, tuple[Price, ...]]]]
) -> bool:
    """Tell whether terms that need less reach these prices no further up the ladder."""
    for offered in lower:
        for before, low in offered:
            if before > rank:
                break
            if _is_as_low(low, prices):
                return True
    return False


def _tailoring(before: tuple[Wanted, ...], after: tuple[Wanted | None, ...]) -> Tailoring:
    pairs = list(zip(before, after, strict=True))
    needs = tuple(
        Need(f"{CUSTOMIZATIONS}{old.kind}", None if new is None else new.asked)
        for old, new in pairs
        if new != old
    )
    return Tailoring(tuple(new for _, new in pairs if new is not None), needs)
