"""Promotions that were agreed in the room, as rows of the books' table, for the next review.

What an import brings later for the same account, product and first day takes their place, so that
nothing counts twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from counterpoise.web.promotions.models import AGREED, AskedPromotion
from counterpoise.web.promotions.on_record import ROOM, booked_from, known

Row = Mapping[str, object]


def rows() -> dict[str, list[Row]]:
    """Return the rows by table."""
    return {"promotions": list(_promotions())}


def _promotions() -> Iterator[Row]:
    there = {(each.account_id, each.product_id, each.days.first) for each in known().booked}
    for asked in AskedPromotion.objects.filter(state__in=AGREED).order_by("pk"):
        for at, booked in enumerate(booked_from(asked), 1):
            if (booked.account_id, booked.product_id, booked.days.first) in there:
                continue
            yield {
                "promotion_id": f"{ROOM}{asked.pk}-{at}",
                "campaign_id": None,
                "account_id": booked.account_id,
                "product_id": booked.product_id,
                "product_family": booked.product_family,
                "starts_on": asked.starts_on,
                "ends_on": asked.ends_on,
                "kind": asked.kind,
                "rate": asked.depth,
                "trade_spend": booked.trade_spend,
                "requested_by": asked.asker_person_id or None,
                "approval_id": None,
            }
