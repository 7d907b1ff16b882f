"""The leads behind a figure of the funnel that open to a person, a page of them at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from counterpoise.ledger.funnel_leads import STAGES, at, is_at
from counterpoise.web.access import Scope
from counterpoise.web.ledger.funnel_asking import Leads, lead_rows
from counterpoise.web.ledger.funnel_page import STAGE_NAMES, leads_url
from counterpoise.web.ledger.names import Naming
from counterpoise.web.ledger.selection import Selection
from counterpoise.web.live import live
from counterpoise.web.results.reading import KeptReview

A_PAGE = 50


@dataclass(frozen=True)
class LeadRow:
    """A lead, how far it came and since when."""

    lead: Mapping[str, object]
    campaign: str
    owner: str
    stage: str
    since: object
    ended: str


@dataclass(frozen=True)
class LeadsPage:
    """A page of leads."""

    rows: list[LeadRow]
    found: Leads
    says: str
    first: int
    last: int
    earlier: str
    later: str


def leads_page(
    kept: KeptReview, selection: Selection, state: str, number: int, scope: Scope
) -> LeadsPage:
    """Return a page of leads that are selected and open.

    Raises:
        LockHeldError: If too many questions wait.
    """
    offset = (number - 1) * A_PAGE
    found = lead_rows(kept, selection, state, scope, (A_PAGE, offset))
    is_last, naming = offset + A_PAGE >= found.opened, Naming(live())
    return LeadsPage(
        rows=[_row(row, naming) for row in found.rows],
        found=found,
        says=STAGE_NAMES.get(state, ""),
        first=offset + 1 if found.rows else 0,
        last=offset + len(found.rows),
        earlier=leads_url(selection, state=state, page=str(number - 1)) if number > 1 else "",
        later="" if is_last else leads_url(selection, state=state, page=str(number + 1)),
    )


def _row(lead: Mapping[str, object], naming: Naming) -> LeadRow:
    stage = next(stage for stage in reversed(STAGES) if lead[is_at(stage)])
    ended = next((STAGE_NAMES[name] for name in ("lost", "rejected") if lead[f"is_{name}"]), "")
    owner, campaign = lead["owner_id"], lead["campaign_id"]
    return LeadRow(
        lead=lead,
        campaign=naming.campaign(str(campaign)) if campaign else "",
        owner=naming.person(str(owner)) if owner else "",
        stage=STAGE_NAMES[stage],
        since=lead[at(stage)],
        ended=ended,
    )
