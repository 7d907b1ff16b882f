"""Open deals at risk: given beyond authority, waiting for an answer, or open for too long.

What a review knows of them is worked out once, owner by owner; requests that wait are laid over it,
so that a person's page asks the engine nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from heapq import nsmallest
from typing import Any, TypeVar

import ibis
import ibis.expr.types as ir
from django.core.cache import caches

from counterpoise.web.access import EVERYTHING, Scope
from counterpoise.web.balance.risky_deals import (
    FLAGS,
    Risk,
    RiskyDeal,
    gravest,
    read_deal,
    risky_deals,
    usual_days,
)
from counterpoise.web.results.figures import turn
from counterpoise.web.results.reading import KeptReview

_SHOWN = 8
_KEEP_SECONDS = 24 * 3600
_Found = TypeVar("_Found")


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


@dataclass(frozen=True)
class _Risks:
    """What some owners' deals at risk add up to, and the gravest of them."""

    deals: int
    net_amount: Decimal
    by_risk: Mapping[Risk, int]
    first: tuple[RiskyDeal, ...]


@dataclass(frozen=True)
class _Known:
    """What a review knows of deals at risk, before any request waits."""

    usual_days: float | None
    whole: _Risks
    by_owner: Mapping[str, _Risks]


def at_risk(kept: KeptReview, scope: Scope, waiting: Collection[str]) -> AtRisk:
    """Find the open deals at risk.

    Args:
        kept: The review whose deals are meant.
        scope: Whose rows open to the person who asks.
        waiting: Ids of deals with a request that waits for an answer.

    Raises:
        LockHeldError: If too many questions wait.
    """
    known = _known(kept)
    asked = _asked(kept, waiting, known.usual_days)
    whole = _with_asked([known.whole], [deal for _, deal in asked])
    opened, rows = _opened(kept, scope, known, asked, waiting)
    return AtRisk(
        deals=whole.deals,
        net_amount=whole.net_amount,
        by_risk=tuple((risk, whole.by_risk[risk]) for risk in Risk),
        usual_days=None if known.usual_days is None else round(known.usual_days),
        opened=opened,
        rows=rows,
    )


def warm(kept: KeptReview) -> None:
    """Work out what a review knows of deals at risk, so that the first asker need not wait."""
    _known(kept)


@lru_cache(maxsize=2)
def _known(kept: KeptReview) -> _Known:
    """Add up and rank the deals at risk of every owner, once a review."""
    with turn():
        usual = usual_days(kept)
        risky = risky_deals(kept, EVERYTHING, (), usual)
        sums = kept.tables.run(risky.group_by("owner_id").aggregate(**_sums(risky))).to_pylist()
        place = ibis.row_number().over(group_by="owner_id", order_by=gravest(risky))
        ranked = risky.mutate(place=place)
        rows = kept.tables.run(ranked.filter(ranked.place < _SHOWN)).to_pylist()
    first: dict[str | None, list[RiskyDeal]] = {}
    for row in rows:
        first.setdefault(row["owner_id"], []).append(read_deal(row))
    by_owner = {row["owner_id"]: _risks(row, first[row["owner_id"]]) for row in sums}
    whole = _with_asked(by_owner.values(), [])
    return _Known(usual, whole, {owner: each for owner, each in by_owner.items() if owner})


def _asked(
    kept: KeptReview, waiting: Collection[str], usual: float | None
) -> Sequence[tuple[str | None, RiskyDeal]]:
    """Return the open deals for which a request waits, with their owners."""

    def ask() -> list[tuple[str | None, RiskyDeal]]:
        risky = risky_deals(kept, EVERYTHING, waiting, usual)
        rows = kept.tables.run(risky.filter(risky.is_waiting)).to_pylist()
        return [(row["owner_id"], read_deal(row)) for row in rows]

    return _kept("asked", (kept.key, *sorted(waiting)), ask) if waiting else ()


def _opened(
    kept: KeptReview,
    scope: Scope,
    known: _Known,
    asked: Sequence[tuple[str | None, RiskyDeal]],
    waiting: Collection[str],
) -> tuple[int, tuple[RiskyDeal, ...]]:
    """Return how many of the deals at risk open, and the first of them."""
    if scope.campaigns:  # which campaigns touched a deal is known to the engine alone
        told = (scope.key, kept.key, *sorted(waiting))
        return _kept("rows", told, lambda: _touched(kept, scope, waiting, known.usual_days))
    if scope == EVERYTHING:
        parts = [known.whole]
    else:
        parts = [known.by_owner[each] for each in sorted(scope.owners) if each in known.by_owner]
    found = _with_asked(parts, [deal for owner, deal in asked if scope.opens(owner)])
    return found.deals, found.first


def _with_asked(parts: Iterable[_Risks], asked: Sequence[RiskyDeal]) -> _Risks:
    """Add up owners' deals at risk and the deals of theirs for which a request waits.

    A waiting deal ranks no lower than it did, so what ranked behind the first few of an owner
    cannot be among the first few now.
    """
    parts = list(parts)
    ids = {deal.deal_id for deal in asked}
    others = (deal for part in parts for deal in part.first if deal.deal_id not in ids)
    new = [deal for deal in asked if deal.risks == (Risk.WAITS,)]
    by_risk = {risk: sum(part.by_risk[risk] for part in parts) for risk in Risk}
    return _Risks(
        deals=sum(part.deals for part in parts) + len(new),
        net_amount=sum((part.net_amount for part in parts), Decimal(0))
        + sum((deal.net_amount or Decimal(0) for deal in new), Decimal(0)),
        by_risk=by_risk | {Risk.WAITS: len(asked)},
        first=tuple(nsmallest(_SHOWN, [*others, *asked], key=_gravity)),
    )


def _gravity(deal: RiskyDeal) -> tuple[object, ...]:
    """Return what deals are sorted by, the gravest first: the same order as `gravest`."""
    net = deal.net_amount
    flags = (risk not in deal.risks for risk in (Risk.ABOVE, Risk.WAITS, Risk.OVERDUE))
    return (*flags, net is None, -(net or Decimal(0)), deal.deal_id)


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


def _sums(risky: ir.Table) -> dict[str, ir.Value]:
    flags = {risk.name: risky[FLAGS[risk]].sum() for risk in Risk}
    return {"deals": risky.count(), "net": risky.net_amount.sum(), **flags}


def _risks(row: Mapping[str, Any], first: Iterable[RiskyDeal]) -> _Risks:
    by_risk = {risk: int(row[risk.name] or 0) for risk in Risk}
    return _Risks(row["deals"], row["net"] or Decimal(0), by_risk, tuple(first))


def _touched(
    kept: KeptReview, scope: Scope, waiting: Collection[str], usual: float | None
) -> tuple[int, tuple[RiskyDeal, ...]]:
    """Ask for the deals at risk that open to whose campaigns touched them."""
    own = risky_deals(kept, scope, waiting, usual)
    number = kept.tables.run(own.aggregate(deals=own.count())).column("deals")[0].as_py()
    first = own.order_by(gravest(own)).limit(_SHOWN)
    return number, tuple(read_deal(row) for row in kept.tables.run(first).to_pylist())
