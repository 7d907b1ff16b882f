"""Decide how to read each column of a mapped table, by the evidence of the whole column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from counterpoise.books.problems import Problem, Rule
from counterpoise.books.quoting import literals
from counterpoise.books.schema import Kind
from counterpoise.books.values import numbers
from counterpoise.books.values.columns import SourceColumn
from counterpoise.books.values.moments import MIXED, MomentStyle, Undecided, Zones
from counterpoise.books.values.numbers import NumberStyle
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    import duckdb

    from counterpoise.books.adapters import Conventions
    from counterpoise.books.places import Place

_TESTS_AT_ONCE, _FORMS_AT_ONCE = 200, 20
_FIRST = {"dmy": "day", "mdy": "month", "ymd": "year"}

Forms = Mapping[str, Mapping[str, int]]
"""By column, how many of its values have each form."""


@dataclass(frozen=True)
class Mapped:
    """A mapped table at hand: its relation, how its source writes things, where its rows stand."""

    connection: duckdb.DuckDBPyConnection
    table: str
    relation: str
    conventions: Conventions
    zones: Zones
    place: Place


@dataclass(frozen=True)
class ReadColumn:
    """A column and the SQL that reads it; with `keeps_text`, what cannot be read is kept."""

    source: SourceColumn
    value: str
    keeps_text: bool = False


class UndecidedDatesError(CounterpoiseError):
    """Dates can be read as day before month and as month before day."""

    def __init__(self, mapped: Mapped, troubles: Sequence[str]) -> None:
        super().__init__(
            f"{mapped.place.file or mapped.table}: {'; '.join(troubles)}. State the order: "
            'date_order = "dmy" or "mdy" under [conventions] of an adapter, '
            "or write dates as YYYY-MM-DD"
        )


def not_plain(
    mapped: Mapped, columns: Iterable[SourceColumn], first: int | None = None
) -> frozenset[str]:
    """Find the columns with a value that is not plainly written, among all rows or the first."""
    tests = {
        column.target: f"bool_or({column.is_not_plain(mapped.zones)})"
        for column in columns
        if column.needs_reading
    }
    found = _aggregates(mapped, tests, first, at_once=_TESTS_AT_ONCE)
    return frozenset(target for target, flag in found.items() if flag)


def never_numbers(
    mapped: Mapped, columns: Iterable[SourceColumn], first: int | None = None
) -> frozenset[str]:
    """Find the columns with no value at all, or with one that holds no digit."""
    tests = {
        column.target: f"count({column.text}) = 0 "
        rf"OR NOT bool_and(regexp_matches({column.text}, '\d'))"
        for column in columns
    }
    found = _aggregates(mapped, tests, first, at_once=_TESTS_AT_ONCE)
    return frozenset(target for target, flag in found.items() if flag)


def forms_of(
    mapped: Mapped, columns: Iterable[SourceColumn], first: int | None = None
) -> dict[str, dict[str, int]]:
    """Count the forms of the values of each column that has any."""
    counts = {column.target: f"histogram({form})" for column in columns if (form := column.form())}
    found = _aggregates(mapped, counts, first, at_once=_FORMS_AT_ONCE)
    return {target: _known(counted or {}) for target, counted in found.items()}


def decide(
    mapped: Mapped, columns: Sequence[SourceColumn], doubtful: frozenset[str]
) -> tuple[list[ReadColumn], list[Problem]]:
    """Decide how to read columns: the doubtful ones, and their kin as far as that is concerned.

    Returns:
        How those are read that are not read plainly, and what had to be assumed.

    Raises:
        UndecidedDatesError: when the order of day and month cannot be told.
    """
    forms = forms_of(mapped, columns)
    decided: list[ReadColumn] = []
    notes: list[Problem] = []
    undecided: list[str] = []
    for column in columns:
        style = _style(mapped, column, columns, forms)
        if isinstance(style, Undecided):
            undecided.append(_ambiguity(mapped, column, style))
        elif isinstance(style, MomentStyle):
            value = style.reading(column.text, column.kind, mapped.zones)
            decided.append(ReadColumn(column, value, keeps_text=True))
            notes += _moment_notes(mapped, column, style, forms[column.target])
        elif isinstance(style, NumberStyle):
            if column.target in doubtful or style.mark == ",":
                value = style.reading(column.text, column.kind)
                decided.append(ReadColumn(column, value, keeps_text=True))
            notes += _number_notes(mapped, column, style, forms[column.target])
        else:
            decided.append(_as_it_is(mapped, column))
    if undecided:
        raise UndecidedDatesError(mapped, undecided)
    return decided, notes


def _style(
    mapped: Mapped, column: SourceColumn, columns: Sequence[SourceColumn], forms: Forms
) -> MomentStyle | NumberStyle | Undecided | None:
    own = forms.get(column.target)
    if own is None or (column.is_attribute and not numbers.is_number_column(own)):
        return None
    is_temporal = column.kind.is_temporal
    neighbours = [
        forms[other.target]
        for other in columns
        if other is not column
        and other.target in forms
        and other.kind.is_temporal == is_temporal
        and not (other.is_attribute and not numbers.is_number_column(forms[other.target]))
    ]
    if is_temporal:
        return MomentStyle.decide(own, mapped.conventions.date_order, neighbours)
    return NumberStyle.decide(own, mapped.conventions.decimal, neighbours, column.kind)


def _as_it_is(mapped: Mapped, column: SourceColumn) -> ReadColumn:
    if column.is_attribute:
        text = replace(column, column=replace(column.column, kind=Kind.TEXT))
        return ReadColumn(text, text.free_text())
    return ReadColumn(column, column.plain(mapped.zones), keeps_text=True)


def _number_notes(
    mapped: Mapped, column: SourceColumn, style: NumberStyle, forms: Mapping[str, int]
) -> Iterable[Problem]:
    if column.is_attribute:
        return
    if style.assumed:
        for name, mark in (("comma?", "comma"), ("point?", "point")):
            is_decimal = (mark == "comma") == (style.mark == ",")
            rule = Rule.ASSUMED_DECIMALS if is_decimal else Rule.ASSUMED_THOUSANDS
            if rows := forms.get(name, 0) + forms.get(f"{name}%", 0):
                effect = (
                    f"the {mark} is read as a mark of {'decimals' if is_decimal else 'thousands'}; "
                    "if that is wrong, state `decimal` in the adapter's conventions"
                )
                yield _note(mapped, column, (name, f"{name}%"), (rule, rows, effect))
    if style.mixed:
        other = "comma" if style.mark == "." else "point"
        effect = "both marks of decimals occur; each of these values is read by its own"
        found = (Rule.MIXED_DECIMAL_MARKS, style.mixed, effect)
        yield _note(mapped, column, (other, f"{other}%"), found)


def _moment_notes(
    mapped: Mapped, column: SourceColumn, style: MomentStyle, forms: Mapping[str, int]
) -> Iterable[Problem]:
    for separator, order in style.orders.items():
        counts = [forms.get(f"{form}{separator}", 0) for form in "dm?"]
        if order == MIXED and any(counts):
            days, months, either = (f"{count:,}" for count in counts)
            effect = (
                f"{days} have the day first and {months} the month, each is read so; "
                f"{either} could be either, and their {column.target} is unknown; write dates "
                "as YYYY-MM-DD"
            )
            shown = tuple(f"{form}{separator}" for form in "?md")
            yield _note(mapped, column, shown, (Rule.MIXED_DATE_ORDERS, sum(counts), effect))
    if rows := forms.get("serial", 0):
        effect = "numbers are read as the days that a spreadsheet counts from 1900"
        yield _note(mapped, column, ("serial",), (Rule.SERIAL_DATES, rows, effect))


def _note(
    mapped: Mapped,
    column: SourceColumn,
    forms: Sequence[str],
    found: tuple[Rule, int, str],
) -> Problem:
    rule, rows, effect = found
    (example,) = _examples(mapped, column, forms, limit=1)
    return Problem(rule, mapped.table, rows, example, effect, column.target)


def _ambiguity(mapped: Mapped, column: SourceColumn, style: Undecided) -> str:
    mark = style.separator
    if not style.certain:
        shown = " and ".join(_examples(mapped, column, (f"?{mark}",), limit=2))
        return f"nothing tells day from month in {column.target}: {shown}"
    found = []
    for order, rows in style.certain.items():
        (example,) = _examples(mapped, column, (f"{order[0]}{mark}",), limit=1)
        found.append(f"{rows:,} rows have the {_FIRST[order]} first ({example})")
    return f"{column.target} mixes orders: {', '.join(found)}"


def _examples(mapped: Mapped, column: SourceColumn, forms: Sequence[str], limit: int) -> list[str]:
    rows = mapped.connection.execute(
        f"SELECT x, n FROM (SELECT {column.text} AS x, row_number() OVER () - 1 AS n "
        f"FROM {mapped.relation}) WHERE {column.form_of('x')} IN ({literals(forms)}) LIMIT {limit}"
    ).fetchall()
    return [f"{mapped.place.says(row)}{column.target} {text!r}" for text, row in rows]


def _aggregates(
    mapped: Mapped, wanted: Mapping[str, str], first: int | None, at_once: int
) -> dict[str, Any]:
    """Compute aggregates of all rows or the first, so many in one pass as memory allows."""
    targets = list(wanted)
    found: dict[str, Any] = {}
    for start in range(0, len(targets), at_once):
        batch = targets[start : start + at_once]
        items = ", ".join(wanted[target] for target in batch)
        row = mapped.connection.execute(f"SELECT {items} FROM {_rows(mapped, first)}").fetchone()
        found |= dict(zip(batch, row or (), strict=True))
    return found


def _rows(mapped: Mapped, first: int | None) -> str:
    if first is None:
        return mapped.relation
    return f"(SELECT * FROM {mapped.relation} LIMIT {first})"


def _known(counted: Mapping[str | None, int]) -> dict[str, int]:
    return {name: count for name, count in counted.items() if name is not None}
