"""Check that every deal in a foreign currency has a rate of exchange on its day."""

from __future__ import annotations

from collections.abc import Iterator

from counterpoise.books.checks.examination import Examination, in_use
from counterpoise.books.problems import Problem, Rule
from counterpoise.books.quoting import literal
from counterpoise.books.staged import ROW


def check_exchange(examination: Examination) -> Iterator[Problem]:
    """Set aside deals that cannot be converted; note which foreign currencies are left."""
    if not examination.has("deals", "currency"):
        return
    foreign = f"currency <> {literal(examination.currency)}"
    if not examination.row(f"SELECT count_if({foreign}) FROM deals")[0]:
        return
    # The latest rate on or before the day counts, so there is one from the first day on.
    without = (
        f"SELECT {ROW} AS n FROM {in_use('deals')} LEFT JOIN ({_first_days(examination)}) AS known "
        f"USING (currency) WHERE {foreign} AND (known.since IS NULL "
        "OR (outcome <> 'open' AND CAST(closed_at AS DATE) < known.since))"
    )
    first = examination.row(f"SELECT min(n) FROM ({without})")[0]
    if first is not None:
        rows = examination.set_aside("deals", Rule.NO_EXCHANGE_RATE, without)
        example = examination.example("deals", first, ("currency", "closed_at"))
        effect = (
            "the deals are set aside, and their lines and offers count nowhere, until a table "
            "exchange_rates has a rate of their day"
        )
        yield Problem(Rule.NO_EXCHANGE_RATE, "deals", rows, example, effect, "currency")
    left = examination.rows(
        f"SELECT DISTINCT currency FROM {in_use('deals')} WHERE {foreign} ORDER BY currency"
    )
    examination.foreign_currencies = tuple(currency for (currency,) in left)


def _first_days(examination: Examination) -> str:
    if not examination.has("exchange_rates"):
        return "SELECT NULL::VARCHAR AS currency, NULL::DATE AS since WHERE false"
    return (
        f"SELECT currency, min(valid_from) AS since FROM {in_use('exchange_rates')} "
        "WHERE rate IS NOT NULL GROUP BY currency"
    )
