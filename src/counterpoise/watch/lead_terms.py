"""What was agreed about leads on the day of their hand-over: time to answer, to judge, personas.

A lead stays under the agreement of its day. Versions that say the same about leads are read as one.
On days without any agreement in force nothing was due.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Iterator
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.quantities import Duration
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.ledger.handoff import is_in_time, with_waiting
from counterpoise.ledger.lead_personas import meets_a_persona
from counterpoise.ledger.working_time import Clock, Span
from counterpoise.watch.watched import Watched

_DAY = dt.timedelta(days=1)
Days = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Promised:
    """What an agreement promises about a lead; None where it says nothing.

    Attributes:
        response: The time to a first response.
        verdict: The time to a verdict, from the hand-over on.
    """

    response: Duration | None
    verdict: Duration | None


def promised(agreement: Agreement) -> Promised:
    """Return what an agreement promises: its hand-off, else what sales promised."""
    made = {each.metric: each.within for each in agreement.promises.sales}
    return Promised(
        agreement.handoff.first_response_within or made.get("lead_response"),
        agreement.handoff.verdict_within or made.get("lead_verdict"),
    )


def under_terms(watched: Watched, first: dt.date) -> ir.Table:
    """Return the leads handed over from a day on, by what was agreed on the day of each.

    Grain: a lead. Adds `day`, `is_inside`, `is_late`, `is_silent` and `is_overdue`.
    """
    parts = [_under(watched, each) for each in _terms(watched, first)]
    return functools.reduce(lambda one, other: one.union(other), parts)


@dataclass(frozen=True)
class _Terms:
    """An agreement, and the days on which what it says about leads held, both ends inclusive."""

    agreement: Agreement
    days: tuple[Days, ...]
    is_agreed: bool

    @property
    def key(self) -> tuple[object, ...]:
        """Return what is said about leads."""
        return (
            self.is_agreed,
            promised(self.agreement),
            WorkCalendar.of(self.agreement.company),
            self.agreement.personas,
        )


def _terms(watched: Watched, first: dt.date) -> list[_Terms]:
    """Return all that was agreed from a day on, each once."""
    found: list[_Terms] = []
    for each in _by_version(watched, first):
        same = [at for at, known in enumerate(found) if known.key == each.key]
        if same:
            known = found[same[0]]
            found[same[0]] = replace(known, days=known.days + each.days)
        else:
            found.append(each)
    return found


def _by_version(watched: Watched, first: dt.date) -> Iterator[_Terms]:
    """Yield what held from a day on, version by version, and the days between them."""
    day = first
    for version in watched.agreements.versions:
        opens = max(version.from_, first)
        closes = min(version.until or watched.last, watched.last)
        if opens > closes:
            continue
        if day < opens:
            yield _Terms(watched.agreement, ((day, opens - _DAY),), is_agreed=False)
        yield _Terms(version.agreement, ((opens, closes),), is_agreed=True)
        day = closes + _DAY
    if day <= watched.last:
        yield _Terms(watched.agreement, ((day, watched.last),), is_agreed=False)


def _under(watched: Watched, terms: _Terms) -> ir.Table:
    opens, closes = terms.days[0][0], terms.days[-1][1]
    period = replace(watched.period, agreement=terms.agreement, first=opens, last=closes)
    table, meets = meets_a_persona(period)
    table = table.mutate(
        day=table.handed_over_at.date(),
        is_inside=meets if terms.agreement.personas else ibis.null("boolean"),
    )
    held = [
        table.day.between(ibis.literal(first), ibis.literal(last)) for first, last in terms.days
    ]
    table = table.filter(functools.reduce(operator.or_, held))
    return _with_times(watched, terms, table).select(*_COLUMNS)


def _with_times(watched: Watched, terms: _Terms, table: ir.Table) -> ir.Table:
    """Add what was late, and what is overdue, on the agreement's clock."""
    calendar = WorkCalendar.of(terms.agreement.company)
    clock = Clock(calendar, terms.days[0][0], watched.view.end.date())
    given = promised(terms.agreement) if terms.is_agreed else Promised(None, None)
    table = _answered(watched, clock, table, given.response)
    return _judged(watched, clock, table, given.verdict)


def _answered(watched: Watched, clock: Clock, table: ir.Table, within: Duration | None) -> ir.Table:
    """Add what was answered late, and what nobody answered though it is overdue."""
    if within is None:
        return table.mutate(is_late=ibis.null("boolean"), is_silent=ibis.null("boolean"))
    span = Span(table, "handed_over_at", "first_response_at")
    timed = with_waiting(watched.view, clock, span, within)
    unanswered = timed.first_response_at.isnull()
    is_known = ~(unanswered & timed.verdict.notnull())
    in_time = ibis.ifelse(is_known, is_in_time(timed, clock, within), ibis.null("boolean"))
    timed = timed.mutate(is_late=~in_time)
    return timed.mutate(is_silent=timed.first_response_at.isnull() & timed.is_late).drop(
        "took", "waited"
    )


def _judged(watched: Watched, clock: Clock, table: ir.Table, within: Duration | None) -> ir.Table:
    """Add what nobody judged though it is overdue."""
    if within is None:
        return table.mutate(is_overdue=ibis.null("boolean"))
    timed = with_waiting(watched.view, clock, Span(table, "handed_over_at", "verdict_at"), within)
    return timed.mutate(is_overdue=timed.verdict.isnull() & (timed.waited > clock.seconds(within)))


_COLUMNS = (
    "lead_id",
    "account_id",
    "campaign_id",
    "source",
    "score",
    "handed_over_at",
    "day",
    "owner_id",
    "first_response_at",
    "verdict",
    "verdict_at",
    "rejection_reason",
    "deal_id",
    "account__segment",
    "account__industry",
    "is_inside",
    "is_late",
    "is_silent",
    "is_overdue",
)
