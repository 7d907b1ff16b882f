"""The funnel of real leads is what was computed from their files by another route."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import Agreements
from counterpoise.books import Books, Workspace, import_books
from counterpoise.books.facts import View, latest_day
from counterpoise.ledger.cohorts import cohorts
from counterpoise.ledger.deal_table import deal_table
from counterpoise.ledger.funnel import FunnelRow, Took
from counterpoise.ledger.funnel_leads import Stage, funnel_leads
from counterpoise.ledger.touched import touches_known
from tests.ledger.test_funnel import Seen

TODAY = dt.date(2026, 1, 1)


@pytest.fixture(scope="module")
def books(root: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    workspace = Workspace.create(tmp_path_factory.mktemp("olist") / "room")
    adapter = root / "examples" / "adapters" / "olist_funnel"
    import_books(workspace, shared / "data" / "olist_funnel", adapter=adapter)
    with Books.open(workspace) as found:
        yield found


@pytest.fixture(scope="module")
def facts(shared: Path) -> dict[str, Any]:
    entries = json.loads((shared / "data" / "FACTS.json").read_text(encoding="utf-8"))
    return {each["id"]: each["value"] for each in entries if each["dataset"] == "olist_funnel"}


def _seen(books: Books, as_of: dt.date) -> Seen:
    view = View(books, as_of)
    leads = funnel_leads(view, Agreements(), deal_table(view, Agreements()), touches_known(view))
    return Seen(books, books.keep(leads, "leads"))


@pytest.fixture(scope="module")
def olist(books: Books) -> Seen:
    return _seen(books, latest_day(books, TODAY))


def _to_won(row: FunnelRow) -> Took:
    return next(each for each in row.took if each.step.start == "lead" and each.step.end == "won")


def test_leads_become_deals(olist: Seen, facts: dict[str, Any]) -> None:
    whole = olist.by(None)[None]
    assert whole.counts[Stage.LEAD] == 8000
    assert float(whole.share(Stage.WON) or 0) == facts["mql_to_deal"]


def test_times_from_contact_to_deal(olist: Seen, facts: dict[str, Any]) -> None:
    took = _to_won(olist.by(None)[None])
    assert took.median == pytest.approx(facts["median_days_mql_to_won"], abs=1e-6)
    assert took.late == pytest.approx(facts["p90_days"], abs=1e-5)
    assert took.mean == pytest.approx(facts["mean_days"], abs=1e-6)
    assert took.backwards == facts["won_before_contact"]


def test_sources_differ(olist: Seen, facts: dict[str, Any]) -> None:
    by = {key or "<null>": row for key, row in olist.by("source").items()}
    rates = {key: round(float(row.share(Stage.WON) or 0), 4) for key, row in by.items()}
    assert rates == facts["conv_by_origin"]
    medians = {key: round(_to_won(row).median or 0, 2) for key, row in by.items()}
    assert medians == facts["median_days_by_origin"]
    unknown = sum(by[key].counts[Stage.WON] for key in ("<null>", "unknown"))
    assert round(unknown / 842, 6) == facts["closed_no_source_share"]


def test_late_cohorts_are_too_young_to_judge(books: Books) -> None:
    """Wins take 190 days: on 30 June 2018 the leads of November have had them, not December's."""
    day = dt.date(2018, 6, 30)
    found = cohorts(books.run, _seen(books, day).leads, View(books, day).end)
    assert found.judged_from == 190
    ages = {each.month % 12 + 1: (each.reached, each.is_young) for each in found.cohorts}
    assert ages[11] == (212, False)
    assert ages[12] == (181, True)
    assert ages[5] == (30, True)
    assert sum(each.leads for each in found.cohorts) == 8000
