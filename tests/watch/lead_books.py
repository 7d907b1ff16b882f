"""Books of leads for the watch: rows by hand, and a made-up company that breaks what it agreed."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import ibis

from counterpoise.agreement import Agreements, read_agreement, save_ratified
from counterpoise.agreement.versions import Status
from counterpoise.books import Workspace, import_books
from counterpoise.books.facts import View
from counterpoise.demo import Faults, Order, Recipe, make_company
from counterpoise.demo.export import Form
from counterpoise.demo.world import CURRENCY, TIME_ZONE
from counterpoise.watch import Kind, Tested, Watched
from tests.ledger.agreements import agreement
from tests.ledger.small_books import Row, deal, deals_of, memory_books

AS_OF = dt.date(2026, 6, 30)  # a Tuesday
HANDOFF = """
personas:
  - {id: maker, name: Maker, when: {industry: Steel}}
handoff:
  qualified: {score: ">= 60"}
  first_response_within: 4 working hours
  verdict_within: 2 working days
  reasons: [no budget, wrong persona]
"""
PLANTED = {
    "slow_handoff": "rep",
    "unexplained_rejection": "team",
    "contradicted_rejection": "rep",
    "lead_quality": "source",
    "lead_dumping": "campaign",
    "score_bunching": "source",
    "persona_miss": "campaign",
}
"""The faults of the company, and their variant."""


def lead(lead_id: str, handed: str, answered: str | None = None, **facts: Any) -> dict[str, Any]:
    """Return a lead of 2026; times are written as month, day and time (06-10T09:00)."""
    return {
        "lead_id": lead_id,
        "created_at": dt.datetime(2025, 7, 2),
        "handed_over_at": at(handed),
        "first_response_at": at(answered) if answered else None,
        "source": "Web",
        **facts,
    }


def at(text: str) -> dt.datetime:
    """Return a time of 2026."""
    return dt.datetime.fromisoformat(f"2026-{text}")


def won(deal_id: str, lead_id: str | None, net: int, cost: int) -> dict[str, Any]:
    """Return a won deal that came of a lead."""
    found = deal(deal_id, list_amount=net, net_amount=net, cost_amount=cost)
    return {**found, "lead_id": lead_id}


def watched_leads(
    leads: Iterable[Row],
    deals: Iterable[Row] = (),
    clauses: str = HANDOFF,
    agreements: Agreements | None = None,
    **tables: Iterable[Row],
) -> Watched:
    """Return books of leads to be watched, under one agreement of 2026 unless others are given."""
    books = memory_books(leads=leads, **tables)
    standing = agreements or Agreements.single(agreement(clauses), Status.RATIFIED)
    assert standing.latest is not None
    return Watched(View(books, AS_OF), standing, standing.latest.agreement, _judged(deals))


def _judged(deals: Iterable[Row]) -> Any:
    rows = list(deals)
    named = {row["deal_id"]: row.get("lead_id") for row in rows if row.get("lead_id")}
    table = deals_of(rows)
    lead_id = table.deal_id.cases(*named.items()) if named else ibis.null("string")
    return table.mutate(lead_id=lead_id)


def rows_of(table: Any, watched: Watched) -> dict[str, Mapping[str, Any]]:
    """Return rows by their lead."""
    return {row["lead_id"]: row for row in watched.books.run(table).to_pylist()}


def asked_of(kind: Kind, watched: Watched) -> dict[tuple[str, str], Tested]:
    """Return what a kind tested, by variant and the subject's id."""
    return {(each.variant, each.subject.id): each for each in kind.test(watched)}


def lead_kinds() -> dict[str, Kind]:
    """Return the kinds that look at leads."""
    return {name: import_module(f"counterpoise.watch.kinds.{name}").KIND for name in PLANTED}


def make_lead_company(folder: Path) -> None:
    """Make a company with one fault of every kind about leads, and import it."""
    faults = Faults(tuple(Order(kind, variant) for kind, variant in PLANTED.items()))
    _make(folder / "faulty", faults)


def make_blameless_company(folder: Path) -> None:
    """Make a company without any fault, and import it."""
    _make(folder / "blameless", Faults.none())


def _make(folder: Path, faults: Faults) -> None:
    recipe = Recipe(form=Form.PARQUET)
    made = make_company(folder / "made", deals=12_000, seed=31, faults=faults, recipe=recipe)
    workspace = Workspace.create(folder / "workspace", CURRENCY, TIME_ZONE)
    for file in made.ratified:
        save_ratified(workspace.agreements_dir, read_agreement(file))
    shutil.copyfile(made.agreement_file, workspace.agreement_file)
    import_books(workspace, made.export)
    shutil.copyfile(made.truth_file, folder / "truth.json")
