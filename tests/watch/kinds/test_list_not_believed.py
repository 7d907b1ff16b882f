"""A list that nobody believes: talks begin below it, or its rise is given back."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from counterpoise.watch import Watched
from counterpoise.watch.kinds.list_not_believed import KIND
from tests.watch.fit_books import small_company
from tests.watch.price_books import AGREEMENT, LAST, LIST, deal, person, quarterly

RISE_ON = dt.date(2026, 1, 5)
PRODUCTS = [
    {"product_id": f"{family}1", "name": family, "family": family} for family in ("Alto", "Bass")
]


def prices() -> Iterator[dict[str, Any]]:
    for family, later in (("Alto", 100), ("Bass", 110)):
        for day, price in ((dt.date(2024, 1, 1), 100), (RISE_ON, later)):
            yield {"product_id": f"{family}1", "valid_from": day, "list_price": Decimal(price)}


def deals() -> Iterator[dict[str, Any]]:
    """Alto at about 10 % always; Bass at about 4 %, and 8 points more for 60 deals since."""
    for at in range(120):
        day = RISE_ON + dt.timedelta(days=at % 60 + 1) * (1 if at < 60 else -1)
        noise = (at % 3 - 1) * 0.01
        own = {"owner_id": f"R{at % 2}", "account_id": f"A{at}"}
        yield deal(f"A-{at:03}", 0.10 + noise, day, **own)
        yield deal(f"B-{at:03}", 0.04 + noise + (0.08 if at < 60 else 0.0), day, **own)


def lines() -> Iterator[dict[str, Any]]:
    for each in deals():
        family = "Alto" if each["deal_id"].startswith("A") else "Bass"
        yield {
            "deal_id": each["deal_id"],
            "line_no": 1,
            "product_id": f"{family}1",
            "quantity": Decimal(1),
            "list_price": Decimal(LIST),
            "net_price": each["net_amount"],
        }


def offers() -> Iterator[dict[str, Any]]:
    """115 of 120 talks about Alto begin at 5 % below list, 60 of those about Bass."""
    for each in deals():
        family, at = each["deal_id"].split("-")
        is_below = int(at) < (115 if family == "A" else 60)
        first = Decimal(95_000 if is_below else LIST)
        for turn, net in ((1, first), (2, each["net_amount"])):
            yield {
                "offer_id": f"{each['deal_id']}-{turn}",
                "deal_id": each["deal_id"],
                "offered_at": each["created_at"] + dt.timedelta(days=turn),
                "list_amount": Decimal(LIST),
                "net_amount": net,
            }


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    tables = {
        "people": [person("R0"), person("R1")],
        "products": PRODUCTS,
        "list_prices": prices(),
        "deals": deals(),
        "deal_lines": lines(),
        "offers": offers(),
    }
    folder: Path = tmp_path_factory.mktemp("books") / "c"
    with small_company(folder, tables, AGREEMENT) as opened:
        yield opened


def test_names_the_family_that_nearly_everybody_opens_below_list(watched: Watched) -> None:
    found = {each.subject.id: each for each in KIND.test(watched) if each.variant == "family"}
    assert set(found) == {"Alto", "Bass"}
    alto = found["Alto"]
    assert (alto.n, alto.expected) == (120, 0.8)
    assert alto.observed == pytest.approx(115 / 120)
    assert alto.p == pytest.approx(stats.binom.sf(114, 120, 0.8))
    assert found["Bass"].p == pytest.approx(stats.binom.sf(59, 120, 0.8))
    assert found["Bass"].stake == 0


def test_stakes_what_first_offers_gave_beyond_four_in_five(watched: Watched) -> None:
    alto = next(each for each in KIND.test(watched) if each.subject.id == "Alto")
    beyond = (115 / 120 - 0.8) / (115 / 120)
    assert float(alto.stake) == pytest.approx(quarterly(115, 0.05) * beyond, abs=0.02)
    rows = watched.books.run(KIND.rows(watched, alto)).to_pylist()
    assert len(rows) == 115
    assert sum(row["stake_part"] for row in rows) == pytest.approx(float(alto.stake), abs=0.02)


def test_names_the_family_whose_rise_was_given_back(watched: Watched) -> None:
    found = [each for each in KIND.test(watched) if each.variant == "list_change"]
    assert [each.subject.id for each in found] == ["Bass"]
    (bass,) = found
    assert (bass.since, bass.n) == (RISE_ON, 60)
    assert bass.observed == pytest.approx(0.12)
    assert bass.observed - bass.expected == pytest.approx(0.08)
    assert bass.p is not None
    assert bass.p < 1e-6
    assert float(bass.stake) == pytest.approx(quarterly(60, 0.08), rel=1e-3)


def test_speaks_of_the_list_and_of_the_rise(watched: Watched) -> None:
    found = {each.variant: each for each in KIND.test(watched) if each.p and each.p < 0.01}
    assert (
        "Nearly every talk about Alto begins below its list price: 96% of 120 deals"
        in KIND.says(watched, found["family"])
    )
    assert "The list of Bass rose by 10% more" in KIND.says(watched, found["list_change"])
    assert "sellers of Bass" in KIND.next_step(watched, found["list_change"])
    for each in found.values():
        assert "Contested" in dict(KIND.other_view(watched, each).figures)


def test_cannot_tell_without_offers_or_list_prices(tmp_path: Path) -> None:
    tables = {"people": [person("R0")], "deals": [deal("D", 0.1, LAST, owner_id="R0")]}
    with small_company(tmp_path / "c", tables, AGREEMENT) as bare:
        assert "neither offers" in KIND.missing(bare)
        assert list(KIND.test(bare)) == []
