"""Fit as a whole: who is reached, pursued, sold and stays, and how deals go inside and outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import ibis.expr.types as ir

from counterpoise.agreement.versions import Agreements
from counterpoise.books.facts import View
from counterpoise.ledger.estimate import Estimate
from counterpoise.ledger.fit import OUTSIDE
from counterpoise.ledger.fit_outside import Lead, Leads, outside_leads
from counterpoise.ledger.fit_reach import Reach, Reached, reached
from counterpoise.ledger.fit_sides import FIGURES, Side, Sides, sides
from counterpoise.ledger.fit_stays import STAY_MONTHS, Stays, stays
from counterpoise.ledger.fit_words import differs, lead_says, leads_say
from counterpoise.ledger.names import group_names
from counterpoise.ledger.review import standing
from counterpoise.ledger.touched import Touched

_NOBODY = Side(dict.fromkeys(FIGURES), None)


@dataclass(frozen=True)
class FitReport:
    """Fit over all books up to the as-of day.

    Attributes:
        names: Personas in the order of the agreement that the review cites, then former ones.
        reached: Who is reached, pursued and sold.
        sides: How deals go.
        stays: Who stays, by persona.
        leads: Where selling outside pays.
    """

    names: Mapping[str, str]
    reached: Reached
    sides: Sides
    stays: Mapping[str | None, Stays]
    leads: Leads


def fit_report(
    view: View, agreements: Agreements, deals: ir.Table, touched: Touched | None = None
) -> FitReport:
    """Score personas on leads, accounts and deals.

    Args:
        view: The books as of a day.
        agreements: Every version; a deal's persona is that of the one in force on its day.
        deals: One row a deal, as `deal_table` gives them.
        touched: As `touches_known` gives them; made where there are touches and none are given.
    """
    found = sides(view.books, deals)
    far = reached(view, agreements, deals, touched)
    return FitReport(
        names=_names(view, agreements, [*found.personas, *(each for each in far.personas if each)]),
        reached=far,
        sides=found,
        stays=stays(view.books, deals, view.as_of),
        leads=outside_leads(view.books, deals),
    )


def fit_object(found: FitReport) -> dict[str, Any]:
    """Return a report as plain data: figures with intervals, numbers, and sentences."""
    rows = [
        _row(found, persona, name, found.sides.personas.get(persona, _NOBODY))
        for persona, name in found.names.items()
    ]
    inside_reach = sum((found.reached.personas.get(each, Reach()) for each in found.names), Reach())
    inside_stays = sum((found.stays.get(each, Stays()) for each in found.names), Stays())
    return {
        "personas": rows,
        "inside": _told(found.sides.inside, inside_reach, inside_stays),
        "outside": _row(found, OUTSIDE, "Outside every persona", found.sides.outside),
        "unknown": _row(found, None, "Unknown", found.sides.unknown),
        "strangers": found.reached.strangers,
        "differences": [
            {"figure": name, "estimate": _estimate(each), "says": differs(name, each)}
            for name, each in found.sides.outside_less_inside.items()
        ],
        "leads": [_lead(each, found.leads.word) for each in found.leads.leads],
        "leads_say": leads_say(found.leads, has_personas=bool(found.names)),
        "untold": found.leads.untold,
        "stay_months": STAY_MONTHS,
    }


def estimate_object(found: Estimate) -> dict[str, Any]:
    """Return an estimate as plain data, with what it stands on."""
    return {**asdict(found), "is_small": found.is_small}


def _names(view: View, agreements: Agreements, seen: list[str]) -> dict[str, str]:
    version = standing(agreements, view.as_of)
    agreed = [each.id for each in version.agreement.personas] if version else []
    named = group_names(view.books, agreements)["persona"]
    return {each: named.get(each) or each for each in dict.fromkeys((*agreed, *sorted(seen)))}


def _row(found: FitReport, persona: str | None, name: str, side: Side) -> dict[str, Any]:
    reach = found.reached.personas.get(persona, Reach())
    own = found.stays.get(persona, Stays())
    return {"id": persona, "name": name, **_told(side, reach, own)}


def _told(side: Side, reach: Reach, own: Stays) -> dict[str, Any]:
    return {
        "reach": asdict(reach),
        "figures": {name: _estimate(side.figures[name]) for name in FIGURES},
        "median_days": side.median_days,
        "stays": {**asdict(own), "share": _estimate(own.share)},
    }


def _estimate(found: Estimate | None) -> dict[str, Any] | None:
    return None if found is None else estimate_object(found)


def _lead(lead: Lead, word: str) -> dict[str, Any]:
    return {
        "by": lead.by,
        "name": lead.name,
        "earned": lead.earned,
        "expected": lead.expected,
        "above": estimate_object(lead.above),
        "listed": lead.listed,
        "pays": lead.pays,
        "costs": lead.costs,
        "says": lead_says(lead, word),
    }
