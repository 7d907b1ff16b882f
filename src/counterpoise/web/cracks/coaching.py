"""A coaching sheet: three deals behind a crack, and what could have been offered instead.

Each deal is asked of the desk again as on its day, by the role of who closed it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from counterpoise.desk import NoAgreementError, RequestError
from counterpoise.desk import answer as desk_answer
from counterpoise.desk.decision import Decision, plain
from counterpoise.web import asking, house
from counterpoise.web.cracks.models import Crack
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import is_own, may_steer
from counterpoise.web.cracks.rows import heaviest_deals
from counterpoise.web.live import live
from counterpoise.web.results.figures import one
from counterpoise.web.results.reading import KeptReview

DEALS = 3
_LOOKED_AT = 12
_OFFERS = 3


@dataclass(frozen=True)
class Offer:
    """What could have been offered instead."""

    says: str
    net_amount: Decimal | None
    worth: Decimal | None
    """By how much its net is higher than what was given."""
    verdict: str
    clause: str


@dataclass(frozen=True)
class CoachedDeal:
    """A deal, what was given, and what could have been offered instead."""

    deal_id: str
    name: str
    account: str
    outcome: str
    day: dt.date | None
    list_amount: Decimal
    net_amount: Decimal
    rate: Decimal
    authority: Decimal | None
    clause: str
    offers: list[Offer]
    values: list[tuple[str, str]]
    """What to sell on instead of price, and the proof."""
    why_none: str


@dataclass(frozen=True)
class Sheet:
    """Three deals to talk about."""

    crack: Crack
    subject: str
    says: str
    next_step: str
    deals: list[CoachedDeal]


def sheet_of(crack: Crack, naming: Naming, kept: KeptReview | None) -> Sheet | None:
    """Return the sheet of a crack; None for whom there is none.

    It is for the person named, and for who steers the crack and may know whom it is about.
    """
    is_for = is_own(naming.reader, crack) or may_steer(naming.reader, crack)
    if kept is None or not is_for or not naming.knows(crack):
        return None
    rows = heaviest_deals(kept, crack, naming, _LOOKED_AT)
    found = [coached for row in rows if (coached := _coached(kept, row["row_id"]))]
    if not found:
        return None
    found.sort(key=lambda deal: not deal.offers)  # those with something to learn from come first
    told = crack.seen.told if crack.seen else {}
    return Sheet(
        crack=crack,
        subject=naming.subject(crack),
        says=naming.text(crack, str(told.get("says", ""))),
        next_step=naming.text(crack, str(told.get("next_step", ""))),
        deals=found[:DEALS],
    )


def _coached(kept: KeptReview, deal_id: str) -> CoachedDeal | None:
    row = one(kept, deal_id)
    if row is None or not row["list_amount"] or row["net_amount"] is None:
        return None
    decision, why = _asked_again(row)
    offers = [] if decision is None else _offers(decision, row["net_amount"])
    if decision is not None and not offers:
        why = "The desk would have granted it as it was, or had nothing else to offer."
    account = live().account(row["account_id"]) if row["account_id"] else None
    return CoachedDeal(
        deal_id=deal_id,
        name=row["name"] or deal_id,
        account=(account and account["name"]) or row["account_id"] or "",
        outcome=row["outcome"],
        day=row["day"],
        list_amount=row["list_amount"],
        net_amount=row["net_amount"],
        rate=1 - row["net_amount"] / row["list_amount"],
        authority=row["authority_low"],
        clause=row["clause"] or "",
        offers=offers,
        values=[(each.says, each.proof or "") for each in decision.values] if decision else [],
        why_none=why,
    )


def _asked_again(row: Mapping[str, Any]) -> tuple[Decision | None, str]:
    """Ask the desk for a deal as on its day."""
    role = row["ladder_role"]
    if not role:
        return None, "The role of who closed it is not known for that day."
    day = dt.datetime.combine(row["day"], dt.time(12)) if row["day"] else asking.now()
    written = {
        "deal": {
            "deal_id": row["deal_id"],
            "list_amount": plain(row["list_amount"]),
            "net_amount": plain(row["net_amount"]),
        },
        "asked_by": role,
        "asked_at": day.isoformat(),
    }
    try:
        return desk_answer(written, house.agreements(), asking.facts()), ""
    except (RequestError, NoAgreementError) as error:
        return None, f"It cannot be asked again: {error}"


def _offers(decision: Decision, net_amount: Decimal) -> list[Offer]:
    found = [
        Offer(
            says=each.says,
            net_amount=each.net_amount,
            worth=None if each.net_amount is None else each.net_amount - net_amount,
            verdict=each.verdict.value.replace("_", " "),
            clause=each.clause,
        )
        for each in decision.counter_offers
    ]
    return found[:_OFFERS]
