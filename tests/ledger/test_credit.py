"""Credit shares the value of won deals to the cent, by every rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.agreement import Agreements
from counterpoise.books.books import Books
from counterpoise.books.facts import View
from counterpoise.ledger.credit import Credit, CreditRow, credit, divided
from counterpoise.ledger.credit_rules import CREDITS, OF_PATHS, Rule
from counterpoise.ledger.deal_table import deal_table
from counterpoise.ledger.touched import touches_known
from tests.ledger.disk_books import books_of
from tests.ledger.small_books import MemoryBooks, deal, deals_of

DAY = dt.datetime(2026, 3, 1, 10)
AS_OF = dt.date(2026, 6, 30)


def _touch(name: str, days: float, channel: str, **of: str) -> dict[str, Any]:
    at = DAY + dt.timedelta(days=days)
    return {"touch_id": name, "touched_at": at, "channel": channel} | of


def _deal(name: str, outcome: str, net: str | None, **more: Any) -> dict[str, Any]:
    closed = {} if outcome == "open" else {"closed_at": DAY + dt.timedelta(days=50)}
    created = {"created_at": DAY + dt.timedelta(days=20)}
    amount = None if net is None else Decimal(net)
    return {"deal_id": name, "outcome": outcome, "net_amount": amount} | created | closed | more


def _lead(name: str, **more: Any) -> dict[str, Any]:
    return {"lead_id": name, "created_at": DAY + dt.timedelta(days=10)} | more


TABLES: Mapping[str, list[dict[str, Any]]] = {
    "deals": [
        _deal("D1", "won", "100.00", lead_id="L1", owner_id="P1"),
        _deal("D2", "won", "10.0001", account_id="A2"),
        _deal("D3", "lost", "40", lead_id="L3"),
        _deal("D4", "won", "7", account_id="A4"),
        _deal("D5", "open", "9", lead_id="L5"),
        _deal("D6", "cancelled", "5"),
    ],
    "leads": [
        _lead("L1"),
        _lead("L3"),
        _lead("L5"),
        _lead("L6", verdict="rejected", verdict_at=DAY + dt.timedelta(days=12)),
    ],
    "touches": [
        # L1: an earlier touch of its visitor, four days, and one after the deal was closed
        _touch("T1", 0, "search", visitor_id="V1"),
        _touch("T2", 30, "mail", lead_id="L1", visitor_id="V1", campaign_id="C1"),
        _touch("T3", 30.0001, "fair", lead_id="L1", campaign_id="C2"),
        _touch("T4", 40, "mail", visitor_id="V1", campaign_id="C1"),
        _touch("T5", 60, "fair", lead_id="L1"),
        # the account of D2: before, while and after it was open
        _touch("T6", 5, "mail", account_id="A2"),
        _touch("T7", 21, "fair", account_id="A2", campaign_id="C2"),
        _touch("T8", 22, "search", account_id="A2"),
        _touch("T9", 23, "search", account_id="A2"),
        _touch("T10", 51, "mail", account_id="A2"),
        _touch("T11", 1, "search", lead_id="L3"),
        _touch("T12", 2, "search", lead_id="L5"),
        _touch("T13", 2, "mail", lead_id="L6", campaign_id="C1"),
        _touch("T14", 13, "fair", lead_id="L6"),
    ],
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    with books_of(tmp_path_factory.mktemp("credit") / "room", TABLES) as found:
        yield found


@pytest.fixture(scope="module")
def shared(books: Books) -> tuple[Credit, list[dict[str, Any]]]:
    view = View(books, AS_OF)
    found = credit(view, deal_table(view, Agreements()), touches_known(view))
    return found.credit, books.run(found.parts).to_pylist()


def _of(found: Credit, by: str) -> dict[str | None, CreditRow]:
    return {row.key: row for row in found.by[by]}


def test_shares_each_deal_as_the_rules_say(
    shared: tuple[Credit, list[dict[str, Any]]],
) -> None:
    """D1: search, mail, fair, mail at days 0, 30, 30, 40; D2: fair, search, search."""
    channels = _of(shared[0], "channel")
    first, last = Rule.FIRST, Rule.LAST
    assert {key: row.value[first] for key, row in channels.items()} == {
        "search": Decimal("100.00"),
        "fair": Decimal("10.0001"),
        "mail": Decimal(0),
    }
    assert channels["mail"].value[last] == 100
    assert channels["search"].value[last] == Decimal("10.0001")
    assert channels["mail"].value[Rule.LINEAR] == 50
    assert channels["fair"].value[Rule.LINEAR] == Decimal(25) + Decimal("3.33")
    assert channels["search"].value[Rule.POSITION_BASED] == 40 + Decimal("6.0001")
    assert channels["fair"].value[Rule.POSITION_BASED] == 10 + 4
    # D1 weighs 2^(-40/30), 2^(-10/30) twice and 1: 1329.8, 2659.6 and 6010.6 of 10,000 cents
    assert channels["mail"].value[Rule.TIME_DECAY] == Decimal("60.10")
    assert channels["mail"].deals[Rule.LINEAR] == 0.5


@pytest.mark.parametrize("by", ["channel", "campaign"])
@pytest.mark.parametrize("rule", Rule)
def test_every_rule_adds_up_to_the_value_of_the_deals(
    shared: tuple[Credit, list[dict[str, Any]]], by: str, rule: Rule
) -> None:
    found = shared[0]
    assert found.value == Decimal("110.0001")
    assert sum(row.value[rule] for row in found.by[by]) == found.value
    assert sum(row.deals[rule] for row in found.by[by]) == pytest.approx(found.deals)


def test_what_cannot_be_shared_stands_apart(
    shared: tuple[Credit, list[dict[str, Any]]],
) -> None:
    found = shared[0]
    assert (found.no_touch.deals, found.no_touch.value) == (1, 7)
    assert (found.lost.deals, found.open.deals, found.cancelled.deals) == (1, 1, 1)
    assert found.rejected_leads == 1


def test_lost_deals_show_who_helped(shared: tuple[Credit, list[dict[str, Any]]]) -> None:
    search = _of(shared[0], "channel")["search"]
    assert search.touched == {"won": 2, "lost": 1, "open": 1, "cancelled": 0}
    assert search.lost_value == 40


def test_the_chain_counts_paths_that_were_lost(
    shared: tuple[Credit, list[dict[str, Any]]],
) -> None:
    """D1 search > mail > fair > mail and D2 fair > search > search won; search and mail lost.

    From each channel half convert. Without search mail has m = 1/3 + f/3 and fair f = m/2, so
    0.4 and 0.2; a quarter each start there, and 0.15 are left of 0.5.
    """
    found = shared[0]
    assert found.conversion == pytest.approx(0.5)
    assert _of(found, "channel")["search"].removal == pytest.approx(0.7)


def test_a_day_before_shows_what_was_known(books: Books) -> None:
    view = View(books, dt.date(2026, 4, 5))
    found = credit(view, deal_table(view, Agreements()), touches_known(view)).credit
    assert (found.deals, found.value, found.open.deals) == (0, 0, 6)
    assert _of(found, "channel")["mail"].touched["open"] == 1


_PATHS = st.lists(
    st.tuples(
        st.integers(0, 10**9),
        st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400)), min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=6, deadline=None)
@given(_PATHS)
def test_each_deal_is_shared_whole(paths: list[tuple[int, list[tuple[str, int]]]]) -> None:
    deals, touches = [], []
    for number, (cents, path) in enumerate(paths):
        name = f"D{number}"
        amount = Decimal(cents) / 100
        closed = DAY + dt.timedelta(days=500)
        deals.append(
            deal(name, net_amount=amount, account_id=name, created_at=DAY, closed_at=closed)
        )
        touches += [
            _touch(f"{name}.{at}", days, channel, account_id=name)
            for at, (channel, days) in enumerate(path)
        ]
    books = MemoryBooks(touches=touches)
    view = View(books, dt.date(2028, 1, 1))  # type: ignore[arg-type]
    found = credit(view, deals_of(deals), touches_known(view))
    parts = books.run(found.parts).to_pylist()
    for rule in OF_PATHS:
        for number, (cents, _) in enumerate(paths):
            own = [row[CREDITS[rule]] for row in parts if row["deal_id"] == f"D{number}"]
            assert sum(own) == cents * 100
            assert all(each >= 0 for each in own)


@settings(max_examples=50)
@given(st.decimals(0, 10**12, places=4), st.lists(st.integers(1, 10**6), min_size=1, max_size=30))
def test_divided_parts_add_up(whole: Decimal, weights: list[int]) -> None:
    shares: dict[str | None, float] = {
        str(at): weight / sum(weights) for at, weight in enumerate(weights)
    }
    found = divided(whole, shares)
    assert sum(found.values()) == whole
    for key, share in shares.items():
        assert abs(float(found[key]) - float(whole) * share) < 0.0201 + float(whole) * 1e-12
