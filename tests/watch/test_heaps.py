"""Heaps above a mark, beside what the bins around let expect."""

from __future__ import annotations

import math

import pytest

from counterpoise.watch.heaps import heap

MARK = 60


def bell(size: float = 40.0) -> dict[int, int]:
    return {at: round(size * math.exp(-0.5 * (at / 15) ** 2)) for at in range(-40, 41)}


def test_expects_what_a_smooth_density_lets_expect() -> None:
    found = heap(bell(), MARK)
    assert found.count == 40 + 40 + 40
    assert found.expected == pytest.approx(119.5, abs=4)
    assert found.low < 119.5 < found.high
    assert 0.3 < found.p < 0.7


def test_names_what_was_lifted_over_the_mark() -> None:
    counts = bell()
    for donor in range(-8, 0):
        lifted = counts[donor] // 2
        counts[donor] -= lifted
        counts[0] += lifted
    found = heap(counts, MARK)
    assert found.expected == pytest.approx(119.5, abs=4)  # not drawn by the heap itself
    assert found.p < 1e-10


def test_takes_a_step_at_the_mark_for_none() -> None:
    stepped = {at: n // 3 if at < 0 else n for at, n in bell().items()}
    assert heap(stepped, MARK).p > 0.05


def test_round_scores_heap_as_they_do_elsewhere() -> None:
    heaped = {at: 3 * n if at % 10 == 0 else n for at, n in bell().items()}
    assert heaped[0] == 120
    assert heap(heaped, MARK).p > 0.05
    assert heap(bell() | {0: 120}, MARK).p < 1e-4


def test_a_lumpy_scale_tells_little() -> None:
    lumpy = {at: n if at % 3 else 6 * n for at, n in bell().items()}
    found = heap(lumpy, MARK)
    assert found.p > 0.01


def test_knows_the_upper_side_alone() -> None:
    upper = {at: n for at, n in bell().items() if at >= 0}
    assert 0.1 < heap(upper, MARK).p < 0.9


def test_says_nothing_of_few() -> None:
    assert math.isnan(heap({}, MARK).p)
    assert math.isnan(heap({0: 50, 1: 3, 9: 2}, MARK).p)
