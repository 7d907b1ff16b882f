"""A table packed for the engine holds the same rows, and says exactly which rates a deal gave."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.books.kept_tables import KeptTables
from counterpoise.books.packed import AT_LEAST, AT_MOST, millionths, pack_deals

_MONEY = pa.decimal128(18, 4)
_SCHEMA = pa.schema([("deal_id", pa.string()), ("list_amount", _MONEY), ("net_amount", _MONEY)])
_MOST = Decimal("99999999999999.9999")

Priced = tuple[Decimal | None, Decimal | None]


def packed(folder: Path, deals: list[Priced]) -> list[dict[str, Any]]:
    rows = [
        {"deal_id": f"D{number}", "list_amount": listed, "net_amount": net}
        for number, (listed, net) in enumerate(deals)
    ]
    pq.write_table(pa.Table.from_pylist(rows, _SCHEMA), folder / "deals.parquet")
    pack_deals(folder)
    kept = KeptTables(folder)
    found: list[dict[str, Any]] = kept.run(kept.table("deals")).to_pylist()
    kept.close()
    return found


def test_holds_the_same_rows(tmp_path: Path) -> None:
    (row,) = packed(tmp_path, [(Decimal("120.0000"), Decimal("100.0000"))])
    assert row == {
        "deal_id": "D0",
        "list_amount": Decimal("120.0000"),
        "net_amount": Decimal("100.0000"),
        AT_LEAST: 166_666,
        AT_MOST: 166_667,
    }


def test_says_no_rates_where_price_is_unknown(tmp_path: Path) -> None:
    deals: list[Priced] = [(None, Decimal(1)), (Decimal(1), None), (Decimal(0), None)]
    assert {(row[AT_LEAST], row[AT_MOST]) for row in packed(tmp_path, deals)} == {(None, None)}


def test_has_no_such_columns_where_a_list_is_below_zero(tmp_path: Path) -> None:
    found = packed(tmp_path, [(Decimal(-5), Decimal(1)), (Decimal(5), Decimal(1))])
    assert [list(row) for row in found] == [["deal_id", "list_amount", "net_amount"]] * 2


_LISTS = st.one_of(
    st.sampled_from([Decimal(0), Decimal("0.0001"), Decimal(3), Decimal("33.3333"), _MOST]),
    st.decimals(0, _MOST, places=4),
    st.decimals(0, 100, places=2),
)
_NETS = st.one_of(
    st.sampled_from([Decimal(0), Decimal(1), -_MOST, _MOST]),
    st.decimals(-_MOST, _MOST, places=4),
    st.decimals(-10, 100, places=2),
)
_RATES = st.one_of(
    st.sampled_from([Decimal(0), Decimal(1), Decimal("0.333333"), Decimal("-0.5")]),
    st.decimals(-10, 10, places=6),
    st.decimals(-(10**12) + 1, 10**12 - 1, places=6),
)


@settings(max_examples=40)
@given(st.lists(st.tuples(_LISTS, _NETS), min_size=1, max_size=12), st.lists(_RATES, min_size=4))
def test_compares_rates_as_exact_products_do(deals: list[Priced], rates: list[Decimal]) -> None:
    with TemporaryDirectory() as folder:
        found = packed(Path(folder), deals)
    for row in found:
        listed, net = Fraction(row["list_amount"]), Fraction(row["net_amount"])
        for rate in rates:
            bound = millionths(rate)
            assert bound is not None
            assert (row[AT_LEAST] >= bound) == (listed - net >= listed * Fraction(rate))
            assert (row[AT_MOST] <= bound) == (listed - net <= listed * Fraction(rate))
