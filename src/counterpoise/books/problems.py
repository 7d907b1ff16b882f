"""What is wrong with the data: told, counted and shown, never raised."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What a problem is about."""

    UNREADABLE_LINE = "unreadable_line"
    DUPLICATE_COLUMN = "duplicate_column"
    UNPARSEABLE_NUMBER = "unparseable_number"
    UNPARSEABLE_DATE = "unparseable_date"
    UNPARSEABLE_BOOLEAN = "unparseable_boolean"
    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_OUTCOME = "unknown_outcome"
    ASSUMED_THOUSANDS = "assumed_thousands"
    ASSUMED_DECIMALS = "assumed_decimals"
    MIXED_DECIMAL_MARKS = "mixed_decimal_marks"
    MIXED_DATE_ORDERS = "mixed_date_orders"
    SERIAL_DATES = "serial_dates"
    MISSING_KEY = "missing_key"
    MISSING_VALUE = "missing_value"
    DUPLICATE_KEY = "duplicate_key"
    ORPHAN_KEY = "orphan_key"
    MISSING_TABLE = "missing_table"
    ACCEPTED_SPELLING = "accepted_spelling"
    CLOSED_BEFORE_CREATED = "closed_before_created"
    CLOSED_WITHOUT_DATE = "closed_without_date"
    OPEN_WITH_CLOSING_DATE = "open_with_closing_date"
    IMPLAUSIBLE_DATE = "implausible_date"
    NEGATIVE_VALUE = "negative_value"
    RATE_ABOVE_ONE = "rate_above_one"
    CAPPED_VALUE = "capped_value"
    NET_FAR_ABOVE_LIST = "net_far_above_list"
    CONTRADICTS_LINES = "contradicts_lines"
    ZERO_FOR_UNKNOWN = "zero_for_unknown"
    NO_EXCHANGE_RATE = "no_exchange_rate"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a table: how many rows, one of them, and what it does to figures."""

    rule: Rule
    table: str
    rows: int
    example: str
    effect: str
    column: str | None = None


@dataclass(frozen=True)
class Suggestion:
    """A spelling that no table knows, and the known one it most likely stands for."""

    table: str
    column: str
    value: str
    suggestion: str
    rows: int
    of: str
    """The table whose key both are about."""
