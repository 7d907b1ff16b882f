"""A company is whole, the same each time, and made in no time."""

import csv
import json
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from counterpoise.books.schema import TABLES
from counterpoise.demo import Company, Faults, Form, Recipe, RecipeError, make_company
from tests.demo.conftest import Make


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    make_company(tmp_path / "one", deals=1_000, seed=7)
    make_company(tmp_path / "two", deals=1_000, seed=7)
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_another_seed_makes_another_company(tmp_path: Path) -> None:
    one = make_company(tmp_path / "one", deals=1_000, seed=7)
    two = make_company(tmp_path / "two", deals=1_000, seed=8)
    assert (one.export / "deals.csv").read_bytes() != (two.export / "deals.csv").read_bytes()


def test_every_canonical_table_is_written_with_its_columns(blameless: Company) -> None:
    for table in TABLES.values():
        with (blameless.export / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == list(table.names)


def test_there_are_as_many_deals_as_asked_for(make: Make) -> None:
    company = make(deals=1_234, faults=Faults.none())
    with (company.export / "deals.csv").open(encoding="utf-8") as file:
        assert len(file.readlines()) == 1_235
    assert company.rows["deals"] == 1_234


def test_batches_go_on_where_the_former_ended(tmp_path: Path) -> None:
    company = make_company(tmp_path, deals=1_000, recipe=Recipe(chunk=300))
    for table in ("deals", "leads", "offers", "approvals", "touches"):
        with (company.export / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            keys = [row[0] for row in csv.reader(file)][1:]
        assert len(set(keys)) == len(keys)
    with (company.export / "deals.csv").open(encoding="utf-8", newline="") as file:
        created = [row["created_at"] for row in csv.DictReader(file)]
    assert created == sorted(created)


def test_parquet_holds_what_csv_holds(tmp_path: Path) -> None:
    text = make_company(tmp_path / "csv", deals=500)
    typed = make_company(tmp_path / "parquet", deals=500, recipe=Recipe(form=Form.PARQUET))
    assert text.rows == typed.rows
    lines = pq.read_table(typed.export / "deal_lines.parquet")
    with (text.export / "deal_lines.csv").open(encoding="utf-8", newline="") as file:
        expected = [(row["deal_id"], row["net_price"]) for row in csv.DictReader(file)]
    found = zip(lines["deal_id"].to_pylist(), lines["net_price"].to_pylist(), strict=True)
    assert [(deal, f"{price:.2f}") for deal, price in found] == expected
    assert str(lines.schema.field("net_price").type) == "decimal128(18, 4)"


def test_the_truth_is_told(make: Make) -> None:
    company = make()
    truth = json.loads(company.truth_file.read_text(encoding="utf-8"))
    assert truth["schema"] == "counterpoise/demo-truth/v1"
    assert {fault["side"] for fault in truth["faults"]} == {"sales", "marketing", "both"}
    assert truth["hidden_cause"] == {
        "planted": False,
        "rate_per_standard_deviation": 0.0,
        "log_odds_per_standard_deviation": 0.0,
    }
    assert truth["win_model"]["rate"]["log_odds_at"]["0.2"] == 0.7
    assert truth["effect_of_one_more_point"]["more_deals_won"] > 0


def test_a_company_without_faults_has_none(blameless: Company) -> None:
    assert blameless.truth["faults"] == []


def test_the_truth_of_each_deal_is_written_when_asked_for(tmp_path: Path) -> None:
    company = make_company(tmp_path, deals=500, recipe=Recipe(deal_truth=True))
    truth = pq.read_table(company.directory / "truth_deals.parquet")
    assert truth.num_rows == 500
    assert all(0 < chance < 1 for chance in truth["chance"].to_pylist())


def test_refuses_a_company_too_small_to_see_anything_in(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="the number of deals is 99; give 100 or more"):
        make_company(tmp_path / "company", deals=99)
    assert not (tmp_path / "company").exists()


def test_twenty_thousand_deals_take_under_ten_seconds(tmp_path: Path) -> None:
    start = time.perf_counter()
    make_company(tmp_path, deals=20_000)
    assert time.perf_counter() - start < 10


class _Told:
    def __init__(self) -> None:
        self.heard: list[object] = []

    def start(self, title: str, total: int | None = None) -> None:
        self.heard.append((title, total))

    def advance(self, amount: int = 1) -> None:
        self.heard.append(amount)

    def done(self) -> None:
        self.heard.append("done")


def test_tells_how_far_it_is(tmp_path: Path) -> None:
    told = _Told()
    make_company(tmp_path, deals=500, recipe=Recipe(chunk=300), progress=told)
    assert told.heard == [("Making deals", 500), 300, 200, "done"]


def test_win_rate_and_realization_are_those_of_a_believable_firm(blameless: Company) -> None:
    totals = blameless.truth["totals"]
    assert isinstance(totals, dict)
    assert 0.35 < totals["win_rate"] < 0.5
    assert 0.90 < totals["price_realization"] < 0.94
