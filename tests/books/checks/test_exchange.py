"""Deals in foreign currency and rates of exchange."""

from counterpoise.books.manifest import Manifest
from counterpoise.books.problems import Rule
from counterpoise.books.snapshot import find_snapshot
from counterpoise.books.workspace import Workspace
from tests.books.conftest import Find, Import, Rows, deals

HEADER = "deal_id,outcome,created_at,closed_at,currency"
RATES = "currency,valid_from,rate\nEUR,2026-02-01,1.10\nEUR,2026-03-01,1.20\nGBP,2026-02-01,"


def test_sets_aside_deals_that_cannot_be_converted(
    workspace: Workspace, imported: Import, found: Find, rows: Rows
) -> None:
    report = imported(
        deals=deals(
            "D1,won,2026-01-01,2026-02-01T00:00:00,EUR",
            "D2,won,2026-01-01,2026-01-31T23:59:59,EUR",
            "D3,open,2026-01-01,,eur",
            "D4,open,2026-01-01,,JPY",
            "D5,won,2026-01-01,2026-02-01,USD",
            "D6,won,2026-01-01,2026-02-01,",
            "D7,won,2026-01-01,,EUR",
            "D8,won,2026-01-01,2026-02-01,GBP",
            header=HEADER,
        ),
        exchange_rates=RATES,
    )
    (problem,) = found(report, Rule.NO_EXCHANGE_RATE)
    assert problem.rows == 3
    assert problem.example == "deals.csv:3: deal_id D2, currency EUR, closed_at 2026-01-31 23:59:59"
    assert [row[0] for row in rows("deals", "deal_id")] == ["D1", "D3", "D5", "D6", "D7"]
    assert Manifest.read(find_snapshot(workspace)).foreign_currencies == ("EUR",)


def test_sets_aside_every_foreign_deal_where_there_are_no_rates(
    imported: Import, found: Find
) -> None:
    report = imported(
        deals=deals("D1,open,2026-01-01,,EUR", "D2,open,2026-01-01,,USD", header=HEADER)
    )
    (problem,) = found(report, Rule.NO_EXCHANGE_RATE)
    assert problem.rows == 1


def test_sets_aside_rates_that_convert_nothing(imported: Import, rows: Rows) -> None:
    report = imported(
        deals=deals("D1,won,2026-01-01,2026-02-05,EUR", header=HEADER),
        exchange_rates="currency,valid_from,rate\nEUR,2026-02-01,0\nEUR,2026-02-02,1.1",
    )
    assert report.tables["exchange_rates"].set_aside == 1
    assert report.tables["deals"].rows == 1
