"""Stakes together: money that several findings share counts once."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
import pytest

from counterpoise.books import Books
from counterpoise.watch.stakes import Stake, counted_once
from tests.ledger.small_books import memory_books


@pytest.fixture
def books() -> Books:
    return memory_books(deals=[])


def rows(id_column: str, *parts: tuple[Any, ...]) -> ir.Table:
    """Return rows of (id, part) or (id, part, deal)."""
    columns = {id_column: "string", "stake_part": "float64"}
    if parts and len(parts[0]) == 3:
        columns["deal_id"] = "string"
    named = {name: [part[at] for part in parts] for at, name in enumerate(columns)}
    return ibis.memtable(named, schema=columns)


def test_adds_up_what_shares_nothing(books: Books) -> None:
    first = Stake(100.0, rows("deal_id", ("D1", 60.0), ("D2", 40.0)))
    second = Stake(30.0, rows("deal_id", ("D3", 30.0)))
    assert counted_once(books, [first, second]) == 130.0


def test_counts_a_deal_of_two_findings_with_its_larger_part(books: Books) -> None:
    first = Stake(100.0, rows("deal_id", ("D1", 60.0), ("D2", 40.0)))
    second = Stake(100.0, rows("deal_id", ("D1", 75.0), ("D3", 25.0)))
    assert counted_once(books, [first, second]) == 140.0  # 75 + 40 + 25


def test_does_not_take_equal_ids_of_two_tables_for_one(books: Books) -> None:
    first = Stake(10.0, rows("deal_id", ("X", 10.0)))
    second = Stake(10.0, rows("lead_id", ("X", 10.0)))
    assert counted_once(books, [first, second]) == 20.0


def test_counts_what_names_a_deal_as_money_of_that_deal(books: Books) -> None:
    deal = Stake(50.0, rows("deal_id", ("D1", 50.0)))
    requests = Stake(30.0, rows("approval_id", ("Q1", 10.0, "D1"), ("Q2", 20.0, None)))
    assert counted_once(books, [deal, requests]) == 70.0  # D1 once, Q2 by itself


def test_adds_the_parts_of_one_finding_on_one_deal(books: Books) -> None:
    asked = Stake(30.0, rows("approval_id", ("Q1", 10.0, "D1"), ("Q2", 20.0, "D1")))
    assert counted_once(books, [asked]) == 30.0


def test_scales_parts_that_do_not_add_up_to_their_stake(books: Books) -> None:
    first = Stake(100.0, rows("deal_id", ("D1", 2.0), ("D2", 2.0)))
    second = Stake(80.0, rows("deal_id", ("D1", 80.0)))
    assert counted_once(books, [first, second]) == 130.0  # 80 for D1, 50 for D2


def test_counts_a_finding_without_rows_whole(books: Books) -> None:
    bare = Stake(7.0, rows("lead_id"))
    other = Stake(10.0, rows("deal_id", ("D1", 10.0)))
    assert counted_once(books, [bare, other]) == 17.0


def test_leaves_parts_below_nothing_out(books: Books) -> None:
    mixed = Stake(50.0, rows("deal_id", ("D1", 60.0), ("D2", -10.0)))
    assert counted_once(books, [mixed]) == 50.0


def test_is_nothing_without_findings(books: Books) -> None:
    assert counted_once(books, []) == 0.0


def test_adds_up_hundreds_of_findings(books: Books) -> None:
    many = [Stake(10.0, rows("deal_id", (f"D{at // 2}", 10.0))) for at in range(280)]
    assert counted_once(books, many) == 1400.0  # 140 deals, each of two findings
