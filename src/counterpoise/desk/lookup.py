"""Look-ups: what the books know of the ids in a request, laid over or under what it claims."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from counterpoise.desk.book_facts import BookFacts, Record
from counterpoise.desk.case import CENT, Difference
from counterpoise.desk.claims import MAX_NUMBER
from counterpoise.desk.request import Problem


class Lookup:
    """The books on one day, and what was found wrong or different while asking them."""

    __slots__ = ("books", "books_win", "day", "differences", "exchange", "problems")

    def __init__(self, books: BookFacts, day: dt.date, *, books_win: bool) -> None:
        self.books = books
        self.day = day
        self.books_win = books_win
        self.exchange: Decimal | None = None
        self.problems: list[Problem] = []
        self.differences: list[Difference] = []

    def refuse(self, where: str, says: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(where, says))

    def fill(self, facts: dict[str, Any], found: Record, entity: str) -> None:
        """Fill facts of an account, product or owner; where both speak, the rule decides."""
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

    def account(self, facts: dict[str, Any]) -> None:
        """Fill the facts of the account; an id that the books do not know is a problem."""
        account_id = facts.get("account_id")
        if account_id is None:
            return
        found = self.books.account(account_id, self.day)
        if found is None:
            near = self.books.nearest_account(account_id)
            self.refuse("deal.account_id", _unknown_id("account", account_id, near))
        elif found:
            self.fill(facts, found, "account")

    def owner(self, facts: dict[str, Any]) -> None:
        """Fill the facts of the owner; one whom the books do not know stays unknown."""
        owner_id = facts.get("owner_id")
        if owner_id is not None and (found := self.books.person(owner_id, self.day)):
            self.fill(facts, found, "owner")

    def product(self, product_id: str, where: str) -> Record:
        """Return a product; an id that the books do not know is a problem."""
        found = self.books.product(product_id, self.day)
        if found is None:
            near = self.books.nearest_product(product_id)
            self.refuse(where, _unknown_id("product", product_id, near))
        return found or {}

    def find_exchange(self, currency: str | None, own: str) -> None:
        """Find what the deal's currency is worth in the workspace's."""
        if currency is None or currency == own:
            return
        self.exchange = self.books.exchange_rate(currency, self.day)
        if self.exchange is None:
            says = f"no rate of exchange from {currency} to {own} is known on {self.day}"
            self.refuse("deal.currency", f"{says}; give the amounts in {own}")

    def converted(self, amount: Decimal) -> Decimal:
        """Return an amount in workspace currency; another currency's is rounded to cents."""
        if amount >= MAX_NUMBER:
            self.refuse("deal", f"an amount of {amount:.0f} is too large")
            return Decimal(0)
        if self.exchange is None:
            return amount
        return (amount * self.exchange).quantize(CENT, ROUND_HALF_EVEN)


def _unknown_id(what: str, found: str, near: str | None) -> str:
    hint = f"; the nearest is {near!r}" if near else ""
    return f"no {what} {found!r} is in the books{hint}"
