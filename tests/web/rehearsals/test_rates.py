"""The sheet of rates: laid out as the contract has it, read from fields, put back."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from counterpoise.agreement import Agreement, fingerprint, parse_agreement
from counterpoise.web.rehearsals.rates import rules_of, sheet_of, with_rates

_TEXT = """\
agreement: counterpoise/v1
title: Next year
in_force: {from: 2026-01-01, if_lapsed: continue}
roles:
  rep: {side: sales, default: true}
  sales_manager: {side: sales}
  product_marketing: {side: marketing}
  revenue_lead: {side: both}
protected:
  - {id: flagship, when: {product_family: Orion}, up_to: {revenue_lead: 5%}}
discounts:
  limits:
    - id: enterprise
      when: {segment: Enterprise}
      up_to: {rep: 10%, sales_manager + product_marketing: 30%, sales_manager: 20%}
    - {id: standard, up_to: {rep: 5%, sales_manager: 12.5%}}
  levers:
    - {id: three_years, when: {term_months: ">= 36"}, adds: 5%}
  lever_cap: 10%
  floor: {margin: 20%, decides: revenue_lead}
"""


def _agreement() -> Agreement:
    return parse_agreement(_TEXT)


def test_lays_out_every_rate_in_the_order_of_the_contract() -> None:
    sheet = sheet_of(_agreement(), {})
    assert [(cell.name, cell.clause, cell.text) for cell in sheet.cells] == [
        ("r0", "discounts.limits.enterprise.rep", "10"),
        ("r1", "discounts.limits.enterprise.sales_manager", "20"),
        ("r2", "discounts.limits.enterprise.sales_manager + product_marketing", "30"),
        ("r3", "discounts.limits.standard.rep", "5"),
        ("r4", "discounts.limits.standard.sales_manager", "12.5"),
        ("r5", "protected.flagship.revenue_lead", "5"),
        ("r6", "discounts.levers.three_years", "5"),
        ("r7", "discounts.lever_cap", "10"),
        ("r8", "discounts.floor", "20"),
    ]
    assert [row.applies for row in sheet.tables[0].rows] == [
        "where segment is Enterprise",
        "every other deal",
    ]
    assert sheet.moved == []


def test_moves_the_rates_that_are_written() -> None:
    written = {"r0": "12,5", "r3": "5.0", "r5": "0", "r6": "7%", "r7": "9", "r8": "25"}
    sheet = sheet_of(_agreement(), written)
    moved = with_rates(_agreement(), sheet)
    discounts = moved.discounts
    assert discounts.limits[0].up_to == {
        "rep": Decimal("0.125"),
        "sales_manager + product_marketing": Decimal("0.3"),
        "sales_manager": Decimal("0.2"),
    }
    assert moved.protected[0].up_to == {"revenue_lead": 0}
    assert discounts.levers[0].adds == Decimal("0.07")
    assert discounts.lever_cap == Decimal("0.09")
    assert discounts.floor is not None
    assert discounts.floor.margin == Decimal("0.25")
    assert sheet.pairs == [("r0", "12.5"), ("r5", "0"), ("r6", "7"), ("r7", "9"), ("r8", "25")]


def test_is_the_same_agreement_where_nothing_is_moved() -> None:
    sheet = sheet_of(_agreement(), {"r0": "10", "r1": ""})
    assert fingerprint(with_rates(_agreement(), sheet)) == fingerprint(_agreement())


def test_marks_what_is_no_rate_and_keeps_what_is_agreed() -> None:
    sheet = sheet_of(_agreement(), {"r0": "101", "r1": "-3", "r2": "many"})
    assert [cell.name for cell in sheet.cells if cell.error] == ["r0", "r1", "r2"]
    assert not sheet.is_sound
    assert sheet.moved == []


def test_asks_the_same_question_whatever_the_title_and_the_days() -> None:
    other = _TEXT.replace("Next year", "Another").replace("2026-01-01", "2027-01-01")
    assert rules_of(parse_agreement(other)) == rules_of(_agreement())
    assert rules_of(parse_agreement(_TEXT.replace("rep: 5%", "rep: 6%"))) != rules_of(_agreement())


_PROMOTIONS = """\
promotions:
  limits:
    - id: juice
      when: {product_family: Juice}
      up_to: {rep: 15%, sales_manager: 25%}
      gap_weeks: 3
    - {id: rest, up_to: {rep: 10%}}
"""


def test_moves_the_depth_of_promotions_and_asks_another_question_by_it() -> None:
    agreed = parse_agreement(_TEXT + _PROMOTIONS)
    sheet = sheet_of(agreed, {"r9": "12"})
    assert [(cell.name, cell.clause, cell.text) for cell in sheet.moved] == [
        ("r9", "promotions.limits.juice.rep", "12")
    ]
    table = sheet.tables[-1]
    assert [row.applies for row in table.rows] == [
        "where product family is Juice",
        "every other promotion",
    ]
    moved = with_rates(agreed, sheet)
    assert moved.promotions is not None
    assert moved.promotions.limits[0].up_to == {
        "rep": Decimal("0.12"),
        "sales_manager": Decimal("0.25"),
    }
    assert moved.promotions.limits[0].gap_weeks == 3
    assert rules_of(moved) != rules_of(agreed) != rules_of(_agreement())


@given(st.dictionaries(st.sampled_from([f"r{at}" for at in range(9)]), st.text(max_size=30)))
def test_reads_whatever_is_written(written: dict[str, str]) -> None:
    sheet = sheet_of(_agreement(), written)
    assert all(0 <= cell.rate <= 1 for cell in sheet.cells)
    assert all(float(cell.reach) <= 100 for cell in sheet.cells)
    again = sheet_of(_agreement(), dict(sheet.pairs))
    assert [cell.rate for cell in again.cells] == [cell.rate for cell in sheet.cells]
