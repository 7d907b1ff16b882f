"""Check amounts for values that stand for something else: zeros for unknown, caps for more."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from counterpoise.books.checks.examination import Examination
from counterpoise.books.problems import Problem, Rule
from counterpoise.books.quoting import quoted
from counterpoise.books.schema import Kind
from counterpoise.books.staged import ROW, Staged

_NINES = 5
_LARGEST_INTEGER = 2**31 - 1
_LEAST_ROWS, _LEAST_SHARE, _FAR, _APART = 20, 0.01, 10, 2
_NEVER_CAPPED = ("line_no", "term_months")


def check_zeros(examination: Examination) -> Iterator[Problem]:
    """Blank the amounts of lost deals where a zero stands for what was not recorded."""
    if examination.has("deals", "net_amount"):
        condition = f"outcome = 'lost' AND net_amount = 0 {_nothing_recorded(examination)}"
        for problem in _zeros(examination, "deals", "net_amount", condition):
            _blank(examination, "deals", "list_amount", f"{condition} AND list_amount = 0")
            yield problem
    if examination.has("deal_lines", "net_price"):
        lost = "deal_id IN (SELECT deal_id FROM deals WHERE outcome = 'lost')"
        condition = f"net_price = 0 AND {lost} {_nothing_recorded(examination)}"
        yield from _zeros(examination, "deal_lines", "net_price", condition)


def _nothing_recorded(examination: Examination) -> str:
    """Return SQL that tells whether a deal has neither an offer nor a line with a price."""
    return " ".join(
        f"AND deal_id NOT IN (SELECT deal_id FROM {table} WHERE deal_id IS NOT NULL{filled})"
        for table, filled in (("deal_lines", " AND net_price <> 0"), ("offers", ""))
        if examination.has(table)
    )


def _zeros(examination: Examination, table: str, column: str, condition: str) -> Iterator[Problem]:
    if not examination.row(f"SELECT count_if({column} = 0) FROM {table}")[0]:
        return
    rows, first = examination.row(f"SELECT count(*), min({ROW}) FROM {table} WHERE {condition}")
    if rows:
        _blank(examination, table, column, condition)
        example = examination.example(table, first, (column,))
        effect = "what was offered to these lost deals was not recorded: it is unknown, not zero"
        yield Problem(Rule.ZERO_FOR_UNKNOWN, table, rows, example, effect, column)


def _blank(examination: Examination, table: str, column: str, condition: str) -> None:
    examination.blank(table, column, f"SELECT {ROW} FROM {table} WHERE {condition}")


def check_capped(examination: Examination) -> Iterator[Problem]:
    """Find the largest value of a column where it looks like the most that the source can hold."""
    for staged in examination.tables.values():
        columns = _numbers(staged)
        if not columns or not staged.rows:
            continue
        maxima = _row(examination, staged, [f"max({name})" for name in columns])
        largest = dict(zip(columns, maxima, strict=True))
        known = {name: value for name, value in largest.items() if value is not None and value > 0}
        if known:
            yield from _capped(examination, staged, known)


def _capped(
    examination: Examination, staged: Staged, largest: dict[str, Decimal | int]
) -> Iterator[Problem]:
    facts = [
        f"{{'rows': count_if({name} = {value}), 'of': count({name}), "
        f"'second': max({name}) FILTER ({name} < {value}), "
        f"'first': min({ROW}) FILTER ({name} = {value})}}"
        for name, value in largest.items()
    ]
    for name, fact in zip(largest, _row(examination, staged, facts), strict=True):
        value = largest[name]
        second = max(fact["second"] or 0, 0)
        if _is_cap(value, second, fact["rows"], fact["of"]):
            example = examination.example(staged.name, fact["first"], (name,))
            effect = "the values are used as they are; they look like the most that fits in a field"
            yield Problem(Rule.CAPPED_VALUE, staged.name, fact["rows"], example, effect, name)


def _is_cap(value: Decimal | int, second: Decimal | int, rows: int, of: int) -> bool:
    digits = str(int(value))
    is_full = (set(digits) == {"9"} and len(digits) >= _NINES) or value == _LARGEST_INTEGER
    if is_full and rows > 1 and value > _APART * second:
        return True
    return rows >= _LEAST_ROWS and rows >= _LEAST_SHARE * of and value > _FAR * second > 0


def _numbers(staged: Staged) -> list[str]:
    return [
        column.name
        for column in staged.table.columns
        if column.kind in (Kind.MONEY, Kind.NUMBER, Kind.INTEGER)
        and column.name in staged.present
        and column.name not in _NEVER_CAPPED
    ]


def _row(examination: Examination, staged: Staged, items: list[str]) -> tuple[Any, ...]:
    return examination.row(f"SELECT {', '.join(items)} FROM {quoted(staged.name)}")
