"""Hand-off: what became of the leads that marketing handed over, in the agreement's working time.

A lead that is not yet due is not counted; one that is overdue without an answer is missed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.quantities import Duration
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.books.facts import View
from counterpoise.books.schema import Kind
from counterpoise.ledger.totals import ratio
from counterpoise.ledger.working_time import Clock, Span, took, waited_until

_HOUR = 3600


@dataclass(frozen=True)
class Kept:
    """How often something was done in time, of what was due."""

    kept: int
    due: int

    @property
    def share(self) -> Decimal | None:
        """Return the share that was done in time."""
        return ratio(self.kept, self.due)


@dataclass(frozen=True)
class Handoff:
    """The hand-over of leads up to the as-of day.

    Without a promised time `response` is None and every lead without an answer is `unanswered`;
    with one only the overdue are, and the others are `not_yet_due`.
    """

    handed_over: int
    accepted: int
    rejected: int
    median_response_hours: Decimal | None
    unanswered: int
    not_yet_due: int
    response: Kept | None
    promised: str | None


def handed_over(view: View) -> ir.Table:
    """Return the leads handed over by the as-of day, with answers and verdicts seen by then.

    Grain: a lead.
    """
    leads = view.books.table("leads")
    leads = leads.filter(leads.handed_over_at < view.end)
    judged = leads.verdict_at.isnull() | (leads.verdict_at < view.end)
    return leads.mutate(
        first_response_at=_seen(view, leads.first_response_at),
        verdict=ibis.ifelse(judged, leads.verdict, ibis.null("string")),
        verdict_at=_seen(view, leads.verdict_at),
    )


def clock_for(view: View, agreement: Agreement | None, span: Span) -> Clock:
    """Return the working time over the days from the earliest start to the as-of day."""
    first = span.table.aggregate(first=span.table[span.start].min())
    earliest: dt.datetime | None = view.books.run(first).to_pylist()[0]["first"]
    calendar = WorkCalendar.of(agreement.company) if agreement else WorkCalendar()
    day = min(earliest.date(), view.as_of) if earliest else view.as_of
    return Clock(calendar, day, view.as_of + dt.timedelta(days=1))


def with_waiting(view: View, clock: Clock, span: Span, within: Duration) -> ir.Table:
    """Add `took`, seconds until done (NULL where it is not), and `waited`, until the present.

    Seconds are those of the clock on which the promised time runs.
    """
    return waited_until(clock, span, view.end, within)


def is_in_time(timed: ir.Table, clock: Clock, within: Duration) -> ir.BooleanValue:
    """Tell of rows as `with_waiting` gives them what was in time; NULL where it is not due yet."""
    limit = clock.seconds(within)
    not_due = ibis.ifelse(timed.waited > limit, ibis.literal(False), ibis.null("boolean"))
    found: ir.BooleanValue = ibis.coalesce(timed.took <= limit, not_due)
    return found


def kept_in_time(view: View, clock: Clock, span: Span, within: Duration) -> tuple[Kept, int]:
    """Count what was done within a promised time, of what was due, and what is overdue and undone.

    Args:
        view: The books, and the day whose end is the present.
        clock: Working time from the earliest start on.
        span: What was to be done.
        within: The promised time.
    """
    limit = clock.seconds(within)
    timed = with_waiting(view, clock, span, within)
    overdue = timed.took.isnull() & (timed.waited > limit)
    row = view.books.run(
        timed.aggregate(
            kept=(timed.took <= limit).sum(),
            late=(timed.took > limit).sum(),
            overdue=overdue.sum(),
        )
    ).to_pylist()[0]
    kept, late, undone = (row[name] or 0 for name in ("kept", "late", "overdue"))
    return Kept(kept, kept + late + undone), undone


def handoff(view: View, agreement: Agreement | None) -> Handoff:
    """Measure the hand-over of leads.

    Args:
        view: The books as of a day; without leads every figure is nothing.
        agreement: Whose working time and promised time count.
    """
    promised = agreement.handoff.first_response_within if agreement else None
    if not view.books.has("leads"):
        return _nothing(promised)
    span = Span(handed_over(view), "handed_over_at", "first_response_at")
    clock = clock_for(view, agreement, span)
    timed = took(clock, span, working=True)
    row = view.books.run(
        timed.aggregate(
            handed_over=timed.count(),
            median=timed.took.cast("float64").median(),
            silent=timed.first_response_at.isnull().sum(),
            accepted=(timed.verdict == "accepted").sum(),
            rejected=(timed.verdict == "rejected").sum(),
        )
    ).to_pylist()[0]
    silent, median = row["silent"] or 0, row["median"]
    response, overdue = kept_in_time(view, clock, span, promised) if promised else (None, silent)
    return Handoff(
        handed_over=row["handed_over"],
        accepted=row["accepted"] or 0,
        rejected=row["rejected"] or 0,
        median_response_hours=None if median is None else Decimal(repr(float(median))) / _HOUR,
        unanswered=overdue,
        not_yet_due=silent - overdue,
        response=response,
        promised=str(promised) if promised else None,
    )


def _nothing(promised: Duration | None) -> Handoff:
    return Handoff(
        handed_over=0,
        accepted=0,
        rejected=0,
        median_response_hours=None,
        unanswered=0,
        not_yet_due=0,
        response=Kept(0, 0) if promised else None,
        promised=str(promised) if promised else None,
    )


def _seen(view: View, at: ir.TimestampValue) -> ir.TimestampValue:
    return ibis.ifelse(at < view.end, at, ibis.null(Kind.INSTANT.dtype))
