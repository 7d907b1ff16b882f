"""Open deals at risk: given beyond authority, waiting for an answer, or open for too long.

Too long is beyond the usual cycle, and beyond the day on which a source that says so expected the
deal to close.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

import ibis
import ibis.expr.types as ir
from django.core.cache import caches
from django.urls import reverse

from counterpoise.ledger.cycle import SECONDS_A_DAY, days_of
from counterpoise.web.access import EVERYTHING, Scope
from counterpoise.web.results.figures import meant, turn
from counterpoise.web.results.filters import Filters
from counterpoise.web.results.reading import KeptReview

_OPEN = Filters.of({"outcome": ["open"]})
_LATE_SHARE = 0.9
"""Later than this share of won deals were at their closing."""
_SHOWN = 8
_KEEP_SECONDS = 24 * 3600
_Found = TypeVar("_Found")


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
_FLAGS = {
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


@dataclass(frozen=True)
class AtRisk:
    """The open deals at risk: counts of everybody's, rows of those that open."""

    deals: int
    net_amount: Decimal
    by_risk: tuple[tuple[Risk, int], ...]
    usual_days: int | None
    opened: int
    """How many of them open to whoever asks."""
    rows: tuple[RiskyDeal, ...]


def at_risk(kept: KeptReview, scope: Scope, waiting: Collection[str]) -> AtRisk:
    """Find the open deals at risk.

    Args:
        kept: The review whose deals are meant.
        scope: Whose rows open to the person who asks.
        waiting: Ids of deals with a request that waits for an answer.

    Raises:
        LockHeldError: If too many questions wait.
    """
    usual = _kept("usual", (kept.key,), lambda: _usual_days(kept))
    asked = (kept.key, *sorted(waiting))
    whole = _kept("counts", asked, lambda: _counts(kept, waiting, usual))
    opened, rows = _kept("rows", (scope.key, *asked), lambda: _opened(kept, scope, waiting, usual))
    return AtRisk(
        deals=whole["deals"],
        net_amount=whole["net"] or Decimal(0),
        by_risk=tuple((risk, whole[risk.name] or 0) for risk in Risk),
        usual_days=None if usual is None else round(usual),
        opened=opened,
        rows=rows,
    )


def _kept(name: str, asked: tuple[str, ...], ask: Callable[[], _Found]) -> _Found:
    """Return an answer that is kept until the next review, one of the questions that take turns."""
    told = hashlib.sha256("|".join(asked).encode()).hexdigest()[:24]
    key = f"at-risk:{name}:{told}"
    found: tuple[_Found] | None = caches["pages"].get(key)
    if found is None:
        with turn():
            found = (ask(),)
        caches["pages"].set(key, found, _KEEP_SECONDS)
    return found[0]


def _counts(kept: KeptReview, waiting: Collection[str], usual: float | None) -> dict[str, Any]:
    """Count everybody's deals at risk, in all and by risk."""
    every = _risky(kept, EVERYTHING, waiting, usual)
    flags = {risk.name: every[_FLAGS[risk]].sum() for risk in Risk}
    sums = every.aggregate(deals=every.count(), net=every.net_amount.sum(), **flags)
    found: dict[str, Any] = kept.tables.run(sums).to_pylist()[0]
    return found


def _opened(
    kept: KeptReview, scope: Scope, waiting: Collection[str], usual: float | None
) -> tuple[int, tuple[RiskyDeal, ...]]:
    """Return how many of the deals at risk open, and the first of them."""
    own = _risky(kept, scope, waiting, usual)
    number = kept.tables.run(own.aggregate(deals=own.count())).column("deals")[0].as_py()
    first = own.order_by(
        own.is_above.desc(),
        own.is_waiting.desc(),
        own.is_overdue.desc(),
        own.net_amount.desc(nulls_first=False),
        own.deal_id,
    ).limit(_SHOWN)
    return number, tuple(_read(row) for row in kept.tables.run(first).to_pylist())


def _usual_days(kept: KeptReview) -> float | None:
    """Return the days within which nearly all won deals were closed, None before any was."""
    won = kept.tables.table("deals").filter(lambda deals: deals.outcome == "won")
    days = days_of(won).quantile(_LATE_SHARE)
    found: float | None = kept.tables.run(won.aggregate(days=days)).column("days")[0].as_py()
    return found


def _risky(
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


def _read(row: dict[str, Any]) -> RiskyDeal:
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
        risks=tuple(risk for risk in Risk if row[_FLAGS[risk]]),
    )
