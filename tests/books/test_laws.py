"""What holds for every import, whatever the rows."""

import csv
import datetime as dt
import random
import shutil
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from counterpoise.books.finishing import NoRowsError
from counterpoise.books.importing import ImportReport, import_books
from counterpoise.books.snapshot import find_snapshot
from counterpoise.books.workspace import Workspace

OUTCOMES = ["open", "won", "lost", "cancelled", "Won", "", "mabye"]
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2026, 12, 31))
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["D1", "D2", "D3", "D4", "D5", ""]),
        st.sampled_from(OUTCOMES),
        DAYS,
        st.none() | DAYS,
        st.none() | st.decimals(-1000, 10**9, places=2),
        st.sampled_from(["", "USD", "EUR", "JPY"]),
    ),
    min_size=1,
    max_size=25,
)
HEADER = ["deal_id", "outcome", "created_at", "closed_at", "net_amount", "currency"]
SLOW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def write(folder: Path, rows: list[tuple[Any, ...]], **dialect: Any) -> None:
    folder.mkdir()
    with (folder / "deals.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, **dialect)
        writer.writerow(HEADER)
        writer.writerows(rows)
    rates = "currency,valid_from,rate\nEUR,2022-01-01,1.1\n"
    (folder / "exchange_rates.csv").write_text(rates)


def books(rows: list[tuple[Any, ...]], **dialect: Any) -> tuple[ImportReport, Counter[Any]]:
    root = Path(tempfile.mkdtemp())
    try:
        workspace = Workspace.create(root / "workspace")
        write(root / "source", rows, **dialect)
        try:
            report = import_books(workspace, root / "source")
        except NoRowsError:
            assert not usable(rows)
            reject()
        file = find_snapshot(workspace) / "deals.parquet"
        with duckdb.connect() as engine:
            kept = engine.execute(f"FROM read_parquet('{file}')").fetchall()
        return report, Counter(kept)
    finally:
        shutil.rmtree(root)


def usable(rows: list[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """Return by key the rows that can be used, found the slow way."""
    kept: dict[str, tuple[Any, ...]] = {}
    for row in rows:
        key, outcome = row[0], row[1].lower()
        if key and outcome in {"open", "won", "lost", "cancelled"}:
            kept.setdefault(key, row)
    return {key: row for key, row in kept.items() if convertible(row)}


def convertible(row: tuple[Any, ...]) -> bool:
    _, outcome, _, closed, _, currency = row
    if currency in ("", "USD"):
        return True
    if currency == "JPY":
        return False
    return outcome == "open" or closed is None or closed >= dt.date(2022, 1, 1)


@SLOW
@given(ROWS)
def test_nothing_is_lost(rows: list[tuple[Any, ...]]) -> None:
    report, kept = books(rows)
    facts = report.tables["deals"]
    assert facts.rows + facts.set_aside == len(rows)
    assert sorted(row[0] for row in kept.elements()) == sorted(usable(rows))


@SLOW
@given(ROWS)
def test_amounts_in_use_are_those_of_the_rows_in_use(rows: list[tuple[Any, ...]]) -> None:
    _, kept = books(rows)
    index = 13  # net_amount, the fourteenth column of deals
    found = {row[0]: row[index] for row in kept.elements()}
    for key, row in usable(rows).items():
        is_unknown = row[4] is None or (row[1] == "lost" and row[4] == 0)
        assert found[key] == (None if is_unknown else row[4])


@SLOW
@given(ROWS, st.randoms(use_true_random=False))
def test_order_does_not_matter_where_keys_differ(
    rows: list[tuple[Any, ...]], chance: random.Random
) -> None:
    distinct = list({row[0]: row for row in rows if row[0]}.values()) or rows[:1]
    shuffled = distinct.copy()
    chance.shuffle(shuffled)
    assert books(distinct)[1] == books(shuffled)[1]


def with_comma(row: tuple[Any, ...]) -> tuple[Any, ...]:
    amount: Decimal | None = row[4]
    return (*row[:4], None if amount is None else str(amount).replace(".", ","), row[5])


@SLOW
@given(ROWS)
def test_neither_separators_nor_marks_matter(rows: list[tuple[Any, ...]]) -> None:
    plain = books(rows)[1]
    assert books(rows, delimiter=";")[1] == plain
    assert books(rows, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\r")[1] == plain
    assert books([with_comma(row) for row in rows], delimiter=";")[1] == plain
