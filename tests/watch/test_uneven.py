"""The judge of subjects with very different numbers of rows, and of one against the rest."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from counterpoise.watch.judge import against_peers, against_rest, against_uneven
from counterpoise.watch.sample import Floats, Sample


def sample(effect: Floats, n: Floats, variance: Floats) -> Sample:
    size = len(effect)
    return Sample(
        ids=tuple(f"S{at}" for at in range(size)),
        groups=("",) * size,
        n=n.astype(np.int64),
        observed=effect,
        expected=np.zeros(size),
        variance=variance,
        base=np.ones(size),
    )


def test_nine_alike_leave_the_tenth_its_own_and_their_sampling_error() -> None:
    effect = np.array([0.0] * 9 + [0.3])
    found = against_uneven(sample(effect, np.full(10, 100), np.full(10, 0.01)))
    # No spread between the nine, so z = 0.3 / √(0.01 + 0.01 / 9), on eight degrees of freedom.
    assert found.p[9] == pytest.approx(stats.t.sf(0.3 / np.sqrt(0.01 * 10 / 9), 8))
    assert found.expected[9] == pytest.approx(0.0)


def test_a_large_one_is_not_drowned_by_what_small_ones_leave_open() -> None:
    rng = np.random.default_rng(4)
    n = np.array([40.0] * 16 + [1_000.0] * 8)
    variance = 0.2 / n
    effect = rng.normal(0.0, np.sqrt(variance))
    effect[-1] = -0.2
    turned = sample(-effect, n, variance)
    assert against_uneven(turned).p[-1] < 1e-6
    assert against_uneven(turned).p[-1] < against_peers(turned).p[-1]


def test_alarms_are_as_rare_as_said_where_subjects_differ_a_little() -> None:
    rng = np.random.default_rng(7)
    n = np.repeat([40.0, 150.0, 900.0], 8)
    p = []
    for _ in range(300):
        effect = rng.normal(0.0, np.sqrt(0.03**2 + 0.2 / n))
        p.append(against_uneven(sample(effect, n, 0.2 / n)).p)
    found = np.concatenate(p)
    assert (found < 0.01).mean() < 0.02
    assert (found < 0.05).mean() < 0.075


def test_fewer_than_eight_are_not_judged() -> None:
    few = sample(np.arange(7.0), np.full(7, 100), np.full(7, 0.01))
    assert np.isnan(against_uneven(few).p).all()


def test_one_is_held_against_all_the_others_together() -> None:
    found = against_rest(
        sample(np.array([0.3, 0.0, 0.1]), np.array([100, 300, 100]), np.array([4e-3, 1e-3, 4e-3]))
    )
    # The rest: (300 × 0 + 100 × 0.1) / 400 = 0.025, with (9e4 × 1e-3 + 1e4 × 4e-3) / 16e4.
    error = np.sqrt(4e-3 + (90 + 40) / 160_000)
    assert found.expected[0] == pytest.approx(0.025)
    assert found.p[0] == pytest.approx(stats.norm.sf(0.275 / error))


def test_one_alone_has_no_rest() -> None:
    assert np.isnan(against_rest(sample(np.ones(1), np.ones(1), np.ones(1))).p).all()
