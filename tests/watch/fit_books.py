"""Books for the kinds about whom the company sells to, and with what in hand."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import read_agreement, save_ratified
from counterpoise.books import Workspace, import_books
from counterpoise.demo import Faults, Order, Recipe, make_company
from counterpoise.demo.export import Form
from counterpoise.demo.world import CURRENCY, TIME_ZONE
from counterpoise.watch import Watched, all_kinds
from tests.ledger.disk_books import books_of
from tests.sharing import made_once
from tests.watch.fact_books import agreed, watched_of

AGREEMENT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2025-01-01, until: 2026-12-31}
roles:
  rep: {side: sales, default: true}
  marketer: {side: marketing}
discounts: {limits: [{id: all, up_to: {rep: 40%, marketer: 40%}}]}
personas:
  - {id: maker, name: Maker, when: {industry: Making}}
"""
BARE = AGREEMENT.split("personas:", maxsplit=1)[0]
QUARTERS = 365 / 91.3125

KINDS = {
    name: all_kinds()[name]
    for name in (
        "off_persona",
        "persona_blind_spot",
        "promotion_collision",
        "tool_gap",
        "tools_unused",
    )
}

Rows = Iterable[Mapping[str, Any]]


@contextmanager
def small_company(
    folder: Path, tables: Mapping[str, Rows], agreement: str = AGREEMENT
) -> Iterator[Watched]:
    """Open books of a few rows as the watch looks at them."""
    with books_of(folder, {name: list(rows) for name, rows in tables.items()}) as books:
        yield watched_of(books, agreed(agreement))


def deal(id_: str, account: str, outcome: str = "won", **facts: Any) -> dict[str, Any]:
    """Return a deal of 100,000 at list, sold for 90,000 at a cost of 50,000, of one day."""
    return {
        "deal_id": id_,
        "account_id": account,
        "outcome": outcome,
        "source": "Web",
        "kind": "new",
        "created_at": dt.datetime(2026, 1, 10),
        "closed_at": dt.datetime(2026, 2, 10),
        "list_amount": Decimal(100_000),
        "net_amount": Decimal(90_000),
        "cost_amount": Decimal(50_000),
        **facts,
    }


def accounts(*, inside: int = 0, outside: int = 0, **facts: Any) -> list[dict[str, Any]]:
    """Return accounts I0, I1, … of makers, and O0, O1, … of nobody's persona."""
    made = [(f"I{at}", "Making") for at in range(inside)]
    made += [(f"O{at}", "Retail") for at in range(outside)]
    return [
        {"account_id": id_, "industry": industry, "segment": "Small", **facts}
        for id_, industry in made
    ]


@pytest.fixture(scope="session")
def fit_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a company with one fault of each of these kinds, and its truth."""
    return made_once(tmp_path_factory, "fit_company", _make_fit_company)


def _make_fit_company(folder: Path) -> None:
    orders = tuple(Order(kind) for kind in KINDS)
    recipe = Recipe(form=Form.PARQUET)
    made = make_company(folder / "made", deals=8_000, seed=31, faults=Faults(orders), recipe=recipe)
    workspace = Workspace.create(folder / "workspace", CURRENCY, TIME_ZONE)
    for file in made.ratified:
        save_ratified(workspace.agreements_dir, read_agreement(file))
    shutil.copyfile(made.agreement_file, workspace.agreement_file)
    import_books(workspace, made.export)
    shutil.copyfile(made.truth_file, folder / "truth.json")
