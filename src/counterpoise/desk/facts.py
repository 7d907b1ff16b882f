"""Facts of a request: what was claimed, filled up with what the books know of that day.

The result is a case: plain facts by column, amounts in workspace currency, and nothing that has
to be looked up again while the desk weighs it or tries another offer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, NamedTuple

from counterpoise.agreement.conditions import Value, write_value
from counterpoise.books.schema import Kind
from counterpoise.books.spelling import unknown
from counterpoise.desk.authority import ZERO, Ready
from counterpoise.desk.book_facts import NO_BOOKS, BookFacts, Record
from counterpoise.desk.claims import MAX_NUMBER, stored
from counterpoise.desk.request import AskedLine, Problem, Request, RequestError

CENT = Decimal("0.01")

_AMOUNTS = ("list_amount", "net_amount", "cost_amount")


class Unit(NamedTuple):
    """What one discount is asked for: the whole deal, or one line of it with its quantity."""

    facts: dict[str, Any]
    list_amount: Decimal
    net_amount: Decimal
    line_no: int | None = None
    quantity: Decimal = Decimal(1)


class Wanted(NamedTuple):
    """A kind of customization: what is asked, and what is on record for the deal already."""

    kind: str
    asked: Decimal
    pieces: int
    recorded: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Return what the kind costs in all."""
        return self.asked + self.recorded


class Difference(NamedTuple):
    """A fact that the books know otherwise than the request claims."""

    field: str
    claimed: Value
    recorded: Value


class Case(NamedTuple):
    """A request with its facts.

    `units` is empty where no price is asked. `cost` is None where it is not known;
    `recorded_cost` is that of customizations on record, of any kind.
    """

    request: Request
    day: dt.date
    facts: dict[str, Any]
    units: tuple[Unit, ...]
    cost: Decimal | None
    wanted: tuple[Wanted, ...]
    recorded_cost: Decimal
    differences: tuple[Difference, ...]
    exchange: Decimal | None = None

    @property
    def net_amount(self) -> Decimal:
        """Return the price asked, in workspace currency."""
        return sum((unit.net_amount for unit in self.units), ZERO)

    @property
    def list_amount(self) -> Decimal:
        """Return the list price, in workspace currency."""
        return sum((unit.list_amount for unit in self.units), ZERO)

    @property
    def customization_cost(self) -> Decimal:
        """Return what all customizations of the deal cost, asked and on record."""
        return sum((each.asked for each in self.wanted), self.recorded_cost)


def local_time(asked_at: dt.datetime, ready: Ready) -> dt.datetime:
    """Return the wall time in the agreement's zone; a time without a zone is one already."""
    return (
        asked_at
        if asked_at.tzinfo is None
        else asked_at.astimezone(ready.zone).replace(tzinfo=None)
    )


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
    return _Gathering(request, ready, books, books_win).case()


class _Priced(NamedTuple):
    """A line with its amounts in workspace currency; None where not known."""

    line_no: int
    quantity: Decimal
    facts: dict[str, Any]
    list_amount: Decimal | None
    net_amount: Decimal | None
    cost: Decimal | None


@dataclass
class _Gathering:
    """One walk from a request to its case."""

    request: Request
    ready: Ready
    books: BookFacts
    books_win: bool
    facts: dict[str, Any] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def case(self) -> Case:
        request, facts = self.request, self.facts
        self.day = local_time(request.asked_at, self.ready).date()
        if request.asked_by not in self.ready.ranks:
            self._refuse("asked_by", unknown("role", request.asked_by, self.ready.ranks))
        self.recorded = self._recorded_deal()
        facts.update(request.claims)
        self.product_claims = {
            column: claim
            for column, claim in request.claims.items()
            if column.startswith("product")
        }
        self.exchange = self._exchange()
        self._fill_account_and_owner()
        lines = [self._priced(line) for line in self._asked_lines()]
        units, cost = self._units(lines)
        if self.ready.attribute_kinds:
            self._type_attributes()
        if not units and not request.customizations:
            self._refuse("deal", "nothing is asked; give lines, a net_amount or a rate")
        self._check_persona()
        if self.problems:
            raise RequestError(self.problems)
        facts["persona"] = self._persona()
        wanted, recorded_cost = self._customizations()
        units = self._with_persona(units)
        return Case(
            request,
            self.day,
            facts,
            units,
            cost,
            wanted,
            recorded_cost,
            tuple(self.differences),
            self.exchange,
        )

    def _refuse(self, where: str, says: str) -> None:
        self.problems.append(Problem(where, says))

    # What the books know

    def _recorded_deal(self) -> Record:
        deal_id = self.request.claims.get("deal_id")
        found = self.books.deal(str(deal_id)) if deal_id is not None else None
        if not found:
            return {}
        known = {name: value for name, value in found.items() if value is not None}
        self.facts.update((name, value) for name, value in known.items() if name not in _AMOUNTS)
        return known

    def _fill_account_and_owner(self) -> None:
        account_id = self.facts.get("account_id")
        if account_id is not None:
            found = self.books.account(account_id, self.day)
            if found is None:
                near = self.books.nearest_account(account_id)
                self._refuse("deal.account_id", _unknown_id("account", account_id, near))
            elif found:
                self._fill(self.facts, found, "account")
        owner_id = self.facts.get("owner_id")
        if owner_id is not None and (found := self.books.person(owner_id, self.day)):
            self._fill(self.facts, found, "owner")

    def _fill(self, facts: dict[str, Any], found: Record, entity: str) -> None:
        for name, value in found.items():
            column = f"{entity}__{name}"
            claimed = facts.get(column)
            if value is None or claimed == value:
                continue
            if claimed is None:
                facts[column] = value
            elif self.books_win:
                self.differences.append(Difference(f"{entity}.{name}", claimed, value))
                facts[column] = value
        if entity == "product":
            facts["product_family"] = facts.get("product__family")

    def _product(self, product_id: str, where: str) -> Record:
        found = self.books.product(product_id, self.day)
        if found is None:
            near = self.books.nearest_product(product_id)
            self._refuse(where, _unknown_id("product", product_id, near))
        return found or {}

    def _exchange(self) -> Decimal | None:
        currency, own = self.facts.get("currency"), self.ready.agreement.company.currency
        if currency is None or currency == own:
            return None
        rate = self.books.exchange_rate(currency, self.day)
        if rate is None:
            says = f"no rate of exchange from {currency} to {own} is known on {self.day}"
            self._refuse("deal.currency", f"{says}; give the amounts in {own}")
        return rate

    # Prices

    def _asked_lines(self) -> Sequence[AskedLine]:
        request = self.request
        if request.lines or request.list_amount is not None or not self.recorded:
            return request.lines
        rows = self.books.lines(self.recorded["deal_id"]) if "deal_id" in self.recorded else ()
        return [_line_on_record(row, with_net=not request.is_priced) for row in rows]

    def _priced(self, line: AskedLine) -> _Priced:
        facts = {**self.product_claims, **line.claims}
        where = f"deal.lines (line {line.line_no})"
        list_price, unit_cost = line.list_price, line.unit_cost
        list_amount = self._converted(_times(line.quantity, list_price))
        cost = self._converted(_times(line.quantity, unit_cost))
        if line.product_id is not None:
            facts["product__product_id"] = line.product_id
            found = self._product(line.product_id, f"{where}.product_id")
            if found:
                self._fill(facts, found, "product")
                list_amount = self._chosen("list_price", where, list_amount, line, found)
                cost = self._chosen("unit_cost", where, cost, line, found)
        if list_amount is None:
            self._refuse(f"{where}.list_price", "no list price is given or on record; give it")
        net_amount = self._converted(_times(line.quantity, line.net_price))
        return _Priced(line.line_no, line.quantity, facts, list_amount, net_amount, cost)

    def _chosen(
        self, name: str, where: str, claimed: Decimal | None, line: AskedLine, found: Record
    ) -> Decimal | None:
        """Choose between the amount of a claimed unit price and that of the recorded one."""
        price = found.get(name)
        if price is None or (claimed is not None and not self.books_win):
            return claimed
        recorded = stored(line.quantity * price)
        if claimed is not None and claimed != recorded:
            mine = line.list_price if name == "list_price" else line.unit_cost
            self.differences.append(Difference(f"{where}.{name}", mine or ZERO, price))
        return recorded

    def _units(self, lines: list[_Priced]) -> tuple[tuple[Unit, ...], Decimal | None]:
        amounts = {name: self._amount(name) for name in _AMOUNTS}
        if not lines:
            return self._whole_deal(amounts)
        self._check_against_lines(amounts, lines)
        self._take_largest(lines)
        list_amounts = [line.list_amount for line in lines]
        if None in list_amounts or self.problems:
            return (), None
        lists = [amount for amount in list_amounts if amount is not None]
        nets = self._nets(lines, lists, amounts["net_amount"])
        costs = [line.cost for line in lines]
        cost = amounts["cost_amount"]
        if None not in costs and (cost is None or self.books_win):
            cost = sum((each for each in costs if each is not None), ZERO)
        net = None if nets is None else sum(nets, ZERO)
        self._state_amounts(sum(lists, ZERO), net, cost)
        if nets is None:
            return (), cost
        if not self.ready.by_line:
            return (Unit(self.facts, sum(lists, ZERO), sum(nets, ZERO)),), cost
        return tuple(map(self._line_unit, lines, lists, nets)), cost

    def _line_unit(self, line: _Priced, list_amount: Decimal, net_amount: Decimal) -> Unit:
        """Give a line its own product; what the deal took from its largest line is not its."""
        facts = self.facts | dict.fromkeys(self.taken) | line.facts
        facts |= {"list_amount": list_amount, "net_amount": net_amount}
        return Unit(facts, list_amount, net_amount, line.line_no, line.quantity)

    def _amount(self, name: str) -> Decimal | None:
        """Return a deal's amount as stated, in workspace currency, or as on record."""
        stated: Decimal | None = getattr(self.request, name)
        return self._converted(stated) if stated is not None else None

    def _whole_deal(
        self, amounts: Mapping[str, Decimal | None]
    ) -> tuple[tuple[Unit, ...], Decimal | None]:
        """Return the one unit of a deal without lines, none where no price is asked."""
        product_id = self.facts.get("product__product_id")
        if product_id is not None and (found := self._product(product_id, "deal.product_id")):
            self._fill(self.facts, found, "product")
        listed, net, cost = (
            amounts[name] if amounts[name] is not None else self._on_record(name)
            for name in _AMOUNTS
        )
        if self.request.rate is not None and listed is not None:
            net = stored(listed * (1 - self.request.rate))
        self._state_amounts(listed, net, cost)
        if listed is None and (net is not None or self.request.rate is not None):
            self._refuse(
                "deal.list_amount", "no list price is given; give it, or lines with list prices"
            )
        if listed is None or net is None:
            return (), cost
        return (Unit(self.facts, listed, net),), cost

    def _on_record(self, name: str) -> Decimal | None:
        return self._converted(self.recorded.get(name))

    def _state_amounts(
        self, listed: Decimal | None, net: Decimal | None, cost: Decimal | None
    ) -> None:
        self.facts.update(list_amount=listed, net_amount=net, cost_amount=cost)

    def _nets(
        self, lines: list[_Priced], lists: list[Decimal], net_amount: Decimal | None
    ) -> list[Decimal] | None:
        """Return each line's price: as asked, by the rate, or its share of the deal's."""
        asked = [line.net_amount for line in lines]
        if asked[0] is not None:
            return [amount for amount in asked if amount is not None]
        if self.request.rate is not None:
            return [stored(amount * (1 - self.request.rate)) for amount in lists]
        if net_amount is None:
            return None
        if sum(lists) == 0 and net_amount > 0:
            self._refuse("deal.net_amount", "it cannot be shared among lines without a list price")
        return shared(net_amount, lists)

    def _check_against_lines(
        self, amounts: Mapping[str, Decimal | None], lines: list[_Priced]
    ) -> None:
        """Refuse a deal's amount that its own lines contradict by a cent or more."""
        allowed = CENT * len(lines) if self.exchange else CENT
        for name, parts in (
            ("list_amount", [line.list_amount for line in lines]),
            ("net_amount", [line.net_amount for line in lines]),
        ):
            stated = amounts[name]
            if stated is None or None in parts:
                continue
            added = sum((part for part in parts if part is not None), ZERO)
            if abs(added - stated) >= allowed:
                says = f"it is {stated:f} but the lines add to {added:f}; leave one of them out"
                self._refuse(f"deal.{name}", says)

    def _take_largest(self, lines: list[_Priced]) -> None:
        """Give the deal the product facts of its largest line, the lowest number of equals."""
        largest = min(lines, key=lambda line: (-(line.list_amount or ZERO), line.line_no))
        for column, value in largest.facts.items():
            if self.facts.get(column) is None:
                self.facts[column] = value
                self.taken.append(column)

    def _converted(self, amount: Decimal | None) -> Decimal | None:
        if amount is None:
            return None
        if abs(amount) >= MAX_NUMBER:
            self._refuse("deal", f"an amount of {amount:.0f} is too large")
            return None
        if self.exchange is None:
            return amount
        return (amount * self.exchange).quantize(CENT, ROUND_HALF_EVEN)

    # Customizations, attributes, persona

    def _customizations(self) -> tuple[tuple[Wanted, ...], Decimal]:
        deal_id = self.facts.get("deal_id")
        recorded: dict[str, Decimal] = {}
        if deal_id is not None:
            for row in self.books.customizations(deal_id):
                recorded[row.kind] = recorded.get(row.kind, ZERO) + (row.cost or ZERO)
        asked: dict[str, list[Decimal]] = {}
        for each in self.request.customizations:
            asked.setdefault(each.kind, []).append(self._converted(each.cost) or ZERO)
        wanted = tuple(
            Wanted(kind, sum(costs, ZERO), len(costs), recorded.get(kind, ZERO))
            for kind, costs in asked.items()
        )
        return wanted, sum(recorded.values(), ZERO)

    def _type_attributes(self) -> None:
        """Give attributes the kind that the agreement compares them as."""
        for column, kind in self.ready.attribute_kinds.items():
            fact = self.facts.get(column)
            if fact is None:
                continue
            if kind is Kind.TEXT and not isinstance(fact, str):
                self.facts[column] = write_value(fact)
            elif kind is Kind.NUMBER and isinstance(fact, str):
                self._number_attribute(column, fact)

    def _number_attribute(self, column: str, fact: str) -> None:
        try:
            number = Decimal(fact)
        except InvalidOperation:
            number = Decimal("nan")
        if number.is_finite() and abs(number) < MAX_NUMBER:
            self.facts[column] = stored(number)
        else:
            path = column.replace("__", ".")
            self._refuse(f"deal.{path}", f"{fact!r} is not a number, as the agreement compares it")

    def _check_persona(self) -> None:
        claimed, known = self.facts.get("persona"), [each.id for each, _ in self.ready.personas]
        if claimed is not None and claimed not in known:
            self._refuse("deal.persona", unknown("persona", claimed, known))

    def _persona(self) -> str | None:
        claimed = self.facts.get("persona")
        found = self.ready.persona_of(self.facts)
        return found if claimed is None or (self.books_win and found is not None) else claimed

    def _with_persona(self, units: tuple[Unit, ...]) -> tuple[Unit, ...]:
        if not self.ready.by_line:
            return units
        for unit in units:
            unit.facts["persona"] = self.facts["persona"]
        return units


def shared(amount: Decimal, lists: Sequence[Decimal]) -> list[Decimal]:
    """Share an amount in proportion to list prices; the largest takes what rounding leaves.

    >>> shared(Decimal(100), [Decimal(30), Decimal(60)])
    [Decimal('33.3333'), Decimal('66.6667')]
    """
    total = sum(lists, ZERO)
    if total == 0:
        return [ZERO for _ in lists]
    shares = [stored(amount * each / total) for each in lists]
    largest = max(range(len(lists)), key=lambda at: lists[at])
    shares[largest] += amount - sum(shares, ZERO)
    return shares


def _times(quantity: Decimal, price: Decimal | None) -> Decimal | None:
    return None if price is None else stored(quantity * price)


def _unknown_id(what: str, found: str, near: str | None) -> str:
    hint = f"; the nearest is {near!r}" if near else ""
    return f"no {what} {found!r} is in the books{hint}"


def _line_on_record(row: Record, *, with_net: bool) -> AskedLine:
    return AskedLine(
        line_no=int(row["line_no"]),
        quantity=Decimal(row["quantity"]),
        product_id=row.get("product_id"),
        list_price=row.get("list_price"),
        net_price=row.get("net_price") if with_net else None,
        unit_cost=row.get("unit_cost"),
    )
