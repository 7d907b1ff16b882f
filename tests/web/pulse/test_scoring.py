"""Scores, their intervals, and which groups are shown."""

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.web.pulse.groups import Group, shown
from counterpoise.web.pulse.items import ITEMS
from counterpoise.web.pulse.scoring import Ballot, difference, score_of
from tests.web.pulse.conftest import rated


def ballots(side: str, *ratings: int, team: str = "") -> list[Ballot]:
    return [Ballot(side, team, rated(each)) for each in ratings]


def test_scores_a_group_with_its_interval() -> None:
    found = score_of(ballots("sales", 2, 3, 3, 3, 4))
    assert (found.n, found.mean) == (5, 60)
    # Scores 40, 60, 60, 60, 80: variance 800 / 4; Student's t with 4 degrees leaves 2.7764.
    assert found.spread == pytest.approx(200**0.5)
    half = 2.776445 * (200 / 5) ** 0.5
    assert (found.low, found.high) == (pytest.approx(60 - half), pytest.approx(60 + half))
    assert found.ratings["decide"] == (0, 1, 3, 1, 0)
    assert set(found.ratings) == {item.id for item in ITEMS}


def test_keeps_an_interval_on_the_scale() -> None:
    found = score_of(ballots("sales", 1, 1, 1, 1, 3))
    assert found.low == 20
    assert found.mean == 28


def test_tells_how_far_two_groups_are_apart() -> None:
    one, other = score_of(ballots("sales", 2, 3, 3, 3, 4)), score_of(ballots("m", 3, 4, 4, 4, 5))
    found = difference(one, other)
    # Equal spreads of five each: error √(40 + 40), Welch's 8 degrees, t 2.3060.
    assert found.value == -20
    assert found.high - found.value == pytest.approx(2.306004 * 80**0.5)


def test_shows_no_group_below_the_smallest() -> None:
    assert shown(ballots("sales", 1, 2, 3, 4) + ballots("marketing", *[3] * 5), 5).keys() == {
        Group("marketing")
    }


def test_shows_no_team_that_leaves_a_small_rest() -> None:
    sales = ballots("sales", *[3] * 6, team="North") + ballots("sales", *[3] * 3, team="South")
    assert set(shown(sales, 5)) == {Group("sales")}
    whole = sales + ballots("sales", 4, 4, team="East")
    assert set(shown(whole, 5)) == {Group("sales"), Group("sales", "North")}


@given(
    st.lists(
        st.tuples(st.sampled_from(["sales", "marketing"]), st.sampled_from("ABCD ")), max_size=40
    ),
    st.integers(3, 8),
)
def test_nothing_small_is_left_by_adding_and_subtracting(
    members: list[tuple[str, str]], smallest: int
) -> None:
    cast = [Ballot(side, team.strip(), rated(3)) for side, team in members]
    found = shown(cast, smallest)
    # Teams of a side are disjoint, so every group that can be made of the shown ones is a union of
    # shown teams, or a shown side less such a union.
    for side in ("sales", "marketing"):
        teams = {
            group: len(own) for group, own in found.items() if group.side == side and group.team
        }
        whole = len(found.get(Group(side), []))
        assert whole or not teams
        for count in range(len(teams) + 1):
            for some in itertools.combinations(teams.values(), count):
                for size in {sum(some), whole - sum(some)}:
                    assert size == 0 or size >= smallest
    sizes = Counter(ballot.side for ballot in cast)
    assert {group.side for group in found} == {side for side, n in sizes.items() if n >= smallest}
