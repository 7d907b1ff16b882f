"""Books for the watch: rows by hand, and a made-up company that breaks what it agreed."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ibis

from counterpoise.agreement import (
    Agreements,
    load_agreements,
    parse_agreement,
    read_agreement,
    save_ratified,
)
from counterpoise.agreement.versions import Status
from counterpoise.books import Books, Workspace, import_books
from counterpoise.books.facts import View
from counterpoise.demo import Faults, Order, Recipe, make_company
from counterpoise.demo.export import Form
from counterpoise.demo.world import CURRENCY, TIME_ZONE
from counterpoise.ledger.ledger import whole_deals
from counterpoise.ledger.review import standing
from counterpoise.watch import Kind, Tested, Watched
from counterpoise.watch.deals import DEAL_FIELDS
from scripts.crack_examples import ask_for_tools
from tests.ledger.small_books import deals_of, memory_books

AS_OF = dt.date(2026, 6, 30)
PLANTED = {
    "budget_overrun": ("concessions", "concessions"),
    "customization_sprawl": ("team", None),
    "goal_gap": ("wins", "wins"),
    "late_approval": ("sales_manager", "sales_manager"),
    "leakage": ("team", None),
    "promise_broken": ("offers", "offers"),
}
"""The faults of the company: their variant, and the id of whom they befall where it is fixed."""


def watched_of(books: Books, agreements: Agreements, as_of: dt.date = AS_OF) -> Watched:
    """Judge the deals of books, and return all that a kind may look at."""
    view = View(books, as_of)
    version = standing(agreements, as_of)
    assert version is not None
    deals = whole_deals(view, agreements, DEAL_FIELDS)
    return Watched(view, agreements, version.agreement, deals)


def in_memory(
    agreements: Agreements,
    deals: Iterable[Mapping[str, Any]],
    as_of: dt.date = AS_OF,
    **tables: Any,
) -> Watched:
    """Return what a kind may look at, of judged deals and tables that are given as rows."""
    books = memory_books(deals=[{"deal_id": "D"}], **tables)
    object.__setattr__(books, "workspace", SimpleNamespace(currency="USD"))
    version = standing(agreements, as_of)
    assert version is not None
    judged = deals_of(deals).mutate(lead_id=ibis.null("string"), approver=ibis.null("string"))
    return Watched(View(books, as_of), agreements, version.agreement, judged)


def agreed(text: str, status: Status = Status.RATIFIED) -> Agreements:
    """Return an agreement alone, signed unless another status is named."""
    return Agreements.single(parse_agreement(text), status)


def fact_kinds() -> dict[str, Kind]:
    """Return the kinds of plain facts."""
    names = sorted(PLANTED)
    return {name: import_module(f"counterpoise.watch.kinds.{name}").KIND for name in names}


def asked_of(kind: Kind, watched: Watched) -> dict[str, Tested]:
    """Return what a kind tested, by the subject's id."""
    return {each.subject.id: each for each in kind.test(watched)}


def make_fact_company(folder: Path) -> None:
    """Make a company with one fault of every kind of plain facts, and import it.

    Its sellers asked for tools in the room, and one marketer is slow to answer.
    """
    orders = tuple(Order(kind, variant) for kind, (variant, _) in PLANTED.items())
    recipe = Recipe(form=Form.PARQUET)
    made = make_company(folder / "made", deals=6_000, seed=11, faults=Faults(orders), recipe=recipe)
    workspace = Workspace.create(folder / "workspace", CURRENCY, TIME_ZONE)
    for file in made.ratified:
        save_ratified(workspace.agreements_dir, read_agreement(file))
    shutil.copyfile(made.agreement_file, workspace.agreement_file)
    import_books(workspace, made.export)
    with Books.open(workspace) as books:
        ask_for_tools(books)
    shutil.copyfile(made.truth_file, folder / "truth.json")


def open_fact_company(folder: Path) -> tuple[Books, Agreements]:
    """Open the books of the company and its agreements."""
    workspace = Workspace.open(folder / "workspace")
    return Books.open(workspace), load_agreements(workspace.root)
