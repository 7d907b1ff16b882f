"""A closed deal stays under the agreement, the role and the account of its day."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise.agreement import Agreement, Agreements
from counterpoise.desk.judged import judged_deals
from tests.ledger.disk_books import books_of

_TODAY = dt.date(2026, 6, 30)
_ANSWERS = ("deal_id", "verdict", "clause", "within_authority", "approved", "leakage", "unjudged")


def _agreement(starts: dt.date, rate: str) -> Agreement:
    return Agreement.model_validate(
        {
            "agreement": "counterpoise/v1",
            "title": f"From {starts}",
            "in_force": {"from": starts, "if_lapsed": "continue"},
            "roles": {"rep": {"side": "sales"}, "manager": {"side": "sales"}},
            "discounts": {
                "limits": [
                    {
                        "id": "large",
                        "when": {"segment": "Enterprise"},
                        "up_to": {"rep": "10%", "manager": "20%"},
                    },
                    {"id": "standard", "up_to": {"rep": rate, "manager": "15%"}},
                ]
            },
        }
    )


_deals = st.lists(
    st.tuples(
        st.integers(0, 170),
        st.sampled_from(("P1", "P2")),
        st.sampled_from(("A1", "A2")),
        st.integers(0, 25),
    ),
    min_size=1,
    max_size=12,
)


def _tables(deals: list[tuple[int, str, str, int]]) -> dict[str, list[dict[str, Any]]]:
    start = dt.datetime(2026, 1, 1, 12)
    return {
        "people": [
            {"person_id": "P1", "role": "rep"},
            {"person_id": "P2", "role": "manager"},
        ],
        "accounts": [
            {"account_id": "A1", "segment": "SMB"},
            {"account_id": "A2", "segment": "Enterprise"},
        ],
        "deals": [
            {
                "deal_id": f"D{number}",
                "account_id": account,
                "owner_id": owner,
                "outcome": "won",
                "created_at": start - dt.timedelta(days=30),
                "closed_at": start + dt.timedelta(days=day),
                "list_amount": Decimal(1000),
                "net_amount": Decimal(1000 - 10 * points),
            }
            for number, (day, owner, account, points) in enumerate(deals)
        ],
    }


def _answers(
    root: Path, tables: dict[str, list[dict[str, Any]]], agreements: list[Agreement]
) -> dict[str, dict[str, Any]]:
    with books_of(root, tables) as books:
        judged = judged_deals(books, Agreements.of(agreements), _TODAY)
        rows = books.run(judged.select(*_ANSWERS, "day")).to_pylist()
    return {row["deal_id"]: row for row in rows}


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deals=_deals, day=st.integers(1, 170))
def test_nothing_that_comes_later_changes_a_closed_deal(
    tmp_path_factory: Any, deals: list[tuple[int, str, str, int]], day: int
) -> None:
    later = dt.date(2026, 1, 1) + dt.timedelta(days=day)
    tables = _tables(deals)
    first = _agreement(dt.date(2025, 1, 1), "5%")
    before = _answers(tmp_path_factory.mktemp("before") / "w", tables, [first])
    changed = tables | {
        "person_roles": [{"person_id": "P1", "valid_from": later, "role": "manager"}],
        "account_history": [{"account_id": "A1", "valid_from": later, "segment": "Enterprise"}],
    }
    limits = [first, _agreement(later, "1%")]
    after = _answers(tmp_path_factory.mktemp("after") / "w", changed, limits)
    closed = [deal_id for deal_id, row in before.items() if row["day"] < later]
    assert {key: after[key] for key in closed} == {key: before[key] for key in closed}


def test_what_changed_counts_from_its_day_on(tmp_path: Path) -> None:
    tables = _tables([(0, "P1", "A1", 12), (100, "P1", "A1", 12)]) | {
        "person_roles": [{"person_id": "P1", "valid_from": dt.date(2026, 3, 1), "role": "manager"}]
    }
    rows = _answers(tmp_path / "w", tables, [_agreement(dt.date(2025, 1, 1), "5%")])
    assert rows["D0"]["verdict"] == "needs_approval"
    assert rows["D1"]["verdict"] == "granted"
