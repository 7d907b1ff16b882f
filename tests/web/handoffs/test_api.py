"""Hand-offs for programs: the same rights and the same answers as on the pages."""

from typing import Any

import pytest
from django.test import Client

from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, mint
from counterpoise.web.audit.models import Entry
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.people.models import User
from tests.web.handoffs.making import Cast, passed

ALL = frozenset({TokenScope.READ, TokenScope.HANDOFFS})


class Caller:
    """Somebody who calls with a token of theirs."""

    def __init__(self, user: User, scopes: frozenset[TokenScope] = ALL) -> None:
        secret = mint(user, Wanted("Test", scopes, 30)).secret
        self._client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str = "") -> Any:
        return self._client.get(f"/api/v1/handoffs{path}")

    def post(self, path: str = "", content: object = None, **headers: str) -> Any:
        return self._client.post(
            f"/api/v1/handoffs{path}",
            content or {},
            content_type="application/json",
            headers=headers,
        )


def test_lists_what_opens_to_the_person(people: Cast) -> None:
    passed(people.kira)
    (mine,) = Caller(people.rita).get().json()["handoffs"]
    assert (mine["lead_id"], mine["owner_id"], mine["why"]) == (
        "L1",
        "R3",
        "owner of the account",
    )
    assert Caller(people.rolf).get().json() == {"count": 0, "page": 1, "handoffs": []}
    assert Caller(people.rita).get("?state=accepted").json()["count"] == 0


def test_goes_the_whole_way(people: Cast) -> None:
    kira, rita = Caller(people.kira), Caller(people.rita)
    made = kira.post("", {"lead_id": "L1"}).json()
    where = f"/{made['id']}"
    assert rita.post(f"{where}/respond", {"comment": "Called."}).json()["state"] == "answered"
    judged = {"verdict": "rejected", "reason": "no budget"}
    assert rita.post(f"{where}/verdict", judged).json()["rejection_reason"] == "no budget"
    again = kira.post(f"{where}/again", {"note": "Budget came."}).json()
    assert (again["round"], again["state"]) == (2, "assigned")
    story = [each["kind"] for each in rita.get(where).json()["story"]]
    assert story == ["passed", "assigned", "responded", "rejected"]


def test_passes_a_described_lead_once_a_key(people: Cast) -> None:
    kira = Caller(people.kira)
    sent = {"account": "Birch Retail", "score": 72.5, "source": "fair"}
    headers = {"Idempotency-Key": "one"}
    first, second = (kira.post("", sent, **headers) for _ in range(2))
    assert first.json() == second.json()
    assert first.json()["account_id"] == "A2"
    assert (Handoff.objects.count(), Entry.objects.filter(act="lead.passed").count()) == (1, 1)


@pytest.mark.parametrize(
    ("path", "sent", "status", "says"),
    [
        ("", {"account": "Alder Work"}, 422, "Alder Works"),
        ("", {"lead_id": "L3"}, 422, "does not qualify"),
        ("", {"lead_id": "L4"}, 403, "not among those"),
        ("/{}/verdict", {"verdict": "rejected"}, 422, "gives a reason"),
        ("/{}/verdict", {"verdict": "passed"}, 422, "Accept the lead"),
        ("/{}/respond", {"at": "tomorrow"}, 422, "an instant"),
        ("/{}/respond", {"at": "2000-01-01T00:00:00Z"}, 422, "came after that"),
        ("/{}/assign", {"person_id": "K1"}, 422, "Nobody of sales"),
        ("/{}/again", {"note": "x"}, 422, "was not rejected"),
        ("/99/respond", {}, 404, "Nothing is here"),
    ],
)
def test_says_what_cannot_be(
    people: Cast, path: str, sent: dict[str, str], status: int, says: str
) -> None:
    made = passed(people.kira)
    by = people.kira if not path else people.lena
    found = Caller(by).post(path.format(made.pk), sent)
    assert found.status_code == status, found.content
    assert says in found.content.decode()


def test_who_comes_second_is_told(people: Cast) -> None:
    made = passed(people.kira)
    accepted = {"verdict": "accepted"}
    assert Caller(people.rita).post(f"/{made.pk}/verdict", accepted).status_code == 200
    late = Caller(people.mona).post(f"/{made.pk}/verdict", accepted)
    assert late.status_code == 409
    assert "was accepted by Rita" in late.json()["detail"]


def test_asks_for_a_word_where_the_persona_is_met(people: Cast) -> None:
    made = passed(people.kira)
    sent: dict[str, object] = {"verdict": "rejected", "reason": "wrong persona"}
    found = Caller(people.rita).post(f"/{made.pk}/verdict", sent)
    assert found.status_code == 409
    assert "meets maker" in found.json()["detail"]
    done = Caller(people.rita).post(f"/{made.pk}/verdict", {**sent, "insists": True})
    assert done.json()["state"] == "rejected"


def test_needs_its_scope(people: Cast) -> None:
    made = passed(people.kira)
    reader = Caller(people.rita, frozenset({TokenScope.READ}))
    assert reader.get(f"/{made.pk}").status_code == 200
    assert reader.post(f"/{made.pk}/respond").status_code == 403
