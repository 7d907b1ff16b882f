"""Groupings of deals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from counterpoise.ledger.groups import (
    PACKS,
    groups,
    key_text,
    merge_blank,
    quarters,
    totals_by_pack,
)
from counterpoise.ledger.totals import Totals
from tests.ledger.small_books import JUDGED, deal, memory_books, table

BOOKS = memory_books()


def test_groups_by_every_key_of_a_pack_in_one_reading() -> None:
    deals = table(
        JUDGED,
        [
            deal("D1", owner_id="R1", owner__team="North", list_amount=10, net_amount=9),
            deal("D2", owner_id="R2", owner__team="North", list_amount=20, net_amount=20),
            deal("D3", owner_id="R1", list_amount=5, net_amount=5, day=dt.date(2026, 3, 1)),
        ],
    )
    found = totals_by_pack(BOOKS, deals, PACKS[0])
    assert {key: each.net_revenue for key, each in found["owner"].items()} == {"R1": 14, "R2": 20}
    assert {key: each.net_revenue for key, each in found["team"].items()} == {"North": 29, None: 5}
    assert {key: each.net_revenue for key, each in found["month"].items()} == {24313: 29, 24314: 5}


def test_sorts_groups_by_net_and_then_by_key_with_the_null_group_last() -> None:
    even = Totals(deals_won=1, net_revenue=Decimal(5))
    best = Totals(deals_won=1, net_revenue=Decimal(9))
    found = groups({"b": even, None: even, "a": even, "z": best}, {"z": "Zed"})
    assert [(group.key, group.name) for group in found] == [
        ("z", "Zed"),
        ("a", "a"),
        ("b", "b"),
        (None, "(none)"),
    ]


def test_leaves_out_groups_that_hold_open_deals_alone() -> None:
    found = groups({"a": Totals(deals_open=3), "b": Totals(deals_lost=1, deals_open=2)})
    assert [group.key for group in found] == ["b"]


def test_puts_months_together_to_fiscal_quarters_in_time() -> None:
    one = Totals(deals_won=1, net_revenue=Decimal(1))
    found = quarters({24313: one, 24311: one, 24312: one, None: one}, 2)
    assert [(group.key, group.totals.deals_won) for group in found] == [
        ("FY2026-Q4", 2),
        ("FY2027-Q1", 1),
        (None, 1),
    ]


def test_puts_what_is_surely_in_no_group_with_what_is_unknown() -> None:
    one = Totals(deals_won=1)
    assert merge_blank({"": one, None: one, "maker": one}) == {None: one + one, "maker": one}


def test_writes_keys_of_any_kind_as_text() -> None:
    assert [key_text(key) for key in (None, "x", Decimal("5.0000"), Decimal(100), True)] == [
        None,
        "x",
        "5",
        "100",
        "true",
    ]
