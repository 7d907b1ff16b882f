"""The measures mean the same on every engine."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest

from counterpoise.agreement import Agreements, read_agreement
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.books.schema import TABLES
from counterpoise.desk.dividing import is_recorded
from counterpoise.ledger import review, review_object
from counterpoise.ledger.cycle import bins, days_of, median_days, median_of_bins
from counterpoise.ledger.discount_effect import recorded
from counterpoise.ledger.fiscal import fiscal_quarter_expr, month_number_expr
from counterpoise.ledger.lines import lines_of, totals_by_line
from counterpoise.ledger.offers import first_and_last, movement_by
from counterpoise.ledger.totals import cells, totals_by
from counterpoise.ledger.unjudged import reason_of, unjudged_by_reason
from counterpoise.ledger.working_time import Clock, Span, took
from tests.ledger.disk_books import books_of, read_export
from tests.ledger.small_books import JUDGED, LINES, deal, line, table
from tests.postgres import Server
from tests.spark import engine_of

CHANCE = random.Random(7)
DAY = dt.timedelta(days=1)
START = dt.datetime(2026, 1, 5, 9)


def _deals() -> list[dict[str, Any]]:
    rows = []
    for number in range(60):
        created = START + CHANCE.randrange(3000) * dt.timedelta(hours=1)
        closed = created + CHANCE.randrange(-20, 2000) * dt.timedelta(hours=1)
        listed = Decimal(CHANCE.randrange(0, 10**8)) / 100
        net = (listed * CHANCE.choice([Decimal("0.8"), Decimal(1), Decimal("1.05")])).quantize(
            Decimal("0.01")
        )
        rows.append(
            deal(
                f"D{number}",
                CHANCE.choice(["won", "won", "lost", "cancelled", "open"]),
                list_amount=CHANCE.choice([listed, listed, None]),
                net_amount=CHANCE.choice([net, net, None]),
                cost_amount=CHANCE.choice([Decimal(7), None]),
                source=CHANCE.choice(["web", "fair", None]),
                created_at=created,
                closed_at=closed,
                day=closed.date(),
                unjudged=CHANCE.choice([Decimal(0), Decimal(3)]),
                agreement=CHANCE.choice(["f", None]),
                verdict=CHANCE.choice(["unjudged", "granted"]),
            )
        )
    return rows


def _tables() -> dict[str, ir.Table]:
    deals = [each | {"line_count": CHANCE.randrange(3)} for each in _deals()]
    lines = [
        line(
            each["deal_id"], CHANCE.choice(["P1", "P2", None]), 100 * part, 90 * part, line_no=part
        )
        for each in deals
        for part in range(each["line_count"])
    ]
    offers = [
        {
            "offer_id": f"O{number}",
            "deal_id": f"D{CHANCE.randrange(60)}",
            "offered_at": START + CHANCE.randrange(9) * DAY,
            "list_amount": Decimal(CHANCE.choice([0, 100, 200])),
            "net_amount": CHANCE.choice([Decimal(90), None]),
        }
        for number in range(90)
    ]
    leads = [
        {
            "lead_id": f"L{number}",
            "created_at": START,
            "handed_over_at": START + CHANCE.randrange(400) * dt.timedelta(minutes=41),
            "first_response_at": CHANCE.choice(
                [None, START + CHANCE.randrange(900) * dt.timedelta(minutes=37)]
            ),
        }
        for number in range(60)
    ]
    schemas = {
        name: ibis.schema({column.name: column.kind.dtype for column in TABLES[name].columns})
        for name in ("offers", "leads")
    }
    return {
        "deals": table(JUDGED, deals),
        "lines": table(LINES, lines),
        "offers": table(schemas["offers"], offers),
        "leads": table(schemas["leads"], leads),
    }


Tables = dict[str, ir.Table]
CLOCK = Clock(WorkCalendar(), START.date(), START.date() + 60 * DAY)


def _timed(tables: Tables) -> ir.Table:
    deals = tables["deals"]
    return deals.mutate(cycle_days=days_of(deals))


def _moved(tables: Tables) -> ir.Table:
    deals = tables["deals"].select("deal_id", "source")
    return movement_by(first_and_last(tables["offers"]).inner_join(deals, "deal_id"), "source")


def _why(tables: Tables) -> ir.Table:
    deals = tables["deals"]
    recorded = is_recorded(deals.day, dt.date(2026, 2, 1))
    return unjudged_by_reason(deals.mutate(unjudged_because=reason_of(deals, recorded)))


def _waits(tables: Tables) -> ir.Table:
    span = Span(tables["leads"], "handed_over_at", "first_response_at")
    return took(CLOCK, span, working=True).select("lead_id", "took")


def _waits_around_the_clock(tables: Tables) -> ir.Table:
    span = Span(tables["leads"], "handed_over_at", "first_response_at")
    return took(CLOCK, span, working=False).select("lead_id", "took")


def _quarters(tables: Tables) -> ir.Table:
    day = tables["deals"].day
    return tables["deals"].select(
        "deal_id", quarter=fiscal_quarter_expr(day, 2), month=month_number_expr(day)
    )


MEASURES: dict[str, Callable[[Tables], ir.Table]] = {
    "totals": lambda tables: totals_by(
        cells(tables["deals"], {"source": tables["deals"].source}), "source"
    ),
    "lines": lambda tables: totals_by_line(
        lines_of(tables["deals"], tables["lines"]), "product_id"
    ),
    "cycle": lambda tables: median_days(_timed(tables)),
    "cycle by group": lambda tables: median_of_bins(bins(_timed(tables), ["source"]), "source"),
    "offers": _moved,
    "recorded rates": lambda tables: recorded(tables["deals"]),
    "unjudged": _why,
    "working time": _waits,
    "time around the clock": _waits_around_the_clock,
    "fiscal quarters": _quarters,
}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return _tables()


@pytest.fixture(scope="module")
def files(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of the tables as a snapshot has them."""
    folder = tmp_path_factory.mktemp("tables")
    engine = ibis.duckdb.connect(":memory:")
    for name, rows in tables.items():
        engine.to_parquet(rows, folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def duckdb_rows(tables: Tables) -> Callable[[str], list[dict[str, Any]]]:
    engine = ibis.duckdb.connect(":memory:")
    return lambda name: _rows(engine, MEASURES[name](tables))


@pytest.fixture(scope="module")
def postgres_engine(postgres: Server) -> Iterator[Any]:
    engine = ibis.connect(postgres.url)
    yield engine
    engine.disconnect()


@pytest.fixture(scope="module")
def spark_engine(spark_session: Any) -> Any:
    return engine_of(spark_session)


@pytest.mark.postgres
@pytest.mark.parametrize("name", MEASURES)
def test_measures_the_same_on_postgresql(
    name: str, postgres_engine: Any, tables: Tables, duckdb_rows: Callable[[str], Any]
) -> None:
    _check(_rows(postgres_engine, MEASURES[name](tables)), duckdb_rows(name))


@pytest.mark.postgres
def test_reviews_the_worked_example_the_same_on_postgresql(
    shared: Path, tmp_path: Path, postgres_engine: Any
) -> None:
    tables = read_export(shared / "golden" / "export")
    agreements = Agreements.single(read_agreement(shared / "golden" / "agreement.yaml"))
    with books_of(tmp_path / "embedded", tables) as books:
        embedded = review_object(review(books, agreements, dt.date(2026, 6, 30)))
    with books_of(tmp_path / "server", tables) as books:
        books.__dict__["engine"] = postgres_engine
        told = review_object(review(books, agreements, dt.date(2026, 6, 30)))
        del books.__dict__["engine"]  # the fixture closes it
    assert told == embedded


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("ignore")  # Ibis and Spark warn of each other's pandas
@pytest.mark.parametrize("name", MEASURES)
def test_measures_the_same_on_spark(
    name: str, spark_engine: Any, files: Path, duckdb_rows: Callable[[str], Any]
) -> None:
    tables = {file.stem: spark_engine.read_parquet(str(file)) for file in sorted(files.iterdir())}
    _check(_rows(spark_engine, MEASURES[name](tables)), duckdb_rows(name))


def _rows(engine: Any, expression: ir.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = engine.to_pyarrow(expression).to_pylist()
    return sorted(rows, key=lambda row: [(value is None, str(value)) for value in row.values()][:2])


def _check(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    assert len(found) == len(wanted)
    for row, other in zip(found, wanted, strict=True):
        assert row.keys() == other.keys()
        for name, value in other.items():
            if isinstance(value, float):
                assert math.isclose(row[name], value, rel_tol=1e-9, abs_tol=1e-9), name
            else:
                assert row[name] == value, name
