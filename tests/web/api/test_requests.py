"""Requests and approvals for programs: asked once, answered by those who may."""

from typing import Any

import pytest

from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.desk.models import Request
from counterpoise.web.people.models import User
from tests.web.api.calling import Caller, kind_of
from tests.web.api.conftest import MakeCaller

DEEP = {
    "request": {"deal": {"account_id": "A1", "list_amount": 1000, "rate": 0.12}},
    "note": "June",
}


@pytest.fixture
def asker(rep: User, caller_of: MakeCaller) -> Caller:
    """Return a seller who asks."""
    return caller_of(rep, TokenScope.ASK, TokenScope.APPROVE)


@pytest.fixture
def manager(room: object, caller_of: MakeCaller) -> Caller:
    """Return who approves."""
    user = User.objects.create_user(
        "mona@example.com", name="Mona", side="sales", role="sales_manager", person_id="M1"
    )
    return caller_of(user, TokenScope.APPROVE)


def asked(asker: Caller, **headers: str) -> dict[str, Any]:
    answer = asker.post("requests", DEEP, **headers)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_puts_a_request_on_record(asker: Caller) -> None:
    made = asked(asker)
    assert (made["state"], made["asked_by"], made["note"]) == ("open", "rep", "June")
    assert [each["role"] for each in made["approvals"]] == ["sales_manager"]
    assert asker.get(f"requests/{made['id']}").json() == made
    assert [each["id"] for each in asker.get("requests?state=open").json()["requests"]] == [
        made["id"]
    ]


def test_asks_once_for_the_same_key(asker: Caller) -> None:
    first = asked(asker, Idempotency_Key="k-1")
    assert asked(asker, Idempotency_Key="k-1") == first
    assert Request.objects.count() == 1
    answer = asker.post("requests", {**DEEP, "note": "July"}, Idempotency_Key="k-1")
    assert (answer.status_code, kind_of(answer)) == (409, "key-used")


def test_lets_the_manager_approve(asker: Caller, manager: Caller) -> None:
    made = asked(asker)
    assert [each["id"] for each in manager.get("approvals").json()["requests"]] == [made["id"]]
    answer = manager.post(f"approvals/{made['id']}", {"said": "approved", "comment": "Go."})
    assert answer.json()["state"] == "approved"
    assert answer.json()["approvals"][0]["answer"]["comment"] == "Go."
    again = manager.post(f"approvals/{made['id']}", {"said": "refused"})
    assert again.status_code == 409


def test_lets_nobody_approve_their_own(asker: Caller) -> None:
    made = asked(asker)
    answer = asker.post(f"approvals/{made['id']}", {"said": "approved"})
    assert (answer.status_code, kind_of(answer)) == (403, "not-open")
    assert Request.objects.get().state == "open"


def test_takes_a_request_back(asker: Caller) -> None:
    made = asked(asker)
    assert asker.post(f"requests/{made['id']}/withdraw", {}).json()["state"] == "withdrawn"


def test_refuses_what_is_no_request(asker: Caller, manager: Caller) -> None:
    made = asked(asker)
    for body in (
        "[]",
        "{}",
        '{"request": 1}',
        '{"request": {}, "other": 1}',
        '{"note": "\\u0000"}',
    ):
        assert asker.post("requests", body).status_code == 422, body
    for said in (
        {},
        {"said": "perhaps"},
        {"said": "countered"},
        {"said": "approved", "comment": 1},
    ):
        assert manager.post(f"approvals/{made['id']}", said).status_code == 422, said
    assert Request.objects.count() == 1


def test_hides_requests_that_do_not_open(
    asker: Caller, room: object, caller_of: MakeCaller
) -> None:
    made = asked(asker)
    stranger = User.objects.create_user("s@example.com", name="S", side="sales", role="rep")
    other = caller_of(stranger, TokenScope.READ, TokenScope.ASK)
    assert other.get(f"requests/{made['id']}").status_code == 404
    assert other.post(f"requests/{made['id']}/withdraw", {}).status_code == 404
    assert other.get(f"requests/{2**63}").status_code == 422


def test_counts_queries_of_a_list(asker: Caller, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        asked(asker)
    asker.get("requests")
    with django_assert_num_queries(5):
        asker.get("requests")
