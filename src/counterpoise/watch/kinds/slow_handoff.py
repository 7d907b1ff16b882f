"""Leads answered after the promised time, or never."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.watch.keeping import Promise, kept
from counterpoise.watch.kind import Kind, Tested, Unit
from counterpoise.watch.lead_terms import promised
from counterpoise.watch.lead_views import bad_cases, bad_rows, of_seller, what_was_sent
from counterpoise.watch.leads import (
    answers_recorded,
    leads,
    per_quarter,
    worth_in_words,
)
from counterpoise.watch.mix import Rows
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, of_few, percent


def _missing(watched: Watched) -> str:
    if promised(watched.agreement).response is None:
        return "the agreement promises no time to a first response"
    return "" if answers_recorded(watched) else "no lead has a first response on record"


def _test(watched: Watched) -> Iterator[Tested]:
    due = leads(watched)
    due = due.mutate(late=due.is_late.cast("int32"), base=per_quarter(watched, due.worth))
    rows = Rows(due, subject="owner_id", value="late", base="base", group="owner__team")
    promise = Promise(
        side=Side.SALES,
        person=("rep", watched.person),
        group=("team", watched.team),
        formula="leads answered late or never, beyond the share that the agreement lets pass, a "
        f"quarter × {worth_in_words(watched)}",
        measure="share of leads answered late or never",
    )
    yield from kept(watched, watched.cells(rows), promise)


def _says(watched: Watched, found: Tested) -> str:
    within = promised(watched.agreement).response
    return (
        f"{found.subject.name} answered {counted(bad_cases(found), 'lead')} of {found.n:,} later "
        f"than the promised {within}, or never: {percent(found.observed, 0)}, where the agreement "
        f"lets {percent(found.expected, 0)} pass.{of_few(found.n, 'lead')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    within = promised(watched.agreement).response
    return (
        f"Look with {found.subject.name} at the leads without an answer and hand over what cannot "
        f"be answered within {within}; if the load is the reason, share it out or change "
        "handoff.first_response_within together."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = of_seller(watched, found)
    return bad_rows(watched, found, own.filter(own.is_late))


KIND = Kind(
    name="slow_handoff",
    side=Side.SALES,
    counterpart="tool_unanswered",
    variants=MappingProxyType({"rep": "person", "team": "team"}),
    asks="Is anyone slow to answer the leads that marketing hands over, or silent?",
    measure="Share of leads due an answer that were answered after the promised time, in the "
    "agreement's working time, or not at all; held against the share that it lets pass. A lead "
    "that is not yet due does not count, nor one with a verdict but no time of an answer.",
    stake="Leads late or silent beyond what the agreement lets pass, a quarter × what a lead of "
    "the same source answered in time brings: the margin of the won deals that came of them, or "
    "net revenue where costs are not on record, over all of them.",
    unit=Unit.POINTS,
    needs=("leads",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=what_was_sent,
    missing=_missing,
)
