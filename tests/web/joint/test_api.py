"""Joint reviews for programs."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, mint
from counterpoise.web.joint import writing
from counterpoise.web.joint.models import JointReview
from tests.web.desk.asking import Cast, token
from tests.web.joint.meeting import brought


@pytest.fixture
def secret(people: Cast) -> str:
    """Return the secret of a seller's token that reads."""
    return mint(people.rhea, Wanted("reader", frozenset({TokenScope.READ}), 30)).secret


def told(secret: str, path: str) -> tuple[int, dict[str, object]]:
    answer = Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})
    return answer.status_code, answer.json()


def test_reads_the_minutes_as_the_page_shows_them(
    people: Cast, sitting: JointReview, secret: str
) -> None:
    point = brought(people.mona, sitting)
    writing.note(people.mona, point.pk, "Prices rise in May.", token())
    struck = writing.decide(people.mona, point.pk, "Two lists.", token())
    writing.strike(people.mona, struck.pk)
    due_on = timezone.localdate() + dt.timedelta(days=1)
    action = writing.promise(people.mona, point.pk, "Call.", people.rhea, due_on, token())
    status, listed = told(secret, "joint-reviews")
    assert (status, [each["state"] for each in listed["joint_reviews"]]) == (200, ["open"])  # type: ignore[attr-defined]
    status, found = told(secret, f"joint-reviews/{sitting.pk}")
    assert status == 200
    assert found["there"] == [{"id": people.mona.pk, "name": "Mona", "side": "sales"}]
    assert found["points"] == [
        {
            "section": "added",
            "says": "Prices of valves",
            "url": "",
            "side": "sales",
            "at": None,
            "id": point.pk,
            "version": 1,
            "notes": "Prices rise in May.",
            "decisions": [],
            "actions": [
                {
                    "id": action.pk,
                    "text": "Call.",
                    "owner": {"id": people.rhea.pk, "name": "Rhea"},
                    "due_on": due_on.isoformat(),
                    "state": "open",
                }
            ],
        }
    ]


def test_says_that_there_is_none(people: Cast, secret: str) -> None:
    status, problem = told(secret, "joint-reviews/17")
    assert (status, problem["detail"]) == (404, "There is no such joint review.")
