"""Open deals at risk as the kept review has them: which they are, and why.

Too long is beyond the usual cycle, and beyond the day on which a source that says so expected the
deal to close.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import ibis
import ibis.expr.types as ir
from django.urls import reverse

from counterpoise.ledger.cycle import SECONDS_A_DAY, days_of
from counterpoise.web.access import Scope
from counterpoise.web.results.figures import meant
from counterpoise.web.results.filters import Filters
from counterpoise.web.results.reading import KeptReview

_OPEN = Filters.of({"outcome": ["open"]})
_LATE_SHARE = 0.9
"""Later than this share of won deals were at their closing."""


class Risk(StrEnum):
    """Why an open deal is at risk, the gravest first."""

    ABOVE = "above authority"
    WAITS = "waits for approval"
    OVERDUE = "past its expected close"
    LATE = "past its usual cycle"

    @property
    def short(self) -> str:
        """Return the word for it in a row."""
        return _SHORT[self]

    @property
    def state(self) -> str:
        """Return how grave it is, as states are coloured."""
        return "bad" if self is Risk.ABOVE else "wait"


_SHORT = {
    Risk.ABOVE: "above authority",
    Risk.WAITS: "waits",
    Risk.OVERDUE: "overdue",
    Risk.LATE: "late",
}
FLAGS = {
    Risk.ABOVE: "is_above",
    Risk.WAITS: "is_waiting",
    Risk.OVERDUE: "is_overdue",
    Risk.LATE: "is_late",
}
_EXPECTED = frozenset(
    "closedate closingdate expectedclose expectedclosedate expectedcloseon expectedclosingdate "
    "estimatedclosedate forecastclosedate".split()
)
"""Names under which sources keep when a deal is expected to close, without case and marks."""


@dataclass(frozen=True)
class RiskyDeal:
    """An open deal at risk, as its row shows it."""

    deal_id: str
    name: str
    account: str
    owner: str
    net_amount: Decimal | None
    rate: Decimal | None
    authority: Decimal | None
    days_open: int
    risks: tuple[Risk, ...]

    @property
    def url(self) -> str:
        """Return where the deal's story is told."""
        return reverse("ledger:deal", args=[self.deal_id])


def gravest(risky: ir.Table) -> list[ir.Value]:
    """Return what deals at risk are sorted by: the gravest first, the largest of those first."""
    return [
        risky.is_above.desc(),
        risky.is_waiting.desc(),
        risky.is_overdue.desc(),
        risky.net_amount.desc(nulls_first=False),
        risky.deal_id,
    ]


def usual_days(kept: KeptReview) -> float | None:
    """Return the days within which nearly all won deals were closed, None before any was."""
    won = kept.tables.table("deals").filter(lambda deals: deals.outcome == "won")
    days = days_of(won).quantile(_LATE_SHARE)
    found: float | None = kept.tables.run(won.aggregate(days=days)).column("days")[0].as_py()
    return found


def risky_deals(
    kept: KeptReview, scope: Scope, waiting: Collection[str], usual: float | None
) -> ir.Table:
    """Return the open deals at risk with why they are: by a column a risk."""
    deals = meant(kept, _OPEN, scope)
    end = dt.datetime.combine(kept.as_of + dt.timedelta(days=1), dt.time())
    seconds = ibis.literal(end).epoch_seconds() - deals.created_at.epoch_seconds()
    days = (seconds.cast("float64") / SECONDS_A_DAY).floor().cast("int64")
    known = deals.mutate(
        days_open=days,
        is_above=_sure(deals.leakage > 0),
        is_waiting=deals.deal_id.isin(sorted(waiting)) if waiting else ibis.literal(False),
        is_overdue=_sure(_expected(deals) < ibis.literal(kept.as_of)),
        is_late=ibis.literal(False) if usual is None else _sure(days > round(usual)),
    )
    risky = known.filter(known.is_above | known.is_waiting | known.is_overdue | known.is_late)
    return risky.select(
        "deal_id",
        "owner_id",
        "name",
        "account__name",
        "owner__name",
        "net_amount",
        "list_amount",
        "authority_low",
        "days_open",
        "is_above",
        "is_waiting",
        "is_overdue",
        "is_late",
    )


def _expected(deals: ir.Table) -> ir.DateValue:
    """Return the day on which a deal is expected to close, NULL where no source says so plainly."""
    named = (name for name in deals.columns if _plain(name) in _EXPECTED)
    days = [deals[name].cast("string").substr(0, 10).try_cast("date") for name in sorted(named)]
    return ibis.coalesce(*days, ibis.null("date"))


def _plain(column: str) -> str:
    """Return an attribute's name without case and marks.

    >>> _plain("attr__Expected_Close_Date__c"), _plain("closed_at")
    ('expectedclosedate', '')
    """
    part, _, name = column.partition("attr__")
    letters = (each for each in name.removesuffix("__c").casefold() if each.isalnum())
    return "" if part else "".join(letters)


def _sure(test: ir.BooleanValue) -> ir.BooleanValue:
    return ibis.coalesce(test, ibis.literal(False))


def read_deal(row: dict[str, Any]) -> RiskyDeal:
    """Read a row of `risky_deals`."""
    listed, net = row["list_amount"], row["net_amount"]
    return RiskyDeal(
        deal_id=row["deal_id"],
        name=row["name"] or row["deal_id"],
        account=row["account__name"] or "",
        owner=row["owner__name"] or "",
        net_amount=net,
        rate=1 - net / listed if listed and net is not None else None,
        authority=row["authority_low"],
        days_open=row["days_open"] or 0,
        risks=tuple(risk for risk in Risk if row[FLAGS[risk]]),
    )
