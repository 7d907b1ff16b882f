"""Promises of the agreement that are kept too seldom, and that no other kind watches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Agreement, Promise, Side
from counterpoise.agreement.sentences import say_promise
from counterpoise.ledger.crack import Subject
from counterpoise.ledger.promises import (
    PromiseState,
    PromiseStatus,
    promise_cases,
    promise_counts,
    promise_state,
)
from counterpoise.watch.in_force import Stretch, bound_nobody, stretches
from counterpoise.watch.judge import binomial, either, share_interval
from counterpoise.watch.keeping import FEWEST_DUE
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.leads import leads, worth_in_words
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import listed, money, of_few, percent

_ELSEWHERE: Mapping[str, Callable[[Agreement], bool]] = MappingProxyType(
    {
        "lead_response": lambda _: True,
        "rejection_reason_given": lambda _: True,
        "discounts_in_bounds": lambda _: True,
        "tool_request_answered": lambda _: True,
        "question_answered": lambda _: True,
        "review_attended": lambda _: True,
        "approval_answered": lambda agreement: agreement.approvals.respond_within is not None,
    }
)
"""Promises that other kinds watch: those of leads, concessions, tools, talk and approvals."""

_OF_LEADS = frozenset(
    {"qualified_leads", "lead_acceptance", "persona_share_of_leads", "lead_verdict"}
)


@dataclass(frozen=True)
class _Part:
    """A promise as a version has it, over the days on which that was in force."""

    promise: Promise
    stretch: Stretch
    state: PromiseState

    @property
    def kept(self) -> int:
        """Return how often it was kept."""
        return round((self.state.kept or Decimal(0)) * self.state.due)


@dataclass(frozen=True)
class _Record:
    """How often a promise was kept in the window, each version by its own words."""

    side: Side
    parts: tuple[_Part, ...]

    @property
    def latest(self) -> _Part:
        """Return the promise as it stands now."""
        return self.parts[-1]

    @property
    def due(self) -> int:
        """Return how often it was due."""
        return sum(each.state.due for each in self.parts)

    @property
    def kept(self) -> int:
        """Return how often it was kept."""
        return sum(each.kept for each in self.parts)

    @property
    def enough(self) -> float:
        """Return the share at which it counts as kept."""
        return float(self.latest.state.enough)

    @property
    def share(self) -> float:
        """Return how often it was kept, as a share."""
        return self.kept / self.due

    @property
    def short(self) -> float:
        """Return by how much less than enough it was kept, as a share."""
        return max(0.0, self.enough - self.share)


def _records(watched: Watched) -> Mapping[str, _Record]:
    """Return what the books tell of each promise of the agreement, by its id."""

    def make() -> dict[str, _Record]:
        found = {}
        for side, promise in watched.agreement.promises:
            parts = tuple(_parts(watched, side, promise)) if _is_ours(watched, promise) else ()
            if parts:
                found[promise.id] = _Record(side, parts)
        return found

    return watched.share("promise records", make)


def _is_ours(watched: Watched, promise: Promise) -> bool:
    elsewhere = _ELSEWHERE.get(promise.metric)
    return elsewhere is None or not elsewhere(watched.agreement)


def _parts(watched: Watched, side: Side, promise: Promise) -> Iterator[_Part]:
    """Yield the promise as each version of the window has it, where anything was due."""
    for stretch in stretches(watched):
        for whose, each in stretch.version.agreement.promises:
            if (whose, each.id, each.metric) == (side, promise.id, promise.metric):
                state = promise_state(each, side, stretch.period(watched))
                if state.due and state.status is not PromiseStatus.UNKNOWN:
                    yield _Part(each, stretch, state)


def _test(watched: Watched) -> Iterator[Tested]:
    for id_, record in _records(watched).items():
        worth, formula = _worth(watched, record)
        if record.due >= FEWEST_DUE and worth >= float(watched.agreement.watch.material):
            yield _tested(watched, id_, record, formula)


def _chance(record: _Record) -> float:
    """Return the chance of missing a promise so often that is kept as often as agreed."""
    missed = np.array([record.due - record.kept])
    return float(binomial(missed, np.array([record.due]), 1.0 - record.enough)[0])


def _tested(watched: Watched, id_: str, window: _Record, formula: str) -> Tested:
    """Hold the whole window, and the version in force alone, against what was promised."""
    present = _Record(window.side, (window.latest,))
    asked = len(window.parts) > 1 and present.due >= FEWEST_DUE
    chances = (_chance(window), _chance(present) if asked else np.nan)
    record = present if chances[1] < chances[0] else window
    low, high = share_interval(record.kept, record.due)
    return Tested(
        variant="promise",
        subject=Subject("promise", id_, id_.replace("_", " ")),
        side=record.side,
        observed=record.share,
        expected=record.enough,
        low=low,
        high=high,
        n=record.due,
        p=float(either(*chances)),
        stake=watched.cents(_stake(watched, record)),
        stake_formula=formula,
        since=_since(record),
        picture=_picture(record),
        notes={"record": record},
    )


def _worth(watched: Watched, record: _Record) -> tuple[float, str]:
    """Return the money a quarter that hangs on the whole promise, and how a stake is made of it."""
    if record.latest.promise.metric not in _OF_LEADS:
        return _conceded(watched), (
            "share by which the promise is missed × concessions a quarter, which nobody can "
            "weigh without it"
        )
    asked = _leads_asked(record) / watched.quarters
    formula = f"leads short of the promise, a quarter × {worth_in_words(watched)}"
    return asked * _worth_of_a_lead(watched), formula


def _stake(watched: Watched, record: _Record) -> float:
    if record.latest.promise.metric not in _OF_LEADS:
        return record.short * _conceded(watched)
    return _leads_short(watched, record) / watched.quarters * _worth_of_a_lead(watched)


def _leads_asked(record: _Record) -> float:
    """Return the leads that the promise was about: those promised, or those that were due."""
    if record.latest.promise.metric != "qualified_leads":
        return float(record.due)
    return float(sum(each.state.due * _target(each.promise) for each in record.parts))


def _leads_short(watched: Watched, record: _Record) -> float:
    """Return by how many leads the promise was missed, over the window."""
    if record.latest.promise.metric != "qualified_leads":
        return record.short * record.due
    return float(
        sum(
            max(Decimal(0), _target(part.promise) - count)
            for part, _, count in _by_period(watched, record)
        )
    )


def _by_period(watched: Watched, record: _Record) -> Iterator[tuple[_Part, dt.date, int]]:
    """Yield the count of every whole period, of a promise that is kept by count."""
    for part in record.parts:
        period = part.stretch.period(watched)
        for first, _, count in promise_counts(part.promise, record.side, period):
            yield part, first, count


def _target(promise: Promise) -> Decimal:
    target = promise.at_least if promise.at_least is not None else promise.at_most
    return target if isinstance(target, Decimal) else Decimal(0)


def _conceded(watched: Watched) -> float:
    """Return the concessions of won deals, a quarter."""

    def ask() -> float:
        deals = watched.in_window(watched.judged, "day")
        return watched.one(deals.concession.sum(where=deals.outcome == "won")) or 0.0

    return watched.share("conceded", ask) / watched.quarters


def _worth_of_a_lead(watched: Watched) -> float:
    return watched.share("worth of a lead", lambda: watched.one(leads(watched).worth.mean()) or 0.0)


def _since(record: _Record) -> dt.date:
    """Return the first day of the earliest version from which on it was kept too seldom."""
    since = record.latest.stretch.first
    for part in reversed(record.parts):
        if part.kept >= part.state.enough * part.state.due:
            break
        since = part.stretch.first
    return since


def _picture(record: _Record) -> Picture:
    marks = []
    for part in record.parts:
        low, high = share_interval(part.kept, part.state.due)
        share = part.kept / part.state.due
        is_short = share < record.enough
        label = part.stretch.first.isoformat()
        marks.append(Mark(label, share, low, high, part.state.due, is_short))
    return Picture(Axis.TIME, tuple(marks), record.enough, "share of times it was kept")


def _read(found: Tested) -> _Record:
    record = found.notes["record"]
    assert isinstance(record, _Record)
    return record


def _says(watched: Watched, found: Tested) -> str:
    record = _read(found)
    promised = say_promise(record.latest.promise, record.side)
    return (
        f"A promise of {record.side} is broken: “{promised}” It was kept "
        f"{record.kept:,} of {record.due:,} times ({percent(found.observed, 0)}), where "
        f"{percent(found.expected, 0)} is enough."
        f"{bound_nobody(watched)}{of_few(found.n, 'time')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    record = _read(found)
    other = Side.SALES if record.side is Side.MARKETING else Side.MARKETING
    stake = money(found.stake, watched.books.workspace.currency)
    return (
        f"Let {record.side} say what stands in the way, and agree with {other} what changes, or "
        f"promise less (clause promises.{record.side}.{found.subject.id}); {stake} a quarter "
        "hang on it."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    record = _read(found)
    parts = []
    for part in record.parts:
        cases = promise_cases(part.promise, record.side, part.stretch.period(watched))
        id_ = next(name for name, marks in _MARKED_BY.items() if marks in cases.columns)
        named = [name for name in (id_, *_SHOWN[id_]) if name in cases.columns]
        parts.append(cases.filter(~cases.is_kept).select(*named))
    rows = watched.books.keep(reduce(lambda one, other: one.union(other), parts), "missed")
    n = watched.one(rows.count()) or 1.0
    each = float(found.stake) / n
    is_there = ibis.ifelse(rows[rows.columns[0]].notnull(), 1, 0).cast("float64")
    return rows.mutate(stake_part=is_there * each)


_MARKED_BY: Mapping[str, str] = MappingProxyType(
    {
        "approval_id": "approval_id",
        "tool_id": "tool_id",
        "campaign_id": "told_on",
        "lead_id": "handed_over_at",
        "deal_id": "outcome",
    }
)
"""The id of the rows that a promise is counted on, by a column that no other table has."""

_SHOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "approval_id": ("deal_id", "requested_by", "requested_at", "decided_role", "decided_at"),
        "lead_id": (
            "account_id",
            "campaign_id",
            "owner_id",
            "handed_over_at",
            "verdict",
            "verdict_at",
        ),
        "deal_id": ("account_id", "owner_id", "outcome", "day", "list_amount", "loss_reason"),
        "campaign_id": ("starts_on", "told_on"),
        "tool_id": ("title", "kind", "owner_id", "created_at"),
    }
)


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell how the other side kept its own promises meanwhile."""
    own = _read(found).side
    others = {id_: each for id_, each in _records(watched).items() if each.side is not own}
    if not others:
        return OtherView("What the other side promised, the books do not tell or others watch.")
    figures = tuple(
        (id_.replace("_", " "), f"{each.kept:,} of {each.due:,}") for id_, each in others.items()
    )
    told = listed([f"{name} {kept}" for name, kept in figures])
    return OtherView(f"How the other side kept its promises meanwhile: {told} times.", figures)


KIND = Kind(
    name="promise_broken",
    side=Side.BOTH,
    counterpart="late_approval",
    variants=MappingProxyType({"promise": "promise"}),
    asks="Is a promise of either side kept too seldom?",
    measure="How often each promise was kept in the window, each version over its own days, and "
    "in the days of the version in force alone, against the share that is enough (exact "
    "binomial). Promises that another kind watches are left to it.",
    stake="Leads short of the promise × what a lead brings; of promises to record or to use "
    "something, the share by which it is missed × concessions a quarter.",
    unit=Unit.POINTS,
    needs=(),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=lambda watched: (
        "" if any(True for _ in watched.agreement.promises) else "the agreement has no promises"
    ),
)
