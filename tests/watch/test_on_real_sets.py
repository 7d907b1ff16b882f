"""Real exports, held against the agreement that is drafted from them: no crack that is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from counterpoise.agreement import load_agreements
from counterpoise.agreement.drafting import draft, gather_evidence
from counterpoise.books import Books, Workspace, import_books
from counterpoise.books.facts import latest_day
from counterpoise.watch import Watching
from counterpoise.watch.reviewing import review_and_watch

TODAY = dt.date(2026, 1, 1)
RECORDED: Mapping[str, set[tuple[str, str]]] = MappingProxyType(
    {
        # Lost deals have the value 0 and no reason: neither offers nor reasons are on record.
        "maven_crm_sales": {("promise_broken", "offers"), ("promise_broken", "loss_reasons")},
        # Rates stand on lost deals, though mostly on live negotiations; reasons never do.
        "b2b_martech_discounts": {("promise_broken", "loss_reasons")},
        # Orders: nothing is lost, and who gave which discount is within what was usual.
        "northwind": set(),
        "classicmodels": set(),
        # Leads without verdicts or answers on record: nobody can be told to be slow.
        "olist_funnel": set(),
    }
)


def _watched(root: Path, source: Path, folder: Path) -> Watching:
    workspace = Workspace.create(folder)
    adapter = root / "examples" / "adapters" / source.name
    import_books(workspace, source, adapter=adapter, accept=True)
    with Books.open(workspace) as books:
        day = latest_day(books, TODAY)
        text = draft(gather_evidence(books, day))
        workspace.agreement_file.write_text(text, encoding="utf-8")
        return review_and_watch(books, load_agreements(workspace.root), day)[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", RECORDED)
def test_names_what_is_not_recorded_and_suspects_nobody(
    name: str, root: Path, shared: Path, tmp_path: Path
) -> None:
    watching = _watched(root, shared / "data" / name, tmp_path / "company")
    found = {(crack.kind, crack.subject.id) for crack in watching.cracks}
    assert found == RECORDED[name]
    assert {"leakage", "late_approval"} <= {each.kind for each in watching.not_watched}
