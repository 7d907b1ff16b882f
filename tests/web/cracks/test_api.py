"""Cracks for programs: the same rights as on the pages."""

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from counterpoise.books import Workspace
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import TokenRefusedError, Wanted, mint
from counterpoise.web.audit.models import Entry
from counterpoise.web.cracks.models import Crack, Setting
from counterpoise.web.live import live
from counterpoise.web.people.cast import Member
from tests.web.cracks.making import Seen, measured

Cast = dict[str, Member]
BOTH = frozenset({TokenScope.READ, TokenScope.CRACKS})


class Caller:
    """Somebody who calls with a token of theirs."""

    def __init__(self, member: Member, scopes: frozenset[TokenScope] = BOTH) -> None:
        secret = mint(member.user, Wanted("Test", scopes, 30)).secret
        self._client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str) -> Any:
        return self._client.get(f"/api/v1/{path}")

    def post(self, path: str, content: object = None, **headers: str) -> Any:
        return self._client.post(
            f"/api/v1/{path}", content or {}, content_type="application/json", headers=headers
        )


@pytest.fixture
def shown(reps: Crack) -> Crack:
    """Return the crack about the rep once others see it."""
    Crack.objects.update(shown_at=reps.opened_at)
    return reps


def test_lists_what_the_person_sees(cast: Cast, reps: Crack) -> None:
    Crack.objects.update(shown_at=timezone.now() + dt.timedelta(days=1))
    assert Caller(cast["lead"]).get("cracks").json()["cracks"] == []
    own = Caller(cast["rep"]).get("cracks").json()
    assert [each["id"] for each in own["cracks"]] == [reps.slug]
    assert own["stake"] == 20_000.0


def test_names_nobody_before_it_is_opened(cast: Cast, shown: Crack) -> None:
    person = live().person(shown.subject_id)
    assert person is not None
    caller = Caller(cast["manager"])
    for path in ("cracks", "reviews/latest"):
        (crack,) = caller.get(path).json()["cracks"]
        assert crack["subject"]["id"] == ""
        assert person["name"] not in str(crack)
        assert shown.crack_id not in str(crack), "whose it is could be worked out"
    assert caller.get(f"cracks/{shown.slug}").status_code == 409


def test_opens_one_and_keeps_it_in_the_trail(cast: Cast, shown: Crack) -> None:
    caller = Caller(cast["manager"])
    opened = caller.post(f"cracks/{shown.slug}/look").json()
    assert opened["subject"]["id"] == shown.subject_id
    assert opened["rows"]["count"] == 2
    assert caller.get(f"cracks/{shown.slug}").json()["is_looked_at"]
    assert Entry.objects.filter(act="crack.viewed").count() == 1


def test_hides_names_behind_pseudonyms(cast: Cast, shown: Crack) -> None:
    Setting.objects.create(people="pseudonyms")
    person = live().person(shown.subject_id)
    assert person is not None
    caller = Caller(cast["lead"])
    opened = caller.post(f"cracks/{shown.slug}/look").json()
    for hidden in (person["name"], shown.subject_id, "D1"):
        assert hidden not in str(opened)
    assert (
        person["name"] not in caller.get("reviews/latest").content.decode().partition("cracks")[2]
    )


def test_answers_assigns_and_accepts(cast: Cast, teams: Crack) -> None:
    rep, lead = Caller(cast["rep"]), Caller(cast["lead"])
    path, day = f"cracks/{teams.slug}", timezone.localdate().isoformat()
    assert rep.post(f"{path}/answer", {"text": "One order."}).json()["state"] == "answered"
    owner = lead.get(path).json()["possible_owners"][0]
    healing = lead.post(f"{path}/assign", {"owner": owner["id"], "due_on": day}).json()
    assert (healing["state"], healing["owner"], healing["due_on"]) == ("healing", owner, day)
    accepted = lead.post(f"{path}/accept", {"reason": "Agreed.", "until_on": day}).json()
    assert accepted["state"] == "accepted"
    assert [each["deed"] for each in accepted["story"]] == [
        "found",
        "answered",
        "assigned",
        "accepted",
    ]


def test_does_once_what_is_sent_twice(cast: Cast, teams: Crack) -> None:
    caller = Caller(cast["rep"])
    for _ in range(2):
        sent = {"text": "One order."}
        caller.post(f"cracks/{teams.slug}/answer", sent, **{"Idempotency-Key": "k1"})
    assert teams.acts.filter(deed="answered").count() == 1


@pytest.mark.parametrize(
    ("part", "act", "content", "status"),
    [
        ("manager", "answer", {"text": "For them."}, 403),
        ("rep", "assign", {"owner": 1, "due_on": "2099-01-01"}, 422),
        ("rep", "accept", {"reason": "Mine.", "until_on": "today"}, 422),
        ("manager", "assign", {"owner": 999_999, "due_on": "2099-01-01"}, 422),
        ("marketer", "look", None, 404),
        ("stranger", "answer", {"text": "x"}, 404),
        ("rep", "answer", {"text": " "}, 422),
        ("rep", "answer", {"word": "x"}, 422),
    ],
)
def test_refuses_what_is_not_theirs_or_not_whole(
    cast: Cast, shown: Crack, part: str, act: str, content: object, status: int
) -> None:
    answer: HttpResponse = Caller(cast[part]).post(f"cracks/{shown.slug}/{act}", content)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert shown.acts.count() == 1


def test_lets_a_reader_do_nothing(cast: Cast, teams: Crack) -> None:
    reader = Caller(cast["lead"], frozenset({TokenScope.READ}))
    assert reader.get(f"cracks/{teams.slug}").status_code == 200
    assert reader.post(f"cracks/{teams.slug}/answer", {"text": "x"}).status_code == 403


def test_gives_a_program_no_word_about_cracks(cast: Cast) -> None:
    wanted = Wanted("Robot", frozenset({TokenScope.CRACKS}), 30, is_program=True)
    with pytest.raises(TokenRefusedError, match="answers no crack"):
        mint(cast["analyst"].user, wanted)


def test_filters_as_the_page_does(
    cast: Cast, room_workspace: Workspace, about_team: Seen, about_campaign: Seen
) -> None:
    measured(room_workspace, about_team, about_campaign)
    caller = Caller(cast["rep"])
    sides = [each["side"] for each in caller.get("cracks?side=marketing").json()["cracks"]]
    assert sides == ["marketing"]
    assert caller.get("cracks?state=closed").json()["cracks"] == []
    assert caller.get("cracks?state=gone").status_code == 422
