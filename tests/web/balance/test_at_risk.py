"""Which open deals are at risk, worked out by hand."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.cache import caches
from pytest_django import Settings

from counterpoise.books import Workspace
from counterpoise.web.access import EVERYTHING, Reach, Scope
from counterpoise.web.balance import at_risk as engine
from counterpoise.web.balance.at_risk import at_risk
from counterpoise.web.balance.risky_deals import Risk
from counterpoise.web.results.reading import KeptReview

AS_OF = dt.date(2026, 6, 30)
MONEY = pa.decimal128(18, 4)
SCHEMA = pa.schema(
    {
        "deal_id": pa.string(),
        "name": pa.string(),
        "owner_id": pa.string(),
        "owner__name": pa.string(),
        "account__name": pa.string(),
        "outcome": pa.string(),
        "created_at": pa.timestamp("us"),
        "closed_at": pa.timestamp("us"),
        "list_amount": MONEY,
        "net_amount": MONEY,
        "leakage": MONEY,
        "authority_low": pa.decimal128(18, 6),
        "attr__Expected_Close_Date__c": pa.string(),
    }
)


def deal(deal_id: str, days: int, **more: Any) -> dict[str, Any]:
    """Return an open deal that was created so many days before the end of the day."""
    created = dt.datetime(2026, 7, 1) - dt.timedelta(days=days)
    plain = {"deal_id": deal_id, "owner_id": "P1", "outcome": "open", "created_at": created}
    return dict.fromkeys(SCHEMA.names) | plain | more


def won(deal_id: str, days: int) -> dict[str, Any]:
    """Return a deal that was won within so many days."""
    created = dt.datetime(2026, 1, 1)
    closed = created + dt.timedelta(days=days)
    return deal(deal_id, 0) | {"outcome": "won", "created_at": created, "closed_at": closed}


DEALS = [
    *(won(f"W{days}", days) for days in range(0, 101, 10)),
    deal("quiet", 10, net_amount=Decimal(100), leakage=Decimal(0)),
    deal("just", 90),
    deal("late", 91, net_amount=Decimal(300)),
    deal(
        "above",
        5,
        list_amount=Decimal(1000),
        net_amount=Decimal(800),
        leakage=Decimal(50),
        authority_low=Decimal("0.15"),
    ),
    deal("both", 200, net_amount=Decimal(900), leakage=Decimal(1), owner_id="P2"),
    deal("asked", 3, net_amount=Decimal(70), owner_id="P2"),
    deal("planned", 20, attr__Expected_Close_Date__c="2026-06-30"),
    deal("unplanned", 20, attr__Expected_Close_Date__c="next month"),
]


@pytest.fixture
def kept(tmp_path: Path, settings: Settings) -> KeptReview:
    """Return a review over a few deals."""
    settings.COUNTERPOISE_WORKSPACE = str(Workspace.create(tmp_path / "room").root)
    caches["pages"].clear()
    pq.write_table(pa.Table.from_pylist(DEALS, SCHEMA), tmp_path / "deals.parquet")
    touched = pa.table({"deal_id": ["late"], "campaign_id": ["C1"]})
    pq.write_table(touched, tmp_path / "deal_campaigns.parquet")
    return KeptReview(tmp_path, tmp_path.name, "s", AS_OF, dt.datetime.now(dt.UTC), 1)


def test_takes_nine_of_ten_won_deals_for_the_usual_cycle(kept: KeptReview) -> None:
    assert at_risk(kept, EVERYTHING, ()).usual_days == 90


def test_finds_what_is_above_authority_waits_or_is_late(kept: KeptReview) -> None:
    found = at_risk(kept, EVERYTHING, {"asked", "elsewhere"})
    risks = {row.deal_id: row.risks for row in found.rows}
    assert risks == {
        "both": (Risk.ABOVE, Risk.LATE),
        "above": (Risk.ABOVE,),
        "asked": (Risk.WAITS,),
        "late": (Risk.LATE,),
    }


@pytest.mark.parametrize("said", ["2026-06-29", "2026-06-29 17:00:00"])
def test_finds_what_is_past_the_day_on_which_it_was_to_close(
    tmp_path: Path, settings: Settings, said: str
) -> None:
    settings.COUNTERPOISE_WORKSPACE = str(Workspace.create(tmp_path / "room").root)
    caches["pages"].clear()
    overdue = deal("overdue", 20, attr__Expected_Close_Date__c=said)
    pq.write_table(pa.Table.from_pylist([*DEALS, overdue], SCHEMA), tmp_path / "deals.parquet")
    review = KeptReview(tmp_path, tmp_path.name, "s", AS_OF, dt.datetime.now(dt.UTC), 1)
    found = at_risk(review, EVERYTHING, ())
    assert {row.deal_id for row in found.rows if Risk.OVERDUE in row.risks} == {"overdue"}
    assert dict(found.by_risk)[Risk.OVERDUE] == 1


def test_puts_the_gravest_first_and_among_those_the_largest(kept: KeptReview) -> None:
    found = at_risk(kept, EVERYTHING, {"asked"})
    assert [row.deal_id for row in found.rows] == ["both", "above", "asked", "late"]


def test_tells_what_was_asked_beside_the_authority(kept: KeptReview) -> None:
    rows = {row.deal_id: row for row in at_risk(kept, EVERYTHING, ()).rows}
    assert (rows["above"].rate, rows["above"].authority) == (Decimal("0.2"), Decimal("0.15"))
    assert rows["late"].rate is None
    assert rows["late"].days_open == 91


@pytest.mark.parametrize(
    ("scope", "opened"),
    [
        (EVERYTHING, {"both", "above", "late"}),
        (Scope(Reach.OWN, frozenset({"P1"})), {"above", "late"}),
        (Scope(Reach.CAMPAIGNS, frozenset({"M1"}), frozenset({"C1"})), {"late"}),
        (Scope(Reach.NOTHING), set()),
    ],
)
def test_counts_all_and_opens_those_in_the_scope(
    kept: KeptReview, scope: Scope, opened: set[str]
) -> None:
    found = at_risk(kept, scope, ())
    assert (found.deals, found.net_amount) == (3, Decimal(2000))
    assert dict(found.by_risk) == {
        Risk.ABOVE: 2,
        Risk.WAITS: 0,
        Risk.OVERDUE: 0,
        Risk.LATE: 2,
    }
    assert {row.deal_id for row in found.rows} == opened
    assert found.opened == len(opened)


def test_sees_a_request_as_soon_as_it_waits(kept: KeptReview) -> None:
    assert at_risk(kept, EVERYTHING, ()).deals == 3
    assert at_risk(kept, EVERYTHING, {"asked"}).deals == 4


MANY = [
    deal(
        f"D{number}",
        80 + number % 20,
        owner_id=None if number % 11 == 0 else f"P{number % 3}",
        net_amount=None if number % 7 == 0 else Decimal(number * 37 % 100),
        leakage=Decimal(number % 4),
    )
    for number in range(60)
]
SCOPES = [EVERYTHING, *(Scope(Reach.TEAM, frozenset(ids)) for ids in (("P1",), ("P0", "P2")))]


@pytest.mark.parametrize("asked", [range(0), range(0, 60, 3), range(60)])
def test_opens_the_same_as_asking_for_just_those_deals(kept: KeptReview, asked: range) -> None:
    deals = [*DEALS, *MANY]
    pq.write_table(pa.Table.from_pylist(deals, SCHEMA), kept.folder / "deals.parquet")
    waiting = {f"D{number}" for number in asked}
    for scope in SCOPES:
        found = at_risk(kept, scope, waiting)
        assert (found.opened, found.rows) == engine._touched(kept, scope, waiting, 90)
        if scope == EVERYTHING:
            assert found.deals == found.opened
