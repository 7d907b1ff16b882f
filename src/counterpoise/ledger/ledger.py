"""The ledger: where value was made and where it was given, in all and by every grouping."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields
from counterpoise.agreement.versions import Agreements
from counterpoise.books.facts import View
from counterpoise.books.lines import lines_to_join
from counterpoise.desk.dividing import is_recorded
from counterpoise.desk.judged import judged_deals
from counterpoise.ledger.break_even import BreakEven, break_even
from counterpoise.ledger.cycle import Cycle, cycle, days_of
from counterpoise.ledger.discount_effect import DiscountEffect, discount_effect
from counterpoise.ledger.fit import OUTSIDE, Fit, fit
from counterpoise.ledger.groups import (
    DEAL_KEYS,
    DEAL_PACKS,
    GROUP_COLUMNS,
    MONTH,
    PACKS,
    QUARTER,
    ByKey,
    Group,
    Names,
    groups,
    key_text,
    merge_blank,
    quarters,
    totals_by_pack,
)
from counterpoise.ledger.lines import beyond_lines, by_line, lines_of
from counterpoise.ledger.names import group_names
from counterpoise.ledger.offers import Offers, offers
from counterpoise.ledger.totals import DEAL_COLUMNS, Totals, add_up
from counterpoise.ledger.unjudged import Unjudged, reason_of, unjudged
from counterpoise.ledger.value_over_time import ValueOverTime, value_over_time
from counterpoise.ledger.waterfall import Concessions, Step, concessions, waterfall

_LINE_KEYS = {"product_family": "product_family", "product": "product_id"}


@dataclass(frozen=True)
class Ledger:
    """Every figure of the ledger. `by` holds the groups of each grouping, by its name."""

    totals: Totals
    waterfall: tuple[Step, ...]
    concessions: Concessions
    discount_effect: DiscountEffect
    by: Mapping[str, tuple[Group, ...]]
    unjudged: tuple[Unjudged, ...]
    fit: Fit
    break_even: BreakEven
    cycle: Cycle
    offers: Offers | None
    value_over_time: ValueOverTime
    undated: Totals
    """Deals that were closed, nobody knows when."""


def ledger_deals(view: View, agreements: Agreements, fields: Iterable[str] = ()) -> ir.Table:
    """Judge the deals and keep what the ledger reads of them.

    Grain: a deal known by the as-of day. Columns: `DEAL_COLUMNS`, those of the groupings and of
    the named fields, `has_lines`, `line_count`, `has_loss_reason`, `cycle_days` and
    `unjudged_because`.

    Raises:
        UnknownFieldError: If nothing has such a field, with the nearest name.
    """
    wanted = tuple(fields)
    named = field_columns(view, wanted).values()
    columns = (*DEAL_COLUMNS, *GROUP_COLUMNS, "has_lines", "line_count", *named)
    judged = judged_deals(view.books, agreements, view.as_of, wanted, (*columns, *_READ_BESIDE))
    kept = judged.select(*dict.fromkeys(columns), **_worked_out(view, judged))
    return view.books.read_often(kept, "ledger_deals")


def whole_deals(view: View, agreements: Agreements, fields: Iterable[str] = ()) -> ir.Table:
    """Judge the deals and keep all that is known of them, for the ledger and who reads more.

    Grain: a deal known by the as-of day. Columns: those of `judged_deals`, those of the named
    fields, and what `ledger_deals` adds.

    Raises:
        UnknownFieldError: If nothing has such a field, with the nearest name.
    """
    wanted = tuple(fields)
    field_columns(view, wanted)
    judged = judged_deals(view.books, agreements, view.as_of, wanted)
    return view.books.read_often(judged.mutate(**_worked_out(view, judged)), "whole_deals")


def _worked_out(view: View, judged: ir.Table) -> dict[str, ir.Value]:
    """Return what the ledger reads of deals beyond the columns that they have."""
    recorded = is_recorded(judged.day, view.books.approvals_from)
    return {
        "unjudged_because": reason_of(judged, recorded),
        "cycle_days": days_of(judged),
        "has_loss_reason": judged.loss_reason.notnull(),
    }


_READ_BESIDE = (
    "created_at",
    "closed_at",
    "loss_reason",
    "agreement",
    "verdict",
    "ladder_role",
)
"""What tells why a deal is unjudged and how long it took."""


def field_columns(view: View, fields: Iterable[str]) -> dict[str, str]:
    """Return the column of each named field.

    Raises:
        UnknownFieldError: If nothing has such a field, with the nearest name.
    """
    known = Fields(attributes=view.books.all_attributes)
    return {name: known.resolve(name).column for name in fields}


def ledger_of(
    view: View,
    agreements: Agreements,
    deals: ir.Table,
    starts: int = 1,
    fields: Iterable[str] = (),
) -> Ledger:
    """Add up the whole ledger.

    Args:
        view: The books as of a day.
        agreements: By which the deals were judged; they name the personas.
        deals: As `ledger_deals` keeps them.
        starts: The month in which the fiscal year starts.
        fields: Further fields to group by, as conditions name them.
    """
    books = view.books
    shown = deals.mutate(persona=deals.persona.nullif(OUTSIDE))
    found = {
        name: totals
        for pack in PACKS
        for name, totals in totals_by_pack(books, deals, pack).items()
    }
    further = {
        name: _texts(totals_by_pack(books, deals, {name: column})[name])
        for name, column in field_columns(view, fields).items()
    }
    whole = add_up(found[MONTH].values())
    lines = _by_lines(view, deals, whole)
    names = group_names(books, agreements)
    return Ledger(
        totals=whole,
        waterfall=waterfall(whole),
        concessions=concessions(whole),
        discount_effect=discount_effect(books, deals),
        by=_in_order({**found, **lines}, names, starts) | _named(further, {}),
        unjudged=unjudged(books, deals),
        fit=fit(found["persona"]),
        break_even=break_even(whole.costed),
        cycle=cycle(books, shown, DEAL_PACKS),
        offers=_offers(view, shown),
        value_over_time=value_over_time(found[MONTH], starts),
        undated=found[MONTH].get(None, Totals()),
    )


_ORDER = (
    "owner",
    "team",
    "product_family",
    "product",
    "segment",
    "industry",
    "persona",
    "source",
    "campaign",
)


def _in_order(
    found: Mapping[str, ByKey], names: Mapping[str, Names], starts: int
) -> dict[str, tuple[Group, ...]]:
    """Return the groups of every grouping in the order in which a review shows them."""
    ordered = {name: merge_blank(found[name]) for name in _ORDER}
    return _named(ordered, names) | {QUARTER: quarters(found[MONTH], starts)}


def _named(found: Mapping[str, ByKey], names: Mapping[str, Names]) -> dict[str, tuple[Group, ...]]:
    return {name: groups(totals, names.get(name, {})) for name, totals in found.items()}


def _texts(found: ByKey) -> ByKey:
    return {key_text(key): totals for key, totals in found.items()}


def _by_lines(view: View, deals: ir.Table, whole: Totals) -> dict[str, ByKey]:
    if not view.books.has("deal_lines"):
        return {name: {None: whole} for name in _LINE_KEYS}
    lines = view.books.keep(lines_of(deals, lines_to_join(view)), "ledger_lines")
    beyond = beyond_lines(view.books, deals, whole)
    return {name: by_line(view.books, lines, key, beyond) for name, key in _LINE_KEYS.items()}


def _offers(view: View, deals: ir.Table) -> Offers | None:
    if not view.books.has("offers"):
        return None
    seen = view.seen(view.books.table("offers"), "offered_at")
    return offers(view.books, deals, seen, DEAL_KEYS)
