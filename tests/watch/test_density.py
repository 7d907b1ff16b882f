"""Piling up under a mark: counting in bins, and what is expected there anyway."""

import numpy as np
import pytest

from counterpoise.watch.density import Series, counted, piled_up


def series(values: list[float], mark: float = 6.0) -> Series:
    found, counts = np.unique(np.array(values), return_counts=True)
    return Series(mark, found, counts.astype(float))


def rounded(rng: np.random.Generator, size: int, center: float = 5.5) -> np.ndarray:
    """Draw rates in points, six in ten on a whole point and two of those on a multiple of five."""
    wish = np.maximum(rng.normal(center, 3.5, size), 0.1)
    coin = rng.random(size)
    step = np.select([coin < 0.2, coin < 0.6], [5.0, 1.0], 0.1)
    found = np.round(wish / step) * step
    return np.asarray(found[found > 0])


def test_counts_a_value_at_the_mark_in_the_last_bin_up_to_it() -> None:
    bins = counted([series([4.9, 5.0, 5.1, 5.5, 5.6, 6.0, 6.1])], 0.5)
    by_place = dict(zip(bins.place.tolist(), bins.count.tolist(), strict=True))
    assert by_place == {2: 2.0, 1: 2.0, 0: 2.0, -1: 1.0}
    assert bins.is_at_mark.tolist() == [False, True, True, False]


def test_aligns_bins_with_a_mark_that_is_not_round() -> None:
    bins = counted([series([7.15, 7.25], mark=7.25)], 0.5)
    assert bins.count[bins.place == 0].tolist() == [2.0]


@pytest.mark.parametrize("mark", [6.0, 8.0, 10.0])
def test_round_habits_alone_pile_nothing_up(mark: float) -> None:
    rng = np.random.default_rng(3)
    p = []
    for _ in range(100):
        found = piled_up([series(rounded(rng, 1500).round(1).tolist(), mark)], 0.5, (1.0, 5.0))
        assert found is not None
        p.append(found.p)
    assert (np.array(p) < 0.05).mean() <= 0.08
    assert (np.array(p) < 0.005).mean() <= 0.02


def test_a_tenth_more_than_around_is_as_rare_a_find_as_it_says() -> None:
    rng = np.random.default_rng(6)
    values, usual = np.arange(0.5, 12.1, 0.5), np.full(24, 60.0)
    usual[(values > 5.0) & (values <= 6.0)] *= 1.1
    drawn = (rng.poisson(usual).astype(np.float64) for _ in range(600))
    found = [piled_up([Series(6.0, values, each)], 0.5, ()) for each in drawn]
    p = np.array([each.p for each in found if each is not None])
    assert len(p) == 600
    assert (p < 0.05).mean() <= 0.065
    assert (p < 0.01).mean() <= 0.015


def test_finds_rates_that_were_moved_under_the_mark() -> None:
    rng = np.random.default_rng(4)
    rates = rounded(rng, 1500).round(1)
    moves = (rates > 6.0) & (rates <= 9.0) & (rng.random(len(rates)) < 0.5)
    rates = np.where(moves, 5.8, rates)
    found = piled_up([series(rates.tolist())], 0.5, (1.0, 5.0))
    assert found is not None
    assert found.p < 1e-6
    assert found.observed - found.expected == pytest.approx(moves.sum(), rel=0.35)


def test_takes_marks_at_several_heights_together() -> None:
    rng = np.random.default_rng(5)
    both = [series(rounded(rng, 600, c).round(1).tolist(), mark) for c, mark in ((5, 6), (8, 9))]
    found = piled_up(both, 0.5, (1.0, 5.0))
    assert found is not None
    here = [((each.values > each.mark - 1) & (each.values <= each.mark)) for each in both]
    total = sum(float(each.counts[at].sum()) for each, at in zip(both, here, strict=True))
    assert found.observed == total


def test_says_nothing_where_too_few_bins_are_left() -> None:
    assert piled_up([series([5.9, 6.0])], 0.5, (1.0,)) is None
