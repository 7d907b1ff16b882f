"""The canonical tables: their columns, types and keys. Every other module reads them from here.

Times are stored as naive wall time of the workspace's time zone, so the day of an event is its
date and working time needs no zone arithmetic in an engine (see
docs/decisions/0003-times-are-stored-as-wall-time.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import ibis.expr.datatypes as dt


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"  # a count, score or attribute: DECIMAL(18,4)
    MONEY = "money"  # DECIMAL(18,4)
    RATE = "rate"  # a fraction 0-1 of list, or units of currency for one: DECIMAL(18,6)
    BOOLEAN = "boolean"
    DAY = "day"
    INSTANT = "instant"  # wall time in the workspace's zone

    @property
    def dtype(self) -> dt.DataType:
        """Return the Ibis type that a column of this kind has in every snapshot."""
        return _DTYPES[self]

    @property
    def is_numeric(self) -> bool:
        """Tell whether values of this kind compare as numbers."""
        return self in (Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.RATE)

    @property
    def is_temporal(self) -> bool:
        """Tell whether values of this kind compare as points in time."""
        return self in (Kind.DAY, Kind.INSTANT)


_DTYPES = {
    Kind.TEXT: dt.string,
    Kind.INTEGER: dt.int64,
    Kind.NUMBER: dt.Decimal(18, 4),
    Kind.MONEY: dt.Decimal(18, 4),
    Kind.RATE: dt.Decimal(18, 6),
    Kind.BOOLEAN: dt.boolean,
    Kind.DAY: dt.date,
    Kind.INSTANT: dt.Timestamp(),
}


@dataclass(frozen=True)
class Column:
    """A column of a canonical table.

    `required` means that the column must be there; a missing value in it is a problem, not an
    error, unless the column is part of the key. `one_of` closes the set of words; `references`
    names the table whose key the value points at.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    one_of: tuple[str, ...] = ()
    references: str | None = None


@dataclass(frozen=True)
class Table:
    """A canonical table: its columns in order and the columns that identify a row.

    An empty key means that equal rows are separate facts.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def column(self, name: str) -> Column:
        """Return the column of that name, or raise `KeyError`."""
        return self._by_name[name]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}


# Shorthands in the listing below: a trailing * marks a required column, kinds are words.
def _table(name: str, key: str, *columns: str) -> Table:
    return Table(name, tuple(_column(text) for text in columns), tuple(key.split()))


def _column(text: str) -> Column:
    head, _, references = text.partition(" -> ")
    head, _, words = head.partition(" in ")
    name, _, kind = head.partition(" ")
    return Column(
        name=name.rstrip("*"),
        kind=Kind(kind) if kind else Kind.TEXT,
        required=name.endswith("*"),
        one_of=tuple(words.split()),
        references=references or None,
    )


_ALL = (
    _table(
        "people",
        "person_id",
        "person_id*",
        "name",
        "email",
        "side in sales marketing both other",
        "role",
        "team",
        "manager_id -> people",
        "region",
        "active boolean",
    ),
    _table(
        "person_roles",
        "person_id valid_from",
        "person_id* -> people",
        "valid_from* day",
        "role",
        "team",
        "manager_id -> people",
    ),
    _table(
        "accounts",
        "account_id",
        "account_id*",
        "name",
        "industry",
        "segment",
        "employees integer",
        "annual_revenue money",
        "country",
        "region",
        "parent_account_id -> accounts",
        "created_at instant",
    ),
    _table(
        "account_history",
        "account_id valid_from",
        "account_id* -> accounts",
        "valid_from* day",
        "industry",
        "segment",
        "employees integer",
        "annual_revenue money",
        "region",
    ),
    _table(
        "products",
        "product_id",
        "product_id*",
        "name",
        "family",
        "list_price money",
        "unit_cost money",
    ),
    _table(
        "list_prices",
        "product_id valid_from",
        "product_id* -> products",
        "valid_from* day",
        "list_price* money",
    ),
    _table(
        "campaigns",
        "campaign_id",
        "campaign_id*",
        "name",
        "owner_id -> people",
        "channel",
        "kind in brand demand promotion",
        "product_family",
        "started_at instant",
        "ended_at instant",
        "budget money",
        "spend money",
    ),
    _table(
        "leads",
        "lead_id",
        "lead_id*",
        "account_id -> accounts",
        "campaign_id -> campaigns",
        "source",
        "score number",
        "created_at* instant",
        "qualified_at instant",
        "handed_over_at instant",
        "owner_id -> people",
        "first_response_at instant",
        "verdict in accepted rejected",
        "verdict_at instant",
        "rejection_reason",
        "deal_id -> deals",
    ),
    _table(
        "touches",
        "touch_id",
        "touch_id*",
        "touched_at* instant",
        "channel*",
        "campaign_id -> campaigns",
        "visitor_id",
        "lead_id -> leads",
        "account_id -> accounts",
        "cost money",
    ),
    _table(
        "deals",
        "deal_id",
        "deal_id*",
        "name",
        "account_id -> accounts",
        "owner_id -> people",
        "lead_id -> leads",
        "campaign_id -> campaigns",
        "source",
        "kind in new growth renewal",
        "stage",
        "outcome* in open won lost cancelled",
        "created_at* instant",
        "closed_at instant",
        "list_amount money",
        "net_amount money",
        "cost_amount money",
        "term_months integer",
        "payment",
        "competitor",
        "loss_reason",
        "currency",
    ),
    _table(
        "deal_lines",
        "deal_id line_no",
        "deal_id* -> deals",
        "line_no* integer",
        "product_id -> products",
        "quantity* number",
        "list_price money",
        "net_price* money",
        "unit_cost money",
    ),
    _table(
        "offers",
        "offer_id",
        "offer_id*",
        "deal_id* -> deals",
        "offered_at* instant",
        "list_amount money",
        "net_amount money",
    ),
    _table(
        "customizations",
        "customization_id",
        "customization_id*",
        "deal_id* -> deals",
        "kind*",
        "cost money",
        "requested_at instant",
        "requested_by -> people",
    ),
    _table(
        "adjustments",
        "adjustment_id",
        "adjustment_id*",
        "deal_id* -> deals",
        "kind* in rebate credit_note freight other",
        "amount* money",
        "booked_at instant",
    ),
    _table(
        "approvals",
        "approval_id",
        "approval_id*",
        "deal_id* -> deals",
        "subject* in discount customization",
        "kind",
        "value rate",
        "requested_by -> people",
        "requested_at instant",
        "decided_by -> people",
        "decided_role",
        "verdict* in approved refused",
        "decided_at instant",
    ),
    _table(
        "tools",
        "tool_id",
        "tool_id*",
        "title",
        "kind",
        "product_family",
        "persona",
        "competitor",
        "created_at instant",
        "owner_id -> people",
    ),
    _table(
        "tool_uses",
        "",
        "tool_id* -> tools",
        "used_at* instant",
        "deal_id -> deals",
        "person_id -> people",
    ),
    _table(
        "sell_through",
        "account_id product_id week",
        "week* day",
        "account_id* -> accounts",
        "product_id* -> products",
        "units* number",
        "net_price* money",
        "base_price money",
        "featured boolean",
        "displayed boolean",
        "trade_spend money",
    ),
    _table(
        "promotions",
        "promotion_id",
        "promotion_id*",
        "campaign_id -> campaigns",
        "account_id -> accounts",
        "product_id -> products",
        "product_family",
        "starts_on* day",
        "ends_on* day",
        "kind in price_off feature display multi_buy coupon",
        "rate rate",
        "trade_spend money",
        "requested_by -> people",
        "approval_id -> approvals",
    ),
    _table(
        "exchange_rates",
        "currency valid_from",
        "currency*",
        "valid_from* day",
        "rate* rate",
    ),
)

TABLES = MappingProxyType({table.name: table for table in _ALL})
"""Every canonical table by name, in the order in which a person would read them."""

ROOM_TABLES = MappingProxyType(
    {
        table.name: table
        for table in (
            _table(
                "tool_requests",
                "request_id",
                "request_id*",
                "asked_by -> people",
                "asked_at* instant",
                "owner_id -> people",
                "deal_id -> deals",
                "product_family",
                "persona",
                "competitor",
                "answered_by -> people",
                "answered_at instant",
                "verdict in answered declined",
                "tool_id -> tools",
            ),
            _table(
                "questions",
                "question_id",
                "question_id*",
                "asked_at* instant",
                "asker_side* in sales marketing both",
                "asked_by -> people",
                "owner_side* in sales marketing both",
                "owner_id -> people",
                "due_at* instant",
                "answered_at instant",
                "answered_by -> people",
            ),
            _table(
                "campaign_notices",
                "campaign_id",
                "campaign_id*",
                "starts_on* day",
                "told_on day",
                "owner_id -> people",
            ),
            _table(
                "joint_reviews",
                "review_id",
                "review_id*",
                "due_on* day",
                "outcome* in held skipped",
                "decisions* integer",
                "actions* integer",
            ),
            _table(
                "pulses",
                "pulse_id",
                "pulse_id*",
                "first_on* day",
                "closed_on* day",
                "side* in sales marketing",
                "answers* integer",
                "score* number",
                "spread* number",
            ),
            _table(
                "budget_transfers",
                "transfer_id",
                "transfer_id*",
                "first_on* day",
                "from_budget*",
                "to_budget*",
                "amount* money",
                "signed_at* instant",
            ),
        )
    }
)
"""Tables that no import brings: what the room alone knows, laid beside every snapshot."""

READABLE = MappingProxyType({**TABLES, **ROOM_TABLES})
"""Every table that books can be asked for."""

ESSENTIAL = ("deals", "leads", "sell_through")
"""An import holds at least one of these."""

SCHEMA_VERSION = 1
"""Written to every manifest; a snapshot of another version is upgraded or refused."""


def attribute_column(name: str) -> str:
    """Return the snapshot's column for an attribute: a source column that no table knows.

    >>> attribute_column("New Logo")
    'attr__New Logo'
    """
    return f"attr__{name}"
