"""Customers outside every persona who earn well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import parse_agreement
from counterpoise.watch import Watched
from counterpoise.watch.kinds.persona_blind_spot import KIND
from counterpoise.watch.watching import one_cause
from tests.watch.fact_books import asked_of
from tests.watch.fit_books import BARE, QUARTERS, deal, small_company

LISTED = Decimal(40_000)


def of_industry(
    industry: str, deals: int, won: int, segment: str = "Small", each: int = 1
) -> Iterator[Any]:
    """Yield deals of 40,000 at list, so many of each account, and their accounts.

    A won one brings 16,000: two fifths of list.
    """
    for at in range(deals):
        account = f"{industry}-{segment}-{at // each}"
        sums = {
            "list_amount": LISTED,
            "net_amount": Decimal(36_000),
            "cost_amount": Decimal(20_000),
        }
        yield (
            deal(
                f"D-{account}-{at}", account, "won" if at < won else "lost", owner_id="R1", **sums
            ),
            {"account_id": account, "industry": industry, "segment": segment},
        )


def tables(*groups: Iterator[Any]) -> dict[str, Any]:
    pairs = [pair for group in groups for pair in group]
    return {
        "people": [{"person_id": "R1", "name": "Ada", "role": "rep", "team": "North"}],
        "accounts": list({account["account_id"]: account for _, account in pairs}.values()),
        "deals": [made for made, _ in pairs],
    }


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Makers, inside, win half; outside Retail wins nine in ten, Food half, Clinics one in ten.

    Banks are few, Chains are four accounts, and no maker is a charity.
    """
    books = tables(
        of_industry("Making", 100, 50),
        of_industry("Retail", 40, 36),
        of_industry("Food", 40, 20),
        of_industry("Clinics", 40, 4),
        of_industry("Banks", 20, 20),
        of_industry("Chains", 40, 20, each=10),
        of_industry("Parishes", 40, 36, "Charity"),
    )
    with small_company(tmp_path_factory.mktemp("books") / "c", books) as opened:
        yield opened


def test_names_the_industry_that_earns_more_than_deals_inside(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    retail = found["Retail"]
    assert (retail.observed, retail.expected) == pytest.approx((0.9 * 0.4, 0.5 * 0.4))
    assert retail.p is not None
    assert retail.p < 1e-6
    assert found["Food"].p == pytest.approx(0.5)
    assert found["Clinics"].p == pytest.approx(1.0, abs=1e-6)


def test_the_stake_is_what_came_back_above_deals_inside(watched: Watched) -> None:
    retail = asked_of(KIND, watched)["Retail"]
    assert float(retail.stake) == pytest.approx(0.16 * 40 * 40_000 / QUARTERS, abs=0.01)
    rows = watched.books.run(KIND.rows(watched, retail)).to_pylist()
    assert len(rows) == 40
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(retail.stake))


def test_asks_where_deals_accounts_and_deals_inside_are_enough(watched: Watched) -> None:
    assert set(asked_of(KIND, watched)) == {"Retail", "Food", "Clinics", "Small"}


def test_a_segment_is_not_named_for_one_industry(watched: Watched) -> None:
    found = asked_of(KIND, watched)
    segment, retail = found["Small"], found["Retail"]
    assert segment.member == "Retail"
    assert segment.p_without is not None
    assert segment.p_without > 0.01
    assert one_cause([(KIND, segment), (KIND, retail)], 1e-4) == [(KIND, retail)]


def test_an_industry_is_not_named_for_its_segment(tmp_path: Path) -> None:
    groups = [of_industry("Making", 100, 50), of_industry("Making", 100, 50, "Large")]
    for industry in ("Retail", "Food", "Clinics"):
        groups += [of_industry(industry, 40, 34), of_industry(industry, 40, 10, "Large")]
    with small_company(tmp_path / "c", tables(*groups)) as opened:
        found = asked_of(KIND, opened)
        asked = [(KIND, each) for each in found.values() if each.p is not None and each.p < 0.05]
        assert [tested.subject.id for _, tested in one_cause(asked, 1e-4)] == ["Small"]


def test_counts_net_where_costs_are_not_known(tmp_path: Path) -> None:
    books = tables(of_industry("Making", 100, 50), of_industry("Retail", 40, 36))
    books["deals"] = [{**row, "cost_amount": None} for row in books["deals"]]
    with small_company(tmp_path / "c", books) as opened:
        retail = asked_of(KIND, opened)["Retail"]
        assert retail.observed == pytest.approx(0.9 * 0.9)
        assert "comes back as net revenue" in KIND.says(opened, retail)


def test_says_it_aloud(watched: Watched) -> None:
    retail = asked_of(KIND, watched)["Retail"]
    assert KIND.says(watched, retail) == (
        "Retail earns well and no persona describes it: of the list value pursued there outside "
        "every persona, lost deals included, 36% comes back as margin, where 20% does on such "
        "deals inside the personas. Only 40 deals tell, so read it with care."
    )
    assert "beside Maker" in KIND.next_step(watched, retail)
    assert "1 seller won 90%" in KIND.other_view(watched, retail).says


def test_is_not_asked_without_personas(watched: Watched) -> None:
    bare = replace(watched, agreement=parse_agreement(BARE))
    assert KIND.missing(bare) == "the agreement names no persona"
