"""Reviews, their tables and their deals, for programs; nothing of people beyond the scope."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.people.models import User
from tests.web.api.calling import Caller, kind_of
from tests.web.api.conftest import MakeCaller

pytestmark = pytest.mark.usefixtures("reviewed")
TABLES = "reviews/latest/tables"


@pytest.fixture
def seller(rep: User, caller_of: MakeCaller) -> Caller:
    """Return R1, who owns D1, D3 and D5."""
    return caller_of(rep, TokenScope.READ)


@pytest.fixture
def above(analyst: User, caller_of: MakeCaller) -> Caller:
    """Return who sees everything."""
    return caller_of(analyst, TokenScope.READ)


def test_returns_the_bytes_of_the_review_to_who_sees_all(above: Caller, reviewed: Path) -> None:
    kept = next(reviewed.glob("reviews/*/review.json"))
    assert above.get("reviews/latest").content == kept.read_bytes()


def test_leaves_out_figures_of_other_people(seller: Caller, above: Caller) -> None:
    by = {
        name: each.get("reviews/latest").json()["ledger"]["by"]
        for name, each in (("seller", seller), ("above", above))
    }
    assert [row["key"] for row in by["above"]["owner"]] == ["R1", "R2"]
    assert [row["key"] for row in by["seller"]["owner"]] == ["R1"]
    assert by["seller"]["team"] == by["above"]["team"]


def test_returns_groups_of_a_selection(seller: Caller) -> None:
    rows = seller.get(f"{TABLES}/groups?by=segment&team=North").json()["rows"]
    assert [
        (row["segment"], row["deals_won"], row["deals_lost"], row["net_revenue"]) for row in rows
    ] == [
        ("Enterprise", 1, 0, 9600),
        ("SMB", 0, 1, 0),
    ]


def test_crosses_two_groupings(above: Caller) -> None:
    rows = above.get(f"{TABLES}/crossed?by=team&across=segment").json()["rows"]
    told = {(row["team"], row["segment"]): row["deals_won"] for row in rows}
    assert told == {
        ("North", "Enterprise"): 1,
        ("North", "SMB"): 0,
        ("South", "Enterprise"): 1,
        ("South", "SMB"): 1,
    }


def test_refuses_to_cross_one_grouping(above: Caller) -> None:
    assert kind_of(above.get(f"{TABLES}/crossed?by=team")) == "not-crossed"


def test_returns_only_deals_that_open(seller: Caller, above: Caller) -> None:
    ids = {
        name: [row["deal_id"] for row in each.get(f"{TABLES}/deals?order=name").json()["rows"]]
        for name, each in (("seller", seller), ("above", above))
    }
    assert ids["seller"] == ["D1", "D3", "D5"]
    assert ids["above"] == ["D1", "D2", "D3", "D5", "D4"]


def test_refuses_figures_of_one_other_person(seller: Caller) -> None:
    assert kind_of(seller.get(f"{TABLES}/groups?owner=R2")) == "not-open"
    assert seller.get(f"{TABLES}/groups?owner=R1").status_code == 200


def test_pages_through_deals(above: Caller) -> None:
    first = above.get(f"{TABLES}/deals?limit=2&order=name").json()
    second = above.get(f"{TABLES}/deals?limit=2&order=name&offset={first['next']}").json()
    assert [row["deal_id"] for row in second["rows"]] == ["D3", "D5"]
    assert second["next"] == 4


def test_sends_the_same_rows_as_files(above: Caller) -> None:
    text = b"".join(above.get(f"{TABLES}/deals?format=csv").streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    packed = b"".join(above.get(f"{TABLES}/deals?format=parquet").streaming_content)
    table = pq.read_table(io.BytesIO(packed)).to_pylist()
    assert [row["deal_id"] for row in rows] == [row["deal_id"] for row in table]
    assert {row["deal_id"]: row["net_amount"] for row in rows}["D1"] == "9600"


def test_has_no_cracks_yet(above: Caller) -> None:
    assert above.get("cracks").json()["cracks"] == []


def test_says_that_there_is_no_review(
    room: Path, small_company: Path, above: Caller, settings: object
) -> None:
    settings.COUNTERPOISE_WORKSPACE = str(small_company)  # type: ignore[attr-defined]
    assert kind_of(above.get("reviews/latest")) == "no-review"


def test_answers_a_reader_who_has_it_with_nothing(above: Caller) -> None:
    first = above.get("reviews/latest")
    again = above.get("reviews/latest", If_None_Match=first.headers["ETag"])
    assert (again.status_code, json.loads(first.content)["schema"]) == (
        304,
        "counterpoise/review/v1",
    )
