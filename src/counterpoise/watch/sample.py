"""A sample: what a measure found of each subject, as the judge takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """Subjects side by side; every array has one entry a subject.

    Attributes:
        ids: The subject's id in the books.
        groups: The id of the group that the subject belongs to (the team of a person, the source
            of a campaign); "" where it has none.
        n: Rows behind the figure.
        observed: The measure as it was, in its own unit (a rate, a share).
        expected: What the subject's mix lets expect, in the same unit.
        variance: Sampling variance of observed − expected.
        base: Money a quarter that one whole unit of the measure moves, in workspace currency.
    """

    ids: tuple[str, ...]
    groups: tuple[str, ...]
    n: Ints
    observed: Floats
    expected: Floats
    variance: Floats
    base: Floats

    @property
    def size(self) -> int:
        """Return how many subjects there are."""
        return len(self.ids)

    @property
    def effect(self) -> Floats:
        """Return what is judged: observed − expected."""
        return self.observed - self.expected

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Return the position of each subject."""
        return {id_: at for at, id_ in enumerate(self.ids)}

    def at(self, id_: str) -> int:
        """Return the position of a subject."""
        return self.places[id_]

    def turned(self) -> Sample:
        """Return the sample with little for much, so that low effects stand out."""
        return replace(self, observed=-self.observed, expected=-self.expected)

    def moved(self, by: float) -> Sample:
        """Return the sample with so much more expected of everybody."""
        return replace(self, expected=self.expected + by)

    def where(self, keep: Flags | Ints) -> Sample:
        """Return the subjects at some positions, or for which a flag holds."""
        places = np.flatnonzero(keep) if keep.dtype == np.bool_ else keep
        return Sample(
            ids=tuple(self.ids[at] for at in places),
            groups=tuple(self.groups[at] for at in places),
            **{each.name: getattr(self, each.name)[places] for each in fields(self)[2:]},
        )

    def pooled(self, groups: Iterable[str] | None = None) -> Sample:
        """Return the groups as subjects, each the mean of its members' rows.

        Args:
            groups: Which, in this order; by default all that are named.
        """
        names = tuple(groups) if groups is not None else tuple(sorted({*self.groups} - {""}))
        parts = [np.flatnonzero(np.array(self.groups) == name) for name in names]
        return Sample(
            ids=names,
            groups=("",) * len(names),
            n=np.array([self.n[part].sum() for part in parts], dtype=np.int64),
            observed=_means(self.observed, self.n, parts),
            expected=_means(self.expected, self.n, parts),
            variance=np.array([_variance_of_mean(self, part) for part in parts]),
            base=np.array([self.base[part].sum() for part in parts]),
        )


def _means(values: Floats, weights: Ints, parts: list[Any]) -> Floats:
    return np.array([np.average(values[part], weights=weights[part]) for part in parts])


def _variance_of_mean(sample: Sample, part: Any) -> float:
    share = sample.n[part] / max(int(sample.n[part].sum()), 1)
    return float((share**2 * sample.variance[part]).sum())
