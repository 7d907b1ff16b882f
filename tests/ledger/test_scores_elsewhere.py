"""Fit, contra-effects and power find the same on other engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pytest

from counterpoise.agreement import Agreements, parse_agreement
from counterpoise.books import Books, Workspace
from counterpoise.books.engines import read_table
from counterpoise.books.facts import View
from counterpoise.ledger.contra_deals import compared, read_deals, repeat_rates
from counterpoise.ledger.deal_table import deal_table
from counterpoise.ledger.fit_report import fit_object, fit_report
from counterpoise.ledger.power import power
from counterpoise.ledger.power_words import power_object
from tests.ledger.disk_books import books_of
from tests.postgres import Server
from tests.spark import engine_of

AS_OF = dt.date(2026, 6, 30)
START = dt.datetime(2024, 1, 3, 10)
AGREEMENT = """
agreement: counterpoise/v1
title: Test
in_force: {from: 2023-01-01, until: 2026-12-31}
roles:
  rep: {side: sales, default: true}
  manager: {side: sales}
  marketer: {side: marketing}
personas: [{id: maker, name: Maker, when: {industry: Making}}]
discounts: {limits: [{id: all, up_to: {rep: 5%, manager: 10%, manager + marketer: 20%}}]}
"""


def _tables() -> dict[str, list[dict[str, Any]]]:
    """Return deals of 24 customers, half of them makers, with touches, offers and requests."""
    deals, approvals = [], []
    for at in range(120):
        begun = START + dt.timedelta(days=7 * at)
        deals.append(
            {
                "deal_id": f"D{at:03}",
                "account_id": f"A{at % 24}",
                "owner_id": "P1",
                "lead_id": f"L{at}" if at % 5 == 0 else None,
                "source": "Web",
                "kind": ("new", "renewal", "growth")[at % 3],
                "outcome": ("won", "won", "lost", "open")[at % 7 % 4],
                "created_at": begun,
                "closed_at": begun + dt.timedelta(days=20 + at % 9),
                "list_amount": Decimal(1000 + 100 * (at % 11)),
                "net_amount": Decimal(900 + 90 * (at % 11)) if at % 13 else None,
                "cost_amount": Decimal(500) if at % 17 else None,
            }
        )
        if at % 3 == 0:
            approvals.append(
                {
                    "approval_id": f"R{at}",
                    "deal_id": f"D{at:03}",
                    "subject": "discount",
                    "value": Decimal("0.1") if at % 2 else Decimal("0.25"),
                    "requested_by": "P1",
                    "requested_at": begun + dt.timedelta(days=1),
                    "decided_by": ("P2", "P3", None)[at % 9 // 3],
                    "verdict": ("approved", "refused", None)[at % 9 // 3],
                    "decided_at": begun + dt.timedelta(days=1, hours=at) if at % 9 < 6 else None,
                }
            )
    return {
        "people": [
            {"person_id": "P1", "role": "rep"},
            {"person_id": "P2", "role": "manager"},
            {"person_id": "P3", "role": "marketer"},
        ],
        "accounts": [
            {
                "account_id": f"A{at}",
                "segment": "Small" if at % 4 else None,
                "industry": ("Making", "Retail", None)[at % 5 % 3],
            }
            for at in range(24)
        ],
        "leads": [
            {"lead_id": f"L{at}", "account_id": f"A{at % 24}", "created_at": START}
            for at in range(0, 120, 5)
        ],
        "touches": [
            {
                "touch_id": f"T{at}",
                "touched_at": START + dt.timedelta(days=11 * at),
                "channel": "web",
                "lead_id": f"L{at}" if at % 5 == 0 else None,
                "account_id": f"A{at % 9}" if at % 2 else None,
            }
            for at in range(60)
        ],
        "offers": [{"offer_id": "O", "deal_id": "D003", "offered_at": START}],
        "deals": deals,
        "approvals": approvals,
    }


def _told(folder: Path, file: Path, engine: Any = None, *, fit: bool = True) -> dict[str, Any]:
    """Tell everything on an engine, or all but fit; the deals are judged once."""
    agreements = Agreements.single(parse_agreement(AGREEMENT))
    books = Books.open(Workspace.open(folder))
    if engine is not None:
        books.__dict__["engine"] = engine
    view = View(books, AS_OF)
    if not file.exists():
        books.write(deal_table(view, agreements), file)
    deals = read_table(books.engine, file, "scored_deals")
    table = books.keep(compared(view, deals), "compared")
    read = read_deals(view, table)
    again = repeat_rates(table)
    before = books.run(again.aggregate(n=again.rate_before.count(), s=again.rate_before.sum()))
    found = {
        "power": power_object(power(view, agreements, deals)),
        "deals": [read.account.tolist(), read.won.tolist(), read.touched.tolist()],
        "factors": {name: each.max() for name, each in read.factors.items()},
        "before": before.to_pylist(),
    }
    if fit:
        found["fit"] = fit_object(fit_report(view, agreements, deals))
    if engine is not None:
        del books.__dict__["engine"]  # the fixture closes it
    books.close()
    return found


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Any]]:
    """Return the workspace, its judged deals, and what the embedded engine tells of them."""
    folder = tmp_path_factory.mktemp("scores") / "books"
    books_of(folder, _tables()).close()
    file = folder.parent / "judged.parquet"
    return folder, file, _told(folder, file)


def _same(found: Any, expected: Any, path: str = "") -> None:
    if isinstance(expected, Mapping):
        assert found.keys() == expected.keys(), path
        for name, each in expected.items():
            _same(found[name], each, f"{path}.{name}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), path
        for at, each in enumerate(expected):
            _same(found[at], each, f"{path}.{at}")
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-7, abs=1e-9), path
    else:
        assert found == expected, path


def test_there_is_something_to_tell(asked: tuple[Path, Path, dict[str, Any]]) -> None:
    told = asked[2]
    assert told["fit"]["personas"][0]["reach"]["leads"] > 0
    assert told["fit"]["outside"]["stays"]["old"] > 0
    assert sum(told["deals"][2]) > 10
    assert {row["decider"] for row in told["power"]["waiting"]} >= {"manager", "marketer"}
    assert sum(each["above"] for each in told["power"]["roles"]) > 0
    assert told["before"][0]["n"] > 0


@pytest.mark.postgres
def test_finds_the_same_on_postgresql(
    asked: tuple[Path, Path, dict[str, Any]], postgres: Server
) -> None:
    folder, file, expected = asked
    engine = ibis.connect(postgres.url)
    _same(_told(folder, file, engine), expected)
    engine.disconnect()


@pytest.mark.spark
@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("ignore")  # Ibis and Spark warn of each other's pandas
def test_finds_the_same_on_spark(
    asked: tuple[Path, Path, dict[str, Any]], spark_session: Any
) -> None:
    folder, file, expected = asked
    found = _told(folder, file, engine_of(spark_session), fit=False)
    _same(found, {name: each for name, each in expected.items() if name != "fit"})
