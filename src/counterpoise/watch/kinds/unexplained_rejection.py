"""Leads turned down without a reason that both sides agreed on, or never judged."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from counterpoise.agreement.document import Side
from counterpoise.watch.keeping import Promise, kept
from counterpoise.watch.kind import Kind, Tested, Unit
from counterpoise.watch.lead_terms import promised
from counterpoise.watch.lead_views import bad_cases, bad_rows, of_seller, what_was_sent
from counterpoise.watch.leads import (
    leads,
    per_quarter,
    reasons_recorded,
    verdicts_recorded,
    worth_in_words,
)
from counterpoise.watch.mix import Rows
from counterpoise.watch.rejections import has_agreed_reason
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, of_few, percent


def _missing(watched: Watched) -> str:
    if not verdicts_recorded(watched):
        return "no lead has a verdict on record"
    return "" if reasons_recorded(watched) else "no rejection has a reason on record"


def _unexplained(watched: Watched, table: ir.Table) -> ir.BooleanValue:
    """Tell what was turned down without a reason or is overdue; NULL for all that is neither.

    A lead that nobody answered is a matter of slow hand-off, and of nothing else.
    """
    rejected = table.verdict == "rejected"
    forgotten = table.is_overdue & ~ibis.coalesce(table.is_silent, False)
    found: ir.BooleanValue = ibis.cases(
        (rejected, ~has_agreed_reason(watched, table)),
        (forgotten, True),
        else_=ibis.null("boolean"),
    )
    return found


def _test(watched: Watched) -> Iterator[Tested]:
    due = leads(watched)
    due = due.mutate(
        bad=_unexplained(watched, due).cast("int32"), base=per_quarter(watched, due.worth)
    )
    rows = Rows(due, subject="owner_id", value="bad", base="base", group="owner__team")
    promise = Promise(
        side=Side.SALES,
        person=("rep", watched.person),
        group=("team", watched.team),
        formula="leads rejected without an agreed reason or never judged, beyond the share that "
        f"the agreement lets pass, a quarter × {worth_in_words(watched)}",
        measure="share of leads turned down that carry no reason, or no verdict at all",
    )
    yield from kept(watched, watched.cells(rows), promise)


def _says(_: Watched, found: Tested) -> str:
    return (
        f"Of {counted(found.n, 'lead')} that {found.subject.name} did not take up, "
        f"{bad_cases(found):,} were turned down without an agreed reason or never judged: "
        f"{percent(found.observed, 0)}, where the agreement lets {percent(found.expected, 0)} pass."
        f"{of_few(found.n, 'lead')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    reasons = watched.agreement.handoff.reasons
    within = promised(watched.agreement).verdict
    words = f" ({', '.join(reasons)})" if reasons else ""
    when = f" within {within}" if within else ""
    return (
        f"Ask {found.subject.name} to judge what is open{when} and to give one of the agreed "
        f"reasons{words}; if none fits, add the missing one to handoff.reasons together."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    own = of_seller(watched, found)
    return bad_rows(watched, found, own.filter(_unexplained(watched, own)))


KIND = Kind(
    name="unexplained_rejection",
    side=Side.SALES,
    counterpart="lead_quality",
    variants=MappingProxyType({"team": "team", "rep": "person"}),
    asks="Are leads turned down without a reason, or left without a verdict?",
    measure="Of the leads that were rejected, or answered and never judged though the time for a "
    "verdict is over, the share without verdict or without a reason of the agreement's list, upper "
    "and lower case alike; held against the share that the agreement lets pass. Leads never "
    "answered are a matter of slow hand-off alone.",
    stake="Such leads beyond what the agreement lets pass, a quarter × what a lead of the same "
    "source answered in time brings: the margin of the won deals that came of them, or net "
    "revenue where costs are not on record, over all of them.",
    unit=Unit.POINTS,
    needs=("leads",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=what_was_sent,
    missing=_missing,
)
