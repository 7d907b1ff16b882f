"""Book facts from a snapshot, one look-up an id: for the command, which asks few questions.

Each look-up filters a table by its key, which the engine answers from the file's statistics.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields, Scope
from counterpoise.books.books import Books
from counterpoise.books.facts import accounts_over_time, people_over_time
from counterpoise.books.spans import in_span, spans
from counterpoise.books.spelling import nearest
from counterpoise.desk.book_facts import Record, Recorded

_DAYS = ("valid_from", "valid_until")


class SnapshotFacts:
    """What one snapshot knows, as of a day."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def account(self, account_id: str, day: dt.date) -> Record | None:
        """Return an account as it was on that day."""
        return self._dated(self._accounts, "account_id", account_id, day)

    def person(self, person_id: str, day: dt.date) -> Record | None:
        """Return a person with the role, team and manager of that day."""
        return self._dated(self._people, "person_id", person_id, day)

    def product(self, product_id: str, day: dt.date) -> Record | None:
        """Return a product with the `list_price` of that day and its `unit_cost`."""
        products = self._books.table("products")
        found = self._first(products.filter(products.product_id == product_id))
        if found is None or not self._books.has("list_prices"):
            return found
        price = self._dated(self._prices, "product_id", product_id, day)
        return found if price is None else {**found, "list_price": price["list_price"]}

    def deal(self, deal_id: str) -> Record | None:
        """Return a deal's own columns."""
        deals = self._books.table("deals")
        return self._first(deals.filter(deals.deal_id == deal_id))

    def lines(self, deal_id: str) -> Sequence[Record]:
        """Return a deal's lines, lowest number first."""
        lines = self._books.table("deal_lines")
        return self._rows(lines.filter(lines.deal_id == deal_id).order_by("line_no"))

    def customizations(self, deal_id: str) -> Sequence[Recorded]:
        """Return the customizations on record for a deal."""
        table = self._books.table("customizations")
        rows = self._rows(table.filter(table.deal_id == deal_id).order_by("customization_id"))
        return tuple(
            Recorded(row["kind"], row["cost"], row["requested_at"] and row["requested_at"].date())
            for row in rows
        )

    def customizations_between(self, kind: str, first: dt.date, last: dt.date) -> int:
        """Count the customizations of a kind requested in those days, both inclusive."""
        table = self._books.table("customizations")
        asked_on = table.requested_at.date()
        counted = table.filter((table.kind == kind) & asked_on.between(first, last))
        return int(self._books.run(counted.aggregate(n=counted.count())).column("n")[0].as_py())

    def exchange_rate(self, currency: str, day: dt.date) -> Decimal | None:
        """Return the units of workspace currency that one unit was worth on that day."""
        found = self._dated(self._rates, "currency", currency, day)
        return None if found is None else found["rate"]

    def nearest_account(self, account_id: str) -> str | None:
        """Return the known id closest to an unknown one."""
        return nearest(account_id, self._ids("accounts", "account_id"))

    def nearest_product(self, product_id: str) -> str | None:
        """Return the known id closest to an unknown one."""
        return nearest(product_id, self._ids("products", "product_id"))

    @cached_property
    def fields(self) -> Fields:
        """Return the fields of a deal, with the attributes that the snapshot has."""
        return Fields(Scope.DEAL, self._books.all_attributes)

    @cached_property
    def _accounts(self) -> ir.Table:
        return accounts_over_time(self._books)

    @cached_property
    def _people(self) -> ir.Table:
        return people_over_time(self._books)

    @cached_property
    def _prices(self) -> ir.Table:
        return spans(self._books.table("list_prices"), "product_id")

    @cached_property
    def _rates(self) -> ir.Table:
        return spans(self._books.table("exchange_rates"), "currency")

    def _dated(self, table: ir.Table, key: str, value: str, day: dt.date) -> Record | None:
        import ibis

        within = in_span(ibis.literal(day), table)
        found = self._first(table.filter([table[key] == value, *within]))
        return found and {name: fact for name, fact in found.items() if name not in _DAYS}

    def _first(self, table: ir.Table) -> dict[str, Any] | None:
        return next(iter(self._rows(table.limit(1))), None)

    def _rows(self, table: ir.Table) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._books.run(table).to_pylist()
        return rows

    def _ids(self, name: str, key: str) -> list[str]:
        ids: list[str] = (
            self._books.run(self._books.table(name).select(key)).column(key).to_pylist()
        )
        return ids
