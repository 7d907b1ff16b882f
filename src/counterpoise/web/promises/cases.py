"""The cases of one promise, those that open to a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
from django.urls import reverse

from counterpoise.web.access import EVERYTHING, Scope
from counterpoise.web.results.owed import CASES, OWED
from counterpoise.web.results.reading import KeptReview

PER_PAGE = 50
_NOBODYS = ("tool", "campaign", "review")
_WHAT = {
    "lead": "lead",
    "deal": "deal",
    "approval": "request to approve",
    "request": "request for a tool",
    "tool": "tool",
    "question": "question",
    "campaign": "campaign",
    "review": "joint review",
}


@dataclass(frozen=True)
class Case:
    """A lead, deal, request or tool that a promise was counted on."""

    what: str
    id: str
    url: str
    deal_id: str
    day: Any
    is_kept: bool


@dataclass(frozen=True)
class Cases:
    """A page of the cases that open."""

    rows: tuple[Case, ...]
    opened: int
    """How many of the kept cases open."""
    everywhere: int
    """How many the promise was counted on."""
    missed: int
    kept: int
    is_cut: bool
    """Whether there are more than the review kept."""


def cases_of(
    review: KeptReview, key: str, scope: Scope, which: str = "missed", page: int = 1
) -> Cases | None:
    """Return a page of a promise's cases; None where the review kept none of it."""
    told = review.measure(OWED)
    counts = told.get(key) if isinstance(told, dict) else None
    if not isinstance(counts, dict) or not review.tables.has(CASES):
        return None
    own = review.tables.table(CASES)
    own = own.filter(own.promise == key)
    there = _count(review, own)
    own = own.filter(own.is_kept if which == "kept" else ~own.is_kept)
    if scope != EVERYTHING:
        own = own.filter(_opens(review, own, scope))
    rows = own.order_by([own.day.desc(), own.case_id]).limit(PER_PAGE, offset=(page - 1) * PER_PAGE)
    return Cases(
        rows=tuple(_case(row) for row in review.tables.run(rows).to_pylist()),
        opened=_count(review, own),
        everywhere=int(str(counts["cases"])),
        missed=int(str(counts["missed"])),
        kept=int(str(counts["kept"])),
        is_cut=int(str(counts["cases"])) > there,
    )


def _opens(review: KeptReview, own: ir.Table, scope: Scope) -> ir.BooleanValue:
    opens = own.kind.isin(_NOBODYS)
    if scope.owners:
        opens = opens | own.owner_id.isin(sorted(scope.owners))
    if scope.campaigns:
        campaigns = sorted(scope.campaigns)
        touching = review.tables.table("deal_campaigns")
        touched = touching.filter(touching.campaign_id.isin(campaigns)).deal_id
        opens = opens | own.campaign_id.isin(campaigns)
        opens = opens | ((own.kind != "lead") & own.deal_id.isin(touched))
    return ibis.coalesce(opens, ibis.literal(False))


def _count(review: KeptReview, own: ir.Table) -> int:
    rows = review.tables.run(own.count().name("n").as_table())
    return int(rows.column("n")[0].as_py())


def _case(row: Mapping[str, Any]) -> Case:
    deal, kind = row["deal_id"] or "", row["kind"]
    url = reverse("ledger:deal", args=[deal]) if deal and kind != "lead" else ""
    if kind == "tool":
        url = reverse("tools:tool", args=[row["case_id"]])
    if kind == "campaign":
        url = reverse("talk:campaign", args=[row["case_id"]])
    if kind == "request" and row["case_id"].removeprefix("room-").isdecimal():
        url = reverse("tools:message", args=[int(row["case_id"].removeprefix("room-"))])
    return Case(_WHAT.get(kind, kind), row["case_id"], url, deal, row["day"], bool(row["is_kept"]))
