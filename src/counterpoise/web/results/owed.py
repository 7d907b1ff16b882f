"""The cases that each promise is counted on, worked out with each review."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import ibis
import ibis.expr.types as ir
from pydantic import JsonValue

from counterpoise.agreement.document import Promise, Side
from counterpoise.ledger.period import Period
from counterpoise.ledger.promises import PromiseStatus, promise_cases, promise_state
from counterpoise.ledger.review import standing
from counterpoise.web.results.measured import Measured, Outcome

OWED, CASES = "owed", "promise_cases"
"""The figures, and the leads, deals, requests and tools that promises are counted on."""

MOST_CASES = 2_000
"""Cases that are kept of one promise: missed ones first, then the latest."""

_MARKS = (
    ("request_id", "request_id", "asked_at"),
    ("question_id", "question_id", "asked_at"),
    ("campaign_id", "told_on", "starts_on"),
    ("review_id", "due_on", "due_on"),
    ("approval_id", "approval_id", "requested_at"),
    ("lead_id", "handed_over_at", "handed_over_at"),
    ("deal_id", "outcome", "day"),
    ("tool_id", "created_at", "created_at"),
)
"""The id of a table's rows, a column by which the table is known, and when the case arose."""


def measure_owed(measured: Measured) -> Outcome:
    """Find the cases of every promise that the books tell of, and how many there are of each."""
    period = _period(measured)
    parts = list(_parts(measured, period)) if period else []
    if not parts:
        return Outcome({})
    books = measured.view.books
    counts: dict[str, JsonValue] = {}
    for key, cases in parts:
        told = cases.aggregate(
            kept=cases.is_kept.sum(), missed=(~cases.is_kept).sum(), cases=cases.count()
        )
        counts[key] = {name: int(n or 0) for name, n in books.run(told).to_pylist()[0].items()}
    shown = [
        cases.order_by([cases.is_kept.asc(), cases.day.desc(), cases.case_id]).limit(MOST_CASES)
        for _, cases in parts
    ]
    return Outcome(counts, {CASES: reduce(lambda one, other: one.union(other), shown)})


def _period(measured: Measured) -> Period | None:
    """Return the days over which the review measures promises; None before an agreement's."""
    as_of = measured.view.as_of
    version = standing(measured.agreements, as_of)
    if version is None or version.from_ > as_of:
        return None
    last = min(as_of, version.until) if version.until else as_of
    deals = measured.deals
    if "has_loss_reason" not in deals.columns:
        deals = deals.mutate(has_loss_reason=deals.loss_reason.notnull())
    return Period(measured.view, deals, version.agreement, version.from_, last)


def _parts(measured: Measured, period: Period) -> Iterator[tuple[str, ir.Table]]:
    for side, promise in period.agreement.promises:
        state = promise_state(promise, side, period)
        if state.due and state.status is not PromiseStatus.UNKNOWN:
            yield f"{side}.{promise.id}", _cases(measured, period, side, promise)


def _cases(measured: Measured, period: Period, side: Side, promise: Promise) -> ir.Table:
    """Return a promise's cases in the columns that all promises have. Grain: a case."""
    found = promise_cases(promise, side, period)
    key, _, at = next(each for each in _MARKS if each[1] in found.columns)
    found = found.filter(found.is_kept.notnull())
    cases = found.select(
        promise=ibis.literal(f"{side}.{promise.id}"),
        kind=ibis.literal(key.removesuffix("_id")),
        case_id=found[key].cast("string"),
        deal_id=_text(found, "deal_id"),
        owner_id=_text(found, "owner_id"),
        campaign_id=_text(found, "campaign_id") if key == "lead_id" else ibis.null("string"),
        day=found[at].cast("date"),
        is_kept=found.is_kept,
    )
    return _with_owner(measured, cases) if key == "approval_id" else cases


def _with_owner(measured: Measured, cases: ir.Table) -> ir.Table:
    """Say of an approval whose it is: the owner's of its deal."""
    deals = measured.deals.select(of_deal="deal_id", deal_owner="owner_id")
    joined = cases.left_join(deals, cases.deal_id == deals.of_deal)
    return joined.mutate(owner_id=joined.deal_owner).drop("of_deal", "deal_owner")


def _text(table: ir.Table, name: str) -> ir.Value:
    if name not in table.columns:
        return ibis.null("string")
    column: ir.Value = table[name].cast("string")
    return column
