"""The funnel counts who came how far by a day, and as whom a visitor came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir
import pytest

from counterpoise.agreement import Agreements
from counterpoise.books.books import Books
from counterpoise.books.facts import View
from counterpoise.ledger.deal_table import deal_table
from counterpoise.ledger.fiscal import month_number
from counterpoise.ledger.funnel import (
    Closing,
    FunnelRow,
    Step,
    closings,
    funnel_rows,
    stages_recorded,
    steps_between,
)
from counterpoise.ledger.funnel_leads import STAGES, Stage, funnel_leads
from counterpoise.ledger.touched import touches_known
from tests.ledger.agreements import agreement
from tests.ledger.disk_books import books_of

DAY = dt.datetime(2026, 1, 10, 9)
AS_OF = dt.date(2026, 6, 30)
MAKERS = """
personas:
  - {id: maker, when: {industry: Manufacturing}}
"""


def _on(days: float) -> dt.datetime:
    return DAY + dt.timedelta(days=days)


TABLES: dict[str, list[dict[str, Any]]] = {
    "people": [
        {"person_id": "P1", "team": "north"},
        {"person_id": "P2", "team": "south"},
    ],
    "accounts": [
        {"account_id": "A1", "industry": "Manufacturing"},
        {"account_id": "A2", "industry": "Retail"},
    ],
    "leads": [
        {
            "lead_id": "L1",
            "created_at": _on(0),
            "account_id": "A1",
            "owner_id": "P1",
            "source": "web",
            "campaign_id": "C1",
            "qualified_at": _on(2),
            "handed_over_at": _on(3),
            "verdict": "accepted",
            "verdict_at": _on(5),
        },
        {
            "lead_id": "L2",
            "created_at": _on(1),
            "account_id": "A2",
            "owner_id": "P2",
            "source": "web",
            "qualified_at": _on(5),
            "handed_over_at": _on(9),
            "verdict": "rejected",
            "verdict_at": _on(12),
        },
        {"lead_id": "L3", "created_at": _on(40), "source": "fair", "deal_id": "D3"},
        {"lead_id": "L4", "created_at": _on(200)},
    ],
    "deals": [
        {
            "deal_id": "D1",
            "lead_id": "L1",
            "outcome": "won",
            "created_at": _on(8),
            "closed_at": _on(60),
            "net_amount": Decimal(500),
        },
        {"deal_id": "D3", "outcome": "lost", "created_at": _on(41), "closed_at": _on(90)},
        {"deal_id": "D9", "outcome": "won", "created_at": _on(1), "closed_at": _on(2)},
    ],
    "touches": [
        # V1 became known as L1, then as L2: what came before each is its own
        {"touch_id": "T1", "touched_at": _on(-9), "channel": "a", "visitor_id": "V1"},
        {
            "touch_id": "T2",
            "touched_at": _on(0),
            "channel": "a",
            "visitor_id": "V1",
            "lead_id": "L1",
        },
        {"touch_id": "T3", "touched_at": _on(0.5), "channel": "a", "visitor_id": "V1"},
        {
            "touch_id": "T4",
            "touched_at": _on(1),
            "channel": "a",
            "visitor_id": "V1",
            "lead_id": "L2",
        },
        {"touch_id": "T5", "touched_at": _on(30), "channel": "a", "visitor_id": "V1"},
        {"touch_id": "T6", "touched_at": _on(2), "channel": "a", "visitor_id": "V2"},
        {"touch_id": "T7", "touched_at": _on(300), "channel": "a", "lead_id": "L1"},
    ],
}


@dataclass(frozen=True)
class Seen:
    """The leads of the books as of a day."""

    books: Books
    leads: ir.Table

    @property
    def steps(self) -> tuple[Step, ...]:
        return steps_between(stages_recorded(self.books.run, self.leads))

    def by(self, by: str | None) -> dict[Any, FunnelRow]:
        found = funnel_rows(self.books.run, self.leads, self.steps, by)
        return {row.key: row for row in found}


def _seen(books: Books, as_of: dt.date) -> Seen:
    view = View(books, as_of)
    agreements = Agreements.single(agreement(MAKERS))
    leads = funnel_leads(view, agreements, deal_table(view, agreements), touches_known(view))
    return Seen(books, books.keep(leads, "leads"))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    with books_of(tmp_path_factory.mktemp("funnel") / "room", TABLES) as found:
        yield found


@pytest.fixture(scope="module")
def seen(books: Books) -> Seen:
    return _seen(books, AS_OF)


def test_counts_who_came_how_far(seen: Seen) -> None:
    whole = seen.by(None)[None]
    assert [whole.counts[stage] for stage in STAGES] == [3, 2, 2, 1, 2, 1]
    assert (whole.rejected, whole.lost, whole.touched) == (1, 1, 2)
    assert whole.net == 500


def test_takes_the_times_between_stages(seen: Seen) -> None:
    """L1 was handed over after 1 day, L2 after 4; L1 was touched 9 days before it came, L2 half."""
    took = {(each.step.start, each.step.end): each for each in seen.by(None)[None].took}
    handed = took["qualified", Stage.HANDED_OVER]
    assert (handed.n, handed.median) == (2, 2.5)
    assert handed.late == pytest.approx(3.7)
    assert took["touched", Stage.LEAD].median == pytest.approx((9 + 0.5) / 2)
    assert took["lead", Stage.WON].median == 60


def test_a_day_before_shows_what_was_known(books: Books) -> None:
    """On the sixth day L1 is accepted and L2 qualified; the deal is not there yet."""
    whole = _seen(books, _on(5).date()).by(None)[None]
    assert [whole.counts[stage] for stage in STAGES] == [2, 2, 1, 1, 0, 0]
    assert whole.rejected == 0


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("source", {"web": 2, "fair": 1}),
        ("campaign", {"C1": 1, None: 2}),
        ("team", {"north": 1, "south": 1, None: 1}),
        ("persona", {"maker": 1, "": 1, None: 1}),
        ("month", {month_number(_on(0).date()): 2, month_number(_on(40).date()): 1}),
        ("quarter", {2026 * 4: 3}),
    ],
)
def test_groups_leads(seen: Seen, by: str, wanted: dict[Any, int]) -> None:
    found = {key: row.counts[Stage.LEAD] for key, row in seen.by(by).items()}
    assert found == wanted


def _joined(books: Books, as_of: dt.date) -> list[tuple[str, dt.datetime]]:
    joined = touches_known(View(books, as_of)).joined
    rows = books.run(joined.order_by("touched_at")).to_pylist()
    return [(row["lead_id"], row["touched_at"]) for row in rows]


def test_a_visitor_joins_the_lead_as_which_it_became_known(books: Books) -> None:
    """V1 became L1 on the first day and L2 on the next; V2 never told who it is."""
    assert _joined(books, AS_OF) == [("L1", _on(-9)), ("L2", _on(0.5)), ("L2", _on(30))]
    (counted,) = books.run(touches_known(View(books, AS_OF)).by_campaign()).to_pylist()
    assert counted == {"campaign_id": None, "touches": 6, "known": 5, "joined": 3}


def test_a_visitor_is_nobody_before_it_became_known(books: Books) -> None:
    assert _joined(books, _on(-1).date()) == []


def test_win_rates_are_those_of_the_month_of_closing(seen: Seen) -> None:
    march, april = (month_number(_on(days).date()) for days in (60, 90))
    assert closings(seen.books.run, seen.leads) == (Closing(march, 1, 0), Closing(april, 0, 1))


def test_stages_that_nobody_records_stand_apart(books: Books) -> None:
    seen = _seen(books, _on(5).date())
    recorded = stages_recorded(books.run, seen.leads)
    assert recorded == STAGES[:4]
    assert [each.end for each in steps_between(recorded)] == list(STAGES[:4])
