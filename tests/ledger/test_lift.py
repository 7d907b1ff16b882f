"""Lift, dip, cannibalization and baseline: a made-up panel of known truth, and refusals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from benchmarks.trade_panels import Panel as Made
from benchmarks.trade_panels import Truth, make_panel, write_books
from counterpoise.books import Books
from counterpoise.books.facts import View
from counterpoise.ledger.baseline import Baseline, baseline
from counterpoise.ledger.earned import Earned, earned
from counterpoise.ledger.lift import Lift, lift
from counterpoise.ledger.promotion_volume import Volume, volumes
from counterpoise.ledger.promotion_weeks import Panel, panel
from counterpoise.ledger.within import Refused
from tests.ledger.small_books import memory_books
from tests.ledger.test_trade import LATER, week

END = dt.date(2026, 12, 31)


@dataclass(frozen=True)
class Measured:
    """A made-up panel and what was measured of it."""

    made: Made
    lift: Lift
    volume: Volume
    families: tuple[Volume, ...]
    baseline: Baseline
    off_deal: tuple[float, float]
    earned: tuple[Earned, ...]
    by_family: tuple[Earned, ...]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    made = make_panel(7, (24, 8, 104), Truth(differ=0.0))
    workspace = write_books(made, tmp_path_factory.mktemp("panel") / "space")
    with Books.open(workspace) as books:
        weeks = panel(View(books, END))
        assert isinstance(weeks, Panel)
        found, base = lift(books, weeks), baseline(books, weeks)
        assert isinstance(found, Lift)
        assert isinstance(base, Baseline)
        (whole,) = volumes(books, weeks, found)
        families = volumes(books, weeks, found, "product_family")
        plain = base.weeks.filter(~base.weeks.on_deal, base.weeks.after_1 == 0)
        sums = plain.filter(plain.after_2 == 0, plain.neighbours == 0)
        told = books.run(sums.aggregate(u=sums.units.sum(), b=sums.base_units.sum()))
        row = told.to_pylist()[0]
        money = earned(View(books, END), weeks, found)
        by_family = earned(View(books, END), weeks, found, "product_family")
        assert not isinstance(money, Refused)
        assert not isinstance(by_family, Refused)
    off_deal = float(row["u"]), float(row["b"])
    return Measured(made, found, whole, families, base, off_deal, money, by_family)


def test_lift_by_depth_and_kind_is_the_true_one(measured: Measured) -> None:
    depth = measured.lift.fit.slope("depth")
    assert depth is not None
    assert depth.value == pytest.approx(2.5, abs=0.1)
    kinds = measured.lift.by_kind
    assert kinds["featured"].value == pytest.approx(0.284, abs=0.05)  # e^0.25 - 1
    assert kinds["displayed"].value == pytest.approx(0.419, abs=0.05)  # e^0.35 - 1
    assert measured.lift.by_cut[0.2].value == pytest.approx(0.747, abs=0.06)  # 0.8^-2.5 - 1


def test_the_weeks_after_and_the_neighbours_lose_what_they_truly_lose(measured: Measured) -> None:
    assert measured.lift.dip["after_1"].value == pytest.approx(-0.113, abs=0.02)  # e^-0.12 - 1
    assert measured.lift.dip["after_2"].value == pytest.approx(-0.058, abs=0.02)
    assert measured.lift.taken is not None
    assert measured.lift.taken.value == pytest.approx(-0.221, abs=0.03)  # e^-0.25 - 1


def test_incremental_volume_is_within_a_tenth(measured: Measured) -> None:
    truth = measured.made.incremental.sum()
    assert measured.volume.net.value == pytest.approx(truth, rel=0.1)
    assert measured.volume.net.low < measured.volume.net.high


def test_base_and_parts_add_up_to_what_was_sold(measured: Measured) -> None:
    whole = measured.volume
    assert whole.units == pytest.approx(measured.made.units.sum())
    parts = whole.gained.value + whole.dipped.value + whole.taken.value
    assert whole.net.value == pytest.approx(parts)
    assert whole.base.value + parts == pytest.approx(whole.units)


def test_families_add_up_to_the_whole(measured: Measured) -> None:
    assert [each.key for each in measured.families] == ["F0", "F1"]
    net = sum(each.net.value for each in measured.families)
    assert net == pytest.approx(measured.volume.net.value)


def test_the_baseline_meets_the_weeks_without_any_promotion(measured: Measured) -> None:
    units, base = measured.off_deal
    assert base == pytest.approx(units, rel=0.03)
    assert measured.baseline.left_out == 0


def test_what_promotions_earned_is_near_the_truth_and_its_parts_add_up(measured: Measured) -> None:
    (whole,) = measured.earned
    margin = (measured.made.units * (measured.made.net - measured.made.unit_cost[:, None])).sum()
    assert whole.earned.value == pytest.approx(measured.made.earned.sum(), abs=0.02 * margin)
    parts = whole.more_sold + whole.price_given + whole.after + whole.neighbours
    assert whole.earned.value == pytest.approx(parts)
    assert whole.price_given < 0 < whole.more_sold
    assert whole.weeks_left_out == 0


def test_what_families_earned_adds_up_to_the_whole(measured: Measured) -> None:
    total = sum(each.earned.value for each in measured.by_family)
    assert total == pytest.approx(measured.earned[0].earned.value)


def refusal(weeks: list[dict[str, Any]]) -> str:
    """Return why a panel is refused."""
    found = panel(View(memory_books(sell_through=weeks), LATER))
    assert isinstance(found, Refused)
    return found.why


def test_refuses_weeks_that_record_no_sign_of_a_promotion() -> None:
    assert "record no base price, feature or display" in refusal(
        [week(at, "A", "P1", 10, net_price="2") for at in range(9)]
    )


def test_refuses_where_the_sign_never_varies() -> None:
    shown = [week(at, "A", "P1", 10, net_price="2", displayed=True) for at in range(9)]
    assert refusal(shown).startswith("Every week is on deal")
    never = [week(at, "A", "P1", 10, net_price="2", displayed=False) for at in range(9)]
    assert refusal(never).startswith("No week is on deal")


def test_refuses_weeks_with_large_gaps() -> None:
    weeks = [week(at * 4, "A", "P1", 10, net_price="2", featured=at == 1) for at in range(9)]
    assert refusal(weeks).startswith("Only 27% of the weeks")  # 9 of 33


def test_a_kind_that_is_never_recorded_is_refused_by_itself() -> None:
    weeks = [
        week(
            at, f"A{account}", "P1", 20 if at % 5 == 0 else 10, net_price="2", featured=at % 5 == 0
        )
        for account in range(9)
        for at in range(12)
    ]
    books: Any = memory_books(sell_through=weeks)
    found = panel(View(books, LATER))
    assert isinstance(found, Panel)
    told = lift(books, found)
    assert isinstance(told, Lift)
    assert told.by_kind["featured"].value == pytest.approx(1.0)  # 20 for 10
    assert set(told.refused) == {"depth", "displayed", "neighbours"}
    assert told.by_cut == {}
    money = earned(View(books, LATER), found, told)
    assert isinstance(money, Refused)
    assert "unit cost" in money.why


def test_weeks_of_which_nobody_knows_how_they_were_promoted_count_as_base() -> None:
    weeks = [
        week(
            at,
            f"A{account}",
            "P1",
            20 if at % 5 == 0 else 10,
            net_price="2",
            featured=at % 5 == 0,
            displayed=None if at == 10 else at % 5 == 0 and account % 2 == 0,
        )
        for account in range(9)
        for at in range(12)
    ]
    books: Any = memory_books(sell_through=weeks)
    found = panel(View(books, LATER))
    assert isinstance(found, Panel)
    told = lift(books, found)
    assert isinstance(told, Lift)
    (whole,) = volumes(books, found, told)
    assert whole.units == 9 * (3 * 20 + 9 * 10)
    assert whole.gained.value == pytest.approx(9 * 2 * 10)  # weeks 0 and 5, not 10
