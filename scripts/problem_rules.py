"""The page on the problems of an import: every rule of the code, or the page is not written."""

from __future__ import annotations

from typing import NamedTuple

from counterpoise.books.problems import Rule


class Told(NamedTuple):
    """What a rule finds, what becomes of the rows, and what to do about it."""

    finds: str
    effect: str
    remedy: str


_ASIDE = "set aside"
_UNKNOWN = (
    "in use, the value unknown; set aside where it is a key, an outcome or a rate of exchange"
)
_AS_IS = "in use as they are"
_TOLD: dict[Rule, Told] = {
    Rule.UNREADABLE_LINE: Told(
        "a line that is no row: too few or too many fields, an open quote, a zero byte",
        _ASIDE,
        "look at the line; export again if there are many",
    ),
    Rule.DUPLICATE_COLUMN: Told(
        "a header that names a column twice",
        "the first is used, the other is kept as `attr.NAME_2`",
        "leave one out of the export, or rename it",
    ),
    Rule.UNPARSEABLE_NUMBER: Told("a text where a number should be", _UNKNOWN, "correct it"),
    Rule.UNPARSEABLE_DATE: Told("a text where a day or time should be", _UNKNOWN, "correct it"),
    Rule.UNPARSEABLE_BOOLEAN: Told("neither yes nor no", "in use, the value unknown", "correct it"),
    Rule.UNKNOWN_WORD: Told(
        "a word that the column does not take; the nearest is named",
        "in use, the value unknown",
        "correct it, or map it in an adapter",
    ),
    Rule.UNKNOWN_OUTCOME: Told(
        "an outcome other than open, won, lost, cancelled, or none",
        _ASIDE,
        "map the stages of the source in an adapter",
    ),
    Rule.ASSUMED_THOUSANDS: Told(
        "`1,234` where nothing tells what the comma means; `1.234` in a column of whole numbers",
        "in use; the mark is read as one of thousands",
        "state `decimal` in the adapter if that is wrong",
    ),
    Rule.ASSUMED_DECIMALS: Told(
        "`1.234` where nothing tells what the point means",
        "in use; the point is read as a mark of decimals",
        "state `decimal` in the adapter if that is wrong",
    ),
    Rule.MIXED_DECIMAL_MARKS: Told(
        "decimal points and decimal commas in one column",
        "in use; each value is read by its own mark",
        "export all of it in one locale",
    ),
    Rule.MIXED_DATE_ORDERS: Told(
        "dates with the day first and dates with the month first in one column",
        "in use; each date is read in the only order that it fits, one that fits both is unknown",
        "write dates as YYYY-MM-DD, or state `date_order` in an adapter",
    ),
    Rule.SERIAL_DATES: Told(
        "numbers in a column of days",
        "in use; read as the days that a spreadsheet counts from 1900",
        "nothing, unless they are something else",
    ),
    Rule.MISSING_KEY: Told("a row without its id", _ASIDE, "give it one"),
    Rule.MISSING_VALUE: Told(
        "nothing where a column must have a value",
        "in use, the value unknown; a rate of exchange is set aside",
        "fill it in",
    ),
    Rule.DUPLICATE_KEY: Told(
        "a second row with the same key",
        "the first is used, later ones are set aside",
        "find out which is right, above all where they differ",
    ),
    Rule.ORPHAN_KEY: Told(
        "an id that its table does not have",
        "in use, the facts behind the id unknown",
        "accept the nearest spelling if it is meant, or export the missing row",
    ),
    Rule.MISSING_TABLE: Told(
        "ids of a table that was not imported",
        "in use, the facts behind the ids unknown",
        "export that table too",
    ),
    Rule.ACCEPTED_SPELLING: Told(
        "spellings that somebody accepted",
        "in use under the key that they stand for",
        "nothing; correct the source when there is time",
    ),
    Rule.CLOSED_BEFORE_CREATED: Told(
        "a deal closed before it was created",
        "in use; its cycle time counts as the shortest",
        "correct one of the two times",
    ),
    Rule.CLOSED_WITHOUT_DATE: Told(
        "a won or lost deal without a day of closing",
        "in use, in no period, judged by no agreement",
        "fill it in",
    ),
    Rule.OPEN_WITH_CLOSING_DATE: Told(
        "an open deal with a day of closing",
        "in use; the day is taken for an expectation",
        "nothing, or close the deal",
    ),
    Rule.IMPLAUSIBLE_DATE: Told("a year before 1900 or after 2199", _AS_IS, "correct it"),
    Rule.NEGATIVE_VALUE: Told(
        "a negative number where none can be",
        "in use as they are, lowering sums; a rate of exchange is set aside",
        "book it as an adjustment if it was a credit",
    ),
    Rule.RATE_ABOVE_ONE: Told(
        "a rate above 1", _AS_IS, "write 18% as `0.18` or `18%`, not as `18`"
    ),
    Rule.CAPPED_VALUE: Told(
        "a largest value such as 999999 that occurs often",
        _AS_IS,
        "widen the field in the source: the true values are higher",
    ),
    Rule.NET_FAR_ABOVE_LIST: Told(
        "a net more than ten times its list",
        "in use as they are, raising what is above list",
        "check the list price, the quantity and the currency",
    ),
    Rule.CONTRADICTS_LINES: Told(
        "a deal's amount that is not the sum of its lines",
        "the lines count, the deal's own amount does not",
        "export all lines, or none",
    ),
    Rule.ZERO_FOR_UNKNOWN: Told(
        "a net of 0 on lost deals without an offer or a priced line",
        "in use; the zero is taken for unknown",
        "record the last offer on lost deals",
    ),
    Rule.NO_EXCHANGE_RATE: Told(
        "a deal in a foreign currency without a rate on its day",
        f"{_ASIDE}, with its lines and offers",
        "add the rate to `exchange_rates`",
    ),
}
_HEAD = """# Problems of an import

<!-- Written by scripts/reference.py from scripts/problem_rules.py; change it there. -->

What an import says about the data. Nothing is dropped: a row is in use, or it is set aside with
its file, line and reason in `books/snapshots/ID/set_aside.parquet`. Each problem comes with its
`rule`, the table and column, how many rows, one of them with file and line, and what it does to the
figures; a [review](review.md) repeats them. How to go about it:
[Import a messy export](../how-to/import-a-messy-export.md).

| rule | finds | rows are | what to do |
|---|---|---|---|
"""


def problems_page() -> str:
    """Return the page on the rules of an import, in the order of the code."""
    rows = (f"| `{rule.value}` | {' | '.join(_TOLD[rule])} |" for rule in Rule)
    return _HEAD + "\n".join(rows) + "\n"
