"""The rows behind contra-effects, power and tools that open to a person, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import ibis.expr.types as ir
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.web.access import EVERYTHING, Scope
from counterpoise.web.results.figures import meant, turn
from counterpoise.web.results.filters import EVERY_DEAL
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.results.scores import POWER_ROWS, TOGETHER_ROWS
from counterpoise.web.results.tools import TOOL_ROWS

A_PAGE = 50
LAST_PAGE = 200
NO_ROLE = "(unknown)"
"""Stands in addresses for a role that nobody knows."""
_LONGEST = 200

Test = Callable[[ir.Table, str], ir.BooleanValue]


@dataclass(frozen=True)
class Behind:
    """A kind of rows: their table, what they are narrowed by, and what is shown of each.

    `shown` are columns with their labels and units, `tests` by the name in an address.
    """

    title: str
    table: str
    back: str
    tests: Mapping[str, Test]
    shown: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class BehindPage:
    """A page of rows."""

    kind: Behind
    says: tuple[str, ...]
    rows: list[Mapping[str, Any]]
    opened: int
    everywhere: int
    is_everything: bool
    first: int
    last: int
    earlier: str
    later: str


def behind_url(name: str, **asked: str) -> str:
    """Return the address of the rows of a kind that are like this."""
    return f"{reverse('ledger:behind', args=[name])}?{urlencode(asked)}"


def behind_page(
    kept: KeptReview, name: str, query: QueryDict, number: int, scope: Scope
) -> BehindPage | None:
    """Return a page of rows, an empty one where the review kept none; None for no known kind.

    Raises:
        LockHeldError: If too many questions wait.
    """
    kind = KINDS.get(name)
    if kind is None:
        return None
    written = {each: query.get(each, "").replace("\x00", "")[:_LONGEST] for each in kind.tests}
    asked = {each: value for each, value in written.items() if value}
    if not kept.tables.has(kind.table):
        return _nothing(kind, asked, scope)
    rows = kept.tables.table(kind.table)
    tests = [kind.tests[each](rows, value) for each, value in asked.items()]
    rows = rows.filter(tests) if tests else rows
    offset = (number - 1) * A_PAGE
    with turn():
        everywhere = _count(kept, rows)
        opening = _opening(kept, kind, rows, scope)
        opened = everywhere if scope == EVERYTHING else _count(kept, opening)
        found = kept.tables.run(opening.limit(A_PAGE, offset=offset)).to_pylist()
    is_last = offset + A_PAGE >= opened or number >= LAST_PAGE
    return BehindPage(
        kind=kind,
        says=tuple(_said(each, value) for each, value in asked.items()),
        rows=[_row(kind, each) for each in found],
        opened=opened,
        everywhere=everywhere,
        is_everything=scope == EVERYTHING,
        first=offset + 1 if found else 0,
        last=offset + len(found),
        earlier=behind_url(name, **asked, page=str(number - 1)) if number > 1 else "",
        later="" if is_last else behind_url(name, **asked, page=str(number + 1)),
    )


def _nothing(kind: Behind, asked: Mapping[str, str], scope: Scope) -> BehindPage:
    said = tuple(_said(each, value) for each, value in asked.items())
    return BehindPage(kind, said, [], 0, 0, scope == EVERYTHING, 0, 0, "", "")


def _opening(kept: KeptReview, kind: Behind, rows: ir.Table, scope: Scope) -> ir.Table:
    """Lay the rows beside the deals that open."""
    deals = meant(kept, EVERY_DEAL, scope)
    told = deals.select(
        of_deal="deal_id",
        deal_name="name",
        account="account__name",
        outcome="outcome",
        day="day",
        net_amount="net_amount",
    )
    own = rows.select("deal_id", *(column for column, _, _ in kind.shown))
    joined = own.inner_join(told, own.deal_id == told.of_deal)
    return joined.order_by([joined.day.desc(nulls_first=False), joined.deal_id, *_ties(kind)])


def _ties(kind: Behind) -> list[str]:
    return [column for column, _, _ in kind.shown]


def _count(kept: KeptReview, rows: ir.Table) -> int:
    return int(kept.tables.run(rows.count().name("n").as_table())["n"][0].as_py())


def _row(kind: Behind, found: Mapping[str, Any]) -> Mapping[str, Any]:
    values = [(found[column], unit) for column, _, unit in kind.shown]
    return {**found, "values": values}


def _said(name: str, value: str) -> str:
    return f"{_WORDS.get(name, name.replace('_', ' '))}: {value.replace('_', ' ')}"


_WORDS = {
    "touched": "Touched before it began",
    "rate": "Rate",
    "rate_before": "Rate of the deal before",
    "decider_role": "Decided by",
    "asker_role": "Asked by",
    "verdict": "Verdict",
    "beyond": "Beyond rights",
    "state": "State",
    "about": "About",
}


def _is_known(column: str) -> Test:
    return lambda rows, value: rows[column].notnull() == (value == "known")


def _is_role(column: str) -> Test:
    def test(rows: ir.Table, value: str) -> ir.BooleanValue:
        found: ir.BooleanValue = rows[column] == value
        return rows[column].isnull() if value == NO_ROLE else found

    return test


def _is_beyond(rows: ir.Table, value: str) -> ir.BooleanValue:
    column = {"without_right": "has_no_right", "above": "is_above"}.get(value, "is_own")
    found: ir.BooleanValue = rows[column]
    return found


def _verdict(rows: ir.Table, value: str) -> ir.BooleanValue:
    found: ir.BooleanValue = rows.verdict == value
    return found


def _is_about(rows: ir.Table, value: str) -> ir.BooleanValue:
    found: ir.BooleanValue = rows.subject == value
    return found


def _state(rows: ir.Table, value: str) -> ir.BooleanValue:
    found: ir.BooleanValue = rows.is_waiting == (value == "waiting")
    return found


def _tool(rows: ir.Table, value: str) -> ir.BooleanValue:
    found: ir.BooleanValue = rows.tool_id == value
    return found


def _touched(rows: ir.Table, value: str) -> ir.BooleanValue:
    found: ir.BooleanValue = rows.touched == (value == "yes")
    return found


KINDS: Mapping[str, Behind] = MappingProxyType(
    {
        "together": Behind(
            title="Deals that are compared",
            table=TOGETHER_ROWS,
            back="ledger:together",
            tests=MappingProxyType(
                {
                    "touched": _touched,
                    "rate": _is_known("rate"),
                    "rate_before": _is_known("rate_before"),
                }
            ),
            shown=(
                ("touched", "Touched before", "flag"),
                ("rate", "Rate", "rate"),
                ("rate_before", "Rate of the deal before", "rate"),
            ),
        ),
        "power": Behind(
            title="Requests for approval",
            table=POWER_ROWS,
            back="ledger:power",
            tests=MappingProxyType(
                {
                    "decider_role": _is_role("decider_role"),
                    "asker_role": _is_role("asker_role"),
                    "verdict": _verdict,
                    "beyond": _is_beyond,
                    "state": _state,
                    "about": _is_about,
                }
            ),
            shown=(
                ("subject", "About", "text"),
                ("value", "Asked", "value"),
                ("asker_role", "By", "text"),
                ("decider_role", "Decided by", "text"),
                ("verdict", "Answer", "text"),
                ("hours", "Working hours", "hours"),
            ),
        ),
        "tools": Behind(
            title="Deals with a tool",
            table=TOOL_ROWS,
            back="tools:what_helps",
            tests=MappingProxyType({"tool": _tool}),
            shown=(("title", "Tool", "text"), ("times", "Uses", "times")),
        ),
    }
)
