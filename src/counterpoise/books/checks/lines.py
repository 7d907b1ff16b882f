"""Check that deals have the amounts that their lines add up to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from counterpoise.books.checks.examination import Examination, in_use
from counterpoise.books.problems import Problem, Rule
from counterpoise.books.staged import ROW

_PRICES = {"net_amount": "net_price", "list_amount": "list_price"}
_EFFECT = "the lines count; the amount of the deal itself is not used"


def check_lines(examination: Examination) -> Iterator[Problem]:
    """Find deals whose own amount is not what their lines add up to."""
    amounts = _comparable(examination)
    if not amounts or not any(_compare(examination, amounts, "hash(deal_id)")[::2]):
        return
    # Hashes of two deals may be the same, once in millions: what is told is counted by the key.
    found = _compare(examination, amounts, "deal_id")
    for amount, rows, first in zip(amounts, found[::2], found[1::2], strict=True):
        if rows:
            example = examination.example("deals", first, (amount,))
            yield Problem(Rule.CONTRADICTS_LINES, "deals", rows, example, _EFFECT, amount)


def _comparable(examination: Examination) -> list[str]:
    """Return the amounts that deals and lines both have."""
    if not examination.has("deal_lines", "quantity"):
        return []
    both = [
        amount
        for amount, price in _PRICES.items()
        if examination.has("deals", amount) and examination.has("deal_lines", price)
    ]
    if not both:
        return []
    known = examination.row(f"SELECT {', '.join(f'count({name})' for name in both)} FROM deals")
    return [amount for amount, count in zip(both, known, strict=True) if count]


def _compare(examination: Examination, amounts: Sequence[str], key: str) -> Sequence[int]:
    """Return, for each amount, how many deals differ from their lines, and the first of them."""
    sums = ", ".join(
        f"CASE WHEN count(*) = count({_line(name)}) THEN sum({_line(name)}) END AS {name}"
        for name in amounts
    )
    own = ", ".join(f"CAST({name} AS DOUBLE) AS {name}" for name in amounts)
    # Each line's price may have been rounded to cents, and to few places before it was multiplied.
    tests = [
        f"abs(deals.{name} - lines.{name}) > 0.011 * lines.n + 0.0001 * abs(deals.{name})"
        for name in amounts
    ]
    counts = ", ".join(f"count_if({test}), min({ROW}) FILTER ({test})" for test in tests)
    return examination.row(
        f"SELECT {counts} FROM (SELECT {key} AS key, {ROW}, {own} FROM {in_use('deals')}) AS deals "
        f"JOIN (SELECT {key} AS key, count(*) AS n, {sums} FROM {in_use('deal_lines')} "
        f"GROUP BY {key}) AS lines USING (key)"
    )


def _line(amount: str) -> str:
    return f"CAST(quantity AS DOUBLE) * CAST({_PRICES[amount]} AS DOUBLE)"
