"""The sides fall silent: questions stay without a reply in time, joint reviews are skipped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import ibis
import ibis.expr.types as ir
import numpy as np

from counterpoise.agreement.document import Side
from counterpoise.ledger.crack import Subject
from counterpoise.watch.distributions import binomial_at_least, exact_interval
from counterpoise.watch.kind import Kind, OtherView, Tested, Unit
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.watched import Watched
from counterpoise.watch.words import counted, money, of_few, percent

_QUESTIONS, _REVIEWS = "questions", "reviews"
_FEWEST = 3
"""Questions or reviews without which nothing is asked."""

_SIDES = (Side.SALES, Side.MARKETING)


@dataclass(frozen=True)
class _Quarter:
    """Cases of a calendar quarter."""

    first: dt.date
    n: int
    bad: int


@dataclass(frozen=True)
class _Tally:
    """How many cases there were, how many of them silent, and in which quarters."""

    n: int
    bad: int
    quarters: tuple[_Quarter, ...]

    @property
    def share(self) -> float:
        """Return the silent share."""
        return self.bad / self.n


def _questions(watched: Watched) -> ir.Table:
    """Return the questions between the sides that were due in the window; `is_bad`: 1 or 0."""
    asked = watched.books.table("questions")
    between = asked.filter(asked.asker_side != asked.owner_side)
    dated = between.mutate(day=between.due_at.date())
    late = ibis.coalesce(dated.answered_at > dated.due_at, ibis.literal(True))
    return watched.in_window(dated.mutate(is_bad=ibis.ifelse(late, 1, 0)), "day")


def _reviews(watched: Watched) -> ir.Table:
    """Return the joint reviews of the window; `is_bad` marks those that were skipped."""
    table = watched.books.table("joint_reviews")
    dated = table.mutate(day=table.due_on, is_bad=ibis.ifelse(table.outcome == "skipped", 1, 0))
    return watched.in_window(dated, "day")


def _tally(watched: Watched, rows: ir.Table) -> _Tally:
    counted_ = rows.group_by(first=rows.day.truncate("Q")).aggregate(
        n=rows.count(), bad=rows.is_bad.sum()
    )
    found = watched.books.run(counted_.order_by("first")).to_pylist()
    quarters = tuple(_Quarter(row["first"], row["n"], row["bad"]) for row in found)
    return _Tally(sum(each.n for each in quarters), sum(each.bad for each in quarters), quarters)


def _of_side(watched: Watched, side: Side) -> ir.Table:
    rows = _questions(watched)
    return rows.filter(rows.owner_side == side.value)


def _tallies(watched: Watched) -> dict[str, _Tally]:
    """Return the tallies of both sides' questions and of the reviews, by subject."""

    def make() -> dict[str, _Tally]:
        found = {side.value: _tally(watched, _of_side(watched, side)) for side in _SIDES}
        return {**found, _REVIEWS: _tally(watched, _reviews(watched))}

    return watched.share("silence", make)


def _missing(watched: Watched) -> str:
    if any(each.n for each in _tallies(watched).values()):
        return ""
    return "no question between the sides was due in the last year, and no joint review"


def _allowed(watched: Watched) -> float:
    return 1.0 - float(watched.agreement.watch.promises_kept)


def _conceded(watched: Watched) -> float:
    """Return the concessions of won deals, a quarter."""

    def ask() -> float:
        deals = watched.in_window(watched.judged, "day")
        return watched.one(deals.concession.sum(where=deals.outcome == "won")) or 0.0

    return watched.share("conceded", ask) / watched.quarters


def _test(watched: Watched) -> Iterator[Tested]:
    conceded, allowed = _conceded(watched), _allowed(watched)
    if conceded * (1.0 - allowed) < float(watched.agreement.watch.material):
        return
    for subject, tally in _tallies(watched).items():
        if tally.n >= _FEWEST:
            yield _tested(watched, subject, tally, conceded)


def _tested(watched: Watched, subject: str, tally: _Tally, conceded: float) -> Tested:
    allowed = _allowed(watched)
    is_of_reviews = subject == _REVIEWS
    low, high = exact_interval(tally.bad, tally.n)
    beyond = max(0.0, tally.share - allowed)
    company = Subject("company", "company", "the company")
    return Tested(
        variant=_REVIEWS if is_of_reviews else _QUESTIONS,
        subject=company if is_of_reviews else Subject("side", subject, subject),
        side=Side.BOTH if is_of_reviews else Side(subject),
        observed=tally.share,
        expected=allowed,
        low=low,
        high=high,
        n=tally.n,
        p=float(binomial_at_least(np.array([tally.bad]), np.array([tally.n]), allowed)[0]),
        stake=watched.cents(beyond * conceded),
        stake_formula="the share without a reply or skipped, beyond what the agreement lets pass, "
        "× concessions a quarter: nobody can measure what silence costs, and this is what it is "
        "given to weigh",
        since=_since(watched, tally, allowed),
        picture=_picture(tally, allowed, is_of_reviews=is_of_reviews),
        notes={"bad": tally.bad},
    )


def _since(watched: Watched, tally: _Tally, allowed: float) -> dt.date:
    """Return the first day of the quarter from which on more was silent than is let pass."""
    since = tally.quarters[-1].first
    for each in reversed(tally.quarters):
        if each.bad <= allowed * each.n:
            break
        since = each.first
    return max(since, watched.first)


def _picture(tally: _Tally, allowed: float, *, is_of_reviews: bool) -> Picture:
    last = tally.quarters[-1]
    marks = tuple(
        Mark(
            each.first.isoformat(),
            each.bad / each.n,
            *exact_interval(each.bad, each.n),
            each.n,
            each is last,
        )
        for each in tally.quarters
    )
    what = "joint reviews skipped" if is_of_reviews else "questions without a reply in time"
    return Picture(Axis.TIME, marks, allowed, f"share of {what}")


def _bad(found: Tested) -> int:
    bad = found.notes["bad"]
    assert isinstance(bad, int)
    return bad


def _says(_: Watched, found: Tested) -> str:
    share, allowed = percent(found.observed, 0), percent(found.expected, 0)
    if found.variant == _REVIEWS:
        return (
            f"{_bad(found)} of {counted(found.n, 'joint review')} were skipped: {share}, where "
            f"{allowed} are let pass.{of_few(found.n, 'review')}"
        )
    return (
        f"{_bad(found)} of {counted(found.n, 'question')} that the other side asked "
        f"{found.subject.name} got no reply in time: {share}, where {allowed} are let pass."
        f"{of_few(found.n, 'question')}"
    )


def _next_step(watched: Watched, found: Tested) -> str:
    stake = money(found.stake, watched.books.workspace.currency)
    if found.variant == _REVIEWS:
        return (
            "Find an hour that both sides keep, or agree to sit together less often and mean it "
            f"(clause review.every); {stake} a quarter hang on it."
        )
    return (
        f"Go through the open questions at the next joint review: let {found.subject.name} answer, "
        "say who can, or ask for more time; a question that cannot be answered is answered by "
        f"saying so. {stake} a quarter hang on it."
    )


def _rows(watched: Watched, found: Tested) -> ir.Table:
    """Return the questions without a reply in time, or the reviews that were skipped."""
    part = float(found.stake) / max(_bad(found), 1)
    names: tuple[str, ...]
    if found.variant == _REVIEWS:
        rows = _reviews(watched)
        silent = rows.filter(rows.is_bad == 1)
        names = ("review_id", "due_on", "outcome")
    else:
        rows = _of_side(watched, found.side)
        silent = rows.filter(rows.is_bad == 1)
        names = ("question_id", "asked_at", "asker_side", "due_at", "answered_at")
    parted = ibis.ifelse(silent.is_bad == 1, part, 0.0)
    return silent.select(*names, stake_part=parted).order_by(names[1], names[0])


def _other_view(watched: Watched, found: Tested) -> OtherView:
    """Tell how the other side answered meanwhile, or whether questions were answered at least."""
    tallies = _tallies(watched)
    others = (
        _SIDES if found.variant == _REVIEWS else [each for each in _SIDES if each != found.side]
    )
    told = {side.value: tallies[side.value] for side in others if tallies[side.value].n}
    if not told:
        return OtherView("Nobody asked the other side anything that was due.")
    said = [
        f"{side} answered {each.n - each.bad} of {counted(each.n, 'question')} in time"
        for side, each in told.items()
    ]
    figures = tuple((side.title(), percent(1 - each.share, 0)) for side, each in told.items())
    return OtherView(f"Meanwhile {' and '.join(said)}.", figures)


KIND = Kind(
    name="silence",
    side=Side.BOTH,
    counterpart="trust_gap",
    variants=MappingProxyType({_QUESTIONS: "side", _REVIEWS: "company"}),
    asks="Do questions between the sides stay without a reply, or are joint reviews skipped?",
    measure="The share of questions that one side asked the other in the room and that were not "
    "answered by the day asked for, of each side that was asked; and the share of joint reviews "
    "that were skipped. Each is held against what the agreement lets pass (exact binomial). What "
    "is not yet due does not count, nor what was taken back.",
    stake="The share beyond what the agreement lets pass × concessions a quarter.",
    unit=Unit.POINTS,
    needs=("deals",),
    test=_test,
    says=_says,
    next_step=_next_step,
    rows=_rows,
    other_view=_other_view,
    missing=_missing,
)
