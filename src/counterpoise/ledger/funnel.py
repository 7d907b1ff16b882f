"""Funnel: from touches through leads to deals won, how many came how far, and how long it took.

A stage that the books never record stands apart, and times run between those that they do. Win
rates are those of the period in which deals were closed: the leads of a period that is not old
enough have won little yet, and would look worse than they are.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from counterpoise.ledger.cohorts import Cohorts, cohorts
from counterpoise.ledger.fiscal import MONTHS_A_QUARTER, month_number_expr
from counterpoise.ledger.funnel_leads import STAGES, Stage, at, is_at
from counterpoise.ledger.totals import ZERO, ratio

Run = Callable[[ir.Table], pa.Table]

TOUCHED = "touched"
"""What stands before the first stage: a lead's first touch."""

BY: Mapping[str, str] = MappingProxyType(
    {
        "campaign": "campaign_id",
        "source": "source",
        "persona": "persona",
        "team": "team",
        "month": "month",
        "quarter": "month",
    }
)
"""What leads can be grouped by, and the column of each; a cohort is a month or a quarter."""

OWNER = "owner"
"""What they can be grouped by for those to whom these people's figures open."""

COLUMNS: Mapping[str, str] = MappingProxyType({**BY, OWNER: "owner_id"})

_SECONDS_A_DAY = 86_400
_HALF, _LATE = 0.5, 0.9
_MONTHS = 12


@dataclass(frozen=True)
class Step:
    """From one point of the funnel to the next that the books record."""

    start: str
    end: Stage


@dataclass(frozen=True)
class Took:
    """Days from one point to the next, of those that came there: median and 90th percentile.

    `backwards` came to the second before the first: one of the two times is wrong; they count.
    """

    step: Step
    n: int
    median: float | None
    late: float | None
    backwards: int
    mean: float | None


@dataclass(frozen=True)
class FunnelRow:
    """A group of leads: how many came to each stage, what they brought, and how long it took."""

    key: str | int | None
    counts: dict[Stage, int]
    touched: int
    """Leads of which a touch is known."""
    rejected: int
    lost: int
    """Leads whose deal was lost or cancelled."""
    net: Decimal
    took: tuple[Took, ...]

    def share(self, stage: Stage, of: Stage = Stage.LEAD) -> Decimal | None:
        """Return how many came to a stage, of those at another."""
        return ratio(self.counts[stage], self.counts[of])


@dataclass(frozen=True)
class Closing:
    """Deals of leads by the month in which they were closed."""

    month: int | None
    won: int
    lost: int

    @property
    def win_rate(self) -> Decimal | None:
        """Return won over won and lost."""
        return ratio(self.won, self.won + self.lost)


@dataclass(frozen=True)
class Touches:
    """Touches of a campaign, those of leads among them, and those that joined their lead later."""

    campaign_id: str | None
    touches: int
    known: int
    joined: int


@dataclass(frozen=True)
class Funnel:
    """The funnel of some leads, in all and by groupings, their cohorts, and when deals closed.

    `touches` are those of all visitors, by campaign. `deals_without_lead` are deals that no lead
    became, which the funnel does not see.
    """

    stages: tuple[Stage, ...]
    whole: FunnelRow
    by: dict[str, tuple[FunnelRow, ...]]
    closings: tuple[Closing, ...]
    cohorts: Cohorts
    touches: tuple[Touches, ...] = ()
    deals_without_lead: int = 0


def funnel_of(
    run: Run, leads: ir.Table, stages: tuple[Stage, ...], by: Iterable[str], now: Now
) -> Funnel:
    """Count some leads, without what is not theirs.

    Args:
        run: What runs a query.
        leads: As `funnel_leads` gives them.
        stages: Those that the books record.
        by: Names of `BY`.
        now: The present, and the month in which the fiscal year starts.
    """
    steps = steps_between(stages)
    (whole,) = funnel_rows(run, leads, steps)
    return Funnel(
        stages=stages,
        whole=whole,
        by={name: funnel_rows(run, leads, steps, name, now.fiscal_year_starts) for name in by},
        closings=closings(run, leads),
        cohorts=cohorts(run, leads, now.at),
    )


@dataclass(frozen=True)
class Now:
    """The present, and the month in which the fiscal year starts."""

    at: dt.datetime
    fiscal_year_starts: int = 1


def stages_recorded(run: Run, leads: ir.Table) -> tuple[Stage, ...]:
    """Return the stages to which any lead came."""
    (row,) = run(leads.aggregate(**{s: leads[is_at(s)].sum() for s in STAGES})).to_pylist()
    return tuple(stage for stage in STAGES if row[stage] or stage is Stage.LEAD)


def steps_between(stages: Sequence[Stage]) -> tuple[Step, ...]:
    """Return the steps from a first touch through the stages, then from lead to won."""
    steps = [Step(TOUCHED, stages[0])]
    steps += [Step(start, end) for start, end in itertools.pairwise(stages)]
    whole = Step(Stage.LEAD, Stage.WON)
    return (*steps, whole) if Stage.WON in stages and whole not in steps else tuple(steps)


def funnel_rows(
    run: Run, leads: ir.Table, steps: Sequence[Step], by: str | None = None, starts: int = 1
) -> tuple[FunnelRow, ...]:
    """Count leads by stage, in all or by one grouping.

    Args:
        run: What runs a query.
        leads: As `funnel_leads` gives them.
        steps: Whose times are measured.
        by: A name of `COLUMNS`; months and quarters come as numbers.
        starts: The month in which the fiscal year starts, for quarters.
    """
    grouped = leads.group_by(key=_key(leads, by, starts)) if by else leads
    rows = run(grouped.aggregate(**_measures(leads, steps))).to_pylist()
    return tuple(_row(row, steps) for row in rows)


def closings(run: Run, leads: ir.Table) -> tuple[Closing, ...]:
    """Count deals of leads won and lost by the month in which they were closed."""
    closed = leads.filter(leads.is_won | leads.is_lost)
    day = ibis.coalesce(closed.won_at, closed.lost_at).date()
    counted = closed.group_by(month=month_number_expr(day)).aggregate(
        won=closed.deal_id.nunique(where=closed.is_won),
        lost=closed.deal_id.nunique(where=closed.is_lost),
    )
    return tuple(
        sorted((Closing(**row) for row in run(counted).to_pylist()), key=lambda c: c.month or 0)
    )


def _key(leads: ir.Table, by: str, starts: int) -> ir.Value:
    column: ir.Value = leads[COLUMNS[by]]
    if by != "quarter":
        return column
    ahead = (1 - starts) % _MONTHS
    return ((leads.month + ahead) / MONTHS_A_QUARTER).floor().cast("int32")


def _measures(leads: ir.Table, steps: Sequence[Step]) -> dict[str, ir.Value]:
    found: dict[str, ir.Value] = {s: leads[is_at(s)].sum().cast("int64") for s in STAGES}
    found |= {
        "touched": leads.touched_at.count(),
        "rejected": leads.is_rejected.sum().cast("int64"),
        "lost": leads.is_lost.sum().cast("int64"),
        "net": leads.net_amount.sum(),
    }
    for number, step in enumerate(steps):
        seconds = _seconds(leads, step)
        found |= {
            f"n_{number}": seconds.count(),
            f"quantiles_{number}": seconds.quantile([_HALF, _LATE]),
            f"mean_{number}": seconds.mean(),
            f"backwards_{number}": (seconds < 0).sum().cast("int64"),
        }
    return found


def _seconds(leads: ir.Table, step: Step) -> ir.FloatingValue:
    start, end = leads[f"{step.start}_at"], leads[at(step.end)]
    found: ir.FloatingValue = end.delta(start, unit="second").cast("float64")
    return found


def _row(row: Mapping[str, Any], steps: Iterable[Step]) -> FunnelRow:
    return FunnelRow(
        key=row.get("key"),
        counts={stage: row[stage] or 0 for stage in STAGES},
        touched=row["touched"],
        rejected=row["rejected"] or 0,
        lost=row["lost"] or 0,
        net=row["net"] or ZERO,
        took=tuple(_took(row, number, step) for number, step in enumerate(steps)),
    )


def _took(row: Mapping[str, Any], number: int, step: Step) -> Took:
    median, late = row[f"quantiles_{number}"] or (None, None)
    return Took(
        step=step,
        n=row[f"n_{number}"],
        median=_days(median),
        late=_days(late),
        backwards=row[f"backwards_{number}"] or 0,
        mean=_days(row[f"mean_{number}"]),
    )


def _days(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / _SECONDS_A_DAY
