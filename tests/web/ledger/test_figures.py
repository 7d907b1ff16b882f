"""What pages and files of the ledger tell, held against small books worked out by hand."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from counterpoise.web.people.models import User
from counterpoise.web.results.reading import latest
from tests.web.api.conftest import (
    analyst,
    rep,
    reviewed,
    reviewed_company,
    room,
    small_company,
)

__all__ = ["analyst", "rep", "reviewed", "reviewed_company", "room", "small_company"]

pytestmark = pytest.mark.usefixtures("reviewed")
SignIn = Callable[[User], Client]


@pytest.fixture
def above(analyst: User) -> Client:
    """Return a client in which who sees everything is signed in."""
    return signed_in(analyst)


@pytest.fixture
def seller(rep: User) -> Client:
    """Return a client in which R1 is signed in, who owns D1, D3 and D5."""
    return signed_in(rep)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    answer: Any = client.get(f"/ledger/file/{path}")
    assert answer.status_code == 200, answer.content
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_tells_the_waterfall_of_the_whole(seller: Client) -> None:
    steps = {row["step"]: row["amount"] for row in rows_of(seller, "waterfall.csv")}
    # D1 10×1000 at 960, D2 50×100 at 80, D4 20×100 at 101; limits: a rep gives 5 % alone.
    assert steps["list"] == "17000"
    assert steps["within_authority"] == "-650"
    assert steps["leakage"] == "0"
    assert steps["unjudged"] == "-750"
    assert steps["above_list"] == "20"
    assert steps["net"] == "15620"
    assert steps["cost"] == "-9500"
    assert steps["margin"] == "6120"


def test_tells_the_waterfall_of_a_selection(seller: Client) -> None:
    steps = {row["step"]: row["amount"] for row in rows_of(seller, "waterfall.csv?team=North")}
    assert (steps["list"], steps["within_authority"], steps["net"]) == ("10000", "-400", "9600")


def test_adds_quarters_up_to_the_whole(seller: Client) -> None:
    rows = rows_of(seller, "over_time.csv")
    assert [(row["quarter"], row["net_revenue"]) for row in rows] == [
        ("FY2026-Q1", "13600"),
        ("FY2026-Q2", "2020"),
    ]


def test_selects_by_rate_and_part(above: Client) -> None:
    deep = rows_of(above, "deals.csv?rate_from=15")
    assert [row["deal_id"] for row in deep] == ["D2"]
    small = rows_of(above, "deals.csv?rate_from=1&rate_to=5")
    assert [row["deal_id"] for row in small] == ["D1", "D5"]
    above_list = rows_of(above, "deals.csv?part=above_list")
    assert [row["deal_id"] for row in above_list] == ["D4"]


def test_opens_only_deals_of_the_scope(seller: Client) -> None:
    assert {row["deal_id"] for row in rows_of(seller, "deals.csv")} == {"D1", "D3", "D5"}
    page = seller.get("/ledger/deals/").content.decode()
    assert "3 of 5 deals open to you" in page
    assert seller.get("/ledger/deals/D2/").status_code == 404
    assert seller.get("/ledger/deals/nothing/").status_code == 404
    assert seller.get("/ledger/deals/D1/").status_code == 200


def test_shows_and_sends_no_figures_of_other_people(seller: Client, above: Client) -> None:
    assert [row["owner"] for row in rows_of(above, "groups.csv?by=owner")] == ["R1", "R2"]
    assert [row["owner"] for row in rows_of(seller, "groups.csv?by=owner")] == ["R1"]
    crossed = rows_of(seller, "crossed.csv?by=segment&across=owner")
    assert {row["owner"] for row in crossed} == {"R1"}
    for path in ("?owner=R2", "?owner=R1&owner=R2&by=segment", "file/waterfall.csv?owner=R2"):
        assert seller.get(f"/ledger/{path}").status_code == 403, path
    assert "Rolf" not in seller.get("/ledger/?by=owner").content.decode()


def test_leaves_single_accounts_out_of_totals(seller: Client) -> None:
    whole = rows_of(seller, "waterfall.csv")
    assert rows_of(seller, "waterfall.csv?account=A1") == whole


def test_sends_parquet_with_the_same_rows(above: Client) -> None:
    answer: Any = above.get("/ledger/file/groups.parquet?by=segment")
    table = pq.read_table(io.BytesIO(b"".join(answer.streaming_content)))
    assert str(table.schema.field("net_revenue").type) == "decimal128(38, 4)"
    told = [(row["segment"], str(row["net_revenue"])) for row in table.to_pylist()]
    assert told == [("Enterprise", "13600.0000"), ("SMB", "2020.0000")]


def test_works_out_what_points_cost(seller: Client) -> None:
    page = seller.get("/ledger/?points=10").content.decode()
    # 10 points of 17,000 are 1,700 of a margin of 6,120: 3 × 1,700 / 4,420 = 1.15, so 2 wins.
    assert "10 points more of list costs 1,700 and pays only with 2 more wins on 3." in page


def test_tells_a_deals_story_with_its_clause(above: Client) -> None:
    page = above.get("/ledger/deals/D2/").content.decode()
    assert "discounts.limits.standard" in page
    assert '/agreement/#discounts.limits.standard"' in page
    assert "Won" in page


def test_has_no_other_tables(above: Client) -> None:
    for path in ("nothing.csv", "crossed.csv", "crossed.csv?by=team&across=team", "deals.xls"):
        assert above.get(f"/ledger/file/{path}").status_code == 404, path


def test_counts_queries_of_pages(
    above: Client, django_assert_num_queries: Callable[..., object]
) -> None:
    for path in ("/ledger/", "/ledger/deals/"):
        above.get(path)
        with django_assert_num_queries(2):  # type: ignore[attr-defined]
            above.get(path)


def test_says_that_there_is_no_review(rep: User, small_company: Path, settings: Settings) -> None:
    settings.COUNTERPOISE_WORKSPACE = str(small_company)
    assert latest() is None
    assert "No review yet" in signed_in(rep).get("/ledger/").content.decode()


_WORDS = st.sampled_from(
    ["North", "(none)", "won", "Enterprise", "R1", "", "\x00", "é", "FY2026-Q1", "5", "-1", "1e9"]
) | st.text(max_size=12)
_NAMES = st.sampled_from(
    "team owner segment quarter outcome verdict account by across measure points rate_from "
    "rate_to part order page attr.x persona".split()
)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(pairs=st.lists(st.tuples(_NAMES, _WORDS), max_size=5), page=st.sampled_from(["", "deals/"]))
def test_never_fails_whatever_the_address_says(
    above: Client, pairs: list[tuple[str, str]], page: str
) -> None:
    query = "&".join(f"{name}={quote(value)}" for name, value in pairs)
    assert above.get(f"/ledger/{page}?{query}").status_code == 200


def test_deals_closed_on_no_day_stand_by_quarter_too(
    above: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = latest()
    assert kept is not None
    by = kept.object["ledger"]["by"]
    undated = {**by["quarter"][0], "key": None, "name": "(none)"}
    monkeypatch.setitem(by, "quarter", [*by["quarter"], undated])
    page = above.get("/ledger/")
    assert (page.status_code, page.context["page"].quarters[-1].row.name) == (200, "(none)")


def test_nothing_stands_behind_a_figure_of_which_no_rows_were_kept(above: Client) -> None:
    page = above.get("/ledger/behind/power/?decider_role=rep&verdict=approved")
    assert (page.status_code, page.context["page"].everywhere) == (200, 0)
    assert "Nothing is like this" in page.content.decode()
