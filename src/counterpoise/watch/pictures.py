"""Pictures of a subject among its peers, and over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterpoise.watch.held import Held
from counterpoise.watch.judge import NORMAL_95, Judgement
from counterpoise.watch.mix import RECENT
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.sample import Ints, Sample

_MOST_PEERS = 60
"""More marks side by side than that nobody tells apart."""


def among_peers(subjects: Sample, found: Judgement, id_: str, measure: str) -> Picture:
    """Draw a subject among its peers, everybody at the subject's mix."""
    at = subjects.at(id_)
    value = subjects.effect + subjects.expected[at]
    half = NORMAL_95 * np.sqrt(subjects.variance)
    marks = tuple(
        Mark(
            label=subjects.ids[place],
            value=float(value[place]),
            low=float(value[place] - half[place]),
            high=float(value[place] + half[place]),
            n=int(subjects.n[place]),
            is_subject=bool(place == at),
        )
        for place in _shown(subjects, found, at)
    )
    return Picture(Axis.PEERS, marks, float(found.expected[at]), measure)


def over_time(held: Held, id_: str, slices: Sample, days: Sequence[str], measure: str) -> Picture:
    """Draw a subject slice by slice, the last 182 days marked.

    Args:
        held: What the subject is held against.
        id_: The subject.
        slices: Its slices; the ids are their numbers.
        days: The first day of every slice, by number.
        measure: What the value is, in words.
    """
    half = NORMAL_95 * np.sqrt(slices.variance)
    marks = tuple(
        Mark(
            label=days[int(slices.ids[at])],
            value=float(slices.observed[at]),
            low=float(slices.observed[at] - half[at]),
            high=float(slices.observed[at] + half[at]),
            n=int(slices.n[at]),
            is_subject=int(slices.ids[at]) in RECENT,
        )
        for at in range(slices.size)
    )
    return Picture(Axis.TIME, marks, float(held.judged.expected[held.subjects.at(id_)]), measure)


def _shown(subjects: Sample, found: Judgement, at: int) -> Ints:
    """Return whom to draw: all who were judged, or every so many of them in order of effect."""
    judged = np.flatnonzero(np.isfinite(found.p) | (np.arange(subjects.size) == at))
    if len(judged) <= _MOST_PEERS:
        return judged
    ordered = judged[np.argsort(subjects.effect[judged], kind="stable")]
    some = ordered[np.linspace(0, len(ordered) - 1, _MOST_PEERS).round().astype(np.int64)]
    return np.unique(np.r_[some, at])
