"""One meaning, two forms: promotions are answered alike in Python and in expressions."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from counterpoise.agreement import Agreement, Agreements
from counterpoise.agreement.fields import Fields
from counterpoise.books import Books
from counterpoise.desk.authority import Ready
from counterpoise.desk.judge_promotions import judge_promotions
from counterpoise.desk.outcome import Reading
from counterpoise.desk.promotion import AskedPromotion, PromotionReady, weigh_promotion
from counterpoise.desk.promotion_calendar import Booked, Days
from counterpoise.desk.replay import PromotionMove, PromotionReplay, compare_verdicts
from tests.desk.making import agree
from tests.ledger.disk_books import books_of
from tests.postgres import Server
from tests.spark import engine_of

_LAST = dt.date(2026, 12, 31)
_ROLES = ("rep", "manager", "marketing", "lead")
_SEGMENT = {"A1": "Discounter", "A2": "Hypermarket", "A3": None}
_FAMILY = {"P1": "Juice", "P2": "Juice", "P3": "Water", "P4": None}
_DEPTHS = [None, *map(Decimal, ("0", "0.05", "0.1", "0.100001", "0.2", "0.33", "0.5"))]

Row = Mapping[str, Any]
_PEOPLED: dict[str, list[dict[str, Any]]] = {
    "people": [{"person_id": role, "role": role} for role in _ROLES],
    "accounts": [{"account_id": key, "segment": value} for key, value in _SEGMENT.items()],
    "products": [{"product_id": key, "family": value} for key, value in _FAMILY.items()],
}
_BUDGET: dict[str, Any] = {
    "id": "deals",
    "of": "promotion_spend",
    "side": "marketing",
    "amount": 1000,
}


def _promotion(number: int, draw: random.Random) -> dict[str, Any]:
    starts = dt.date(2025, 12, 1) + dt.timedelta(days=draw.randrange(420))
    is_wide = draw.random() < 0.3
    return {
        "promotion_id": f"M{number:03}",
        "account_id": draw.choice((*_SEGMENT, *_SEGMENT, None)),
        "product_id": None if is_wide else draw.choice((*_FAMILY,)),
        "product_family": draw.choice(("Juice", "Water", None)) if is_wide else None,
        "starts_on": starts,
        "ends_on": starts + dt.timedelta(days=draw.choice((0, 6, 6, 13, 20, 45))),
        "kind": draw.choice(("price_off", "feature", "display", None)),
        "rate": draw.choice(_DEPTHS),
        "trade_spend": draw.choice((None, Decimal(0), Decimal(400), Decimal("1000.5"))),
        "requested_by": draw.choice((*_ROLES, None)),
    }


@pytest.fixture(scope="module")
def promotions() -> list[dict[str, Any]]:
    draw = random.Random(7)
    rows = [_promotion(number, draw) for number in range(90)]
    twins = [dict(row, promotion_id=f"T{row['promotion_id']}", kind="display") for row in rows[::9]]
    return [*rows, *twins]


@pytest.fixture(scope="module")
def books(
    promotions: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Books]:
    tables = {**_PEOPLED, "promotions": promotions}
    with books_of(tmp_path_factory.mktemp("books") / "w", tables) as opened:
        yield opened


_CONDITIONS: tuple[dict[str, object], ...] = (
    {},
    {"segment": "Discounter"},
    {"product_family": ["Juice", "Water"]},
    {"kind": "display"},
    {"featured": True},
    {"depth": "<= 20%"},
    {"weeks": ">= 2"},
    {"account_id": "A2", "product.family": "Juice"},
    {"segment": "null"},
)
_OF_DEALS: tuple[dict[str, object], ...] = (
    {"product_family": "Water"},
    {"segment": "Hypermarket"},
    {"kind": "new"},
    {"persona": "shops"},
)
_GRANTS = ("rep", "manager", "marketing", "lead", "manager + marketing", "rep + lead")
_RATES = ("0%", "5%", "10%", "20%", "33%", "50%")


@st.composite
def _up_to(draw: st.DrawFn) -> dict[str, str]:
    who = draw(st.lists(st.sampled_from(_GRANTS), min_size=1, max_size=4, unique=True))
    return {each: draw(st.sampled_from(_RATES)) for each in who}


@st.composite
def _agreements(draw: st.DrawFn) -> Agreement:
    per = st.sampled_from(("month", "quarter", "year"))
    limits = []
    for number in range(draw(st.integers(1, 4))):
        row: dict[str, Any] = {"id": f"r{number}", "up_to": draw(_up_to())}
        row["when"] = draw(st.sampled_from(_CONDITIONS))
        if draw(st.booleans()):
            row["weeks_on_deal"] = {"per": draw(per), "at_most": draw(st.integers(1, 5))}
        if draw(st.booleans()):
            row["gap_weeks"] = draw(st.integers(0, 4))
        limits.append(row)
    amount = draw(st.sampled_from((1000, 5000, 20_000)))
    budget = {"id": "deals", "of": "promotion_spend", "side": "marketing", "amount": amount}
    protected = {"id": "kept", "when": draw(st.sampled_from(_OF_DEALS)), "up_to": draw(_up_to())}
    otherwise = draw(st.sampled_from(("refused", "granted")))
    is_said = draw(st.integers(0, 7))
    return agree(
        company={"fiscal_year_starts": draw(st.sampled_from((1, 2, 10)))},
        personas=[{"id": "shops", "when": {"segment": "Discounter"}}],
        protected=[protected] if draw(st.booleans()) else [],
        budgets=[{**budget, "every": draw(per)}] if draw(st.booleans()) else [],
        **({"promotions": {"limits": limits, "otherwise": otherwise}} if is_said else {}),
    )


def _asked(row: Row, rows: list[dict[str, Any]]) -> AskedPromotion:
    before = [each for each in rows if _order(each) < _order(row)]
    family = row["product_family"] or _FAMILY.get(row["product_id"])
    facts = {
        **row,
        "product_family": family,
        "product__family": family,
        "account__segment": _SEGMENT.get(row["account_id"]),
        "depth": row["rate"],
        "weeks": Decimal((row["ends_on"] - row["starts_on"]).days // 7 + 1),
        "featured": row["kind"] and row["kind"] == "feature",
        "displayed": row["kind"] and row["kind"] == "display",
    }
    return AskedPromotion(facts, _booked(row), [_booked(each) for each in before])


def _order(row: Row) -> tuple[Any, ...]:
    return row["starts_on"], row["ends_on"], row["promotion_id"]


def _booked(row: Row) -> Booked:
    family = row["product_family"] or _FAMILY.get(row["product_id"])
    days = Days(row["starts_on"], row["ends_on"])
    return Booked(days, row["account_id"], row["product_id"], family, row["trade_spend"])


@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(agreement=_agreements())
def test_both_forms_read_every_promotion_alike(
    agreement: Agreement, books: Books, promotions: list[dict[str, Any]]
) -> None:
    table = judge_promotions(books, Agreements.single(agreement), _LAST)
    judged = {row["promotion_id"]: row for row in books.run(table).to_pylist()}
    seen = [row for row in promotions if row["starts_on"] <= _LAST]
    assert set(judged) == {row["promotion_id"] for row in seen}
    ready = PromotionReady(Ready(agreement, Fields(attributes=books.all_attributes)))
    for row in seen:
        answer = judged[row["promotion_id"]]
        if not dt.date(2026, 1, 1) <= row["starts_on"]:
            assert (answer["verdict"], answer["agreement"]) == ("unjudged", None)
            continue
        asked = _asked(row, seen)
        strict, lenient = (
            weigh_promotion(asked, ready, row["requested_by"], reading) for reading in Reading
        )
        said = {(each.verdict, each.strictest.approver) for each in (strict, lenient)}
        if len(said) == 2:
            assert answer["verdict"] == "unjudged"
            continue
        verdict, approver = said.pop()
        assert (answer["verdict"], answer["approver"]) == (verdict.value, approver)
        if strict.is_sure:
            assert answer["clause"] == strict.strictest.clause


def test_an_agreement_that_says_nothing_leaves_promotions_unjudged(
    books: Books, promotions: list[dict[str, Any]]
) -> None:
    table = judge_promotions(books, Agreements.single(agree()), _LAST)
    assert {row["verdict"] for row in books.run(table).to_pylist()} == {"unjudged"}


@pytest.mark.timeout(600)
def test_answers_alike_on_postgresql(
    promotions: list[dict[str, Any]], tmp_path: Path, postgres: Server
) -> None:
    engine = ibis.connect(postgres.url)
    _check_on(engine, promotions, tmp_path)
    engine.disconnect()


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore")  # Ibis and Spark warn of each other's pandas
def test_answers_alike_on_spark(
    promotions: list[dict[str, Any]], tmp_path: Path, spark_session: Any
) -> None:
    _check_on(engine_of(spark_session), promotions, tmp_path)


def _check_on(engine: Any, promotions: list[dict[str, Any]], tmp_path: Path) -> None:
    """Judge some promotions on an engine and on the embedded one, and compare the answers."""
    row = {
        "id": "r",
        "when": {"depth": "<= 33%"},
        "up_to": {"rep": "10%", "manager + marketing": "33%"},
        "weeks_on_deal": {"per": "quarter", "at_most": 4},
        "gap_weeks": 2,
    }
    agreement = agree(promotions={"limits": [row]}, budgets=[{**_BUDGET, "every": "month"}])
    versions = Agreements.single(agreement)
    tables = {"promotions": promotions[:30], **_PEOPLED}
    with books_of(tmp_path / "x", tables) as own, books_of(tmp_path / "w", tables) as other:
        other.__dict__["engine"] = engine
        found = [
            each.run(judge_promotions(each, versions, _LAST).order_by("promotion_id")).to_pylist()
            for each in (other, own)
        ]
        del other.__dict__["engine"]
    told = ("promotion_id", "verdict", "clause", "approver", *_GIVING_WAY)
    there, here = ([[row[name] for name in told] for row in rows] for rows in found)
    assert there == here


_GIVING_WAY = ("most_depth", "days_left", "days_too_soon", "days_free")


def _year(*rows: Row) -> list[dict[str, Any]]:
    common = {"account_id": "A1", "product_id": "P1", "rate": Decimal("0.1")}
    return [
        {"promotion_id": f"M{at}", "requested_by": "rep", **common, **row}
        for at, row in enumerate(rows)
    ]


def _days(month: int, first: int, weeks: int) -> dict[str, dt.date]:
    starts = dt.date(2026, month, first)
    return {"starts_on": starts, "ends_on": starts + dt.timedelta(days=7 * weeks - 1)}


def test_counts_weeks_gaps_and_money_in_the_order_of_days(tmp_path: Any) -> None:
    row = {
        "id": "juice",
        "up_to": {"rep": "10%", "manager + marketing": "30%"},
        "weeks_on_deal": {"per": "year", "at_most": 5},
        "gap_weeks": 3,
    }
    agreement = agree(
        promotions={"limits": [row]},
        budgets=[
            {"id": "b", "of": "promotion_spend", "side": "marketing", "every": "year", "amount": 9}
        ],
    )
    rows = _year(
        _days(2, 2, 2) | {"trade_spend": Decimal(5)},
        _days(2, 2, 2) | {"rate": Decimal("0.25")},  # the same days: parts of one
        _days(3, 2, 1),  # ended on 15 February, two weeks before
        _days(3, 30, 2),  # three weeks after; five weeks on deal now
        _days(6, 1, 1),  # the sixth
        _days(6, 1, 1) | {"product_id": "P2", "trade_spend": Decimal(5)},  # other goods
        _days(8, 3, 1) | {"product_id": None, "product_family": "Juice"},  # P1's seventh week
    )
    tables: dict[str, list[dict[str, Any]]] = {
        "people": [{"person_id": "rep", "role": "rep"}],
        "products": [{"product_id": key, "family": value} for key, value in _FAMILY.items()],
        "promotions": rows,
    }
    with books_of(tmp_path / "w", tables) as books:
        table = judge_promotions(books, Agreements.single(agreement), _LAST)
        found = books.run(table.order_by("promotion_id")).to_pylist()
    answers = [(row["verdict"], row["clause"], row["approver"]) for row in found]
    clause = "promotions.limits.juice"
    assert answers == [
        ("granted", clause, None),
        ("needs_approval", clause, "manager + marketing"),
        ("refused", f"{clause}.gap_weeks", None),
        ("granted", clause, None),
        ("refused", f"{clause}.weeks_on_deal", None),
        ("needs_approval", "budgets.b", "lead"),
        ("refused", f"{clause}.weeks_on_deal", None),
    ]
    depth = Decimal("0.3")
    assert [tuple(row[name] for name in _GIVING_WAY) for row in found] == [
        (depth, None, 0, 14 - 21),
        (depth, None, 0, 14 - 21),
        (depth, None, 7, 21 - 21),
        (depth, None, 0, 49 - 21),
        (depth, 0, 0, 56 - 21),
        (depth, None, 0, 56 - 21),  # the family's, in August
        (depth, 0, 0, None),
    ]


def test_compares_what_past_promotions_would_have_met(tmp_path: Any) -> None:
    rows = _year(
        _days(2, 2, 1) | {"trade_spend": Decimal(5)},
        _days(3, 2, 1) | {"rate": Decimal("0.2"), "trade_spend": Decimal(7)},
        _days(4, 6, 1) | {"rate": Decimal("0.3")},
    )
    people = [{"person_id": "rep", "role": "rep"}]
    old, new = (
        agree(promotions={"limits": [{"id": "r", "up_to": {"rep": "10%", "manager": most}}]})
        for most in ("20%", "30%")
    )
    with books_of(tmp_path / "w", {"people": people, "promotions": rows}) as books:
        found = compare_verdicts(books, old, new, _LAST)
        stricter = compare_verdicts(books, new, agree(), _LAST)
    assert found.promotions == PromotionReplay(
        3, (PromotionMove("refused", "approval by manager", 1, Decimal(0)),)
    )
    assert found.deals.deals == 0
    assert stricter.promotions is not None
    assert (stricter.promotions.changed, stricter.promotions.changed_spend) == (3, 12)
