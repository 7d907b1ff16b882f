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
from counterpoise.web.tools.using import use

_STEP = Decimal(1000)
_ENOUGH = 2
_FIRST, _SECOND = "example-first", "example-second"


def thank_each_other(staff: Staff, now: dt.datetime) -> None:
    """Let people thank for the first thing that somebody did for them; the rest waits."""
    _use_a_tool(staff, now)
    thanked = 0
    for user in (staff.rep, staff.marketer, *staff.marketers):
        known = [deed for deed in done_for(user, now) if deed.by is not None]
        deed = max(known, key=lambda each: each.by == staff.rep, default=None)
        if deed is not None and thanked <= _ENOUGH:
            thank(user, deed.key, now)
            thanked += 1


def _use_a_tool(staff: Staff, now: dt.datetime) -> None:
    """Let the rep use a tool of the marketer's, so that there is something to thank for."""
    owned = (row for row in live().tools() if row["owner_id"] == staff.marketer.person_id)
    tool = next(owned, None)
    if tool is not None:
        use(staff.rep, tool["tool_id"], helped=True, now=now)


def move_budgets(staff: Staff, now: dt.datetime) -> None:
    """Move some money to marketing's budget from what sales has left, and propose more."""
    budgets = budgets_of(latest())
    taking = next((each for each in budgets if each.side == Side.MARKETING), None)
    if taking is None or taking.left is None:
        return
    missing = max(-taking.left, taking.agreed / 4)
    giving = next((each for each in budgets if _lends(each, taking, missing)), None)
    half = missing / 2 // _STEP * _STEP
    if giving is None or not half:
        return
    why = "The offers to resellers that are planned for this period take more than agreed."
    made = propose(
        staff.marketer, Wanted(giving.id, taking.id, half, why, _FIRST), Side.MARKETING, now
    )
    sign(staff.manager, made.pk, now)
    rest = (missing - half) // _STEP * _STEP
    if rest:
        again = "The rest of it, as spoken of in the joint review."
        wanted = Wanted(giving.id, taking.id, rest, again, _SECOND)
        propose(staff.marketer, wanted, Side.MARKETING, now)


def _lends(budget: Budget, taking: Budget, amount: Decimal) -> bool:
    is_of_period = (budget.first, budget.last) == (taking.first, taking.last)
    return budget.id != taking.id and is_of_period and budget.to_give > amount
