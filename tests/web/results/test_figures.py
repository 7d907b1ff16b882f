"""Figures of any set of deals agree with the review, and open only what opens."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as drawn
from hypothesis import strategies as st
from pytest_django import Settings

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Silent, Workspace
from counterpoise.books.lock import LockHeldError
from counterpoise.books.packed import AT_LEAST
from counterpoise.web.access import EVERYTHING, Reach, Scope
from counterpoise.web.results import figures
from counterpoise.web.results.filters import Filters, UnknownFilterError
from counterpoise.web.results.keeping import keep_review, reviews_dir
from counterpoise.web.results.reading import KeptReview, latest
from tests.web.ledger.conftest import reviewed_workspace

__all__ = ["reviewed_workspace"]

NOW = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def reviewed(reviewed_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the company's books with their review."""
    root = tmp_path_factory.mktemp("reviewed") / "room"
    return Path(shutil.copytree(reviewed_workspace, root))


@pytest.fixture
def kept(reviewed: Path, settings: Settings) -> KeptReview:
    settings.COUNTERPOISE_WORKSPACE = str(reviewed)
    found = latest()
    assert found is not None
    return found


@pytest.fixture
def plainly(kept: KeptReview, tmp_path: Path) -> KeptReview:
    """Return the review with its deals as Parquet alone, whose rates are tested by products."""
    folder = tmp_path / "plain"
    shutil.copytree(kept.folder, folder, ignore=shutil.ignore_patterns("*.duckdb"))
    found = replace(kept, folder=folder)
    assert AT_LEAST not in found.tables.table("deals").columns
    assert AT_LEAST in kept.tables.table("deals").columns
    return found


def test_add_up_to_the_review(kept: KeptReview) -> None:
    told = kept.object["ledger"]
    found = figures.totals(kept)
    assert found.deals_won == told["deals_won"]
    assert found.net_revenue == Decimal(str(told["net_revenue"]))
    assert found.leakage == Decimal(str(told["concessions"]["leakage"]))


@pytest.mark.parametrize("by", ["segment", "team", "owner", "quarter", "persona", "source"])
def test_group_like_the_review(kept: KeptReview, by: str) -> None:
    found = {key: each for (key,), each in figures.grouped(kept, (by,)).items()}
    for told in kept.object["ledger"]["by"][by]:
        if told["key"] is not None:
            each = found[told["key"]]
            assert each.net_revenue == Decimal(str(told["net_revenue"]))
            assert each.deals_won == told["deals_won"]


def test_filters_leave_out_the_rest(kept: KeptReview) -> None:
    segments = {key[0] for key in figures.grouped(kept, ("segment",))} - {None}
    parts = [figures.totals(kept, Filters.of({"segment": [str(each)]})) for each in segments]
    none = figures.totals(kept, Filters.of({"segment": ["(none)"]}))
    assert sum((each.deals_won for each in parts), none.deals_won) == figures.totals(kept).deals_won


_SHARES = st.none() | st.decimals(Decimal("-0.2"), Decimal("0.6"), places=6)


@drawn(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(least=_SHARES, most=_SHARES, of=st.sampled_from([{}, {"segment": ["SMB", "(none)"]}]))
@example(least=Decimal("0.1"), most=Decimal("0.1"), of={})
def test_add_up_what_is_packed_like_the_plain_deals(
    kept: KeptReview,
    plainly: KeptReview,
    least: Decimal | None,
    most: Decimal | None,
    of: dict[str, list[str]],
) -> None:
    asked = replace(Filters.of(of), least_rate=least, most_rate=most)
    found = figures._grouped(kept, ("team", "quarter"), asked, EVERYTHING)
    assert found == figures._grouped(plainly, ("team", "quarter"), asked, EVERYTHING)


def test_rows_open_to_those_in_whose_scope_they_are(kept: KeptReview) -> None:
    every = figures.rows(kept, limit=5)
    assert every.opened == every.everywhere > 5
    amounts = [row["net_amount"] for row in every.rows]
    assert amounts == sorted(amounts, reverse=True)
    owner = every.rows[0]["owner_id"]
    own = figures.rows(kept, scope=Scope(Reach.OWN, frozenset({owner})), limit=100)
    assert {row["owner_id"] for row in own.rows} == {owner}
    assert 0 < own.opened < own.everywhere == every.everywhere
    nobody = figures.rows(kept, scope=Scope(Reach.NOTHING))
    assert (nobody.rows, nobody.opened) == ((), 0)


def test_a_marketer_sees_what_their_campaigns_touched(kept: KeptReview) -> None:
    touched = kept.tables.run(kept.tables.table("deal_campaigns")).to_pylist()
    campaign = touched[0]["campaign_id"]
    deals = {row["deal_id"] for row in touched if row["campaign_id"] == campaign}
    scope = Scope(Reach.CAMPAIGNS, frozenset(), frozenset({campaign}))
    found = figures.rows(kept, scope=scope, limit=10_000)
    assert {row["deal_id"] for row in found.rows} <= deals
    assert found.opened == len(found.rows) > 0


def test_refuse_what_they_do_not_know(kept: KeptReview) -> None:
    with pytest.raises(UnknownFilterError, match="the nearest is 'segment'"):
        Filters.of({"segmnt": ["x"]})
    with pytest.raises(UnknownFilterError):
        figures.rows(kept, order="-nothing")


def test_two_questions_run_at_a_time(kept: KeptReview, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "PATIENCE", 0.1)
    asked = Filters.of({"outcome": ["won"], "team": ["nobody's"]})
    with figures.turn(), figures.turn(), pytest.raises(LockHeldError):
        figures.totals(kept, asked, EVERYTHING)
    figures.totals(kept, asked, EVERYTHING)
    with figures.turn(), figures.turn():
        figures.totals(kept, asked, EVERYTHING)  # kept from before


def test_a_review_is_kept_once(reviewed: Path, kept: KeptReview) -> None:
    workspace = Workspace.open(reviewed)
    before = (kept.folder / "deals.parquet").stat().st_mtime_ns
    with Books.open(workspace) as books:
        key = keep_review(books, load_agreements(reviewed), kept.as_of, NOW, Silent())
    assert key == kept.key
    assert (kept.folder / "deals.parquet").stat().st_mtime_ns == before
    assert [each.name for each in reviews_dir(workspace).glob(".*")] == []
