"""The tables of the funnel and of credit, for files of the whole of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from counterpoise.ledger.credit_rules import Rule
from counterpoise.ledger.funnel import COLUMNS, FunnelRow
from counterpoise.ledger.funnel_leads import STAGES, Stage
from counterpoise.web.access import Scope
from counterpoise.web.ledger import credit_page as credits_
from counterpoise.web.ledger import funnel_page as funnels
from counterpoise.web.ledger.credit_asking import NAMES, credit_for
from counterpoise.web.ledger.funnel_asking import funnel
from counterpoise.web.ledger.names import Naming
from counterpoise.web.ledger.narrowing import narrowed_to
from counterpoise.web.ledger.selection import Selection
from counterpoise.web.ledger.sheets import Cell, Sheet, SheetColumn
from counterpoise.web.live import live
from counterpoise.web.results.reading import KeptReview

_NAMED = (SheetColumn("key", "Key", Cell.TEXT), SheetColumn("name", "Name", Cell.TEXT))
_FUNNEL = (
    *_NAMED,
    *(SheetColumn(stage.value, funnels.STAGE_NAMES[stage], Cell.COUNT) for stage in STAGES),
    SheetColumn("touches", "Touches", Cell.COUNT),
    SheetColumn("rejected", "Rejected", Cell.COUNT),
    SheetColumn("lost", "Lost", Cell.COUNT),
    SheetColumn("won_share", "Won of leads", Cell.SHARE),
    SheetColumn("days_to_won", "Median days to won", Cell.SHARE),
    SheetColumn("net", "Net won", Cell.MONEY),
)
_CREDIT = (
    *_NAMED,
    *(SheetColumn(f"{rule}_value", credits_.RULE_NAMES[rule], Cell.MONEY) for rule in Rule),
    *(SheetColumn(f"{rule}_deals", credits_.RULE_NAMES[rule], Cell.SHARE) for rule in Rule),
    SheetColumn("removal", "Removal effect", Cell.SHARE),
    SheetColumn("won", "Won", Cell.COUNT),
    SheetColumn("lost", "Lost", Cell.COUNT),
    SheetColumn("open", "Open", Cell.COUNT),
    SheetColumn("lost_value", "Value of lost deals", Cell.MONEY),
)


def journey_sheet(kept: KeptReview, name: str, query: QueryDict, scope: Scope) -> Sheet | None:
    """Return the funnel or credit of a selection by one grouping; None for another name.

    Raises:
        NotForYouError: If it would tell of single people beyond the scope.
        LockHeldError: If too many questions wait.
    """
    if name == "funnel":
        return _funnel(kept, query, scope)
    return _credit(kept, query) if name == "credit" else None


def _funnel(kept: KeptReview, query: QueryDict, scope: Scope) -> Sheet | None:
    by = query.get("by", "")
    by = by if by in COLUMNS else "campaign"
    selection = narrowed_to(Selection.read(query, ("month",)), tuple(COLUMNS))
    found = funnel(kept, selection, by, scope)
    if found is None:
        return None
    naming, touches = funnels.Names(kept), funnels.touches_by(found, by)
    rows = [
        {
            "key": naming.text(by, row.key),
            "name": naming.name(by, row.key),
            **{stage.value: count for stage, count in row.counts.items()},
            "touches": touches.get(row.key),
            "rejected": row.rejected,
            "lost": row.lost,
            "won_share": row.share(Stage.WON),
            "days_to_won": _days(row),
            "net": row.net,
        }
        for row in funnels.ordered(found.by[by], by)
    ]
    return Sheet("funnel", "Funnel", _FUNNEL, rows)


def _days(row: FunnelRow) -> float | None:
    took = (t for t in row.took if (t.step.start, t.step.end) == (Stage.LEAD, Stage.WON))
    return next((each.median for each in took), None)


def _credit(kept: KeptReview, query: QueryDict) -> Sheet | None:
    by = query.get("by", "")
    by = by if by in credits_.BY_NAMES else "channel"
    found = credit_for(kept, narrowed_to(Selection.read(query), NAMES))
    if found is None:
        return None
    naming = Naming(live())
    rows: list[Mapping[str, Any]] = [
        {
            "key": row.key,
            "name": naming.campaign(row.key) if row.key and by == "campaign" else row.key,
            **{f"{rule}_value": value for rule, value in row.value.items()},
            **{f"{rule}_deals": deals for rule, deals in row.deals.items()},
            "removal": row.removal,
            **{outcome: row.touched[outcome] for outcome in ("won", "lost", "open")},
            "lost_value": row.lost_value,
        }
        for row in found.by[by]
    ]
    return Sheet("credit", "Credit", _CREDIT, rows)
