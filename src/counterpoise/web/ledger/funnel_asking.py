"""What the funnel's pages ask of the kept leads, for a selection and a person's scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.ledger.fiscal import (
    MONTHS_A_QUARTER,
    month_label,
    month_number,
    quarter_days,
    quarter_label,
)
from counterpoise.ledger.funnel import (
    COLUMNS,
    OWNER,
    Funnel,
    FunnelRow,
    Now,
    funnel_of,
    funnel_rows,
    steps_between,
)
from counterpoise.ledger.funnel_leads import STAGES, is_at
from counterpoise.web.access import EVERYTHING, Reach, Scope
from counterpoise.web.ledger.asking import refuse_people
from counterpoise.web.ledger.selection import Selection
from counterpoise.web.results.figures import has_one_of, kept_answer
from counterpoise.web.results.journeys import LEADS, kept_funnel
from counterpoise.web.results.reading import KeptReview

_MONTHS = 12

STATES: Mapping[str, str] = {
    **{stage.value: is_at(stage) for stage in STAGES},
    "rejected": "is_rejected",
    "lost": "is_lost",
}
"""What rows of leads can be narrowed to, and the column that tells."""


@dataclass(frozen=True)
class Leads:
    """A page of leads, how many of them open, and how many there are."""

    rows: tuple[dict[str, Any], ...]
    opened: int
    everywhere: int


def funnel(kept: KeptReview, selection: Selection, by: str, scope: Scope) -> Funnel | None:
    """Return the funnel of the leads that are selected; None where none was kept.

    By owner it tells of the people of the scope alone.

    Raises:
        NotForYouError: If the selection tells of single people beyond the scope.
        LockHeldError: If too many questions wait.
    """
    refuse_people(selection, scope)
    whole = kept_funnel(kept)
    if whole is None:
        return None
    found = _selected(kept, whole, selection, by) if selection.values else whole
    if by != OWNER:
        return found
    asked = ("funnel by owner", tuple(selection.pairs))
    owners = kept_answer(kept, scope, asked, lambda: _owners(kept, whole, selection, scope))
    return replace(found, by={**found.by, by: owners})


def _selected(kept: KeptReview, whole: Funnel, selection: Selection, by: str) -> Funnel:
    present = dt.datetime.combine(kept.as_of + dt.timedelta(days=1), dt.time())
    now = Now(present, kept.fiscal_year_starts)
    names = () if by == OWNER else (by,)
    asked = ("funnel", tuple(selection.pairs), names)
    return kept_answer(
        kept,
        EVERYTHING,
        asked,
        lambda: funnel_of(kept.tables.run, leads_of(kept, selection), whole.stages, names, now),
    )


def _owners(
    kept: KeptReview, whole: Funnel, selection: Selection, scope: Scope
) -> tuple[FunnelRow, ...]:
    leads = leads_of(kept, selection)
    if scope.reach is not Reach.EVERYTHING:
        leads = leads.filter(leads.owner_id.isin(sorted(scope.owners)))
    return funnel_rows(kept.tables.run, leads, steps_between(whole.stages), OWNER)


def leads_of(kept: KeptReview, selection: Selection) -> ir.Table:
    """Return the leads that are selected. Grain: a lead."""
    leads = kept.tables.table(LEADS)
    tests = [_test(kept, leads, name, values) for name, values in selection.values.items()]
    return leads.filter(tests) if tests else leads


def lead_rows(
    kept: KeptReview, selection: Selection, state: str, scope: Scope, part: tuple[int, int]
) -> Leads:
    """Return leads that are selected and open, the latest first.

    Args:
        kept: The review.
        selection: Which leads are meant.
        state: A name of `STATES`, or nothing for all.
        scope: Whose leads open: those of its people, their deals', and its campaigns'.
        part: How many to return, and how many to pass over.

    Raises:
        NotForYouError: If the selection tells of single people beyond the scope.
        LockHeldError: If too many questions wait.
    """
    refuse_people(selection, scope)
    asked = ("lead rows", tuple(selection.pairs), state, part)
    return kept_answer(kept, scope, asked, lambda: _lead_rows(kept, selection, state, scope, part))


def _lead_rows(
    kept: KeptReview, selection: Selection, state: str, scope: Scope, part: tuple[int, int]
) -> Leads:
    meant = leads_of(kept, selection)
    if state:
        meant = meant.filter(meant[STATES[state]])
    opened = meant.filter(_opens(kept, meant, scope))
    limit, offset = part
    page = opened.order_by([ibis.desc("lead_at"), "lead_id"]).limit(limit, offset=offset)
    counts = [
        int(kept.tables.run(each.count().name("n").as_table()).column("n")[0].as_py())
        for each in (opened, meant)
    ]
    return Leads(tuple(kept.tables.run(page).to_pylist()), *counts)


def _opens(kept: KeptReview, leads: ir.Table, scope: Scope) -> ir.BooleanValue:
    """Test that a lead opens: it or its deal is of the scope's people, or of its campaigns."""
    if scope.reach is Reach.EVERYTHING:
        return ibis.literal(True)
    opens: ir.BooleanValue = ibis.literal(False)
    if scope.owners:
        people = sorted(scope.owners)
        opens = leads.owner_id.isin(people) | leads.deal_owner_id.isin(people)
    if scope.campaigns:
        campaigns = sorted(scope.campaigns)
        touching = kept.tables.table("deal_campaigns")
        touched = touching.filter(touching.campaign_id.isin(campaigns))
        opens = opens | leads.campaign_id.isin(campaigns) | leads.deal_id.isin(touched.deal_id)
    return ibis.coalesce(opens, ibis.literal(False))


def _test(kept: KeptReview, leads: ir.Table, name: str, values: tuple[str, ...]) -> ir.BooleanValue:
    if name not in ("month", "quarter"):
        return has_one_of(leads[COLUMNS[name]], values)
    spans = [_months(kept, name, value) for value in values]
    tests = [leads.month.between(*span) for span in spans if span]
    return reduce(or_, tests) if tests else ibis.literal(False)


def _months(kept: KeptReview, name: str, value: str) -> tuple[int, int] | None:
    """Return the first and last month that a cohort's name means."""
    if name == "quarter":
        first = quarter_months(value, kept.fiscal_year_starts)
        return (first, first + MONTHS_A_QUARTER - 1) if first is not None else None
    try:
        day = dt.date.fromisoformat(f"{value}-01")
    except ValueError:
        return None
    return month_number(day), month_number(day)


def quarter_months(label: str, starts: int) -> int | None:
    """Return the number of the first month of a fiscal quarter by its name.

    >>> quarter_months("FY2027-Q1", 2) == month_number(dt.date(2026, 2, 1))
    True
    """
    days = quarter_days(label, starts)
    return month_number(days[0]) if days else None


def cohort_label(by: str, key: int, starts: int) -> str:
    """Name a month by its number, or a fiscal quarter by its own.

    >>> cohort_label("quarter", 2026 * 4 + 1, 1), cohort_label("month", 2026 * 12, 1)
    ('FY2026-Q2', '2026-01')
    """
    if by == "month":
        return month_label(key)
    ahead = (1 - starts) % _MONTHS
    return quarter_label(key * MONTHS_A_QUARTER - ahead, starts)
