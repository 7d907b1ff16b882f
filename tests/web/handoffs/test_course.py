"""The order in which reports of a lead arrive changes nothing."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.web.handoffs.course import Course, Report, course_of
from counterpoise.web.handoffs.states import LeadEvent, LeadState

NINE = dt.datetime(2026, 6, 10, 9)


def at(hour: int, minute: int = 0) -> dt.datetime:
    return NINE.replace(hour=hour, minute=minute)


PASSED = Report(NINE, LeadEvent.PASSED)
ASSIGNED = Report(at(9, 5), LeadEvent.ASSIGNED, "R1")
RESPONDED = Report(at(11), LeadEvent.RESPONDED, "R1")
REJECTED = Report(at(13), LeadEvent.REJECTED, "R1", "no budget")
ACCEPTED = Report(at(14), LeadEvent.ACCEPTED, "R2")


def test_tells_where_a_lead_stands_step_by_step() -> None:
    told = [PASSED, ASSIGNED, RESPONDED, REJECTED]
    states = [course_of(told[: count + 1]).state for count in range(4)]
    assert states == [LeadState.WAITING, LeadState.ASSIGNED, LeadState.ANSWERED, LeadState.REJECTED]


@pytest.mark.parametrize(
    "order", [*itertools.permutations([PASSED, ASSIGNED, RESPONDED, REJECTED])]
)
def test_is_the_same_in_any_order(order: tuple[Report, ...]) -> None:
    assert course_of(order) == Course(
        LeadState.REJECTED, NINE, "R1", at(9, 5), at(11), "R1", at(13), "no budget"
    )


def test_the_earliest_response_wins() -> None:
    earlier = Report(at(10), LeadEvent.RESPONDED, "R2")
    found = course_of([PASSED, ASSIGNED, RESPONDED, earlier])
    assert (found.responded_at, found.responder_id, found.owner_id) == (at(10), "R2", "R1")


def test_the_first_verdict_stands() -> None:
    found = course_of([PASSED, ACCEPTED, ASSIGNED, REJECTED])
    assert (found.state, found.verdict_at, found.reason) == (
        LeadState.REJECTED,
        at(13),
        "no budget",
    )


def test_who_responded_before_the_assignment_had_it_by_then() -> None:
    early = Report(at(9, 2), LeadEvent.RESPONDED, "R1")
    found = course_of([PASSED, ASSIGNED, early])
    assert (found.assigned_at, found.responded_at) == (at(9, 2), at(9, 2))


def test_a_verdict_before_a_response_is_the_response() -> None:
    late = Report(at(16), LeadEvent.RESPONDED, "R1")
    found = course_of([PASSED, ASSIGNED, late, REJECTED])
    assert (found.responded_at, found.verdict_at) == (at(13), at(13))


def test_what_came_before_the_hand_over_took_no_time() -> None:
    found = course_of([PASSED, Report(at(8), LeadEvent.RESPONDED, "R1")])
    assert (found.passed_at, found.assigned_at, found.responded_at) == (NINE, NINE, NINE)


def test_the_last_who_was_given_it_has_it_and_the_clock_started_with_the_first() -> None:
    found = course_of([PASSED, Report(at(12), LeadEvent.ASSIGNED, "R2"), ASSIGNED])
    assert (found.owner_id, found.assigned_at) == ("R2", at(9, 5))


reports = st.builds(
    Report,
    st.integers(-120, 600).map(lambda minutes: NINE + dt.timedelta(minutes=minutes)),
    st.sampled_from(
        [
            LeadEvent.ASSIGNED,
            LeadEvent.RESPONDED,
            LeadEvent.ACCEPTED,
            LeadEvent.REJECTED,
            LeadEvent.LINKED,
        ]
    ),
    st.sampled_from(["R1", "R2", "R3"]),
    st.sampled_from(["no budget", "duplicate"]),
    st.sampled_from(["D1", "D2"]),
)


@given(st.lists(reports, max_size=8), st.data())
def test_neither_order_nor_repetition_of_reports_changes_anything(
    told: list[Report], data: st.DataObject
) -> None:
    first = course_of([PASSED, *told])
    shuffled = data.draw(st.permutations([PASSED, *told, *told[:2]]))
    assert course_of(shuffled) == first


@given(st.lists(reports, max_size=8))
def test_time_runs_one_way(told: list[Report]) -> None:
    found = course_of([PASSED, *told])
    steps = [found.passed_at, found.assigned_at, found.responded_at, found.verdict_at]
    reached = [each for each in steps if each is not None]
    assert reached == sorted(reached)
    assert (found.verdict_at is not None) == (
        found.state in {LeadState.ACCEPTED, LeadState.REJECTED}
    )
    assert (found.state is LeadState.WAITING) == (found.assigned_at is None)
