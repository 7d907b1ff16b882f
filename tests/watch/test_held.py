"""Who explains a group, who stands out of one, and since when."""

import numpy as np
import pytest
from scipy import stats

from counterpoise.watch.held import held
from counterpoise.watch.sample import Sample
from counterpoise.watch.steps import step
from tests.watch.samples import sample

TEAMS = [team for team in "abcde" for _ in range(6)]


def people(extra: dict[int, float]) -> Sample:
    """Return five teams of six who differ a little, some by more."""
    effect = np.array([(at * 7 % 6 - 2.5) * 0.4 for at in range(30)])
    for at, more in extra.items():
        effect[at] += more
    return sample(effect, variance=0.05, groups=TEAMS)


def test_a_group_of_one_deep_member_does_not_stand_without_that_member() -> None:
    deep = dict.fromkeys(range(4), 6.0)
    whole = held(people(deep), is_group=True, by_past=False, high_is_bad=True)
    assert whole.p("a") < 1e-4
    member, p = whole.without("a")
    assert member in {"0", "1", "2", "3"}
    assert p is not None
    assert p < 0.01  # three more are left

    one = held(people({0: 60.0}), is_group=True, by_past=False, high_is_bad=True)
    member, p = one.without("a")
    assert member == "0"
    assert p is not None
    assert p > 0.2


def test_names_a_member_only_beside_their_mates() -> None:
    whole = held(
        people(dict.fromkeys(range(6), 6.0)), is_group=False, by_past=False, high_is_bad=True
    )
    alike = whole.among_mates("3")
    assert alike is not None
    assert alike > 0.01
    deepest = held(people({3: 9.0}), is_group=False, by_past=False, high_is_bad=True)
    alone = deepest.among_mates("3")
    assert alone is not None
    assert alone < 0.01


def test_asks_nobody_among_three() -> None:
    few = sample([1.0, 2.0, 9.0] + [0.0, 1.0] * 4, groups=["a"] * 3 + ["b"] * 8)
    whole = held(few, is_group=False, by_past=False, high_is_bad=True)
    assert whole.among_mates("2") is None


def test_turns_round_where_little_is_the_trouble() -> None:
    low = held(people({7: -9.0}), is_group=False, by_past=False, high_is_bad=False)
    high = held(people({7: -9.0}), is_group=False, by_past=False, high_is_bad=True)
    assert low.p("7") < 0.01
    assert low.p("7") == pytest.approx(1 - high.p("7"))
    assert low.over("7") == pytest.approx(low.judged.expected[7] - low.subjects.observed[7])
    assert high.over("7") == 0.0
    assert low.judged.low[7] < low.subjects.observed[7] < low.judged.high[7]


def test_knows_no_p_value_of_a_stranger() -> None:
    assert np.isnan(held(people({}), is_group=False, by_past=True, high_is_bad=True).p("nobody"))


def test_a_step_is_found_where_it_was_taken() -> None:
    rng = np.random.default_rng(9)
    effect = np.where(np.arange(14) >= 5, 6.0, 0.0) + rng.normal(0.0, 5 / np.sqrt(12), 14)
    assert abs(step(effect, np.full(14, 12.0), 25.0) - 5) <= 1


def test_what_always_stood_began_at_the_first_slice() -> None:
    rng = np.random.default_rng(10)
    effect = 6.0 + rng.normal(0.0, 5 / np.sqrt(12), 14)
    assert step(effect, np.full(14, 12.0), 25.0) == 0


def test_eight_groups_are_judged_as_peers() -> None:
    groups = [f"g{at}" for at in range(9) for _ in range(2)]
    effect = [float(at % 5) for at in range(9) for _ in range(2)]
    found = held(sample(effect, groups=groups), is_group=True, by_past=False, high_is_bad=True)
    # Eight others of g0: 1 2 3 4 0 1 2 3, mean 2, variance 12 / 7, one in nine more for the mean.
    z = -2.0 / np.sqrt(12 / 7 * (1 + 1 / 8))
    assert found.p("g0") == pytest.approx(stats.t.sf(z, 7))
