"""What the credit's pages ask of the kept deals, for a selection and a person's scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from counterpoise.ledger.credit import OUTCOMES, Credit, credit_of
from counterpoise.ledger.credit_paths import COLUMNS
from counterpoise.web.access import EVERYTHING, Scope
from counterpoise.web.ledger.asking import filters_of
from counterpoise.web.ledger.selection import NO_KEY, Selection
from counterpoise.web.results.figures import kept_answer, meant
from counterpoise.web.results.journeys import PARTS, kept_credit
from counterpoise.web.results.reading import KeptReview

NAMES = ("team", "segment", "industry", "product_family", "persona", "source", "quarter")
"""What the deals can be narrowed by: nothing that tells of single people."""


TOUCHES = ("none", "any")


@dataclass(frozen=True)
class Helped:
    """Which deals a page lists: those that a channel or a campaign touched, none did, or any."""

    by: str = ""
    key: str = ""
    outcome: str = ""
    touch: str = ""
    """`none`: no touch is known; `any`: with or without; else with one."""

    @property
    def pairs(self) -> dict[str, str]:
        """Return what an address carries."""
        return dict(vars(self))


@dataclass(frozen=True)
class HelpedDeals:
    """A page of deals with what touched them, how many of them open, and how many there are."""

    rows: tuple[dict[str, Any], ...]
    opened: int
    everywhere: int


def credit_for(kept: KeptReview, selection: Selection) -> Credit | None:
    """Return the credit of the deals that are selected; None where none was kept.

    Raises:
        LockHeldError: If too many questions wait.
    """
    whole = kept_credit(kept)
    if whole is None or not selection.values:
        return whole
    asked = ("credit", tuple(selection.pairs))
    return kept_answer(kept, EVERYTHING, asked, lambda: _credit(kept, selection))


def _credit(kept: KeptReview, selection: Selection) -> Credit:
    deals = meant(kept, filters_of(selection))
    parts = kept.tables.table(PARTS).semi_join(deals, "deal_id")
    return credit_of(kept.tables.run, parts, deals)


def helped_deals(
    kept: KeptReview, selection: Selection, helped: Helped, scope: Scope, part: tuple[int, int]
) -> HelpedDeals:
    """Return deals that are selected, were helped so, and open, the latest first.

    Raises:
        LockHeldError: If too many questions wait.
    """
    asked = ("helped deals", tuple(selection.pairs), helped, part)
    return kept_answer(
        kept, scope, asked, lambda: _helped_deals(kept, selection, helped, scope, part)
    )


def _helped_deals(
    kept: KeptReview, selection: Selection, helped: Helped, scope: Scope, part: tuple[int, int]
) -> HelpedDeals:
    touched = kept.tables.table(PARTS)
    if helped.by:
        column = touched[COLUMNS[helped.by]]
        touched = touched.filter(column.isnull() if helped.key == NO_KEY else column == helped.key)
    sums = touched.group_by("deal_id").aggregate(
        touches=touched.touches.sum(),
        first_at=touched.first_at.min(),
        last_at=touched.last_at.max(),
    )
    opened = _of(meant(kept, filters_of(selection), scope), sums, helped)
    every = _of(meant(kept, filters_of(selection)), sums, helped)
    limit, offset = part
    page = opened.order_by([ibis.desc("day"), "deal_id"]).limit(limit, offset=offset)
    counts = [
        int(kept.tables.run(each.count().name("n").as_table()).column("n")[0].as_py())
        for each in (opened, every)
    ]
    return HelpedDeals(tuple(kept.tables.run(page).to_pylist()), *counts)


def _of(deals: ir.Table, sums: ir.Table, helped: Helped) -> ir.Table:
    if helped.outcome in OUTCOMES:
        deals = deals.filter(deals.outcome == helped.outcome)
    if helped.touch == "none":
        return deals.anti_join(sums, "deal_id")
    if helped.touch == "any":
        sums = sums.rename(touched_deal="deal_id")
        return deals.left_join(sums, [("deal_id", "touched_deal")]).drop("touched_deal")
    return deals.inner_join(sums, "deal_id")
