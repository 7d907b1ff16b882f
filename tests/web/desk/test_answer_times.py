import datetime as dt

import pytest

from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.web.desk.answer_times import AnswerTime, answer_time
from tests.web.desk.asking import Cast, asked, say
from tests.web.desk.company import NOW

CALENDAR = WorkCalendar()


def test_takes_the_median_of_working_time_on_record(people: Cast) -> None:
    # Two hours, three hours, and from Friday 16:00 to Monday 12:00: four.
    assert answer_time("sales_manager", CALENDAR) == AnswerTime(3.0, 3)


def test_counts_the_answers_of_the_room_too(people: Cast) -> None:
    for _ in range(2):
        say(people.mona, asked(people.rhea), at=NOW + dt.timedelta(hours=6))
    assert answer_time("sales_manager", CALENDAR) == AnswerTime(4.0, 5)


def test_says_nothing_from_too_few(people: Cast) -> None:
    assert answer_time("product_marketing", CALENDAR) is None


@pytest.mark.parametrize("role", ["SALES_MANAGER", "sales_manager"])
def test_reads_roles_in_any_case(people: Cast, role: str) -> None:
    found = answer_time(role, CALENDAR)
    assert found is not None
    assert found.answers == 3
