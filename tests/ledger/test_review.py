"""The review: its contract, the agreement that it cites, and room for cracks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.agreement import Agreement, Agreements, Status, fingerprint
from counterpoise.agreement.fields import UnknownFieldError
from counterpoise.books.books import Books
from counterpoise.ledger import (
    Crack,
    NotWatched,
    Review,
    SideStake,
    Subject,
    WatchState,
    review,
    review_json,
    review_object,
    standing,
    with_cracks,
)
from tests.ledger.agreements import agreement
from tests.ledger.disk_books import books_of

AS_OF = dt.date(2026, 6, 30)
LIMITS = "discounts: {limits: [{id: all, up_to: {rep: 10%, marketer: 20%}}]}\n"
CLAUSES = (
    LIMITS
    + """
goals: [{id: revenue, metric: net_revenue, at_least: 100}]
promises:
  sales: [{id: offers, metric: lost_offers_recorded, at_least: 95%}]
  marketing: [{id: notice, metric: campaign_notice, at_least: 10 working days}]
budgets: [{id: given, of: concessions, side: sales, every: year, amount: 100}]
"""
)
TABLES: dict[str, list[dict[str, Any]]] = {
    "people": [{"person_id": "R1", "name": "One", "role": "rep", "team": "North"}],
    "accounts": [{"account_id": "A1", "segment": "SMB", "country": "HR"}],
    "deals": [
        {
            "deal_id": "D1",
            "account_id": "A1",
            "owner_id": "R1",
            "outcome": "won",
            "created_at": dt.datetime(2026, 2, 1),
            "closed_at": dt.datetime(2026, 3, 1),
            "list_amount": Decimal("100.01"),
            "net_amount": Decimal("85.01"),
        },
        {
            "deal_id": "D2",
            "outcome": "lost",
            "created_at": dt.datetime(2026, 2, 1),
            "closed_at": dt.datetime(2026, 3, 1),
        },
    ],
}
GROUPINGS = [
    "owner", "team", "product_family", "product", "segment",
    "industry", "persona", "source", "campaign", "quarter",
]  # fmt: skip
LEDGER = [
    "deals_won", "deals_lost", "deals_cancelled", "deals_open", "win_rate", "list_revenue",
    "net_revenue", "conceded", "above_list", "price_realization", "value_held", "value_given",
    "unpriced", "waterfall", "concessions", "discount_effect", "by",
]  # fmt: skip
ROW = [
    "key", "name", "deals_won", "deals_lost", "win_rate", "list_revenue",
    "net_revenue", "conceded", "above_list", "price_realization",
]  # fmt: skip


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    with books_of(tmp_path_factory.mktemp("books") / "company", TABLES) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(books: Books) -> Review:
    return review(books, Agreements.single(agreement(CLAUSES)), AS_OF, ("account.country",))


@pytest.fixture(scope="module")
def told(found: Review) -> dict[str, Any]:
    return review_object(found)


def test_names_the_group_without_a_persona_alike_wherever_it_stands(told: dict[str, Any]) -> None:
    ledger = told["ledger"]
    assert [row["key"] for row in ledger["by"]["persona"]] == [None]
    assert [row["key"] for row in ledger["cycle"]["by"]["persona"]] == [None]


def test_has_every_field_of_the_contract_in_order(told: dict[str, Any]) -> None:
    top = [
        "schema", "as_of", "currency", "books", "agreement", "ledger",
        "handoff", "goals", "promises", "not_watched", "cracks",
    ]  # fmt: skip
    assert list(told)[: len(top)] == top
    assert list(told["ledger"])[: len(LEDGER)] == LEDGER
    assert list(told["ledger"]["by"])[: len(GROUPINGS)] == GROUPINGS
    assert list(told["ledger"]["by"]["owner"][0]) == ROW
    assert list(told["handoff"])[:6] == [
        "handed_over", "within_sla", "median_response_hours", "unanswered", "accepted", "rejected",
    ]  # fmt: skip
    assert list(told["goals"][0])[:5] == ["id", "metric", "target", "actual", "status"]
    assert [list(each)[:5] for each in told["promises"]] == [
        ["id", "side", "kept", "due", "status"]
    ] * 2
    assert told["schema"] == "counterpoise/review/v1"


def test_writes_money_and_shares_as_numbers_without_noise(told: dict[str, Any]) -> None:
    ledger = told["ledger"]
    assert (ledger["list_revenue"], ledger["conceded"]) == (100.01, 15.0)
    assert ledger["price_realization"] == 0.850015
    assert [step["amount"] for step in ledger["waterfall"][:5]] == [100.01, -10.0, 0.0, 0.0, -5.0]
    assert "-0.0" not in json.dumps(told)


def test_names_the_groups(told: dict[str, Any]) -> None:
    by = told["ledger"]["by"]
    assert [(row["key"], row["name"]) for row in by["owner"]] == [("R1", "One"), (None, "(none)")]
    assert [row["key"] for row in by["quarter"]] == ["FY2026-Q1"]


def test_groups_by_further_fields(told: dict[str, Any]) -> None:
    assert [row["key"] for row in told["ledger"]["by"]["account.country"]] == ["HR", None]


def test_refuses_a_field_that_nothing_has(books: Books) -> None:
    with pytest.raises(UnknownFieldError, match="country"):
        review(books, Agreements(), AS_OF, ("account.contry",))


def test_tells_goals_promises_and_budgets(told: dict[str, Any]) -> None:
    assert told["goals"][0]["actual"] == 85.01
    assert [each["status"] for each in told["promises"]] == ["unknown", "broken"]
    assert (told["budgets"][0]["spent"], told["budgets"][0]["status"]) == (15.0, "within")


def test_writes_the_same_text_for_the_same_books(books: Books, found: Review) -> None:
    agreements = Agreements.single(agreement(CLAUSES))
    again = review(books, agreements, AS_OF, ("account.country",))
    assert review_json(again) == review_json(found)


def test_sees_a_deal_closed_later_as_open(books: Books) -> None:
    early = review(books, Agreements(), dt.date(2026, 2, 15)).ledger.totals
    assert (early.deals_open, early.deals_won, early.net_revenue) == (2, 0, 0)
    before = review(books, Agreements(), dt.date(2026, 1, 15)).ledger.totals
    assert before.deals_open == 0


def test_cites_no_agreement_where_there_is_none(books: Books) -> None:
    bare = review(books, Agreements(), AS_OF)
    told = review_object(bare)
    assert told["agreement"] == {
        "title": None,
        "fingerprint": None,
        "status": "as_if",
        "in_force": False,
        "lapsed_on": None,
        "measured_from": None,
        "measured_until": None,
    }
    assert (told["goals"], told["promises"]) == ([], [])
    assert told["ledger"]["concessions"]["unjudged"] == 15.0
    assert told["ledger"]["concessions"]["leakage_high"] == 0.0


def test_carries_the_cracks_that_the_watch_finds(found: Review) -> None:
    crack = Crack(
        id="c1",
        kind="leakage",
        variant="peers",
        side="sales",
        subject=Subject("team", "North", "North"),
        says="More than peers.",
        observed=0.1,
        expected=0.05,
        low=0.02,
        high=0.08,
        n=40,
        q_value=None,
        stake=100.0,
        stake_formula="sum",
        since=dt.date(2026, 1, 1),
        next_step="Ask.",
    )
    told = review_object(with_cracks(found, [crack], [NotWatched("tool_gap", "no tools")]))
    assert told["cracks"][0]["subject"] == {"type": "team", "id": "North", "name": "North"}
    assert told["cracks"][0]["since"] == "2026-01-01"
    assert told["not_watched"] == [{"kind": "tool_gap", "why": "no tools"}]
    assert found.cracks == ()


def test_writes_the_figures_of_cracks_like_all_others(found: Review) -> None:
    crack = Crack(
        id="c1",
        kind="goal_gap",
        variant="revenue",
        side="both",
        subject=Subject("goal", "revenue", "revenue"),
        says="Short.",
        observed=0.12345678,
        expected=None,
        low=float("-inf"),
        high=1 / 3,
        n=40,
        q_value=0.0123456789,
        stake=35902.83,
        stake_formula="sum",
        since=dt.date(2026, 1, 1),
        next_step="Ask.",
    )
    told = review_object(with_cracks(found, [crack]))["cracks"][0]
    assert list(told) == [
        "id", "kind", "variant", "side", "subject", "says", "observed", "expected", "low", "high",
        "n", "q_value", "stake", "stake_formula", "since", "next_step",
    ]  # fmt: skip
    assert [told[name] for name in ("observed", "expected", "low", "high", "q_value", "stake")] == [
        0.123457,
        None,
        None,
        0.333333,
        0.012346,
        35902.83,
    ]


def test_tells_how_it_was_watched_after_the_contract(found: Review) -> None:
    sides = (SideStake("marketing", 1, 100.5), SideStake("sales", 2, 1200.0))
    state = WatchState(412, Decimal("0.1"), Decimal(5000), 1250.25, sides)
    assert review_object(found)["watch"] is None
    assert review_object(with_cracks(found, [], (), state))["watch"] == {
        "questions": 412,
        "false_alarms": 0.1,
        "material": 5000.0,
        "stake": 1250.25,
        "sides": [
            {"side": "marketing", "cracks": 1, "stake": 100.5},
            {"side": "sales", "cracks": 2, "stake": 1200.0},
        ],
    }


def _year(year: int) -> Agreement:
    base = agreement(LIMITS)
    days = base.in_force.model_copy(
        update={"from_": dt.date(year, 1, 1), "until": dt.date(year, 6, 30)}
    )
    return base.model_copy(update={"in_force": days})


@pytest.mark.parametrize(
    ("as_of", "cited"),
    [
        ("2025-03-01", 2025),
        ("2025-09-01", 2025),
        ("2026-03-01", 2026),
        ("2024-01-01", 2025),
    ],
)
def test_cites_the_version_of_the_day_or_the_last_before_or_the_next(
    as_of: str, cited: int
) -> None:
    versions = Agreements.of([_year(2025), _year(2026)], Status.AS_IF)
    found = standing(versions, dt.date.fromisoformat(as_of))
    assert found is not None
    assert found.fingerprint == fingerprint(_year(cited))


def test_a_review_is_not_changed_by_showing_it(found: Review) -> None:
    before = replace(found)
    review_json(found)
    assert found == before


@pytest.mark.parametrize(
    ("as_of", "in_force", "lapsed_on", "measured"),
    [
        ("2025-03-01", True, None, ("2025-01-01", "2025-03-01")),
        ("2025-06-30", True, None, ("2025-01-01", "2025-06-30")),
        ("2025-09-01", False, "2025-06-30", ("2025-01-01", "2025-06-30")),
        ("2024-01-01", False, None, (None, None)),
    ],
)
def test_says_which_days_the_agreement_measures_and_when_it_lapsed(
    books: Books,
    as_of: str,
    in_force: bool,
    lapsed_on: str | None,
    measured: tuple[str | None, str | None],
) -> None:
    versions = Agreements.of([_year(2025)])
    told = review_object(review(books, versions, dt.date.fromisoformat(as_of)))["agreement"]
    assert (told["status"], told["in_force"], told["lapsed_on"]) == (
        "ratified",
        in_force,
        lapsed_on,
    )
    assert (told["measured_from"], told["measured_until"]) == measured
