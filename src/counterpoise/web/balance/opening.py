"""Where the deals behind a figure of the home page are listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.ledger.fiscal import month_number, quarter_label
from counterpoise.web.balance.weighing import Review, Span, Weighing

_WHICH: Mapping[str, tuple[tuple[str, str], ...]] = {
    "won": (("outcome", "won"),),
    "closed": (("outcome", "won"), ("outcome", "lost")),
    "leakage": (("part", "leakage"),),
}


def deals_behind(review: Review, weighing: Weighing, starts: int) -> dict[str, str]:
    """Return the addresses of the deals that were won, closed, and that leaked.

    They are empty where the span is not made of whole fiscal quarters, which the ledger selects.
    """
    quarters = _quarters(review, weighing, starts)
    if quarters is None:
        return dict.fromkeys(_WHICH, "")
    pairs = [("quarter", quarter) for quarter in quarters]
    page = reverse("ledger:deals")
    return {name: f"{page}?{urlencode([*which, *pairs])}" for name, which in _WHICH.items()}


def _quarters(review: Review, weighing: Weighing, starts: int) -> list[str] | None:
    """Return the quarters that make up the span; none for all books; None where none do."""
    if weighing.span is Span.ALL:
        return []
    every = [month["label"] for month in review["ledger"]["value_over_time"]["months"]]
    named = {month: _quarter_of(month, starts) for month in every}
    wanted = {named[month] for month in weighing.months}
    covered = {month for month in every if named[month] in wanted}
    return sorted(wanted) if wanted and covered == set(weighing.months) else None


def _quarter_of(label: str, starts: int) -> str:
    return quarter_label(month_number(dt.date.fromisoformat(f"{label}-01")), starts)
