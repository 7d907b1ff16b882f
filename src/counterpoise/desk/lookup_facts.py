"""Book facts from a snapshot's look-up database: for the room, which asks many questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from counterpoise.agreement.fields import Fields, Scope
from counterpoise.books.lookup import Lookup
from counterpoise.desk.book_facts import Record, Recorded


class LookupFacts:
    """What one snapshot knows, as of a day, by its indexes."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    @cached_property
    def fields(self) -> Fields:
        """Return the fields of a deal, with the attributes that the snapshot has."""
        return Fields(Scope.DEAL, self._lookup.attributes)

    def account(self, account_id: str, day: dt.date) -> Record | None:
        """Return an account as it was on that day."""
        return self._lookup.account(account_id, day)

    def product(self, product_id: str, day: dt.date) -> Record | None:
        """Return a product with the `list_price` of that day and its `unit_cost`."""
        return self._lookup.product(product_id, day)

    def person(self, person_id: str, day: dt.date) -> Record | None:
        """Return a person with the role, team and manager of that day."""
        return self._lookup.person(person_id, day)

    def deal(self, deal_id: str) -> Record | None:
        """Return a deal's own columns."""
        return self._lookup.deal(deal_id)

    def lines(self, deal_id: str) -> Sequence[Record]:
        """Return a deal's lines, lowest number first."""
        return self._lookup.lines(deal_id)

    def customizations(self, deal_id: str) -> Sequence[Recorded]:
        """Return the customizations on record for a deal."""
        return tuple(
            Recorded(row["kind"], row["cost"], row["requested_at"] and row["requested_at"].date())
            for row in self._lookup.customizations(deal_id)
        )

    def customizations_between(self, kind: str, first: dt.date, last: dt.date) -> int:
        """Count the customizations of a kind requested in those days, both inclusive."""
        return self._lookup.customizations_between(kind, first, last)

    def exchange_rate(self, currency: str, day: dt.date) -> Decimal | None:
        """Return the units of workspace currency that one unit was worth on that day."""
        return self._lookup.exchange_rate(currency, day)

    def nearest_account(self, account_id: str) -> str | None:
        """Return the known id closest to an unknown one."""
        return self._lookup.nearest_account(account_id)

    def nearest_product(self, product_id: str) -> str | None:
        """Return the known id closest to an unknown one."""
        return self._lookup.nearest_product(product_id)
