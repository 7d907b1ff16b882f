"""Credit of real paths is what was computed from their file by another route."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import Agreements
from counterpoise.books import Books, Workspace, import_books
from counterpoise.books.facts import View
from counterpoise.ledger.credit import Credit, credit
from counterpoise.ledger.credit_rules import Rule
from counterpoise.ledger.deal_table import deal_table
from counterpoise.ledger.touched import touches_known


@pytest.fixture(scope="module")
def paths(root: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Credit]:
    workspace = Workspace.create(tmp_path_factory.mktemp("paths") / "room")
    adapter = root / "examples" / "adapters" / "channel_attribution"
    import_books(workspace, shared / "data" / "channel_attribution", adapter=adapter)
    with Books.open(workspace) as books:
        view = View(books, dt.date(2000, 4, 30))
        yield credit(view, deal_table(view, Agreements()), touches_known(view)).credit


@pytest.fixture(scope="module")
def facts(shared: Path) -> dict[str, Any]:
    entries = json.loads((shared / "data" / "FACTS.json").read_text(encoding="utf-8"))
    return {
        each["id"]: each["value"] for each in entries if each["dataset"] == "channel_attribution"
    }


def test_totals_are_those_of_the_file(paths: Credit, facts: dict[str, Any]) -> None:
    conversions, value, nulls = facts["totals"]
    assert paths.deals == conversions
    assert paths.lost.deals == nulls
    assert abs(paths.value - Decimal(str(value))) < Decimal("0.001")
    assert paths.no_touch.deals == 0
    assert paths.conversion == pytest.approx(conversions / (conversions + nulls))


@pytest.mark.parametrize("rule", [Rule.FIRST, Rule.LAST])
def test_first_and_last_touch_are_those_of_the_file(
    paths: Credit, facts: dict[str, Any], rule: Rule
) -> None:
    wanted = facts[f"{rule}_touch_conversions"]
    found = sorted(paths.by["channel"], key=lambda row: -row.deals[rule])[:3]
    assert {row.key: round(row.deals[rule]) for row in found} == wanted


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_adds_up(paths: Credit, rule: Rule) -> None:
    assert sum(row.value[rule] for row in paths.by["channel"]) == paths.value
