"""A company that sells through retailers: its first draft, and the desk about promotions."""

import json
from pathlib import Path

import pytest

from tests.cli.running import done

_TABLES = {
    "accounts": "account_id,name\nA1,Northside\nA2,Harbour\n",
    "products": "product_id,name,family,list_price,unit_cost\nP1,Orange,Juice,2.00,1.00\n"
    "P2,Apple,Juice,2.00,1.00\n",
    "people": "person_id,name,side,role\nK1,Kay,sales,key_account_manager\n",
    "promotions": "promotion_id,account_id,product_id,starts_on,ends_on,kind,rate,trade_spend,"
    "requested_by\nM1,A1,P1,2026-02-02,2026-02-08,price_off,0.2,500,K1\n",
    "sell_through": "week,account_id,product_id,units,net_price,base_price\n"
    + "".join(f"2026-01-{day:02},A1,P1,100,2.00,2.00\n" for day in (5, 12, 19, 26))
    + "2026-02-02,A1,P1,180,1.60,2.00\n",
}
_ASKED = {
    "promotion": {
        "account_id": "A1",
        "products": ["P1"],
        "starts_on": "2026-03-02",
        "weeks": 2,
        "rate": "25%",
        "trade_spend": 900,
    },
    "asked_by": "key_account_manager",
    "asked_at": "2026-02-16T10:00:00",
}


@pytest.fixture(scope="module")
def trade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of consumer goods with books that hold no deals."""
    root = tmp_path_factory.mktemp("trade")
    source = root / "source"
    source.mkdir()
    for name, text in _TABLES.items():
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    done("new", root / "w", "--kind", "consumer")
    done("-w", root / "w", "import", source)
    return root / "w"


def test_the_first_draft_has_nothing_odd_and_reads_as_sentences(trade: Path) -> None:
    agreement = trade / "agreement.yaml"
    assert "nothing is odd about it" in done("agreement", "check", agreement)
    said = done("agreement", "explain", agreement)
    assert "**price**: at most 13 weeks a year on deal." in said


def test_answers_with_the_calendar_the_budget_and_what_the_last_one_brought(trade: Path) -> None:
    answer = json.loads(done("-w", trade, "decide", "--json", stdin=json.dumps(_ASKED).encode()))
    assert answer["verdict"] == "needs_approval"
    assert [each["role"] for each in answer["approvals"]] == [
        "key_account_manager",
        "brand_manager",
    ]
    assert answer["calendar"] == {
        "weeks_on_deal": 3,
        "at_most": 13,
        "per": "year",
        "gap_days": 21,
        "gap_weeks": 3,
    }
    assert answer["budgets"][0] == {
        "id": "promotions",
        "from": "2026-01-01",
        "until": "2026-03-31",
        "amount": 120000,
        "spent": 500,
        "left": 119500,
    }
    assert answer["last_ones"] == [
        {
            "promotion_id": "M1",
            "starts_on": "2026-02-02",
            "ends_on": "2026-02-08",
            "rate": 0.2,
            "units_a_week": 180,
            "usual_week": 100,
            "lift": 0.8,
            "trade_spend": 500,
        }
    ]


def test_prints_it_for_a_reader(trade: Path) -> None:
    said = done("-w", trade, "decide", stdin=json.dumps(_ASKED).encode())
    assert "25% off is asked" in said
    assert "180 a week against 100 before," in said
    assert "Ask instead" in said
