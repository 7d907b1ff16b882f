"""Talk for programs."""

from typing import Any

import pytest
from django.test import Client

from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, mint
from counterpoise.web.people.models import User
from tests.web.desk.asking import Cast
from tests.web.desk.company import NOW
from tests.web.talk.speaking import CLAUSE, DEAL, answered, asked, said


def told(user: User, path: str) -> tuple[int, Any]:
    secret = mint(user, Wanted("reader", frozenset({TokenScope.READ}), 30)).secret
    answer = Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})
    return answer.status_code, answer.json()


def test_reads_a_thread_as_its_page_shows_it(people: Cast) -> None:
    question = asked(people.rhea, people.kira, "Who, @Milo?")
    answered(people.kira, question)
    status, found = told(people.rolf, f"threads/{CLAUSE}")
    (words,) = found["words"]
    assert (status, found["thing"], words["text"]) == (200, CLAUSE, "Who, @Milo?")
    assert words["question"] == {
        "id": question.pk,
        "owner": {"id": people.kira.pk, "name": "Kira"},
        "due_at": question.due_at.isoformat(),
        "state": "answered",
    }
    assert [each["text"] for each in words["answers"]] == ["Nobody."]


@pytest.mark.parametrize("thing", [DEAL, "deal:D9", "weather:x"])
def test_a_thread_of_others_is_not_there(people: Cast, thing: str) -> None:
    said(people.rhea)
    status, problem = told(people.rolf, f"threads/{thing}")
    assert (status, problem["detail"]) == (404, f"Nothing called {thing} opens to you.")


def test_lists_questions_of_both_directions(people: Cast) -> None:
    mine = asked(people.rhea, people.kira)
    owed = asked(people.kira, people.rhea, "And yours?", now=NOW)
    asked(people.mona, people.lena, "Not mine?")
    _, found = told(people.rhea, "questions")
    assert [each["id"] for each in found["questions"]] == [mine.pk, owed.pk]
    assert told(people.rhea, "campaigns") == (200, {"campaigns": []})
