"""Candidates side by side: each figure a row, each candidate a column, beside what was agreed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from counterpoise.rehearse.break_even import BreakEven
from counterpoise.rehearse.results import Behaviour
from counterpoise.web.rehearsals import estimating, replaying
from counterpoise.web.rehearsals.effects import FIGURES, EffectShown, Figure, effect_shown
from counterpoise.web.rehearsals.models import Candidate, Rehearsal
from counterpoise.web.rehearsals.page import Addresses, ReplayShown, load_of
from counterpoise.web.rehearsals.plots import plot_of
from counterpoise.web.rehearsals.rates import Cell
from counterpoise.web.rehearsals.trial import Trial, base_of, trial_of
from counterpoise.web.results.reading import KeptReview

if TYPE_CHECKING:
    from counterpoise.web.access import Scope


class Kind(StrEnum):
    """How a figure is written."""

    COUNT = "count"
    MONEY = "money"
    TENTHS = "tenths"


@dataclass(frozen=True)
class Compared:
    """A figure of one candidate: what it is, how far from what was agreed, and its deals.

    `mark` says in a word that it is the least or the most of all, where one is.
    """

    value: float | None
    change: float | None = None
    url: str = ""
    figure: Figure | None = None
    mark: str = ""


@dataclass(frozen=True)
class Row:
    """A figure: under the agreements of the deals' days, and of each candidate."""

    label: str
    kind: Kind
    base: float | None
    base_url: str
    cells: tuple[Compared, ...]


@dataclass(frozen=True)
class Part:
    """Rows that belong together."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Column:
    """A candidate with what it moves, and what is known of it."""

    candidate: Candidate
    trial: Trial
    told: estimating.Told
    replay: ReplayShown | None
    effect: EffectShown | None
    even: BreakEven | None

    @property
    def moved(self) -> list[Cell]:
        """Return the rates that it moves."""
        return self.trial.sheet.moved


@dataclass(frozen=True)
class Comparison:
    """The candidates of a rehearsal, and their figures."""

    columns: tuple[Column, ...]
    parts: tuple[Part, ...]
    is_laid: bool
    is_laying: bool

    @property
    def is_under_way(self) -> bool:
        """Tell whether a worker is at any of them."""
        return self.is_laying or any(each.told.is_under_way for each in self.columns)

    @property
    def is_complete(self) -> bool:
        """Tell whether every candidate is estimated from the books in use."""
        return all(each.told.is_done for each in self.columns)

    @property
    def has_effects(self) -> bool:
        """Tell whether there is anything to say of an effect."""
        return any(each.effect for each in self.columns)


def comparison_of(
    rehearsal: Rehearsal, behaviour: Behaviour, kept: KeptReview | None, scope: Scope
) -> Comparison:
    """Lay the candidates of a rehearsal side by side.

    Raises:
        LockHeldError: If too many such questions wait.
    """
    candidates = list(rehearsal.candidates.select_related("rehearsal", "made_by"))
    base = base_of(rehearsal).agreement
    is_laid = kept is not None and replaying.is_laid_out(kept, base)
    answering = kept if kept and is_laid and not replaying.has_too_many(kept) else None
    columns = tuple(_column(each, behaviour, kept, answering, scope) for each in candidates)
    is_laying = kept is not None and replaying.laying(kept, base) is not None
    return Comparison(columns, tuple(_parts(columns)), is_laid=is_laid, is_laying=is_laying)


def _column(
    candidate: Candidate,
    behaviour: Behaviour,
    kept: KeptReview | None,
    answering: KeptReview | None,
    scope: Scope,
) -> Column:
    trial = trial_of(candidate, behaviour)
    told = estimating.told_of(candidate.rules, behaviour, kept)
    found = told.object
    replay = even = None
    if answering is not None:
        tried = replaying.replayed(answering, trial.agreement)
        replay = ReplayShown(tried.replay, Addresses(trial), "", scope)
        even = tried.even[behaviour]
    return Column(
        candidate,
        trial,
        told,
        replay,
        effect_shown(found["effect"]) if found else None,
        even,
    )


def _parts(columns: Sequence[Column]) -> Iterator[Part]:
    replays = [each.replay for each in columns if each.replay]
    if replays and len(replays) == len(columns):
        yield Part("What past deals would have met", tuple(_answers(replays)))
        yield Part("Approvals a week", tuple(_loads(replays)))
        yield Part("Break-even", tuple(_evens(columns)))
    if any(each.effect and each.effect.figures for each in columns):
        yield Part("What it would have done, with its 95% interval", tuple(_effects(columns)))


def _answers(replays: Sequence[ReplayShown]) -> Iterator[Row]:
    changed = [Compared(each.replay.changed.deals, None, each.changed_url) for each in replays]
    yield Row("Answers that change", Kind.COUNT, None, "", tuple(changed))
    worth = [Compared(float(each.replay.changed.net), None, each.changed_url) for each in replays]
    yield Row("What those deals are worth, net", Kind.MONEY, None, "", tuple(worth))
    for at in range(3):
        first = replays[0].verdicts[at]
        cells = [
            Compared(each.verdicts[at].now, each.verdicts[at].change, each.verdicts[at].now_url)
            for each in replays
        ]
        yield Row(first.label, Kind.COUNT, first.was, first.was_url, tuple(cells))


def _loads(replays: Sequence[ReplayShown]) -> Iterator[Row]:
    total = [Compared(each.asked_now, each.asked_change) for each in replays]
    marked = _marked(total, min, "fewest")
    yield Row("All roles together", Kind.TENTHS, replays[0].asked_was, "", marked)
    for role in dict.fromkeys(each.role for replay in replays for each in replay.loads):
        loads = [load_of(replay, role) for replay in replays]
        cells = [Compared(each.now_a_week, each.change, each.now_url) for each in loads]
        label = role.replace("_", " ")
        yield Row(label, Kind.TENTHS, loads[0].was_a_week, loads[0].was_url, tuple(cells))
        busiest = [
            Compared(each.now.busiest, each.now.busiest - each.was.busiest, each.busiest_url)
            for each in loads
        ]
        yield Row(f"{label}, busiest week", Kind.COUNT, loads[0].was.busiest, "", tuple(busiest))


def _evens(columns: Sequence[Column]) -> Iterator[Row]:
    found = [each.even for each in columns]
    cut = [Compared(float(each.cut) if each else None) for each in found]
    yield Row("Brought more, had all been won the same", Kind.MONEY, None, "", tuple(cut))
    lost = [Compared(each.wins_to_lose if each else None) for each in found]
    yield Row("Wins that could be lost before that costs margin", Kind.COUNT, None, "", tuple(lost))


def _effects(columns: Sequence[Column]) -> Iterator[Row]:
    for name, label in FIGURES.items():
        found = [_figure(each.effect, name) for each in columns]
        drawn = _on_one_scale(found)
        if not any(drawn):
            continue
        cells = [Compared(each.estimate if each else None, figure=each) for each in drawn]
        kind = Kind.TENTHS if name == "deals_won" else Kind.MONEY
        sure = all(each and each.has_evidence for each in drawn)
        shown = _marked(cells, max, "highest estimate") if sure else tuple(cells)
        yield Row(label, kind, None, "", shown)


def _figure(effect: EffectShown | None, name: str) -> Figure | None:
    if effect is None:
        return None
    return next((each for each in effect.figures if each.name == name), None)


def _on_one_scale(figures: Sequence[Figure | None]) -> list[Figure | None]:
    there = [each for each in figures if each]
    if not there:
        return list(figures)
    plots = iter(plot_of([(each.low, each.estimate, each.high) for each in there]))
    return [replace(each, plot=next(plots)) if each else None for each in figures]


def _marked(
    cells: Sequence[Compared], best: Callable[..., float], word: str
) -> tuple[Compared, ...]:
    """Mark the one that is least or most, where there are several and one is."""
    values = [each.value for each in cells if each.value is not None]
    if len(values) < 2:
        return tuple(cells)
    end = best(values)
    if values.count(end) > 1:
        return tuple(cells)
    return tuple(replace(each, mark=word) if each.value == end else each for each in cells)
