"""What the rep of a made-up company asked the desk: granted, approved, and one that waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from counterpoise.desk import Verdict
from counterpoise.web.desk.approvals import Saying, answer
from counterpoise.web.desk.requests import Asking, ask
from counterpoise.web.desk.states import Said
from counterpoise.web.desk.trying import try_request
from counterpoise.web.example.moments import Moments
from counterpoise.web.example.staff import Staff
from counterpoise.web.results.reading import latest

_MOST = 30
"""The most deals of which it is tried what the desk would answer."""
_STEP = 500
_SMALL, _LARGE = "0.04", "0.11"
_JUST_NOW = dt.timedelta(minutes=50)


@dataclass(frozen=True)
class _Goods:
    """What an account of the rep's is to buy, in size and kind like a deal that is open."""

    account_id: str
    product_family: str
    list_amount: int

    def at(self, rate: str) -> dict[str, object]:
        """Return the request for a rate as the desk reads it."""
        return {
            "deal": {
                "account_id": self.account_id,
                "product_family": self.product_family,
                "list_amount": str(self.list_amount),
                "rate": rate,
            }
        }


def ask_the_desk(staff: Staff, moments: Moments) -> None:
    """Put three requests of the rep's on record where the desk answers them as is wanted."""
    goods = list(islice(_goods(staff), _MOST))
    asked_at = moments.before(2, 9, 40)
    small = [each for each in goods if _roles(staff, each, _SMALL, asked_at) == ()]
    large = [
        each for each in goods if _roles(staff, each, _LARGE, asked_at) == (staff.manager.role,)
    ]
    if small:
        granted = Asking("example-granted", "A first order; they try one line with it.")
        ask(staff.rep, small[-1].at(_SMALL), granted, moments.before(3, 10, 5))
    if not large:
        return
    note = "They weigh two offers, and decide this week. Ours has the proof, theirs the price."
    approved = ask(staff.rep, large[0].at(_LARGE), Asking("example-approved", note), asked_at)
    yes = Saying(Said.APPROVED, "Yes. Show the proof first, and name the price last.")
    answer(staff.manager, approved.pk, yes, moments.before(2, 11, 15))
    if len(large) > 1:
        note = "They take the second line too if we meet them here."
        waiting = Asking("example-waiting", note)
        ask(staff.rep, large[1].at(_LARGE), waiting, moments.now - _JUST_NOW)


def _goods(staff: Staff) -> Iterator[_Goods]:
    """Yield what the rep's open deals are about, an account once, the largest first."""
    kept = latest()
    if kept is None:
        return
    deals = kept.tables.table("deals")
    own = deals.filter(
        deals.owner_id == staff.rep.person_id,
        deals.outcome == "open",
        deals.list_amount.notnull(),
        deals.product_family.notnull(),
    )
    columns = ("account_id", "product_family", "list_amount")
    found = kept.tables.run(own.order_by([own.list_amount.desc(), own.deal_id]).select(*columns))
    seen = set()
    for row in found.to_pylist():
        if row["account_id"] not in seen:
            seen.add(row["account_id"])
            amount = int(Decimal(row["list_amount"]) // _STEP * _STEP)
            yield _Goods(row["account_id"], row["product_family"], amount)


def _roles(staff: Staff, goods: _Goods, rate: str, at: dt.datetime) -> tuple[str, ...] | None:
    """Return whose yes the rep would need, nobody's where it is granted; None where refused."""
    decision = try_request(goods.at(rate), staff.rep, at).decision
    if decision.verdict is Verdict.REFUSED:
        return None
    return tuple(approval.role for approval in decision.approvals)
