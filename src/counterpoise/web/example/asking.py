"""What the rep of a made-up company asked the desk: granted, approved, and one that waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
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
_SMALL, _LARGE = "0.04", "0.11"
_JUST_NOW = dt.timedelta(minutes=50)


def ask_the_desk(staff: Staff, moments: Moments) -> None:
    """Put three requests of the rep's on record where the desk answers them as is wanted."""
    deals = list(islice(_open_deals(staff), _MOST))
    asked_at = moments.before(2, 9, 40)
    small = [each for each in deals if _roles(staff, each, _SMALL, asked_at) == ()]
    large = [
        each for each in deals if _roles(staff, each, _LARGE, asked_at) == (staff.manager.role,)
    ]
    if small:
        granted = Asking("example-granted", "A first order; they try one line with it.")
        ask(staff.rep, _at(small[-1], _SMALL), granted, moments.before(3, 10, 5))
    if not large:
        return
    note = "They weigh two offers, and decide this week. Ours has the proof, theirs the price."
    approved = ask(staff.rep, _at(large[0], _LARGE), Asking("example-approved", note), asked_at)
    yes = Saying(Said.APPROVED, "Yes. Show the proof first, and name the price last.")
    answer(staff.manager, approved.pk, yes, moments.before(2, 11, 15))
    if len(large) > 1:
        note = "They take the second line too if we meet them here."
        waiting = Asking("example-waiting", note)
        ask(staff.rep, _at(large[1], _LARGE), waiting, moments.now - _JUST_NOW)


def _open_deals(staff: Staff) -> Iterator[str]:
    """Yield the rep's open deals, an account once, the largest first."""
    kept = latest()
    if kept is None:
        return
    deals = kept.tables.table("deals")
    own = deals.filter(deals.owner_id == staff.rep.person_id, deals.outcome == "open", deals.priced)
    largest = own.order_by([own.list_amount.desc(), own.deal_id]).select("deal_id", "account_id")
    seen = set()
    for row in kept.tables.run(largest).to_pylist():
        if row["account_id"] not in seen:
            seen.add(row["account_id"])
            yield row["deal_id"]


def _at(deal_id: str, rate: str) -> dict[str, object]:
    return {"deal": {"deal_id": deal_id, "rate": rate}}


def _roles(staff: Staff, deal_id: str, rate: str, at: dt.datetime) -> tuple[str, ...] | None:
    """Return whose yes the rep would need, nobody's where it is granted; None where refused."""
    decision = try_request(_at(deal_id, rate), staff.rep, at).decision
    if decision.verdict is Verdict.REFUSED:
        return None
    return tuple(approval.role for approval in decision.approvals)
