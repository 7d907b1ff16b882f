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


_KEPT = (
    "deal_id",
    "account_id",
    "owner_id",
    "owner__team",
    "campaign_id",
    "account__segment",
    "product_family",
    "persona",
    "outcome",
    "day",
    "list_amount",
    "net_amount",
    "clause",
    "authority_low",
    "authority_high",
    "list_value",
    "rate",
    "is_contested",
    "is_outside",
)
"""What is kept of deals with an offer: as little as measures read, for there may be millions."""

_WORKED_OUT = (
    "list_value",
    "rate",
    "size_band",
    "is_open",
    "is_contested",
    "is_outside",
    "term_band",
    "quarter",
)
_JUDGED = tuple(
    name
    for name in (*_KEPT, *RATE_MIX, "priced", "term_months", "competitor")
    if name not in _WORKED_OUT
)
"""What is read of judged deals for it."""


def share_of(flags: ir.BooleanValue) -> ir.FloatingScalar:
    """Return the share of rows for which a flag holds, of those that have one."""
    found: ir.FloatingScalar = flags.sum().cast("float64") / flags.count().nullif(0)
    return found


def offered(watched: Watched) -> ir.Table:
    """Return the deals of the window whose last offer is on record, whatever their outcome.

    Grain: a deal. The columns of `_KEPT`: `rate` is 1 − net / list, below 0 above list,
    `list_value` a float; `expected_rate`: what the mix lets expect, and `repeat`: how many deals
    of the account were begun before, whether offers of them are on record or not.
    """
    return watched.in_window(offered_ever(watched), "day")


def offered_ever(watched: Watched) -> ir.Table:
    """Return the same of the last three years, by what the mix of the window lets expect."""
    return watched.share("offered", lambda: _offered(watched))


def _offered(watched: Watched) -> ir.Table:
    within = watched.in_window(_priced(watched, watched.judged), "day")
    mix = fit_mix(watched.books, within, "owner_id", "rate", RATE_MIX)
    ever = _priced(watched, _counted(watched.judged))
    kept = ever.select(*_KEPT, "repeat", expected_rate=mix.expected(ever))
    return watched.books.keep(kept, "watch_offered")


def _counted(deals: ir.Table) -> ir.Table:
    """Count the deals of the account that were begun before each."""
    read = dict.fromkeys((*_JUDGED, "created_at"))
    own = ibis.window(group_by="account_id", order_by=["created_at", "deal_id"])
    return deals.select(*read).mutate(repeat=ibis.row_number().over(own))


def _priced(watched: Watched, deals: ir.Table) -> ir.Table:
    """Return the deals of the last years with an offer on record, and the factors of their mix."""
    first = watched.last.replace(day=1, year=watched.last.year - YEARS_BACK)
    days = deals.day.between(ibis.literal(first), ibis.literal(watched.last))
    return deals.filter(deals.priced, deals.list_amount > 0, days).mutate(**_factors(deals))


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
