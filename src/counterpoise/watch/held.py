"""Subjects held against something: people or their groups, against peers or their own past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from counterpoise.watch.judge import (
    FEWEST_PEERS,
    FEWEST_ROWS,
    Judgement,
    against_peers,
    against_uneven,
    groups_against_groups,
    of_several,
)
from counterpoise.watch.sample import Sample

_FEWEST_MATES = 3


@dataclass(frozen=True)
class Held:
    """Subjects and what the judge found of them, in the measure's own direction.

    Attributes:
        people: The people, whether they are the subjects or the members of the subjects.
        subjects: Whom the judgement is about, entry by entry.
        judged: What was found.
        is_group: Whether the subjects are groups.
        by_past: Whether their own past is what they are held against.
        high_is_bad: Whether much of it is the trouble, or little.
    """

    people: Sample
    subjects: Sample
    judged: Judgement
    is_group: bool
    by_past: bool
    high_is_bad: bool

    def p(self, id_: str) -> float:
        """Return the p-value of a subject; NaN where it was not judged."""
        at = self.subjects.places.get(id_)
        return float("nan") if at is None else float(self.judged.p[at])

    def over(self, id_: str) -> float:
        """Return by how much a subject is on the wrong side of what is expected; 0 if it is not."""
        at = self.subjects.at(id_)
        over = float(self.subjects.observed[at] - self.judged.expected[at])
        return max(0.0, over if self.high_is_bad else -over)

    def without(self, id_: str) -> tuple[str, float | None]:
        """Return the member who adds most to a group, and the group's p-value without them."""
        sign = 1 if self.high_is_bad else -1
        members = np.flatnonzero(np.array(self.people.groups) == id_)
        if len(members) == 0:
            return "", None
        weight = sign * self.people.effect[members] * self.people.n[members]
        most = int(members[weight.argmax()])
        if len(members) == 1:
            return self.people.ids[most], None
        left = self.people.where(np.arange(self.people.size) != most)
        pooled = left.pooled(self.subjects.ids)
        found = judged(left, pooled, is_group=True, high_is_bad=self.high_is_bad)
        return self.people.ids[most], float(found.p[pooled.at(id_)])

    def among_mates(self, id_: str) -> float | None:
        """Return a person's p-value among the members of their group, for all who could be.

        None where they are too few.
        """
        group = self.people.groups[self.people.at(id_)]
        mates = (np.array(self.people.groups) == group) & (self.people.n >= FEWEST_ROWS)
        if not group or mates.sum() <= _FEWEST_MATES:
            return None
        own = self.people.where(mates)
        found = against_peers(own if self.high_is_bad else own.turned(), _FEWEST_MATES)
        return of_several(float(found.p[own.at(id_)]), own.size) if id_ in own.places else None


def held_unevenly(subjects: Sample, *, by_past: bool, high_is_bad: bool) -> Held:
    """Judge subjects of which some stand on far more rows than others."""
    found = against_uneven(subjects) if high_is_bad else against_uneven(subjects.turned()).turned()
    return Held(subjects, subjects, found, False, by_past, high_is_bad)


def held(people: Sample, *, is_group: bool, by_past: bool, high_is_bad: bool) -> Held:
    """Judge people, or the groups they are in."""
    subjects = people.pooled() if is_group else people
    found = judged(people, subjects, is_group=is_group, high_is_bad=high_is_bad)
    return Held(people, subjects, found, is_group, by_past, high_is_bad)


def judged(people: Sample, subjects: Sample, *, is_group: bool, high_is_bad: bool) -> Judgement:
    """Judge subjects against each other: many as peers, a few groups by the people in them."""
    if not high_is_bad:
        turned = judged(people.turned(), subjects.turned(), is_group=is_group, high_is_bad=True)
        return turned.turned()
    if is_group and (subjects.n >= FEWEST_ROWS).sum() < FEWEST_PEERS:
        return groups_against_groups(people, subjects)
    return against_peers(subjects)
