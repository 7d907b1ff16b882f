"""The consumer-goods company: the same seed makes the same bytes, and its truth adds up."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest

from counterpoise.agreement import read_agreement
from counterpoise.demo import Company, RecipeError
from counterpoise.demo.consumer import CONSUMER_FAULTS, ConsumerRecipe, make_consumer_company

RECIPE = ConsumerRecipe(first_on=dt.date(2024, 1, 1), accounts=12)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return make_consumer_company(tmp_path_factory.mktemp("company"), seed=5, recipe=RECIPE)


def rows(company: Company, table: str) -> list[dict[str, str]]:
    with (company.export / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_makes_the_same_bytes(company: Company, tmp_path: Path) -> None:
    again = make_consumer_company(tmp_path, seed=5, recipe=RECIPE)
    names = sorted(path.name for path in company.export.iterdir())
    assert names == sorted(path.name for path in again.export.iterdir())
    for name in names:
        assert (company.export / name).read_bytes() == (again.export / name).read_bytes(), name
    assert company.truth_file.read_bytes() == again.truth_file.read_bytes()


def test_has_a_fault_of_every_kind_about_the_trade(company: Company) -> None:
    truth = json.loads(company.truth_file.read_text(encoding="utf-8"))
    assert {each["kind"] for each in truth["faults"]} == set(CONSUMER_FAULTS)
    losers = [each["earned"] for each in truth["faults"] if each["variant"] == "promotion"]
    assert len(losers) == 8
    assert max(losers) < -20_000


def test_sells_weeks_at_accounts_and_knows_no_deals(company: Company) -> None:
    assert company.rows["sell_through"] == 12 * 20 * 130
    assert not (company.export / "deals.csv").exists()
    units = [float(row["units"]) for row in rows(company, "sell_through")]
    assert min(units) > 0


def test_a_promotion_cuts_the_price_of_its_weeks(company: Company) -> None:
    offer = next(row for row in rows(company, "promotions") if row["rate"] == "0.200000")
    week = next(
        row
        for row in rows(company, "sell_through")
        if all(row[name] == offer[name] for name in ("account_id", "product_id"))
        and row["week"] == offer["starts_on"]
    )
    assert float(week["net_price"]) == pytest.approx(0.8 * float(week["base_price"]), abs=0.006)


def test_both_sides_signed_an_agreement_of_a_consumer_goods_company(company: Company) -> None:
    agreement = read_agreement(company.agreement_file)
    assert agreement.company.kind == "consumer_goods"
    assert {each.side for each in agreement.signed} == {"sales", "marketing"}


def test_a_company_too_small_to_see_anything_in_is_refused() -> None:
    with pytest.raises(RecipeError, match="the number of accounts is 5"):
        ConsumerRecipe(accounts=5)
    with pytest.raises(RecipeError, match="two years and a half"):
        ConsumerRecipe(first_on=dt.date(2025, 1, 6))
