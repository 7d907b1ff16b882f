"""Sellers' requests for tools that wait longer than marketing promises."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Agreement, Side
from counterpoise.agreement.quantities import Duration
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.books.facts import people_over_time
from counterpoise.books.spans import in_span
from counterpoise.ledger.handoff import is_in_time, with_waiting
from counterpoise.ledger.promises import requests_for_tools
from counterpoise.ledger.working_time import Clock, Span
from counterpoise.watch.in_force import Stretch, bound_nobody, stretches
from counterpoise.watch.keeping import Promise, kept
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.lead_views import bad_cases
from counterpoise.watch.mix import Rows
from counterpoise.watch.tool_fit import decided
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, of_few, percent

_METRIC = "tool_request_answered"


def _within(agreement: Agreement) -> Duration | None:
    """Return the time in which marketing promises to answer a request for a tool."""
    own = (each for side, each in agreement.promises if side is Side.MARKETING)
    return next((each.within for each in own if each.metric == _METRIC), None)


def _missing(watched: Watched) -> str:
    promised = any(_within(each.version.agreement) for each in stretches(watched))
    return (
        "" if promised else "the agreement does not say how soon a request for a tool is answered"
    )


def _requests(watched: Watched) -> ir.Table:
    """Return the requests of the window that are due, each by the agreement of its day.

    Grain: a request. Adds `day`, `owner__team` of that day, `hours` waited in the time that the
    promise counts in, `is_late` (1 or 0), and `base`: money a quarter that hangs on it.
    """

    def make() -> ir.Table:
        parts = [
            _timed(watched, each) for each in stretches(watched) if _within(each.version.agreement)
        ]
        timed = reduce(lambda one, two: one.union(two), parts)
        return watched.books.keep(_with_worth(watched, _with_team(watched, timed)), "tool_requests")

    return watched.share("tool requests", make)


def _timed(watched: Watched, stretch: Stretch) -> ir.Table:
    """Time the requests that were made while a version was in force."""
    within = _within(stretch.version.agreement)
    assert within is not None
    calendar = WorkCalendar.of(stretch.version.agreement.company)
    clock = Clock(calendar, stretch.first, watched.view.end.date())
    asked = requests_for_tools(stretch.period(watched))
    timed = with_waiting(watched.view, clock, Span(asked, "asked_at", "answered_at"), within)
    timed = timed.mutate(is_kept=is_in_time(timed, clock, within))
    timed = timed.filter(timed.is_kept.notnull())
    waited = ibis.coalesce(timed.took, timed.waited).cast("float64")
    return timed.select(
        "request_id",
        "asked_by",
        "asked_at",
        "owner_id",
        "deal_id",
        "product_family",
        "competitor",
        "answered_at",
        "verdict",
        day=timed.asked_at.date(),
        hours=waited / 3600.0,
        is_late=ibis.ifelse(timed.is_kept, 0, 1),
    )


def _with_team(watched: Watched, asked: ir.Table) -> ir.Table:
    people = people_over_time(watched.books)
    dated = people.select("valid_from", "valid_until", led_by="person_id", owner__team="team")
    joined = asked.left_join(dated, [asked.owner_id == dated.led_by, *in_span(asked.day, dated)])
    return joined.drop("led_by", "valid_from", "valid_until")


def _with_worth(watched: Watched, asked: ir.Table) -> ir.Table:
    """Add what a request is worth: what would be conceded on its deal, or on a deal on average."""
    deals = decided(watched)
    mean = watched.one(deals.at_stake.mean()) or 0.0
    worth = deals.select(asked_deal="deal_id", worth="at_stake")
    joined = asked.left_join(worth, asked.deal_id == worth.asked_deal).drop("asked_deal")
    base = ibis.coalesce(joined.worth, ibis.literal(mean)) / watched.quarters
    return joined.mutate(base=base).drop("worth")


def _test(watched: Watched) -> Iterator[Tested]:
    rows = Rows(
        _requests(watched), subject="owner_id", value="is_late", base="base", group="owner__team"
    )
    promise = Promise(
        side=Side.MARKETING,
        person=("person", watched.person),
        group=("team", watched.team),
        formula="requests answered late or never, beyond the share that the agreement lets pass, "
        "a quarter × what is conceded on a deal of their list value",
        measure="share of requests for tools answered late or never",
    )
    yield from kept(watched, watched.cells(rows), promise)


def _says(watched: Watched, found: Tested) -> str:
    within = _within(watched.agreement)
    promised = f"the promised {within}" if within else "what was promised"
    return (
        f"{found.subject.name} answered {counted(bad_cases(found), 'request')} for a tool of "
        f"{found.n:,} later than {promised}, or never: {percent(found.observed, 0)}, where the "
        f"agreement lets {percent(found.expected, 0)} pass.{bound_nobody(watched)}"
        f"{of_few(found.n, 'request')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    within = _within(watched.agreement)
    time = f"within {within}" if within else "in time"
    return (
        f"Go through the open requests with {found.subject.name}: make the tool, pass it on, or "
        f"decline with a reason {time}; if there are too many, agree which families come first "
        "(clause promises.marketing)."
    )


def _own(watched: Watched, found: Tested) -> ir.Table:
    asked = _requests(watched)
    whose = asked.owner__team if found.subject.type == "team" else asked.owner_id
    return asked.filter(whose == found.subject.id)


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = _own(watched, found)
    late = own.filter(own.is_late == 1)
    beyond = max(0.0, 1.0 - found.expected / found.observed) if found.observed else 0.0
    return late.select(
        "request_id",
        "deal_id",
        "asked_by",
        "asked_at",
        "answered_at",
        "verdict",
        "product_family",
        "competitor",
        "hours",
        stake_part=late.base * beyond,
    ).order_by("asked_at", "request_id")


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell what they were asked: how many a month, and how many said what the tool is for."""
    own = _own(watched, found)
    told = own.product_family.notnull() | own.competitor.notnull()
    months = own.group_by(month=own.day.truncate("M")).aggregate(n=own.count(), told=told.sum())
    sums = months.aggregate(most=months.n.max(), all=months.n.sum(), told=months.told.sum())
    row = watched.books.run(sums).to_pylist()[0]
    every, most, clear = row["all"] or 0, row["most"] or 0, row["told"] or 0
    mean = every / (watched.days / (365.25 / 12))
    return OtherView(
        f"What they were asked: {mean:.1f} requests a month on average, {most} in the busiest; "
        f"{clear} of {every} said for which family or competitor.",
        (("Requests a month", f"{mean:.1f}"), ("Busiest month", str(most))),
    )


KIND = Kind(
    name="tool_unanswered",
    side=Side.MARKETING,
    counterpart="slow_handoff",
    variants=MappingProxyType({"person": "person", "team": "team"}),
    asks="Is anyone slow to answer sellers who ask for a tool, or silent?",
    measure="Share of requests for a tool, made in the room, that were answered or declined after "
    "the promised time, in the agreement's working time, or not at all; held against the share "
    "that it lets pass. What is not yet due does not count, nor what was taken back.",
    stake="Requests late or silent beyond what the agreement lets pass, a quarter × what the "
    "company concedes of the list value of the deal asked about, or of a deal on average.",
    unit=Unit.POINTS,
    needs=("deals", "tool_requests"),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
