"""Promises: what each side owes the other, and how often it was kept.

A promise is measured over the days on which the agreement is in force, up to the as-of day. What
is not due yet does not count. What the books hold no table for is unknown, not broken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from types import MappingProxyType
from typing import Protocol

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Promise, Side
from counterpoise.agreement.quantities import Duration
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.ledger.fiscal import whole_periods
from counterpoise.ledger.handoff import clock_for, is_in_time, kept_in_time, with_waiting
from counterpoise.ledger.lead_personas import meets_a_persona
from counterpoise.ledger.period import Period
from counterpoise.ledger.totals import ratio
from counterpoise.ledger.working_time import Span


class PromiseStatus(StrEnum):
    """How a promise stands."""

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PromiseState:
    """A promise, the share of times it was kept, how often it was due, and what was enough.

    Args:
        kept: A share; None where nothing was due.
        enough: The share at which it counts as kept.
        why: Why it is unknown.
    """

    id: str
    side: Side
    metric: str
    kept: Decimal | None
    due: int
    enough: Decimal
    status: PromiseStatus
    why: str = ""


@dataclass(frozen=True)
class _Asked:
    """A promise, the side that made it, and the period in which it is measured."""

    promise: Promise
    side: Side
    period: Period


Counted = tuple[Decimal | None, int]
"""The share that was kept, and of how many."""


class _Measure(Protocol):
    """How a promise is measured, and on which rows."""

    def counted(self, asked: _Asked) -> Counted:
        """Return the share that was kept, and of how many."""

    def cases(self, asked: _Asked) -> ir.Table:
        """Return the rows with `is_kept`; NULL where that is unknown or not due."""


def promise_states(period: Period) -> tuple[PromiseState, ...]:
    """Measure every promise of both sides, and the times that hand-off and approvals promise."""
    return tuple(
        promise_state(promise, side, period) for side, promise in period.agreement.promises
    )


def promise_state(promise: Promise, side: Side, period: Period) -> PromiseState:
    """Measure one promise of a side over a period."""
    asked = _Asked(promise, side, period)
    measure, needs = _MEASURES[promise.metric]
    enough = _enough(asked)
    if why := _why_not(needs, period):
        return PromiseState(
            promise.id, asked.side, promise.metric, None, 0, enough, PromiseStatus.UNKNOWN, why
        )
    kept, due = measure.counted(asked)
    status, why = _judged(kept, enough, at_most=promise.at_most is not None)
    return PromiseState(promise.id, asked.side, promise.metric, kept, due, enough, status, why)


def promise_cases(promise: Promise, side: Side, period: Period) -> ir.Table:
    """Return the rows that a measured promise is counted on.

    Grain: a lead, deal, request or tool of the period. Adds `is_kept`, NULL where that is unknown
    or not due; of what is counted by month or the like, whether its whole period reached the count.
    """
    return _MEASURES[promise.metric][0].cases(_Asked(promise, side, period))


def promise_counts(
    promise: Promise, side: Side, period: Period
) -> tuple[tuple[dt.date, dt.date, int], ...]:
    """Return the count of each whole period of a promise that is kept by count; else nothing."""
    measure = _MEASURES[promise.metric][0]
    asked = _Asked(promise, side, period)
    return measure.counts(asked) if isinstance(measure, _ByPeriod) else ()


def _why_not(needs: tuple[str, ...], period: Period) -> str:
    if period.last < period.first:
        return "the agreement is not in force yet"
    missing = [name for name in needs if not period.view.books.has(name)]
    return f"the books hold no {missing[0].replace('_', ' ')}" if missing else ""


def _enough(asked: _Asked) -> Decimal:
    """Return the share that keeps a promise: its own where it is one, else the agreed one."""
    target = asked.promise.at_least if asked.promise.at_least is not None else asked.promise.at_most
    is_share = isinstance(target, Decimal) and asked.promise.every is None
    return (
        target
        if is_share and isinstance(target, Decimal)
        else asked.period.agreement.watch.promises_kept
    )


def _judged(kept: Decimal | None, enough: Decimal, *, at_most: bool) -> tuple[PromiseStatus, str]:
    if kept is None:
        return PromiseStatus.UNKNOWN, "nothing was due yet"
    is_kept = kept <= enough if at_most else kept >= enough
    return (PromiseStatus.KEPT if is_kept else PromiseStatus.BROKEN), ""


@dataclass(frozen=True)
class _ByPeriod:
    """How often a count within a period reached what was promised; whole periods count."""

    rows: Callable[[Period], ir.Table]
    at: str

    def counted(self, asked: _Asked) -> Counted:
        counts = self.counts(asked)
        kept = sum(_reaches(asked.promise, each) for _, _, each in counts)
        return ratio(kept, len(counts)), len(counts)

    def counts(self, asked: _Asked) -> tuple[tuple[dt.date, dt.date, int], ...]:
        period, promise = asked.period, asked.promise
        assert promise.every is not None
        starts = period.agreement.company.fiscal_year_starts
        spans = whole_periods(period.first, period.last, promise.every, starts)
        rows = self.rows(period)
        days = rows.group_by(day=rows[self.at].date()).aggregate(rows=ibis._.count())
        by_day = {row["day"]: row["rows"] for row in period.view.books.run(days).to_pylist()}
        return tuple((*span, _between(by_day, *span)) for span in spans)

    def cases(self, asked: _Asked) -> ir.Table:
        rows = self.rows(asked.period)
        day = rows[self.at].date()
        missed = [
            day.between(ibis.literal(first), ibis.literal(last))
            for first, last, count in self.counts(asked)
            if not _reaches(asked.promise, count)
        ]
        is_missed = reduce(lambda one, other: one | other, missed, ibis.literal(False))
        return rows.mutate(is_kept=~is_missed)


def _between(by_day: Mapping[dt.date, int], first: dt.date, last: dt.date) -> int:
    return sum(rows for day, rows in by_day.items() if first <= day <= last)


def _reaches(promise: Promise, count: int) -> bool:
    if isinstance(promise.at_least, Decimal):
        return count >= promise.at_least
    return isinstance(promise.at_most, Decimal) and count <= promise.at_most


@dataclass(frozen=True)
class _InTime:
    """How often something was done within the promised time."""

    span: Callable[[_Asked], Span]

    def counted(self, asked: _Asked) -> Counted:
        period, within = asked.period, asked.promise.within
        assert isinstance(within, Duration)
        what = self.span(asked)
        clock = clock_for(period.view, period.agreement, what)
        kept, _ = kept_in_time(period.view, clock, what, within)
        return kept.share, kept.due

    def cases(self, asked: _Asked) -> ir.Table:
        view, within = asked.period.view, asked.promise.within
        assert isinstance(within, Duration)
        what = self.span(asked)
        clock = clock_for(view, asked.period.agreement, what)
        timed = with_waiting(view, clock, what, within)
        return timed.mutate(is_kept=is_in_time(timed, clock, within))


@dataclass(frozen=True)
class _Share:
    """The share of rows for which something holds."""

    rows: Callable[[Period], tuple[ir.Table, ir.BooleanValue]]

    def counted(self, asked: _Asked) -> Counted:
        return asked.period.share(*self.rows(asked.period))

    def cases(self, asked: _Asked) -> ir.Table:
        table, holds = self.rows(asked.period)
        return table.mutate(is_kept=holds)


@dataclass(frozen=True)
class _Notice:
    """How often word was given so long before as promised; a promise of no time is never kept."""

    rows: Callable[[Period], ir.Table]

    def counted(self, asked: _Asked) -> Counted:
        kept, due = self._judged(asked)
        return ratio(len(kept), due), due

    def cases(self, asked: _Asked) -> ir.Table:
        rows = self.rows(asked.period)
        kept, _ = self._judged(asked)
        return rows.mutate(is_kept=rows.campaign_id.isin(kept) if kept else ibis.literal(False))

    def _judged(self, asked: _Asked) -> tuple[list[str], int]:
        """Return the ids of those of which word was given in time, and how many there are."""
        at_least = asked.promise.at_least
        calendar = WorkCalendar.of(asked.period.agreement.company)
        rows = asked.period.view.books.run(self.rows(asked.period)).to_pylist()
        kept = [
            row["campaign_id"]
            for row in rows
            if isinstance(at_least, Duration)
            and row["told_on"] is not None
            and calendar.is_notice(row["told_on"], row["starts_on"], at_least)
        ]
        return kept, len(rows)


_Holds = tuple[ir.Table, ir.BooleanValue]


def _accepted(period: Period) -> _Holds:
    leads = period.handed_over
    return leads, leads.verdict == "accepted"


def _lost(period: Period) -> ir.Table:
    closed = period.closed
    return closed.filter(closed.outcome == "lost")


def _with_offer(period: Period) -> _Holds:
    lost = _lost(period)
    return lost, lost.net_amount.notnull()


def _with_loss_reason(period: Period) -> _Holds:
    lost = _lost(period)
    return lost, lost.has_loss_reason


def _discounted(period: Period) -> _Holds:
    closed = period.closed
    discounted = closed.filter(closed.outcome == "won", closed.concession > 0)
    return discounted, _in_bounds(discounted)


def _in_bounds(deals: ir.Table) -> ir.BooleanValue:
    """Tell whether a discount was within authority or approved; NULL where it is unjudged."""
    unknown = (deals.leakage == 0) & (deals.unjudged > 0)
    return ibis.ifelse(unknown, ibis.null("boolean"), deals.leakage == 0)


def _with_tools(period: Period) -> _Holds:
    closed = period.closed
    closed = closed.filter(closed.outcome.isin(["won", "lost"]))
    uses = period.view.seen(period.view.books.table("tool_uses"), "used_at")
    used = uses.filter(uses.deal_id.notnull()).select(used_on="deal_id").distinct()
    joined = closed.left_join(used, closed.deal_id == used.used_on)
    return joined, joined.used_on.notnull()


def _with_reason(period: Period) -> _Holds:
    leads = period.handed_over
    rejected = leads.filter(leads.verdict == "rejected")
    reason = rejected.rejection_reason
    agreed = [each.lower() for each in period.agreement.handoff.reasons]
    named = reason.lower().isin(agreed) if agreed else reason.notnull()
    return rejected, ibis.coalesce(named, ibis.literal(False))


def _approvals(asked: _Asked) -> Span:
    """Return the requests that a role of the promising side answered, or that wait."""
    period = asked.period
    roles = period.agreement.roles
    sides = {asked.side, Side.BOTH}
    own = [name for name, role in roles.items() if role.side in sides]
    rows = period.within(period.view.books.table("approvals"), "requested_at")
    rows = rows.filter(rows.decided_role.isin(own))
    seen = rows.mutate(
        decided_at=ibis.ifelse(
            rows.decided_at < period.view.end, rows.decided_at, ibis.null(rows.decided_at.type())
        )
    )
    return Span(seen, "requested_at", "decided_at")


def requests_for_tools(period: Period) -> ir.Table:
    """Return the requests for tools made in a period, with the answers seen by its as-of day.

    Grain: a request.
    """
    rows = period.within(period.view.books.table("tool_requests"), "asked_at")
    unseen = rows.answered_at >= period.view.end
    return rows.mutate(
        answered_at=ibis.ifelse(unseen, ibis.null(rows.answered_at.type()), rows.answered_at),
        verdict=ibis.ifelse(unseen, ibis.null("string"), rows.verdict),
    )


def _tool_requests(asked: _Asked) -> Span:
    return Span(requests_for_tools(asked.period), "asked_at", "answered_at")


def _questions(asked: _Asked) -> Span:
    """Return the questions of the other side that the promising side owes an answer."""
    period = asked.period
    rows = period.within(period.view.books.table("questions"), "asked_at")
    rows = rows.filter(rows.owner_side == asked.side.value, rows.asker_side != asked.side.value)
    unseen = rows.answered_at >= period.view.end
    answered_at = ibis.ifelse(unseen, ibis.null(rows.answered_at.type()), rows.answered_at)
    return Span(rows.mutate(answered_at=answered_at), "asked_at", "answered_at")


def _notices(period: Period) -> ir.Table:
    table = period.view.books.table("campaign_notices")
    return table.filter(_in_days(table.starts_on, period))


def _held(period: Period) -> _Holds:
    """Return the joint reviews that were due; nobody closes one without somebody of each side."""
    table = period.view.books.table("joint_reviews")
    due = table.filter(_in_days(table.due_on, period))
    return due, due.outcome == "held"


def _in_days(day: ir.Value, period: Period) -> ir.BooleanValue:
    within: ir.BooleanValue = (day >= ibis.literal(period.first)) & (
        day <= ibis.literal(period.last)
    )
    return within


def _until(done: str) -> Callable[[_Asked], Span]:
    return lambda asked: Span(asked.period.handed_over, "handed_over_at", done)


def _qualified(period: Period) -> ir.Table:
    leads = period.handed_over
    return leads.filter(leads.qualified_at.notnull())


def _tools(period: Period) -> ir.Table:
    return period.within(period.view.books.table("tools"), "created_at")


_MEASURES: Mapping[str, tuple[_Measure, tuple[str, ...]]] = MappingProxyType(
    {
        "qualified_leads": (_ByPeriod(_qualified, "handed_over_at"), ("leads",)),
        "lead_acceptance": (_Share(_accepted), ("leads",)),
        "persona_share_of_leads": (_Share(meets_a_persona), ("leads", "accounts")),
        "new_tools": (_ByPeriod(_tools, "created_at"), ("tools",)),
        "lead_response": (_InTime(_until("first_response_at")), ("leads",)),
        "lead_verdict": (_InTime(_until("verdict_at")), ("leads",)),
        "rejection_reason_given": (_Share(_with_reason), ("leads",)),
        "lost_offers_recorded": (_Share(_with_offer), ("deals",)),
        "loss_reason_recorded": (_Share(_with_loss_reason), ("deals",)),
        "discounts_in_bounds": (_Share(_discounted), ("deals",)),
        "tool_request_answered": (_InTime(_tool_requests), ("tool_requests",)),
        "question_answered": (_InTime(_questions), ("questions",)),
        "campaign_notice": (_Notice(_notices), ("campaign_notices",)),
        "review_attended": (_Share(_held), ("joint_reviews",)),
        "tools_used": (_Share(_with_tools), ("deals", "tool_uses")),
        "approval_answered": (_InTime(_approvals), ("approvals",)),
    }
)
"""How each promise is measured, and the tables without which it is unknown."""
