"""What promotions lay beside the desk's answer to a discount: the same goods are on deal.

The agreement has no clause on a promotion and a negotiated discount at once, so this changes no
answer; what comes of it is the watch's to tell (`promotion_collision`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from counterpoise.desk.promotion_calendar import Booked, Days
from counterpoise.web.desk.trying import wall_time
from counterpoise.web.people.models import User
from counterpoise.web.promotions.weeks import Entry, entries_in, goods_of, monday

_MOST = 3


@dataclass(frozen=True)
class OnDeal:
    """A promotion that runs, and its page where that opens."""

    goods: str
    says: str
    last: dt.date
    url: str


@dataclass(frozen=True)
class Beside:
    """The promotions of this week on the goods of a discount, and how they are shown."""

    template: str
    on_deal: tuple[OnDeal, ...]
    more: int


def beside_answer(
    user: User,
    facts: Mapping[str, Any],
    decision: Mapping[str, Any],  # noqa: ARG001 - by the room's convention
    deal_id: str,  # noqa: ARG001
    back: str,  # noqa: ARG001
    objection: str = "",  # noqa: ARG001
) -> Beside | None:
    """Return the promotions that run this week on the goods of a discount; None without any."""
    family, product_id = facts.get("product_family"), facts.get("product__product_id")
    account_id = facts.get("account_id")
    if account_id is None or (family is None and product_id is None):
        return None
    week = monday(wall_time(timezone.now()).date())
    running = entries_in(Days(week, week + dt.timedelta(days=6)), user)
    found = [
        _shown(each)
        for each in running
        if each.booked.account_id in (None, account_id)
        and is_of(each.booked, product_id, family)
        and each.look != "asked"
    ]
    if not found:
        return None
    return Beside("promotions/_beside.html", tuple(found[:_MOST]), max(len(found) - _MOST, 0))


def is_of(booked: Booked, product_id: str | None, family: str | None) -> bool:
    """Tell whether a promotion is on a product, or on one of a family where that is all we know.

    >>> days = Days(dt.date(2026, 6, 1), dt.date(2026, 6, 7))
    >>> juice = Booked(days, "A1", None, "Juice", None)
    >>> is_of(juice, "P1", "Juice"), is_of(juice, "P9", "Water")
    (True, False)
    """
    if booked.product_id and product_id:
        return booked.product_id == product_id
    if booked.product_id or booked.product_family:
        return family is not None and booked.product_family == family
    return True


def _shown(entry: Entry) -> OnDeal:
    return OnDeal(goods_of(entry.booked), entry.says, entry.booked.days.last, entry.url)
