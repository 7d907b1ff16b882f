"""Behind a figure: the deals that a replay counts, with both answers, for pages to filter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from counterpoise.rehearse.answering import Answers
from counterpoise.rehearse.counting import Counting
from counterpoise.rehearse.exact import UNITS
from counterpoise.rehearse.offers import ENDED, FIGURES, SMALLEST_CUT
from counterpoise.rehearse.results import Behaviour

_OF_DEAL = (
    "deal_id",
    "outcome",
    "day",
    "owner_id",
    "campaign_id",
    "list_amount",
    "net_amount",
    "concession",
)


@dataclass(frozen=True)
class Behind:
    """A figure of a replay, by what its deals have in common; what is None is not asked.

    Attributes:
        changed: Whether the answer differs.
        was, now: The answer, as `Answer.says` writes it.
        was_verdict, now_verdict: The verdict alone.
        asked, asks: A role that must approve: under the agreement of the day, under the candidate.
        week: The Monday of the week in which the deal closed.
        newly_excluded, newly_stopped: True for what only the candidate excludes, or its floor
            stops; False for what only the agreement of the day does.
        group: The name of a grouping and a key of it, None for the group without one.
        cut: What sellers are taken to do, for the won and lost offers that the candidate cuts.
    """

    changed: bool | None = None
    was: str | None = None
    now: str | None = None
    was_verdict: str | None = None
    now_verdict: str | None = None
    asked: str | None = None
    asks: str | None = None
    week: dt.date | None = None
    newly_excluded: bool | None = None
    newly_stopped: bool | None = None
    group: tuple[str, str | None] | None = None
    cut: Behaviour | None = None


def told_deals(counting: Counting) -> pa.Table:
    """Return the past deals with both answers.

    Grain: a closed deal. Columns: `deal_id`, `outcome`, `day`, `owner_id`, `campaign_id`, `week`
    (the Monday; NULL where nobody knows the day), `list_amount`, `net_amount`, `concession`,
    `by__NAME` (the key of each grouping, as text), `changed`, and for both answers, `was` under
    the agreement of the day and `now` under the candidate: the answer in words, `…_verdict`,
    `…_clause` (NULL where several rows may decide), `…_asks` (the roles that must approve, between
    bars: `|a|b|`), `…_excluded` and `…_stopped` (by the floor); `cut__BEHAVIOUR`, the money that
    the candidate surely takes off the concession.
    """
    past = counting.past
    table = past.table.select(_OF_DEAL)
    for name, (codes, keys) in counting.keys.items():
        column = _picked(keys, pa.array(codes.astype(np.int32)))
        table = table.append_column(f"by__{name}", column)
    mondays = [past.monday(week) for week in range(past.weeks)]
    weeks = pa.array(past.week, mask=~past.dated).cast(pa.int32())
    table = table.append_column("week", _picked(mondays, weeks, pa.date32()))
    table = table.append_column("changed", pa.array(counting.changed))
    for side, answers in (("was", counting.was), ("now", counting.now)):
        for name, column in _told(answers).items():
            table = table.append_column(side + name, column)
    for behaviour, figure in FIGURES.items():
        cut = counting.now.over(figure, lenient=True) / UNITS
        table = table.append_column(f"cut__{behaviour}", pa.array(cut))
    return table


def deals_behind(deals: pa.Table, figure: Behind) -> ir.Table:
    """Return the deals behind a figure.

    Args:
        deals: As `told_deals` returns them.
        figure: Which of them.
    """
    rows = ibis.memtable(deals)
    tests = [*_answers(rows, figure), *_newly(rows, figure)]
    if figure.week is not None:
        tests.append(rows.week == ibis.literal(figure.week))
    if figure.group is not None:
        tests.append(_in_group(rows, *figure.group))
    if figure.cut is not None:
        tests += _cut(rows, figure.cut)
    return rows.filter(*tests) if tests else rows


def _answers(rows: ir.Table, figure: Behind) -> list[ir.BooleanValue]:
    equal = ("changed", "was", "now", "was_verdict", "now_verdict")
    wanted = {name: getattr(figure, name) for name in equal}
    tests = [rows[name] == value for name, value in wanted.items() if value is not None]
    for side, role in (("was", figure.asked), ("now", figure.asks)):
        if role is not None:
            tests.append(rows[f"{side}_asks"].contains(f"|{role}|"))
    return tests


def _newly(rows: ir.Table, figure: Behind) -> list[ir.BooleanValue]:
    tests = []
    for name, is_new in (("excluded", figure.newly_excluded), ("stopped", figure.newly_stopped)):
        if is_new is not None:
            tests += [rows[f"now_{name}"] == is_new, rows[f"was_{name}"] == (not is_new)]
    return tests


def _in_group(rows: ir.Table, name: str, key: str | None) -> ir.BooleanValue:
    column = rows[f"by__{name}"]
    return column.isnull() if key is None else column == key


def _cut(rows: ir.Table, behaviour: Behaviour) -> list[ir.BooleanValue]:
    least = rows.list_amount.cast("float64") * SMALLEST_CUT
    return [rows[f"cut__{behaviour}"] > least, rows.outcome.isin(ENDED)]


def _told(answers: Answers) -> dict[str, pa.Array]:
    """Return the columns of one side, by what stands after its name."""
    codes = pa.array(answers.codes.astype(np.int32))
    told = answers.told
    return {
        "": _picked([each.answer.says for each in told], codes),
        "_verdict": _picked([each.answer.verdict.value for each in told], codes),
        "_clause": _picked([each.clause for each in told], codes),
        "_asks": _picked([_barred(each.answer.roles) for each in told], codes),
        "_excluded": _flags([each.is_excluded for each in told], answers),
        "_stopped": _flags([each.is_stopped for each in told], answers),
    }


def _picked(values: list[Any], codes: pa.Array, dtype: pa.DataType | None = None) -> pa.Array:
    """Return for each code the value that stands there."""
    return pa.array(values, type=dtype or pa.string()).take(codes)


def _flags(flags: list[bool], answers: Answers) -> pa.Array:
    return pa.array(np.array(flags)[answers.codes])


def _barred(roles: Sequence[str]) -> str:
    return "".join(f"|{role}" for role in roles) + "|" if roles else ""
