"""What the sides of a made-up company gave each other: thanks, and money of a budget."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from counterpoise.agreement import Side
from counterpoise.web.example.staff import Staff
from counterpoise.web.live import live
from counterpoise.web.promises.budgets import Budget, budgets_of
from counterpoise.web.promises.transfers import Wanted, propose, sign
from counterpoise.web.results.reading import latest
from counterpoise.web.thanks.thanking import done_for, thank

_STEP = Decimal(1000)
_ENOUGH = 2


def thank_each_other(staff: Staff, now: dt.datetime) -> None:
    """Let people thank for the first thing that somebody did for them; the rest waits."""
    thanked = 0
    for user in (staff.rep, staff.marketer, *staff.marketers):
        known = [deed for deed in done_for(user, now) if deed.by is not None]
        deed = max(known, key=lambda each: each.by == staff.rep, default=None)
        if deed is not None and thanked <= _ENOUGH:
            thank(user, deed.key, now)
            thanked += 1


def move_budgets(staff: Staff, now: dt.datetime) -> None:
    """Move half of what one side ran over from what the other has left, and propose more."""
    budgets = budgets_of(latest())
    over = next((each for each in budgets if each.left is not None and each.left < 0), None)
    if over is None or over.left is None:
        return
    missing = -over.left
    giving = next((each for each in budgets if _lends(each, over, missing)), None)
    half = missing / 2 // _STEP * _STEP
    if giving is None or not half:
        return
    campaign = _campaign_of(over)
    why = f"{campaign} cost more than planned" if campaign else "It cost more than planned"
    first = Wanted(
        giving.id,
        over.id,
        half,
        f"{why}; a part of it from what was not given away.",
        "example-half",
    )
    made = propose(staff.marketer, first, Side.MARKETING, now)
    sign(staff.manager, made.pk, now)
    rest = (missing - half) // _STEP * _STEP
    if rest:
        more = Wanted(
            giving.id,
            over.id,
            rest,
            "Most of the rest, as spoken of in the joint review.",
            "example-rest",
        )
        propose(staff.marketer, more, Side.MARKETING, now)


def _lends(budget: Budget, over: Budget, missing: Decimal) -> bool:
    is_of_period = (budget.first, budget.last) == (over.first, over.last)
    return budget.id != over.id and is_of_period and budget.to_give > missing


def _campaign_of(over: Budget) -> str:
    """Return the campaign of the books that spent in the period of a budget for promotions."""
    if "promotion" not in over.of:
        return ""
    for row in live().campaigns():
        begins, ends = row["started_at"], row["ended_at"]
        is_promotion = row["kind"] == "promotion" and begins and ends
        if is_promotion and begins.date() <= over.last and ends.date() >= over.first:
            return str(row["name"] or "")
    return ""
