"""What the sales of a made-up company planned with its retailers: agreed, and one that waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from counterpoise.agreement import Agreement
from counterpoise.desk import Verdict
from counterpoise.desk.promotion_calendar import Booked
from counterpoise.web.example.moments import Moments
from counterpoise.web.example.staff import Staff
from counterpoise.web.promotions.asking import ask_promotion, try_promotion
from counterpoise.web.promotions.on_record import known

_MOST_TRIED = 60
_AGREED = 6
_WEEKS = dt.timedelta(weeks=1)
_SOONEST, _SPREAD = 2, 6
"""The weeks from now in which the first starts, and over how many they spread."""
_USUAL, _DEEP = ("20%", "10%"), "25%"
_WHY = "They take a second place in the aisle if we go this far."


def plan_promotions(staff: Staff, agreement: Agreement, moments: Moments) -> None:
    """Put promotions of the coming weeks on record, where a company lives on them."""
    if agreement.company.kind != "consumer_goods" or agreement.promotions is None:
        return
    asked_at, agreed, waits = moments.before(2, 10, 20), 0, False
    for number, goods in enumerate(islice(_rested(), _MOST_TRIED)):
        token, starts_on = f"example-{number:02}", _starts(moments, number)
        if not waits and agreed == _AGREED // 2:
            written = _written(goods, _DEEP, starts_on, number)
            decision = try_promotion(written, staff.rep, asked_at)[1]
            if [each.role for each in decision.approvals] == [staff.marketer.role]:
                ask_promotion(staff.rep, written, token, _WHY, moments.before(1, 16, 10))
                waits = True
            continue
        for rate in _USUAL:
            written = _written(goods, rate, starts_on, number)
            if try_promotion(written, staff.rep, asked_at)[1].verdict is Verdict.GRANTED:
                ask_promotion(staff.rep, written, token, now=asked_at)
                agreed += 1
                break
        if agreed == _AGREED:
            return


def _rested() -> Iterator[Booked]:
    """Yield the last promotion of goods at retailers, those that rested longest first."""
    last = {(each.account_id, each.product_id): each for each in known().booked}
    named = (each for each in last.values() if each.account_id and each.product_id)
    seen: set[str | None] = set()
    for each in sorted(named, key=lambda each: (each.days.last, each.account_id, each.product_id)):
        if each.account_id not in seen:
            seen.add(each.account_id)
            yield each


def _starts(moments: Moments, number: int) -> dt.date:
    day = moments.now.date()
    monday = day - dt.timedelta(days=day.weekday())
    return monday + (_SOONEST + number % _SPREAD) * _WEEKS


def _written(goods: Booked, rate: str, starts_on: dt.date, number: int) -> dict[str, object]:
    return {
        "promotion": {
            "account_id": goods.account_id,
            "products": [goods.product_id],
            "starts_on": starts_on.isoformat(),
            "weeks": 2,
            "rate": rate,
            "displayed": number % 2 == 0,
            "trade_spend": "150",
        }
    }
