"""What the desk looks up in the books, one id at a time: a protocol, and two simple forms of it.

The desk never scans a snapshot: who decides for many requests keeps an indexed form of this.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from counterpoise.agreement.fields import Fields
from counterpoise.books.spelling import nearest
from counterpoise.desk.predicates import DEAL_FIELDS

Record = Mapping[str, Any]
"""One row by canonical column, attributes as `attr__NAME`; None or absent is unknown."""


class Recorded(NamedTuple):
    """A customization on record; its cost in the deal's currency, None where unknown."""

    kind: str
    cost: Decimal | None
    requested_on: dt.date | None = None


class BookFacts(Protocol):
    """What is on record, as of a day. An id that nobody knows gives None.

    Amounts of a deal, its lines and customizations are in the deal's own currency, those of a
    product in the workspace's, as in the canonical tables.
    """

    @property
    def fields(self) -> Fields:
        """Return the fields of a deal, with the attributes that these books have."""

    def account(self, account_id: str, day: dt.date) -> Record | None:
        """Return an account as it was on that day."""

    def product(self, product_id: str, day: dt.date) -> Record | None:
        """Return a product with the `list_price` of that day and its `unit_cost`."""

    def person(self, person_id: str, day: dt.date) -> Record | None:
        """Return a person with the role, team and manager of that day."""

    def deal(self, deal_id: str) -> Record | None:
        """Return a deal's own columns."""

    def lines(self, deal_id: str) -> Sequence[Record]:
        """Return a deal's lines, lowest number first."""

    def customizations(self, deal_id: str) -> Sequence[Recorded]:
        """Return the customizations on record for a deal."""

    def customizations_between(self, kind: str, first: dt.date, last: dt.date) -> int:
        """Count the customizations of a kind requested in those days, both inclusive."""

    def exchange_rate(self, currency: str, day: dt.date) -> Decimal | None:
        """Return the units of workspace currency that one unit was worth on that day."""

    def nearest_account(self, account_id: str) -> str | None:
        """Return the known id closest to an unknown one."""

    def nearest_product(self, product_id: str) -> str | None:
        """Return the known id closest to an unknown one."""


class NoBooks:
    """Know nothing and object to nothing: every id may exist, with no facts."""

    fields = DEAL_FIELDS

    def account(self, account_id: str, day: dt.date) -> Record | None:
        """Return an account of which nothing is known."""
        return {}

    def product(self, product_id: str, day: dt.date) -> Record | None:
        """Return a product of which nothing is known."""
        return {}

    def person(self, person_id: str, day: dt.date) -> Record | None:
        """Return nobody."""
        return None

    def deal(self, deal_id: str) -> Record | None:
        """Return no deal: each is a new one."""
        return None

    def lines(self, deal_id: str) -> Sequence[Record]:
        """Return no lines."""
        return ()

    def customizations(self, deal_id: str) -> Sequence[Recorded]:
        """Return nothing on record."""
        return ()

    def customizations_between(self, kind: str, first: dt.date, last: dt.date) -> int:
        """Count nothing."""
        return 0

    def exchange_rate(self, currency: str, day: dt.date) -> Decimal | None:
        """Return no rate."""
        return None

    def nearest_account(self, account_id: str) -> str | None:
        """Suggest nothing."""
        return None

    def nearest_product(self, product_id: str) -> str | None:
        """Suggest nothing."""
        return None


NO_BOOKS = NoBooks()
"""For a decision by the agreement and the request alone."""


@dataclass(frozen=True)
class BooksInMemory:
    """Books small enough to be held as mappings by id, the same on every day."""

    accounts: Mapping[str, Record] = field(default_factory=dict)
    products: Mapping[str, Record] = field(default_factory=dict)
    people: Mapping[str, Record] = field(default_factory=dict)
    deals: Mapping[str, Record] = field(default_factory=dict)
    deal_lines: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    recorded: Mapping[str, Sequence[Recorded]] = field(default_factory=dict)
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    fields: Fields = DEAL_FIELDS

    def account(self, account_id: str, day: dt.date) -> Record | None:
        """Return an account."""
        return self.accounts.get(account_id)

    def product(self, product_id: str, day: dt.date) -> Record | None:
        """Return a product."""
        return self.products.get(product_id)

    def person(self, person_id: str, day: dt.date) -> Record | None:
        """Return a person."""
        return self.people.get(person_id)

    def deal(self, deal_id: str) -> Record | None:
        """Return a deal's own columns."""
        return self.deals.get(deal_id)

    def lines(self, deal_id: str) -> Sequence[Record]:
        """Return a deal's lines."""
        return self.deal_lines.get(deal_id, ())

    def customizations(self, deal_id: str) -> Sequence[Recorded]:
        """Return the customizations on record for a deal."""
        return self.recorded.get(deal_id, ())

    def customizations_between(self, kind: str, first: dt.date, last: dt.date) -> int:
        """Count the customizations of a kind requested in those days."""
        everything = (each for rows in self.recorded.values() for each in rows)
        return sum(
            each.kind == kind
            and each.requested_on is not None
            and first <= each.requested_on <= last
            for each in everything
        )

    def exchange_rate(self, currency: str, day: dt.date) -> Decimal | None:
        """Return what one unit of a currency is worth."""
        return self.rates.get(currency)

    def nearest_account(self, account_id: str) -> str | None:
        """Return the known account id closest to an unknown one."""
        return nearest(account_id, self.accounts)

    def nearest_product(self, product_id: str) -> str | None:
        """Return the known product id closest to an unknown one."""
        return nearest(product_id, self.products)
