"""Tools and what goes with them, by hand and where the truth is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from counterpoise.books.facts import View
from counterpoise.ledger.contra_deals import compared
from counterpoise.ledger.tools import FEW_USED, ToolsReport, tools_object, tools_report
from tests.ledger.fit_rows import judged, sold
from tests.ledger.small_books import memory_books

AS_OF = dt.date(2026, 6, 30)
MADE = dt.datetime(2026, 1, 5)


def tool(tool_id: str, **more: Any) -> dict[str, Any]:
    return {"tool_id": tool_id, "title": f"Tool {tool_id}", "created_at": MADE, **more}


def used(tool_id: str, number: int | None) -> dict[str, Any]:
    deal_id = None if number is None else f"D{number}"
    return {"tool_id": tool_id, "used_at": dt.datetime(2026, 2, 1), "deal_id": deal_id}


def reported(deals: list[dict[str, Any]], **tables: Any) -> ToolsReport:
    view = View(memory_books(deals=[{"deal_id": "D"}], **tables), AS_OF)
    table = judged(deals)
    return tools_report(view, table, compared(view, table))


def rival(number: int, outcome: str, competitor: str | None, family: str = "Pumps") -> Any:
    facts = {"competitor": competitor, "product_family": family, "net_amount": 100}
    return sold(f"D{number}", f"A{number}", "", outcome=outcome, **facts)


def test_names_who_wins_where_no_tool_is_made() -> None:
    deals = [
        *(rival(number, "lost", "Delta") for number in range(4)),
        rival(4, "won", "Delta"),
        *(rival(number, "lost", "Gamma") for number in range(5, 8)),
        *(rival(number, "lost", "Delta", "Valves") for number in range(8, 10)),  # two are few
        rival(10, "lost", None),
    ]
    found = reported(deals, tools=[tool("T1", competitor="gamma")])
    assert [(gap.competitor, gap.product_family, gap.decided, gap.lost) for gap in found.gaps] == [
        ("Delta", "Pumps", 5, 4)
    ]
    assert found.gaps[0].lost_amount == 400
    assert [gap.competitor for gap in reported(deals).gaps] == ["Delta", "Gamma"]


def test_tells_nothing_of_tools_without_tools() -> None:
    found = reported([rival(0, "won", None)])
    assert (found.why, found.used, found.unused) == ("The books hold no tools.", (), ())


def test_counts_uses_and_names_what_nobody_used() -> None:
    deals = [rival(number, "won", None) for number in range(4)]
    uses = [used("T1", 0), used("T1", 0), used("T1", 1), used("T1", None), used("T1", 9)]
    found = reported(deals, tools=[tool("T1"), tool("T2")], tool_uses=uses)
    (one,) = found.used
    assert (one.uses, one.deals, one.others, one.why) == (5, 2, 2, FEW_USED)
    assert [(each.tool_id, each.made_on) for each in found.unused] == [("T2", "2026-01-05")]
    assert tools_object(found)["used"][0]["wins"] is None


@pytest.fixture(scope="module")
def known() -> ToolsReport:
    """Report a company in which T1 adds 20 points of wins and takes 3 points of rate, T2 nothing.

    Small deals win more often anyway, and T1 is used on them more.
    """
    random = np.random.default_rng(5)
    deals, uses = [], []
    for number in range(4_000):
        is_small = random.random() < 0.5
        with_one = random.random() < (0.5 if is_small else 0.2)
        with_two = random.random() < 0.3
        won = random.random() < 0.3 + 0.2 * is_small + 0.2 * with_one
        rate = 0.10 + 0.02 * is_small - 0.03 * with_one + random.normal(0, 0.02)
        deals.append(
            sold(
                f"D{number}",
                f"A{number // 4}",
                "",
                outcome="won" if won else "lost",
                account__segment="Small" if is_small else "Large",
                product_family="Pumps",
                list_amount=1_000,
                net_amount=round(1_000 * (1 - rate), 2),
            )
        )
        uses += [used("T1", number)] * with_one + [used("T2", number)] * with_two
    tools = [tool("T1", product_family="Pumps"), tool("T2")]
    return reported(deals, tools=tools, tool_uses=uses)


def test_finds_what_goes_with_a_tool_at_the_same_mix(known: ToolsReport) -> None:
    found = {each.tool_id: each for each in known.used}
    one, two = found["T1"], found["T2"]
    assert one.wins is not None
    assert one.rate is not None
    assert one.wins.low < 0.20 < one.wins.high
    assert one.wins.is_clear_of_zero
    assert one.rate.low < -0.03 < one.rate.high
    assert one.rate.high < 0
    assert two.wins is not None
    assert two.wins.low < 0 < two.wins.high
    assert not one.is_small
