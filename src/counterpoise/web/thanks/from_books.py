"""Deeds that the books tell of: deals, and the campaigns and prices behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir
from django.urls import reverse
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.access import EVERYTHING, scope_of
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.results.figures import kept_answer
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.thanks.deed import Deed

_MOST = 30
_COLUMNS = ("deal_id", "owner_id", "campaign_id", "outcome", "day", "concession", "loss_reason")
Row = Mapping[str, Any]


def deeds(user: User, kept: KeptReview, first: dt.date) -> Iterator[Deed]:
    """Yield what a review tells that the other side did for a person from a day on."""
    if not user.person_id:
        return
    by_person = {each.person_id: each for each in User.objects.exclude(person_id="")}
    if user.side == Side.SALES:
        for row in _deals(kept, first, owner=user.person_id):
            yield from _of_campaigns(row, by_person)
    elif user.side == Side.MARKETING:
        campaigns = sorted(scope_of(user).campaigns)
        for row in _deals(kept, first, campaigns=tuple(campaigns)) if campaigns else ():
            yield from _of_a_seller(row, by_person)


def last_day(kept: KeptReview) -> dt.date:
    """Return the last day on which a deal was closed, the review's own where none was.

    What the room knows may be days, or months, ahead of the books.
    """

    def ask() -> list[dt.date | None]:
        deals = kept.tables.table("deals")
        closed = deals.filter(deals.outcome.isin(["won", "lost"]))
        return list(kept.tables.run(closed.aggregate(last=closed.day.max())).column(0).to_pylist())

    (last,) = kept_answer(kept, EVERYTHING, ("last closed",), ask)
    return last or kept.as_of


def _deals(
    kept: KeptReview, first: dt.date, owner: str = "", campaigns: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """Return the latest deals won or lost from a day on, of an owner or touched by campaigns."""

    def ask() -> list[dict[str, Any]]:
        deals = kept.tables.table("deals")
        closed = deals.filter(deals.outcome.isin(["won", "lost"]), deals.day >= ibis.literal(first))
        meant = _owned(closed, owner) if owner else _touched(kept, closed, campaigns)
        rows = meant.order_by([meant.day.desc(), meant.deal_id]).limit(_MOST)
        rows = rows.select(*_COLUMNS)
        return list(kept.tables.run(rows).to_pylist())

    return kept_answer(kept, EVERYTHING, ("deeds", first, owner, campaigns), ask)


def _owned(deals: ir.Table, owner: str) -> ir.Table:
    return deals.filter(deals.owner_id == owner)


def _touched(kept: KeptReview, deals: ir.Table, campaigns: tuple[str, ...]) -> ir.Table:
    touching = kept.tables.table("deal_campaigns")
    ids = touching.filter(touching.campaign_id.isin(campaigns)).deal_id
    return deals.filter(deals.deal_id.isin(ids))


def _of_campaigns(row: Row, by_person: Mapping[str, User]) -> Iterator[Deed]:
    """Yield the campaign that brought a seller's deal, or that touched it last."""
    ends = "which you won" if row["outcome"] == "won" else "even though it was lost"
    campaign = _campaign_of(row)
    if campaign is not None:
        id_, name = campaign["campaign_id"], campaign.get("name")
        says = f"{name or id_} opened the door to {_title(row)}, {ends}"
        yield _deed(row, f"campaign:{id_}", says, by_person.get(campaign.get("owner_id") or ""))


def _campaign_of(row: Row) -> Row | None:
    lookup = live()
    leads = (lead["campaign_id"] for lead in lookup.leads_of_deal(row["deal_id"]))
    brought = next((each for each in (row["campaign_id"], *leads) if each), None)
    if brought:
        return lookup.campaign(brought)
    touched = map(lookup.campaign, sorted(lookup.deal_campaigns(row["deal_id"])))
    return max(filter(None, touched), key=lambda each: str(each.get("started_at")), default=None)


def _of_a_seller(row: Row, by_person: Mapping[str, User]) -> Iterator[Deed]:
    """Yield what a seller did on a deal that a marketer's campaign touched."""
    by, title = by_person.get(row["owner_id"] or ""), _title(row)
    who = str(by) if by else (live().person(row["owner_id"] or "") or {}).get("name") or "A seller"
    if row["outcome"] == "won":
        held = row["concession"] is not None and row["concession"] == 0
        says = f"{who} sold {title} without a discount: the price held" if held else ""
        yield _deed(row, "won", says or f"{who} won {title}", by)
    elif row["loss_reason"]:
        yield _deed(row, "lost", f"{who} stayed with {title} and wrote down why it was lost", by)


def _deed(row: Row, what: str, says: str, by: User | None) -> Deed:
    url = reverse("ledger:deal", args=[row["deal_id"]])
    noon = timezone.make_aware(dt.datetime.combine(row["day"], dt.time(12)))
    return Deed(f"deal:{row['deal_id']}:{what}", says, url, noon, by)


def _title(row: Row) -> str:
    deal = live().deal(row["deal_id"]) or {}
    return str(deal.get("name") or f"deal {row['deal_id']}")
