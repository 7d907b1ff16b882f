"""Fit: who is reached, pursued, sold and stays, and where selling outside pays."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement.versions import Agreements
from counterpoise.books.facts import View
from counterpoise.ledger.fit_outside import outside_leads
from counterpoise.ledger.fit_reach import Reach, reached
from counterpoise.ledger.fit_report import fit_object, fit_report
from counterpoise.ledger.fit_sides import sides
from counterpoise.ledger.fit_stays import Stays, stays
from tests.ledger.agreements import agreement
from tests.ledger.disk_books import books_of
from tests.ledger.fit_rows import judged, sold
from tests.ledger.small_books import memory_books

AS_OF = dt.date(2026, 6, 30)
PERSONAS = """
personas:
  - {id: maker, name: Maker, when: {industry: Making}}
  - {id: lab, name: Lab, when: {industry: Labs}}
"""
AGREED = Agreements.single(agreement(PERSONAS))


def test_compares_inside_with_outside_and_leaves_unknown_apart() -> None:
    deals = judged(
        [
            sold("1", "A", "maker"),
            sold("2", "A", "maker", outcome="lost"),
            sold("3", "B", "maker", net_amount=100, cost_amount=None),
            sold("4", "C", "", net_amount=70),
            sold("5", "D", "", outcome="lost"),
            sold("6", "E", None),
        ]
    )
    found = sides(memory_books(), deals)
    told = {name: each.value for name, each in found.inside.figures.items() if each}
    assert told == pytest.approx(
        {"win_rate": 2 / 3, "discount": 10 / 200, "margin_per_pursued": 40 / 3, "cycle_days": 10}
    )
    outside = found.outside.figures["margin_per_pursued"]
    assert outside is not None
    assert outside.value == 10
    assert (found.inside.median_days, found.personas["maker"].median_days) == (10, 10)
    win_rate = found.unknown.figures["win_rate"]
    assert win_rate is not None
    assert (win_rate.value, win_rate.is_small) == (1.0, True)


def test_tells_no_margin_where_no_cost_is_known() -> None:
    deals = judged([sold(str(at), str(at), "maker", cost_amount=None) for at in range(3)])
    assert sides(memory_books(), deals).inside.figures["margin_per_pursued"] is None


def test_counts_who_stays_among_those_old_enough() -> None:
    first, soon, late = dt.date(2024, 1, 10), dt.date(2024, 12, 1), dt.date(2026, 1, 1)
    deals = judged(
        [
            sold("1", "A", "maker", day=first),
            sold("2", "A", "", day=soon),  # counts for the persona of the first
            sold("3", "B", "maker", day=first),
            sold("4", "B", "maker", day=late),  # too late to have stayed
            sold("5", "C", "maker", day=first),
            sold("6", "C", "maker", day=first),  # the same day is no return
            sold("7", "D", "maker", day=late),
            sold("8", "D", "maker", day=late + dt.timedelta(days=30)),  # young, though back
            sold("9", "E", None, day=first),
            sold("10", "E", None, day=soon, outcome="lost"),
        ]
    )
    found = stays(memory_books(), deals, AS_OF)
    assert found == {"maker": Stays(old=3, stayed=1, young=1), None: Stays(old=1)}
    share = found["maker"].share
    assert share is not None
    assert share.value == pytest.approx(1 / 3)
    assert share.is_small
    assert Stays(young=2).share is None


def test_counts_whom_touches_and_leads_reach(tmp_path: Path) -> None:
    at = dt.datetime(2026, 3, 1, 9)
    tables: dict[str, list[dict[str, Any]]] = {
        "accounts": [
            {"account_id": "A", "industry": "Making"},
            {"account_id": "B", "industry": "Retail"},
            {"account_id": "C"},
        ],
        "account_history": [
            {"account_id": "B", "valid_from": dt.date(2026, 4, 1), "industry": "Labs"}
        ],
        "leads": [
            {"lead_id": "L1", "account_id": "A", "created_at": at},
            {"lead_id": "L2", "account_id": "B", "created_at": at},
            {"lead_id": "L3", "created_at": at},
        ],
        "touches": [
            {"touch_id": "1", "touched_at": at, "channel": "web", "lead_id": "L1"},
            {"touch_id": "2", "touched_at": at, "channel": "web", "account_id": "C"},
            {"touch_id": "3", "touched_at": at, "channel": "web", "visitor_id": "V"},
            {"touch_id": "4", "touched_at": at.replace(year=2027), "channel": "web"},
        ],
        "deals": [],
    }
    deals = judged([sold("1", "A", "maker"), sold("2", "A", "maker", outcome="open")])
    with books_of(tmp_path / "books", tables) as books:
        found = reached(View(books, AS_OF), AGREED, deals)
    assert found.strangers == 1
    assert found.personas == {
        "maker": Reach(1, 1, 1, 1, 1, 1, 1, 1),
        "": Reach(accounts_reached=1, leads=1),  # a shop on the day, a lab later
        None: Reach(accounts_reached=1, touches=1),
    }


def many(persona: str, industry: str, net: int, size: int = 40) -> list[dict[str, Any]]:
    """Return deals of as many accounts, every second one lost."""
    return [
        sold(
            f"{industry}{at}",
            f"{industry}{at}",
            persona,
            account__industry=industry,
            net_amount=net + at % 5,
            outcome="lost" if at % 2 else "won",
        )
        for at in range(size)
    ]


def test_says_where_selling_outside_pays() -> None:
    rows = many("maker", "Making", 70) + many("", "Health", 96, 80) + many("", "Retail", 55)
    found = outside_leads(memory_books(), judged([*rows, *many("", "Toys", 90, 4)]))
    by_industry = {lead.name: lead for lead in found.leads if lead.by == "industry"}
    assert list(by_industry) == ["Health", "Retail"]
    health, retail = by_industry["Health"], by_industry["Retail"]
    assert (health.pays, retail.costs) == (True, True)
    assert health.earned == pytest.approx(0.24)  # half are won, for 96 to 100, at a cost of 50
    assert health.expected == pytest.approx(0.11)
    assert (found.untold, found.word) == (1, "margin")


def test_reports_in_words_and_as_plain_data(tmp_path: Path) -> None:
    rows = many("maker", "Making", 70, 80) + many("", "Health", 96, 80)
    with books_of(tmp_path / "books", {"deals": [], "leads": []}) as books:
        told = fit_object(fit_report(View(books, AS_OF), AGREED, judged(rows)))
    assert [row["name"] for row in told["personas"]] == ["Maker", "Lab"]
    assert told["leads_say"] == (
        "Selling outside the personas pays in Small and Health: a persona to add, not a fault."
    )
    assert told["leads"][1]["says"].endswith("That is a persona to add, not a fault.")
    assert told["outside"]["reach"]["deals_pursued"] == 80
    says = {row["figure"]: row["says"] for row in told["differences"]}
    assert says["discount"] == "Deals outside are sold at shallower discounts."
    assert says["win_rate"] == "No difference that is sure."


def test_says_that_nothing_is_outside_without_personas(tmp_path: Path) -> None:
    bare = Agreements.single(agreement())
    with books_of(tmp_path / "books", {"deals": [], "leads": []}) as books:
        told = fit_object(fit_report(View(books, AS_OF), bare, judged([])))
    assert told["leads_say"] == "The agreement names no persona, so nothing is outside."
    assert told["personas"] == []
