"""Filters: which deals are meant, as they stand in an address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from counterpoise.books import unknown
from counterpoise.errors import CounterpoiseError

NONE = "(none)"
"""The value that stands for deals without any."""

OUTSIDE, UNKNOWN = "(outside)", "(unknown)"
"""The values that part it, of personas: surely none, and nobody knows."""

PERSONA = "persona"

QUARTER = "quarter"
"""The fiscal quarter of a deal's day, which no column holds."""

ATTRIBUTES = ("attr.", "account.attr.")

FIELDS: Mapping[str, str] = {
    "owner": "owner_id",
    "team": "owner__team",
    "manager": "owner__manager_id",
    "account": "account_id",
    "segment": "account__segment",
    "industry": "account__industry",
    "country": "account__country",
    "region": "account__region",
    "persona": "persona",
    "source": "source",
    "campaign": "campaign_id",
    "product_family": "product_family",
    "outcome": "outcome",
    "kind": "kind",
    "stage": "stage",
    "term_months": "term_months",
    "payment": "payment",
    "competitor": "competitor",
    "loss_reason": "loss_reason",
    "role": "ladder_role",
    "verdict": "verdict",
    "approver": "approver",
    "clause": "clause",
    "agreement": "agreement",
    "unjudged_because": "unjudged_because",
}
"""What deals can be filtered and grouped by, and the column of each; attributes beside them."""

PARTS: Mapping[str, str] = {
    "within_authority": "within_authority",
    "approved": "approved",
    "leakage": "leakage",
    "unjudged": "unjudged",
    "above_list": "above_list",
    "customization": "customization_cost",
    "adjustments": "adjustment_amount",
}
"""The steps of the waterfall that deals have or have not, and the column of each."""


class UnknownFilterError(CounterpoiseError):
    """Deals cannot be filtered or sorted by that."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(unknown("filter", name, known))


@dataclass(frozen=True)
class Filters:
    """Which deals are meant: those that have one of the values of every field named.

    Days are those of the deal, and rates what it gave off its list; bounds are inclusive. A part
    is a step of the waterfall that won deals have.
    """

    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    least_rate: Decimal | None = None
    most_rate: Decimal | None = None
    part: str | None = None

    @classmethod
    def of(
        cls,
        values: Mapping[str, Sequence[str]],
        first: dt.date | None = None,
        last: dt.date | None = None,
    ) -> Filters:
        """Return the filters with these values, the same whatever their order.

        Raises:
            UnknownFilterError: If there is no such field, with the nearest.
        """
        for name in values:
            if name not in (*FIELDS, QUARTER) and not name.startswith(ATTRIBUTES):
                raise UnknownFilterError(name, tuple(FIELDS))
        kept = ((name, tuple(sorted(set(each)))) for name, each in sorted(values.items()) if each)
        return cls(tuple(kept), first, last)


EVERY_DEAL = Filters()


def column_of(name: str, columns: Sequence[str]) -> str:
    """Return the column of a field among those that are there.

    Raises:
        UnknownFilterError: If there is none, with the nearest.
    """
    column = FIELDS.get(name)
    if column is None and name.startswith(ATTRIBUTES):
        entity, _, attribute = name.rpartition("attr.")
        column = f"{entity.replace('.', '__')}attr__{attribute}"
    if column is None or column not in columns:
        raise UnknownFilterError(name, tuple(FIELDS))
    return column
