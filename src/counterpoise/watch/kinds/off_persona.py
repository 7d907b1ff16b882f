"""Deals pursued outside every persona, where a deal outside earns less than one inside."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.watch.comparing import Question, compare
from counterpoise.watch.earnings import Gap, earnings, gap
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.mix import Rows
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import listed, money, of_few, percent

_SMALLEST = 0.10
_SURE = 0.05
MIX = ("source", "campaign_kind", "kind", "quarter")
"""What a share is adjusted for: where a deal came from, and when; nothing of the account."""


def _missing(watched: Watched) -> str:
    if not watched.agreement.personas:
        return "the agreement names no persona"
    found = gap(watched)
    if found is None:
        return "too few deals were decided inside and outside the personas"
    if not found.p <= _SURE:
        return "deals outside the personas do not surely earn less here than those inside"
    return ""


def _gap(watched: Watched) -> Gap:
    found = gap(watched)
    assert found is not None
    return found


def pursued(watched: Watched) -> ir.Table:
    """Return the deals taken up in the window whose persona is known.

    Grain: a deal. Adds `outside` (1 where it surely meets no persona, else 0), `day_taken`, and
    the factors of `MIX`.
    """
    deals = watched.judged
    campaigns = watched.books.table("campaigns")
    kinds = campaigns.select(run=campaigns.campaign_id, campaign_kind=campaigns.kind)
    taken = deals.mutate(day_taken=deals.created_at.date())
    taken = watched.in_window(taken, "day_taken").filter(ibis._.persona.notnull())
    joined = taken.left_join(kinds, taken.campaign_id == kinds.run).drop("run")
    return joined.mutate(
        outside=(joined.persona == "").cast("int32"),
        quarter=joined.day_taken.year() * 4 + joined.day_taken.quarter(),
    )


def _test(watched: Watched) -> Iterator[Tested]:
    lost = max(0.0, _gap(watched).size) / watched.quarters
    deals = pursued(watched)
    rows = Rows(
        table=deals.mutate(base=_as_float(deals, lost)),
        subject="owner_id",
        value="outside",
        base="base",
        mix=MIX,
        group="owner__team",
        day="day_taken",
    )
    question = Question(
        side=Side.SALES,
        person=("rep", watched.person),
        group=("team", watched.team),
        smallest=_SMALLEST,
        formula="share above what is expected × deals taken up a quarter × what a deal inside the "
        f"personas earns more than one outside ({earnings(watched).word}, lost deals included)",
        measure="share of deals taken up that are outside every persona",
    )
    yield from compare(watched, watched.cells(rows), question)


def _as_float(deals: ir.Table, number: float) -> ir.FloatingValue:
    """Return a number as a column of floats; some engines take one written out for a decimal."""
    floats: ir.FloatingValue = deals.outside.cast("float64") * 0.0 + number
    return floats


def _says(watched: Watched, found: Tested) -> str:
    share = percent(found.expected, 0)
    usual = (
        f"{share} would go on from before and from what changed for colleagues"
        if found.by_past
        else f"{share} is usual among colleagues"
    )
    earned, currency = _gap(watched), watched.books.workspace.currency
    return (
        f"{percent(found.observed, 0)} of the deals that {found.subject.name} takes up are outside "
        f"every persona, where {usual}. A deal outside earns "
        f"{money(earned.outside, currency)}, one inside {money(earned.inside, currency)}, lost "
        f"ones included.{of_few(found.n, 'deal')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    names = [each.name or each.id for each in watched.agreement.personas]
    agreed = listed(names) if len(names) <= 4 else f"the {len(names)} personas"
    return (
        f"Go through the open deals of {found.subject.name} that fit none of {agreed}, decide "
        "which to let go, and name five accounts inside to take up instead."
    )


def _own(deals: ir.Table, found: Tested) -> ir.Table:
    whose = deals.owner__team if found.variant == "team" else deals.owner_id
    return deals.filter(whose == found.subject.id)


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = _own(pursued(watched), found)
    outside = own.filter(own.outside == 1, own.day_taken >= found.since)
    each = _as_float(outside, float(found.stake)) / outside.count().over()
    return outside.select(
        "deal_id",
        "day_taken",
        "outcome",
        "account_id",
        "account__segment",
        "account__industry",
        "source",
        "list_amount",
        "net_amount",
        stake_part=each,
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell what they were handed: how many of their leads were outside already."""
    deals = pursued(watched)
    led = deals.filter(deals.lead_id.notnull())
    own = _own(led, found)
    sent = watched.one(own.count()) or 0.0
    share, of_all = watched.one(own.outside.mean()), watched.one(led.outside.mean())
    if not sent:
        return OtherView("Marketing handed them no lead that became a deal in these months.")
    theirs, everyone = percent(share or 0.0, 0), percent(of_all or 0.0, 0)
    return OtherView(
        f"What they were handed: {theirs} of their {int(sent):,} deals that began as a lead were "
        f"outside every persona, {everyone} of all such deals.",
        (("Of their leads, outside", theirs), ("of all leads", everyone)),
    )


KIND = Kind(
    name="off_persona",
    side=Side.SALES,
    counterpart="persona_blind_spot",
    variants=MappingProxyType({"rep": "person", "team": "team"}),
    asks="Does anyone pursue customers outside every persona, and earn less there?",
    measure="Share of deals taken up that are surely outside every persona, adjusted for source, "
    "kind of campaign, kind of deal and quarter, never for what the account is; against peers, "
    "and the last 182 days against before. Asked only where deals outside surely earn less than "
    "those inside (one-sided 5 %, by account).",
    stake="Share above what is expected × deals taken up a quarter × what a pursued deal inside "
    "the personas earns more than one outside.",
    unit=Unit.POINTS,
    needs=("deals",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
