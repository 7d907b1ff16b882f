"""Candidates for a counter-offer: terms, customizations and prices that the desk might take.

Candidates are the rates that the asker and each approver below the present one may give, as the
deal stands and with each set of terms that earns more, with the customizations as asked, cheaper,
or left out. None is above the asked rate. What cannot be better than a candidate before it is
left out early.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from itertools import product
from typing import Any, NamedTuple

from counterpoise.desk.authority import ZERO, LiveRow, Ready
from counterpoise.desk.claims import stored
from counterpoise.desk.decision import Need
from counterpoise.desk.discount import Asker
from counterpoise.desk.facts import CENT, Case, Unit, Wanted
from counterpoise.desk.floor import lowest_net
from counterpoise.desk.offers import CUSTOMIZATIONS
from counterpoise.desk.outcome import Reading, approval_weight
from counterpoise.desk.terms import Bundle, Bundles, given_terms
from counterpoise.desk.weighing import Weighing, asker_of

_FREE_CHOICES = 2
"""Up to so many troubled kinds of customization are varied one by one, more all alike."""


class Tailoring(NamedTuple):
    """A choice about customizations: what is still wanted, and what that needs."""

    wanted: tuple[Wanted, ...]
    needs: tuple[Need, ...]


class Terms(NamedTuple):
    """The deal under some terms: its facts, the rows that may decide each unit, and levers."""

    bundle: Bundle | None
    changes: dict[str, Need]
    facts: dict[str, Any]
    units: tuple[Unit, ...]
    rows: tuple[tuple[LiveRow, ...], ...]
    levers: tuple[Decimal, ...]


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

    def __init__(self, weighing: Weighing, ready: Ready, bundles: Bundles, ceiling: int) -> None:
        self.weighing = weighing
        self.case = weighing.case
        self.ready = ready
        self.bundles = bundles
        self.ceiling = ceiling
        self.asker: Asker = asker_of(self.case, ready)
        self._states_unit_prices = all(
            line.net_price is not None for line in self.case.request.lines
        )

    def __iter__(self) -> Iterator[Candidate]:
        """Yield candidates, those that need least first."""
        every_terms = list(self._terms())
        for tailoring in self._tailorings():
            yield from self._priced(every_terms, tailoring)

    # Terms

    def _terms(self) -> Iterator[Terms]:
        """Yield the deal as it stands, then under each bundle that would change anything."""
        as_is = self._under(None, {})
        yield as_is
        held = frozenset(
            at
            for at, lever in enumerate(self.ready.levers.all)
            if any(lever.predicate.truth(unit.facts) for unit in self._units)
        )
        kept = [as_is]
        for bundle in self.bundles.all:
            if bundle.members & held:
                continue
            changes = bundle.changes(self.case.facts)
            if changes is None:
                continue
            terms = self._under(bundle, changes)
            if not any(_is_as_good(less, terms) for less in kept):
                kept.append(terms)
                yield terms

    @property
    def _units(self) -> tuple[Unit, ...]:
        return self.case.units or (Unit(self.case.facts, ZERO, ZERO),)

    def _under(self, bundle: Bundle | None, changes: dict[str, Need]) -> Terms:
        case, ready = self.case, self.ready
        if not changes:
            units = self._units
            facts = case.facts
        else:
            facts = given_terms(case.facts, changes)
            units = tuple(
                unit._replace(facts=given_terms(unit.facts, changes)) for unit in self._units
            )
        rows = tuple(ready.rows.possible(unit.facts, case.day) for unit in units)
        levers = tuple(ready.levers.sum(unit.facts, Reading.STRICT) for unit in units)
        return Terms(bundle, changes, facts, units, rows, levers)

    # Customizations

    def _tailorings(self) -> Iterator[Tailoring]:
        """Yield the customizations as asked, then each way to have fewer or cheaper ones."""
        as_asked = Tailoring(self.case.wanted, ())
        yield as_asked
        kinds = self.weighing.kinds
        floor = self.weighing.floor
        below = floor is not None and floor.outcome.weight > 0
        troubled = [kind for kind in kinds if kind.outcome.weight or (below and kind.wanted.asked)]
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
            for amount in sorted(amounts, reverse=True):
                if ZERO < amount - wanted.recorded < wanted.asked:
                    options.append(wanted._replace(asked=amount - wanted.recorded))
        return [*options, None]

    # Prices

    def _priced(self, every_terms: list[Terms], tailoring: Tailoring) -> Iterator[Candidate]:
        if not self.case.units:
            for terms in every_terms:
                yield Candidate(terms, tailoring, ())
            return
        spent = sum((each.asked for each in tailoring.wanted), self.case.recorded_cost)
        least = lowest_net(self.case, spent, self.ready)
        seen: list[tuple[Terms, int, tuple[Price, ...]]] = []
        for terms in every_terms:
            for rank in self._levels(terms):
                prices = self._prices(terms, rank)
                if not any(
                    low <= rank and _is_as_low(lower, prices) and _is_less(before, terms)
                    for before, low, lower in seen
                ):
                    seen.append((terms, rank, prices))
                    yield from self._around_floor(terms, tailoring, prices, least)

    def _around_floor(
        self, terms: Terms, tailoring: Tailoring, prices: tuple[Price, ...], least: Decimal | None
    ) -> Iterator[Candidate]:
        """Yield the price, and where it lies below the floor, the lowest that does not."""
        yield Candidate(terms, tailoring, prices)
        whole = self.case.units[0]
        if whole.line_no is None and least is not None:
            if prices[0].net_amount < least <= whole.list_amount:
                yield Candidate(terms, tailoring, (self._price(whole, least),))

    def _levels(self, terms: Terms) -> list[int]:
        """Return the asker's rank, then those of approvers who are no stricter than now."""
        own = self.asker.rank
        ranks = {
            grant.rank
            for rows in terms.rows
            for row in rows
            for grant in row.grants
            if grant.rank > own and approval_weight(grant.rank) <= self.ceiling
        }
        return [own, *sorted(ranks)]

    def _prices(self, terms: Terms, rank: int) -> tuple[Price, ...]:
        """Return the lowest prices, none below the asked, that the asker or an approver may give."""
        return tuple(
            self._price(unit, unit.list_amount * (1 - self._least(rows, levers, rank)))
            for unit, rows, levers in zip(terms.units, terms.rows, terms.levers, strict=True)
        )

    def _least(self, rows: tuple[LiveRow, ...], levers: Decimal, rank: int) -> Decimal:
        return min(self._authority(row, levers, rank) for row in rows)

    def _price(self, unit: Unit, allowed: Decimal) -> Price:
        """Round a price up to whole cents, between the asked and the list price."""
        is_allowed = unit.net_amount >= allowed
        if unit.line_no is not None and is_allowed and self._states_unit_prices:
            return Price(unit.net_amount, None)
        amount = unit.net_amount if is_allowed else allowed
        exchange = self.case.exchange or 1
        if unit.line_no is None:
            offered = (amount / exchange).quantize(CENT, ROUND_CEILING)
            net = offered if exchange == 1 else offered * exchange
        else:
            offered = (amount / exchange / unit.quantity).quantize(CENT, ROUND_CEILING)
            net = offered * exchange * unit.quantity
        if not is_allowed and net > unit.list_amount:
            offered = stored(unit.list_amount / exchange / unit.quantity)
            net = unit.list_amount
        return Price(net, offered)

    def _authority(self, row: LiveRow, levers: Decimal, rank: int) -> Decimal:
        own = row.own.get(self.asker.role or "")
        rates = [] if own is None else [own]
        rates += [grant.rate for grant in row.grants if self.asker.rank < grant.rank <= rank]
        if not rates:
            return ZERO
        return max(rates) + (levers if row.earns_levers else ZERO)


def _is_as_low(one: tuple[Price, ...], other: tuple[Price, ...]) -> bool:
    """Tell whether no unit's price is higher than the other's."""
    return all(a.net_amount <= b.net_amount for a, b in zip(one, other, strict=True))


def _is_less(one: Terms, other: Terms) -> bool:
    """Tell whether one needs nothing that the other does not need too."""
    return one.changes.items() <= other.changes.items()


def _is_as_good(less: Terms, more: Terms) -> bool:
    """Tell whether terms that need less lead to the same rows and levers."""
    return less.rows == more.rows and less.levers == more.levers and _is_less(less, more)


def _tailoring(before: tuple[Wanted, ...], after: tuple[Wanted | None, ...]) -> Tailoring:
    pairs = list(zip(before, after, strict=True))
    needs = tuple(
        Need(f"{CUSTOMIZATIONS}{old.kind}", None if new is None else new.asked)
        for old, new in pairs
        if new != old
    )
    return Tailoring(tuple(new for _, new in pairs if new is not None), needs)
