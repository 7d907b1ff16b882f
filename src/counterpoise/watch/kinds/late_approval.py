"""Requests for approval that wait longer than the agreement promises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import reduce
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.ledger.crack import Subject
from counterpoise.ledger.handoff import is_in_time, with_waiting
from counterpoise.ledger.working_time import Clock, Span
from counterpoise.watch.in_force import Stretch, bound_nobody, stretches
from counterpoise.watch.keeping import Promise, kept
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.mix import Rows
from counterpoise.watch.watched import QUARTER_DAYS, Watched
from counterpoise.watch.words import counted, money, of_few, percent

_DAY = 86_400.0
_LATE = 2.0
"""How many times the promised time a late answer takes, for who is asked at all."""


def _missing(watched: Watched) -> str:
    promised = any(each.version.agreement.approvals.respond_within for each in stretches(watched))
    return "" if promised else "the agreement does not say how soon a request is answered"


def _requests(watched: Watched) -> ir.Table:
    """Return the requests of the window that are due, each by the agreement of its day.

    Grain: a request. `role` that answered, or whose turn it is; `is_late` (1 or 0); `hours` waited
    in the time that the promise counts in; `slips` and `may_slip`, money a quarter.
    """

    def make() -> ir.Table:
        parts = [
            _timed(watched, each)
            for each in stretches(watched)
            if each.version.agreement.approvals.respond_within
        ]
        return watched.books.keep(reduce(lambda one, two: one.union(two), parts), "requests")

    return watched.share("requests", make)


def _timed(watched: Watched, stretch: Stretch) -> ir.Table:
    """Time the requests that were made while a version was in force."""
    within = stretch.version.agreement.approvals.respond_within
    assert within is not None
    calendar = WorkCalendar.of(stretch.version.agreement.company)
    clock = Clock(calendar, stretch.first, watched.view.end.date())
    asked = _asked(watched, stretch)
    timed = with_waiting(watched.view, clock, Span(asked, "requested_at", "answered_at"), within)
    timed = timed.mutate(is_kept=is_in_time(timed, clock, within))
    timed = timed.filter(timed.is_kept.notnull())
    waited = ibis.coalesce(timed.took, timed.waited).cast("float64")
    promised = float(clock.seconds(within))
    a_quarter = _quarter_seconds(watched, calendar, working=within.working)
    at_stake = ibis.coalesce(timed.net, ibis.literal(0.0)) / watched.quarters / a_quarter
    return timed.select(
        "approval_id",
        "deal_id",
        "subject",
        "requested_by",
        "requested_at",
        "answered_at",
        "decided_by",
        "role",
        "day",
        "net",
        hours=waited / 3600.0,
        is_late=ibis.ifelse(timed.is_kept, 0, 1),
        may_slip=at_stake * promised * _LATE,
        slips=at_stake * ibis.ifelse(timed.is_kept, 0.0, waited),
    )


def _quarter_seconds(watched: Watched, calendar: WorkCalendar, *, working: bool) -> float:
    """Return how long a quarter is, in working time or around the clock."""
    if not working:
        return float(QUARTER_DAYS) * _DAY
    days = (watched.first + dt.timedelta(days=at) for at in range(watched.days))
    open_seconds = calendar.working_time.hours.minutes * 60.0
    return sum(map(calendar.is_working_day, days)) * open_seconds / watched.quarters


def _asked(watched: Watched, stretch: Stretch) -> ir.Table:
    """Return the requests made while a version was in force, with the role whose turn it was.

    What was answered later than the window is not answered yet. A deal that was lost or cancelled
    has no `net` to lose any more.
    """
    asked = stretch.period(watched).within(watched.books.table("approvals"), "requested_at")
    deals = watched.judged
    alive = deals.outcome.isin(["won", "open"])
    deals = deals.select(
        asked_deal="deal_id",
        next_role="approver",
        net=ibis.ifelse(alive, deals.net_amount.cast("float64"), ibis.null("float64")),
    )
    joined = asked.left_join(deals, asked.deal_id == deals.asked_deal)
    turn = ibis.ifelse(joined.subject == "discount", joined.next_role, ibis.null("string"))
    spelt = ibis.coalesce(joined.decided_role, turn).lower()
    roles = [(spelt == each.lower(), each) for each in stretch.version.agreement.ladder]
    unseen = joined.decided_at >= watched.view.end
    asked = joined.mutate(
        role=ibis.cases(*roles, else_=ibis.null("string")),
        day=joined.requested_at.date(),
        answered_at=ibis.ifelse(unseen, ibis.null(joined.decided_at.type()), joined.decided_at),
    )
    return asked.filter(asked.role.notnull())


def _test(watched: Watched) -> Iterator[Tested]:
    asked = _requests(watched)
    roles = watched.agreement.roles
    promise = Promise(
        side=Side.BOTH,
        person=("role", lambda id_: Subject("role", id_, id_.replace("_", " "))),
        group=("role", lambda id_: Subject("role", id_, id_)),
        formula="net value of the deals that waited too long × how long ÷ a quarter: "
        "revenue that slips into the next one",
        measure="share of requests answered late, or not at all",
    )
    rows = Rows(table=asked, subject="role", value="is_late", base="may_slip")
    slips = _slips(watched, asked)
    for tested in kept(watched, watched.cells(rows), promise):
        role = tested.subject.id
        if role in roles:
            stake = watched.cents(slips.get(role, 0.0))
            yield replace(tested, side=roles[role].side, stake=stake)


def _slips(watched: Watched, asked: ir.Table) -> Mapping[str, float]:
    """Return the money a quarter that slips, by role."""
    sums = asked.group_by("role").aggregate(slips=asked.slips.sum())
    return {row["role"]: row["slips"] for row in watched.books.run(sums).to_pylist()}


def _late(watched: Watched, found: Tested) -> ir.Table:
    asked = _requests(watched)
    return asked.filter(asked.role == found.subject.id, asked.is_late == 1)


def _says(watched: Watched, found: Tested) -> str:
    within = watched.agreement.approvals.respond_within
    promised = f"the {within} that the agreement promises" if within else "what was promised"
    waited = watched.one(_late(watched, found).hours.median()) or 0.0
    unit = "working hours" if within is None or within.working else "hours"
    return (
        f"The role {found.subject.name} lets {found.notes['bad']:,} of "
        f"{counted(found.n, 'request')} wait beyond {promised} ({percent(found.observed, 0)}; "
        f"{percent(found.expected, 0)} may happen), half of them for {waited:.0f} {unit} or more."
        f"{bound_nobody(watched)}{of_few(found.n, 'request')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    rules = watched.agreement.approvals
    remind = f" after {rules.remind_after}" if rules.remind_after else ""
    name = found.subject.name
    if rules.escalate_to and rules.escalate_to != found.subject.id:
        to = rules.escalate_to.replace("_", " ")
        return (
            f"Remind {name}{remind}, name a deputy, and let what is overdue go to {to}, as agreed "
            "(clause approvals)."
        )
    return (
        f"Remind {name}{remind} and name a deputy, or agree on more authority for those who ask, "
        "so that fewer requests come (clauses approvals and discounts.limits)."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    late = _late(watched, found)
    return late.select(
        "approval_id",
        "deal_id",
        "subject",
        "requested_by",
        "requested_at",
        "answered_at",
        "decided_by",
        "hours",
        "net",
        stake_part="slips",
    )


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell what the role was sent: how many requests a week, and in its busiest."""
    asked = _requests(watched)
    own = asked.filter(asked.role == found.subject.id)
    weeks = own.group_by(week=own.day.truncate("W")).aggregate(n=own.count())
    row = watched.books.run(weeks.aggregate(most=weeks.n.max(), all=weeks.n.sum())).to_pylist()[0]
    mean, most = (row["all"] or 0) / (watched.days / 7), row["most"] or 0
    return OtherView(
        f"What they were asked: {mean:.1f} requests a week on average, {most} in the busiest. "
        f"Together the late ones held up {money(found.stake, watched.books.workspace.currency)} "
        "a quarter.",
        (("Requests a week", f"{mean:.1f}"), ("Busiest week", str(most))),
    )


KIND = Kind(
    name="late_approval",
    side=Side.BOTH,
    counterpart="promise_broken",
    variants=MappingProxyType({"role": "role"}),
    asks="Does a role let requests for approval wait beyond the promise?",
    measure="Share of requests answered after the promised time, in the agreement's working time, "
    "or overdue without an answer, against the share that may miss a promise (exact binomial).",
    stake="Net value of the deals, won or still open, that waited too long × how long ÷ the length "
    "of a quarter: revenue that slips into the next one.",
    unit=Unit.POINTS,
    needs=("deals", "approvals"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
