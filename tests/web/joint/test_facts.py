"""What the next review reads of joint reviews and questions: that they were, no word of them."""

import datetime as dt

from django.utils import timezone

from counterpoise.books.schema import ROOM_TABLES
from counterpoise.web.joint import beginning, planning, room_facts, writing
from counterpoise.web.joint.models import JointReview
from counterpoise.web.talk import room_facts as questions
from counterpoise.web.talk.saying import withdraw
from tests.web.desk.asking import Cast, token
from tests.web.desk.company import NOW
from tests.web.joint.meeting import brought, planned
from tests.web.talk.speaking import answered, asked

DAY = dt.timedelta(days=1)


def test_reviews_are_facts_once_they_are_over(people: Cast, sitting: JointReview) -> None:
    other = planned(timezone.now() + 9 * DAY)
    point = brought(people.mona, sitting)
    struck = writing.decide(people.mona, point.pk, "Two lists.", token())
    writing.strike(people.mona, struck.pk)
    writing.decide(people.mona, point.pk, "One list.", token())
    due_on = timezone.localdate() + DAY
    writing.promise(people.mona, point.pk, "Write it.", people.rhea, due_on, token())
    assert room_facts.rows() == {"joint_reviews": []}
    beginning.come(people.kira, sitting.pk)
    beginning.close(people.mona, sitting.pk)
    planning.skip(people.mona, other.pk, "trade fair")
    held, skipped = room_facts.rows()["joint_reviews"]
    assert held == {
        "review_id": f"room-{sitting.pk}",
        "due_on": timezone.localdate(sitting.starts_at),
        "outcome": "held",
        "decisions": 1,
        "actions": 1,
    }
    assert (skipped["outcome"], skipped["decisions"]) == ("skipped", 0)
    assert set(held) == {column.name for column in ROOM_TABLES["joint_reviews"].columns}


def test_questions_are_facts_without_their_words(people: Cast) -> None:
    one, two = asked(people.rhea, people.kira), asked(people.kira, people.mona)
    answered(people.kira, one, now=NOW + DAY)
    first, second = questions.rows()["questions"]
    assert first == {
        "question_id": f"room-{one.pk}",
        "asked_at": NOW.replace(tzinfo=None),
        "asker_side": "sales",
        "asked_by": "R1",
        "owner_side": "marketing",
        "owner_id": "K1",
        "due_at": (NOW + 2 * DAY).replace(tzinfo=None),
        "answered_at": (NOW + DAY).replace(tzinfo=None),
        "answered_by": "K1",
    }
    assert (second["answered_at"], second["owner_side"]) == (None, "sales")
    assert set(first) == {column.name for column in ROOM_TABLES["questions"].columns}
    withdraw(people.kira, two.words_id)
    assert len(questions.rows()["questions"]) == 1
