"""The trail as administrators read it."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from counterpoise.web.audit.entries import record
from counterpoise.web.audit.models import Check, Entry
from counterpoise.web.people.models import User
from tests.web.audit.conftest import Sql


@pytest.fixture
def chief(trail: None) -> User:
    """Make an administrator who did something."""
    chief = User.objects.create_user(
        "chief@example.com", "x", name="Chie Fe", side="both", is_administrator=True
    )
    record(chief, "person.changed", "person:7", {"side": {"from": "sales", "to": "both"}})
    return chief


@pytest.fixture
def administrator(chief: User) -> Client:
    """Return a client in which the administrator is signed in."""
    client = Client()
    client.force_login(chief)
    return client


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [9, 8, 7, 6, 5, 4, 3, 2, 1]),
        ({"act": "person"}, [9]),
        ({"subject": "request:3"}, [3]),
        ({"first": "2000-01-01", "last": "2000-01-02"}, []),
        ({"first": "2000-01-01", "last": "2999-01-02"}, [9, 8, 7, 6, 5, 4, 3, 2, 1]),
        ({"first": "nonsense"}, []),
        ({"actor": "-1"}, []),
    ],
)
def test_finds_entries(administrator: Client, asked: dict[str, str], found: list[int]) -> None:
    page = administrator.get(reverse("audit:trail"), asked)
    assert [row.entry.sequence for row in page.context["rows"]] == found


def test_finds_what_somebody_did(administrator: Client, chief: User) -> None:
    page = administrator.get(reverse("audit:trail"), {"actor": chief.pk})
    assert [row.entry.sequence for row in page.context["rows"]] == [9]
    assert "Chie Fe" in page.content.decode()
    assert "sales → both" in page.content.decode()


def test_lists_entries_with_six_queries(
    administrator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        record(None, "request.asked", f"request:{number}")
    with django_assert_num_queries(6):
        page = administrator.get(reverse("audit:trail"))
    assert len(page.context["rows"]) == 50


def test_verifies_and_keeps_what_was_found(administrator: Client, intrude: Sql) -> None:
    record(None, "request.asked", "request:1")
    administrator.post(reverse("audit:verification"))
    assert Check.objects.get().findings == []
    assert b"entries were as written" in administrator.get(reverse("audit:trail")).content
    intrude("UPDATE audit_entry SET act = 'x' WHERE sequence = 2")
    administrator.post(reverse("audit:verification"))
    page = administrator.get(reverse("audit:trail")).content.decode()
    assert "entry 2 does not carry the code" in page
    assert Entry.objects.count() == 10, "looking is no entry"


def test_looking_verifies_nothing(administrator: Client) -> None:
    assert administrator.get(reverse("audit:verification")).status_code == 405
    assert not Check.objects.exists()
