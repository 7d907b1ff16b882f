"""The beam obeys the law of the lever, and stays on its board."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.web.balance.beam import NARROW, WIDE, Board, beam_of
from counterpoise.web.balance.weighing import Span, Weighing, weigh
from tests.web.balance.reviews import month, review

AMOUNTS = st.floats(1, 1e9)


def weighing(held: float, given_away: float, goal: float | None, **more: float) -> Weighing:
    """Weigh one month."""
    return weigh(review(month("2026-06", held, given_away, **more), goal=goal), Span.ALL, None)


def test_lies_level_at_the_goal() -> None:
    beam = beam_of(weighing(90, 10, 0.9), WIDE)
    assert beam is not None
    assert beam.angle == 0


def test_sinks_on_the_given_side_below_the_goal() -> None:
    beam = beam_of(weighing(90, 10, 0.92), WIDE)
    assert beam is not None
    assert beam.angle == pytest.approx(3.2)


def test_sinks_on_the_held_side_above_the_goal() -> None:
    beam = beam_of(weighing(95, 5, 0.92), WIDE)
    assert beam is not None
    assert beam.angle == pytest.approx(-4.8)


def test_lies_level_where_no_goal_was_agreed() -> None:
    beam = beam_of(weighing(60, 40, None), WIDE)
    assert beam is not None
    assert beam.angle == 0


def test_draws_nothing_where_nothing_was_won() -> None:
    assert beam_of(weigh(review(), Span.ALL, None), WIDE) is None


def test_marks_leakage_on_the_given_weight() -> None:
    beam = beam_of(weighing(75, 25, 0.9, leakage_low=12.5), WIDE)
    assert beam is not None
    assert beam.leaked == pytest.approx(beam.given.side / 2, abs=0.01)


@given(goal=st.floats(0.05, 0.95), whole=AMOUNTS)
def test_is_level_when_weights_are_as_their_distances_turned_round(
    goal: float, whole: float
) -> None:
    beam = beam_of(weighing(whole * goal, whole * (1 - goal), goal), WIDE)
    assert beam is not None
    assert abs(beam.angle) < 0.01
    held_moment = whole * goal * -beam.held.x
    given_moment = whole * (1 - goal) * beam.given.x
    assert held_moment == pytest.approx(given_moment, rel=0.01)


@given(held=AMOUNTS, given_away=AMOUNTS, goal=st.floats(0, 1) | st.none())
@pytest.mark.parametrize("board", [WIDE, NARROW])
def test_keeps_on_its_board(
    board: Board, held: float, given_away: float, goal: float | None
) -> None:
    beam = beam_of(weighing(held, given_away, goal), board)
    assert beam is not None
    assert -7 <= beam.angle <= 7
    assert beam.pivot_x + beam.held.left >= 0
    assert beam.pivot_x + beam.given.x + beam.given.side / 2 <= board.width
    assert min(beam.held.side, beam.given.side) >= board.largest * 0.08 - 0.01
