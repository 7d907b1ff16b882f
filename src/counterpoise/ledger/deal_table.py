"""The deals behind a review, one row each, with all that a page shows, filters or sorts by."""

from __future__ import annotations

from collections.abc import Iterator

import ibis.expr.types as ir

from counterpoise.agreement.fields import Fields, Scope
from counterpoise.agreement.versions import Agreements
from counterpoise.books.facts import View
from counterpoise.desk.dividing import is_recorded
from counterpoise.desk.judged import judged_deals
from counterpoise.ledger.unjudged import reason_of

_SHOWN = (
    "deal.name",
    "deal.kind",
    "deal.stage",
    "deal.term_months",
    "deal.payment",
    "deal.competitor",
    "deal.lead_id",
    "account.name",
    "account.country",
    "account.region",
    "owner.name",
    "owner.region",
    "owner.manager_id",
)
_LEFT_OUT = (
    "version",
    "asker_rank_low",
    "asker_rank_high",
    "strict_approver",
    "lenient_approver",
    "floor_approver",
)
"""What the judging needs on its way."""


def deal_table(view: View, agreements: Agreements) -> ir.Table:
    """Return the judged deals with what pages show of them, those of one owner together.

    Grain: a deal known by the as-of day. Columns: those of `judged_deals`, further facts of deal,
    account and owner under their column names, the attributes of deals and accounts, and
    `unjudged_because`.
    """
    judged = judged_deals(view.books, agreements, view.as_of, tuple(_further(view)))
    recorded = is_recorded(judged.day, view.books.approvals_from)
    table = judged.mutate(unjudged_because=reason_of(judged, recorded))
    names = [name for name in table.columns if name not in _LEFT_OUT]
    return table.select(*names).order_by("owner_id", "day", "deal_id")


def _further(view: View) -> Iterator[str]:
    fields = Fields(Scope.DEAL, view.books.all_attributes)
    attributes = (name for name in fields.names if name.startswith(("deal.attr.", "account.attr.")))
    yield from (*_SHOWN, *attributes)
