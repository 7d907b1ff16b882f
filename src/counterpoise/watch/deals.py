"""The deals of the window as measures read them: offers on record, rates, and their mix."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from counterpoise.watch.regression import fit_mix
from counterpoise.watch.watched import Watched

DEAL_FIELDS = (
    "deal.name",
    "deal.kind",
    "deal.lead_id",
    "deal.term_months",
    "deal.payment",
    "deal.competitor",
    "account.region",
)
"""What measures read of deals beyond what judging gives."""

RATE_MIX = (
    "clause",
    "account__segment",
    "account__industry",
    "kind",
    "size_band",
    "is_contested",
    "is_outside",
    "is_open",
    "product_family",
    "term_band",
    "payment",
    "source",
    "quarter",
)
"""What a rate is adjusted for: nothing here follows from the rate or from who gave it."""


NOT_NEGOTIATED = ("protected.", "discounts.exclusions.")
"""How the clauses of deals begin that nobody may negotiate as others."""
YEARS_BACK = 3
"""How far back measures look that need more than the window."""


def offered(watched: Watched) -> ir.Table:
    """Return the deals of the window whose last offer is on record, whatever their outcome.

    Grain: a deal. Adds `rate` (1 − net / list, below 0 above list), `list_value` (float), the
    factors of `RATE_MIX`, `expected_rate`: what the mix lets expect, and `repeat`: how many deals
    of the account were begun before, whether offers of them are on record or not.
    """
    return watched.in_window(offered_ever(watched), "day")


def offered_ever(watched: Watched) -> ir.Table:
    """Return the same of the last three years, by what the mix of the window lets expect."""
    return watched.share("offered", lambda: _offered(watched))


def _offered(watched: Watched) -> ir.Table:
    first = watched.last.replace(day=1, year=watched.last.year - YEARS_BACK)
    own = ibis.window(group_by="account_id", order_by=["created_at", "deal_id"])
    deals = watched.judged.mutate(repeat=ibis.row_number().over(own))
    deals = deals.filter(deals.priced, deals.list_amount > 0, deals.day >= first)
    priced = deals.filter(deals.day <= watched.last).mutate(**_factors(deals))
    books = watched.books
    kept = books.read_often(priced, "watch_offered")
    mix = fit_mix(books, watched.in_window(kept, "day"), "owner_id", "rate", RATE_MIX)
    return books.read_often(kept.mutate(expected_rate=mix.expected(kept)), "watch_rates")


def _factors(deals: ir.Table) -> dict[str, ir.Value]:
    listed = deals.list_amount.cast("float64")
    months = deals.term_months
    return {
        "list_value": listed,
        "rate": 1.0 - deals.net_amount.cast("float64") / listed,
        "size_band": (listed.log10() * 2).floor().cast("int16"),
        "is_open": deals.outcome == "open",
        "is_contested": deals.competitor.notnull(),
        "is_outside": ibis.coalesce(deals.persona == "", ibis.literal(False)),
        "term_band": ibis.cases(
            (months.isnull(), "-"), (months < 24, "short"), (months < 36, "two"), else_="long"
        ),
        "quarter": deals.day.year() * 4 + deals.day.quarter(),
    }
