"""What an address asks of the ledger."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.http import QueryDict

from counterpoise.web.ledger.asking import attributes_of, groupings_of
from counterpoise.web.ledger.crossing import MEASURES
from counterpoise.web.ledger.page import Asked
from counterpoise.web.ledger.selection import Selection
from counterpoise.web.results.reading import KeptReview

_MOST_POINTS = 50


def asked_of(query: QueryDict, kept: KeptReview, *, accounts: bool = False) -> Asked:
    """Read what an address asks; what it does not say, or says wrongly, is the usual.

    Single accounts select deals and no totals, so they count only where `accounts` says.
    """
    groupings = groupings_of(kept)
    by, across = query.get("by", ""), query.get("across", "")
    by = by if by in groupings else "team"
    is_crossed = across in groupings and across not in (by, "product") and by != "product"
    measure = query.get("measure", "")
    selection = Selection.read(query, attributes_of(kept))
    return Asked(
        selection if accounts else selection.without_accounts(),
        by,
        across if is_crossed else "",
        measure if measure in MEASURES else "price_realization",
        _points(query.get("points", "")),
    )


def _points(text: str) -> Decimal:
    try:
        points = Decimal(text)
    except InvalidOperation:
        return Decimal(1)
    return points if points.is_finite() and 0 < points <= _MOST_POINTS else Decimal(1)
