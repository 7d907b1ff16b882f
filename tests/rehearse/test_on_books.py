"""The replay on books: the answers of the ledger's judge, with everything as it was then."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from counterpoise.agreement import Agreement, Agreements
from counterpoise.books import Books
from counterpoise.desk.judged import judged_deals
from counterpoise.desk.replay import always
from counterpoise.rehearse import Replaying, told_deals
from tests.ledger.disk_books import books_of

AS_OF = dt.date(2026, 6, 30)
START = dt.datetime(2026, 1, 1, 12)
_POINT = Decimal("0.01")


def agreement(limits: list[dict[str, Any]], starts: str = "2026-01-15", **parts: Any) -> Agreement:
    discounts = {"limits": limits, **parts.pop("discounts", {})}
    return Agreement.model_validate(
        {
            "agreement": "counterpoise/v1",
            "title": f"From {starts}",
            "in_force": {"from": starts, "if_lapsed": "continue"},
            "roles": {
                "rep": {"side": "sales"},
                "manager": {"side": "sales"},
                "marketing": {"side": "marketing"},
                "lead": {"side": "both"},
            },
            "discounts": discounts,
            **parts,
        }
    )


STANDARD = {"id": "standard", "up_to": {"rep": "5%", "manager": "12%", "lead": "25%"}}
LARGE = {
    "id": "large",
    "when": {"segment": "Enterprise", "list_amount": ">= 1500"},
    "up_to": {"rep": "8%", "manager + marketing": "15%", "lead": "20%"},
}
LONG = {"id": "long", "when": {"term_months": ">= 36"}, "adds": "4%"}
PAID = {"id": "paid", "when": {"payment": "upfront"}, "adds": "3%"}
THEN = Agreements.of(
    [
        agreement([STANDARD]),
        agreement(
            [LARGE, STANDARD],
            "2026-04-01",
            discounts={"levers": [LONG], "floor": {"margin": "30%", "decides": "lead"}},
        ),
    ]
)
CANDIDATES = {
    "everything": agreement(
        [LARGE, {**STANDARD, "when": {"persona": "not(maker)"}}, {**STANDARD, "id": "makers"}],
        discounts={
            "levers": [LONG, PAID],
            "lever_cap": "5%",
            "floor": {"margin": "35%"},
            "exclusions": [{"id": "charity", "when": {"segment": "Charity"}}],
        },
        personas=[{"id": "maker", "when": {"employees": "[50..500]"}}],
        protected=[{"id": "flag", "when": {"product_family": "Orion"}, "up_to": {"lead": "5%"}}],
        exceptions=[
            {
                "id": "a1",
                "when": {"account_id": "A1"},
                "from": "2026-02-01",
                "until": "2026-03-01",
                "up_to": {"rep": "15%"},
            }
        ],
    ),
    "by line": agreement(
        [{"id": "orion", "when": {"product_family": "Orion"}, "up_to": {"rep": "2%"}}, STANDARD],
        discounts={
            "basis": "line",
            "levers": [PAID],
            "floor": {"margin": "35%", "decides": "manager"},
        },
    ),
}


def made_up() -> dict[str, list[dict[str, Any]]]:
    """Return books with every hole there is: no role, no segment, no price, no cost, no day."""
    chance = random.Random(11)
    deals, lines, tailored = [], [], []
    for number in range(120):
        key, closed = f"D{number:03}", START + dt.timedelta(days=chance.randrange(170))
        outcome = chance.choice(["won", "won", "lost", "cancelled", "open"])
        has_lines = number % 3 == 0
        listed = Decimal(chance.choice([0, 1000, 1500, 2000]))
        rate = chance.choice([0, 1, 2, 5, 6, 8, 12, 15, 20, 30, -3]) * _POINT
        deals.append(
            {
                "deal_id": key,
                "account_id": chance.choice(["A1", "A2", "A3", "A4", None]),
                "owner_id": chance.choice(["P1", "P2", "P3", "P9"]),
                "source": chance.choice(["web", "fair", None]),
                "outcome": outcome,
                "created_at": START - dt.timedelta(days=30),
                "closed_at": None if outcome == "open" or number % 17 == 0 else closed,
                "list_amount": None if has_lines or number % 13 == 0 else listed,
                "net_amount": None if has_lines else listed * (1 - rate),
                "cost_amount": chance.choice([None, listed * Decimal("0.62")]),
                "term_months": chance.choice([12, 36, None]),
                "payment": chance.choice(["upfront", "monthly", None]),
            }
        )
        for line in range(chance.randrange(1, 4) if has_lines else 0):
            rate = chance.choice([0, 1, 2, 3, 5, 8, 12, 20]) * _POINT
            lines.append(
                {
                    "deal_id": key,
                    "line_no": line + 1,
                    "product_id": chance.choice(["G1", "G2", None]),
                    "quantity": Decimal(chance.choice([1, 2])),
                    "list_price": Decimal(600),
                    "net_price": 600 * (1 - rate) if number % 21 or line else None,
                }
            )
        if number % 10 == 0:
            tailored.append(
                {"customization_id": f"C{number}", "deal_id": key, "kind": "label", "cost": 90}
            )
    day = dt.date(2026, 3, 10)
    return {
        "deals": deals,
        "deal_lines": lines,
        "customizations": [row | {"cost": Decimal(90)} for row in tailored],
        "people": [
            {"person_id": "P1", "role": "rep", "team": "North", "name": "Ana"},
            {"person_id": "P2", "role": "manager", "team": "North"},
            {"person_id": "P3", "role": "intern", "team": "South"},
        ],
        "person_roles": [{"person_id": "P1", "valid_from": day, "role": "manager"}],
        "accounts": [
            {"account_id": "A1", "segment": "Enterprise", "employees": 100},
            {"account_id": "A2", "segment": "Small", "employees": 10},
            {"account_id": "A3", "segment": None, "employees": None},
            {"account_id": "A4", "segment": "Charity", "employees": 60},
        ],
        "account_history": [{"account_id": "A2", "valid_from": day, "segment": "Enterprise"}],
        "products": [
            {"product_id": "G1", "family": "Orion", "unit_cost": Decimal(400)},
            {"product_id": "G2", "family": "Alpine", "unit_cost": Decimal(300)},
        ],
    }


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    with books_of(tmp_path_factory.mktemp("rehearse") / "company", made_up()) as opened:
        yield opened


@pytest.fixture(scope="module")
def replaying(books: Books) -> Replaying:
    return Replaying.of(books, THEN, AS_OF)


def _judged(books: Books, agreements: Agreements) -> dict[str, dict[str, Any]]:
    read = ("deal_id", "outcome", "verdict", "clause", "approver", "agreement", "within_authority")
    judged = judged_deals(books, agreements, AS_OF, reads=read)
    rows = books.run(judged.filter(judged.outcome != "open")).to_pylist()
    return {row["deal_id"]: row for row in rows}


def _verdict(row: dict[str, Any]) -> str:
    if row["verdict"] is None:
        return "unpriced"
    return "no_agreement" if row["agreement"] is None else str(row["verdict"])


@pytest.mark.parametrize("name", CANDIDATES)
def test_answers_as_the_judge_of_the_ledger(books: Books, replaying: Replaying, name: str) -> None:
    candidate = CANDIDATES[name]
    counting = replaying.counting(candidate)
    told = {row["deal_id"]: row for row in told_deals(counting).to_pylist()}
    for side, answers, agreements in (
        ("was", counting.was, THEN),
        ("now", counting.now, always(candidate)),
    ):
        judged = _judged(books, agreements)
        within = dict(zip(told, answers.within.tolist(), strict=True))
        assert told.keys() == judged.keys()
        for key, row in judged.items():
            found = told[key]
            assert found[f"{side}_verdict"] == _verdict(row), (side, key)
            if found[f"{side}_verdict"] in ("granted", "needs_approval", "refused"):
                assert found[f"{side}_clause"] == row["clause"], (side, key)
            if found[f"{side}_verdict"] == "needs_approval":
                by = row["approver"] or ""
                assert found[side].startswith(f"approval by {by}"), (side, key)
            assert within[key] == (row["within_authority"] or 0) * 10_000, (side, key)


def test_the_books_hold_every_kind_of_answer(replaying: Replaying) -> None:
    for name, candidate in CANDIDATES.items():
        found = replaying.replay(candidate)
        assert all(vars(found.was.counts).values()), name
        assert all(vars(found.now.counts).values()), name
        assert found.newly_below_floor, name
        assert found.undated, name


def test_counts_add_up_in_all_and_by_every_grouping(replaying: Replaying) -> None:
    found = replaying.replay(CANDIDATES["everything"])
    assert sum(vars(found.was.counts).values()) == found.deals
    for name, groups in found.by.items():
        assert sum(group.deals for group in groups) == found.deals, name
        assert sum(group.changed.deals for group in groups) == found.changed.deals, name
        assert sum((group.changed.net for group in groups), Decimal(0)) == found.changed.net, name
        for verdict, deals in vars(found.now.counts).items():
            assert sum(getattr(group.now, verdict) for group in groups) == deals, (name, verdict)


def test_candidates_that_differ_in_rates_alone_need_no_further_reading(
    books: Books, replaying: Replaying, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = CANDIDATES["everything"]
    rates = [{who: rate / 2 for who, rate in row.up_to.items()} for row in first.discounts.limits]
    limits = [
        row.model_copy(update={"up_to": halved})
        for row, halved in zip(first.discounts.limits, rates, strict=True)
    ]
    discounts = first.discounts.model_copy(update={"limits": tuple(limits)})
    second = first.model_copy(update={"discounts": discounts})
    replaying.counting(first)
    asked: list[object] = []
    monkeypatch.setattr(Books, "run", lambda _, expression: asked.append(expression))
    found = replaying.counting(second).replay()
    monkeypatch.undo()
    assert not asked
    fresh = Replaying.of(books, THEN, AS_OF).counting(second).replay()
    assert found == fresh
    assert found != replaying.counting(first).replay()
