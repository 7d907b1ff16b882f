"""The judge: level, spread, calibration and power of every judgement."""

import numpy as np
import pytest
from scipy import stats

from counterpoise.watch.judge import (
    against_peers,
    alone,
    binomial,
    either,
    groups_against_groups,
    q_values,
)
from counterpoise.watch.sample import Sample
from tests.watch.samples import blameless, sample

TEN = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 30.0]


class TestAgainstPeers:
    def test_holds_a_subject_against_the_trimmed_mean_of_the_others(self) -> None:
        found = against_peers(sample([*TEN, 12.0], variance=1.0))
        # The others of the last: ten values, one trimmed a side, 2 + ... + 9 over 8.
        assert found.expected[-1] == pytest.approx(5.5)

    def test_takes_the_spread_of_the_others_drawn_in_and_made_normal(self) -> None:
        found = against_peers(sample([*TEN, 12.0], variance=1.0))
        # Drawn in: 2 2 3 4 5 6 7 8 9 9, mean 5.5, squares around it 66.5, over 9 = 7.3889.
        # A normal sample so drawn in keeps 0.67865 of its variance: 10.8876; less the sampling
        # variance of 1 leaves 9.8876. Scale: 9.8876 + 1 + 10.8876 / 10 = 11.9764.
        z = (12.0 - 5.5) / np.sqrt(11.9764)
        assert found.p[-1] == pytest.approx(stats.t.sf(z, 7), rel=1e-4)

    def test_trims_nobody_of_fewer_than_ten_others(self) -> None:
        found = against_peers(sample([0.0] * 4 + [2.0] * 4 + [5.0], variance=0.5))
        # The others of the last: mean 1, variance 8 / 7; spread 8 / 7 - 0.5.
        spread = 8 / 7 - 0.5
        z = 4.0 / np.sqrt(spread + 0.5 + (spread + 0.5) / 8)
        assert found.p[-1] == pytest.approx(stats.t.sf(z, 7))

    def test_leaves_the_subject_out_of_its_own_expectation(self) -> None:
        near, far = (against_peers(sample([*TEN[:9], own])) for own in (10.0, 1000.0))
        assert near.expected[-1] == far.expected[-1] == pytest.approx(5.0)

    @pytest.mark.parametrize("size", [8, 11, 21, 40])
    def test_leaves_out_one_by_one_what_it_leaves_out_at_once(self, size: int) -> None:
        people = blameless(np.random.default_rng(size), size, 1.2)
        found = against_peers(people)
        for at in range(size):
            others = np.delete(people.effect, at)
            assert found.expected[at] == pytest.approx(stats.trim_mean(others, 0.1))

    def test_judges_nobody_among_seven(self) -> None:
        assert np.isnan(against_peers(sample(TEN[:7])).p).all()

    def test_neither_judges_nor_heeds_who_has_few_rows(self) -> None:
        n = np.array([100] * 8 + [29])
        found = against_peers(sample([*TEN[:8], 1000.0], n=n))
        assert np.isnan(found.p[-1])
        assert found.expected[0] == pytest.approx(5.0)  # 2 ... 8

    def test_gives_the_interval_of_the_single_subject(self) -> None:
        found = against_peers(sample(TEN, variance=4.0))
        assert (found.low[0], found.high[0]) == pytest.approx((1 - 3.92, 1 + 3.92), abs=1e-3)

    @pytest.mark.parametrize(("size", "spread"), [(9, 1.2), (12, 1.2), (40, 1.2), (40, 3.0)])
    def test_accuses_blameless_people_as_seldom_as_it_says(self, size: int, spread: float) -> None:
        rng = np.random.default_rng(11)
        p = np.concatenate([against_peers(blameless(rng, size, spread)).p for _ in range(800)])
        assert 0.035 < (p < 0.05).mean() < 0.065
        assert (p < 0.005).mean() < 0.009

    def test_accuses_even_more_seldom_where_nobody_differs(self) -> None:
        rng = np.random.default_rng(12)
        p = np.concatenate([against_peers(blameless(rng, 40, 0.0)).p for _ in range(400)])
        assert (p < 0.05).mean() < 0.055
        assert (p < 0.005).mean() < 0.006

    def test_finds_two_at_fault_among_forty(self) -> None:
        rng = np.random.default_rng(13)
        found = 0
        for _ in range(100):
            people = blameless(rng, 40, 1.2)
            people.observed[:2] += 6.6
            q = q_values(against_peers(people).p)
            found += int((q[:2] <= 0.1).sum())
        assert found >= 190


class TestGroupsAgainstGroups:
    @staticmethod
    def teams(rng: np.random.Generator, teams: int = 5, members: int = 8) -> Sample:
        """Draw people of a spread of 1.2 in teams of a spread of 0.5."""
        groups = [f"T{at}" for at in range(teams) for _ in range(members)]
        people = blameless(rng, len(groups), 1.2, groups)
        people.observed[:] += np.repeat(rng.normal(0.0, 0.5, teams), members)
        return people

    def test_holds_a_median_against_the_median_of_the_others_medians(self) -> None:
        effect = [0.0, 1.0, 9.0, 2.0, 3.0, 4.0, 6.0, 7.0, 8.0]
        people = sample(effect, groups=["a"] * 3 + ["b"] * 3 + ["c"] * 3)
        found = groups_against_groups(people, people.pooled())
        shift = found.expected - people.pooled().expected
        assert shift.tolist() == [5.0, 4.0, 2.0]  # medians 1, 3, 7

    def test_accuses_blameless_teams_seldom(self) -> None:
        rng = np.random.default_rng(21)
        p = np.concatenate(
            [
                groups_against_groups(people, people.pooled()).p
                for people in (self.teams(rng) for _ in range(800))
            ]
        )
        assert (p < 0.05).mean() < 0.065
        assert (p < 0.005).mean() < 0.008
        assert (p < 0.001).mean() < 0.0016

    def test_moderates_what_few_groups_differ_by(self) -> None:
        effect = [-1.0, 0.0, 1.0, 9.0, 10.0, 11.0, 29.0, 30.0, 31.0]
        people = sample(effect, groups=["a"] * 3 + ["b"] * 3 + ["c"] * 3)
        found = groups_against_groups(people, people.pooled())
        # Inside, deviations of -1, 0 and 1 on 6 degrees of freedom vary by 1, a median of three by
        # π / 6. Of 0 and 10, whose variance is 50, 1 of 1 + 8 degrees is believed:
        between = (50 - np.pi / 6) / 9
        scale = np.pi / 6 + between + np.pi / 2 * (np.pi / 6 + between) / 2
        z = (30 - 5) / np.sqrt(scale)
        assert found.p[2] == pytest.approx(stats.t.sf(z, 6))

    def test_finds_the_team_and_not_the_others(self) -> None:
        rng = np.random.default_rng(22)
        found, wrong = 0, 0
        for _ in range(100):
            people = self.teams(rng)
            people.observed[:8] += 5.0
            q = q_values(groups_against_groups(people, people.pooled()).p)
            found, wrong = found + int(q[0] <= 0.1), wrong + int((q[1:] <= 0.1).sum())
        assert found >= 95
        assert wrong <= 5

    def test_is_not_moved_by_one_member(self) -> None:
        rng = np.random.default_rng(23)
        people = self.teams(rng)
        people.observed[0] += 100.0
        assert groups_against_groups(people, people.pooled()).p[0] > 0.01

    def test_judges_no_group_of_two(self) -> None:
        people = sample([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], groups=["a", "a", "b", "b", "b", "b"])
        assert np.isnan(groups_against_groups(people, people.pooled()).p).all()


def test_takes_the_sampling_error_of_what_stands_alone() -> None:
    found = alone(sample([1.96, 0.0], variance=1.0))
    assert found.p.tolist() == pytest.approx([0.025, 0.5], abs=1e-4)


def test_takes_fewer_degrees_of_freedom_where_clusters_are_few() -> None:
    assert alone(sample([2.0], variance=1.0), 4.0).p[0] == pytest.approx(0.0581, abs=1e-4)


def test_judges_nothing_that_cannot_vary() -> None:
    assert np.isnan(alone(sample([2.0], variance=0.0)).p[0])


def test_gives_the_exact_chance_of_so_many_broken_promises() -> None:
    # Three of three at one in ten: 0.001; at least one of two: 1 - 0.81.
    found = binomial(np.array([3, 1]), np.array([3, 2]), 0.1)
    assert found.tolist() == pytest.approx([0.001, 0.19])


def test_adjusts_p_values_for_the_family() -> None:
    # Ordered 0.005 0.01 0.03 0.5, times 4 / rank: 0.02 0.02 0.04 0.5.
    found = q_values(np.array([0.5, 0.01, 0.005, 0.03]))
    assert found.tolist() == pytest.approx([0.5, 0.02, 0.02, 0.04])


def test_doubles_a_p_value_that_was_chosen_of_two() -> None:
    found = either(np.array([0.03, np.nan, 0.9]), np.array([0.5, 0.04, 0.8]))
    assert found.tolist() == pytest.approx([0.06, 0.04, 1.0])


def test_spends_more_on_the_question_that_weighs_more() -> None:
    assert float(either(0.04, 0.5, 0.8)) == pytest.approx(0.05)
    assert float(either(0.5, 0.04, 0.8)) == pytest.approx(0.2)
