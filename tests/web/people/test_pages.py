"""What an administrator does about people, page by page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from counterpoise.web.audit.models import Entry
from counterpoise.web.people.cast import Member
from counterpoise.web.people.models import User

FIELDS = {"name": "Bo Li", "email": "Bo@Example.com", "side": "marketing", "role": ""}


def _acts() -> list[str]:
    return list(Entry.objects.order_by("sequence").values_list("act", flat=True))


def _person(user: User) -> str:
    return reverse("people:person", args=[user.pk])


def test_invites_somebody_who_then_comes_in(administrator: Client, chief: User) -> None:
    page = administrator.post(reverse("people:invitation"), FIELDS).content.decode()
    link = re.search(r'value="http://testserver(/account/invitation/[^"]+)"', page)
    assert link
    newcomer = Client()
    newcomer.post(link[1], {"password": "seven green kettles"})
    assert newcomer.get(reverse("profile:profile")).status_code == 200
    made = User.objects.get(email="bo@example.com")
    assert (made.name, made.side, made.is_administrator) == ("Bo Li", "marketing", False)
    assert _acts()[:2] == ["person.added", "person.link_made"]


def test_invites_nobody_twice(administrator: Client, person: User) -> None:
    given = FIELDS | {"email": "ADA@example.com"}
    page = administrator.post(reverse("people:invitation"), given)
    assert b"Somebody here has this address already" in page.content
    assert User.objects.filter(email="ada@example.com").count() == 1
    given = FIELDS | {"person_id": "P1"}
    assert administrator.post(reverse("people:invitation"), given).status_code == 200
    assert not User.objects.filter(email="bo@example.com").exists()


def test_fills_in_what_the_books_know(cast: dict[str, Member], chief: User) -> None:
    client = Client()
    client.force_login(chief)
    suggested = client.get(reverse("people:suggested"))
    first = suggested.context["page"].object_list[0]
    page = client.get(reverse("people:invitation"), {"person": first.person_id})
    assert page.context["form"]["name"].value() == first.name
    assert page.context["form"]["role"].value() == first.role != ""
    assert cast["rep"].user.person_id not in {
        each.person_id for each in suggested.context["page"].paginator.object_list
    }


def test_changes_what_somebody_may_do(administrator: Client, person: User) -> None:
    given = {"name": "Ada L", "email": person.email, "side": "both", "may_sign": "on"}
    assert administrator.post(_person(person), given).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.side, person.may_sign, person.person_id) == (
        "Ada L",
        "both",
        True,
        "",
    )
    entry = Entry.objects.get(act="person.changed")
    assert '"side":{"from":"sales","to":"both"}' in entry.detail
    assert "Ada" not in entry.detail


def test_shows_somebody_as_they_are_beside_a_wrong_form(
    administrator: Client, person: User
) -> None:
    page = administrator.post(_person(person), FIELDS | {"email": "nonsense"})
    assert page.status_code == 200
    assert "<h1>Ada Byron</h1>" in page.content.decode()


def test_closes_an_account_and_ends_its_sessions(administrator: Client, person: User) -> None:
    other = Client()
    other.post(reverse("account_login"), {"login": person.email, "password": "a hat for the cat"})
    assert UserSession.objects.filter(user=person).exists()
    administrator.post(reverse("people:act", args=[person.pk, "close"]))
    assert other.get(reverse("profile:profile")).status_code == 302
    assert not UserSession.objects.filter(user=person).exists()
    administrator.post(reverse("people:act", args=[person.pk, "reopen"]))
    person.refresh_from_db()
    assert person.is_active
    assert _acts()[-2:] == ["person.closed", "person.reopened"]


def test_takes_off_a_second_factor_that_was_lost(administrator: Client, person: User) -> None:
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    administrator.post(reverse("people:act", args=[person.pk, "second-factor"]))
    assert not Authenticator.objects.filter(user=person).exists()


@pytest.mark.parametrize("way", ["close", "demote", "erase"])
def test_keeps_one_administrator(administrator: Client, chief: User, way: str) -> None:
    if way == "close":
        administrator.post(reverse("people:act", args=[chief.pk, "close"]))
    elif way == "demote":
        administrator.post(
            _person(chief), {"name": "Chie Fe", "email": chief.email, "side": "both"}
        )
    else:
        administrator.post(reverse("people:erasure", args=[chief.pk]), {"sure": chief.email})
    chief.refresh_from_db()
    assert chief.is_administrator
    assert chief.is_active
    assert _acts() == []


def test_knows_nothing_else_to_do(administrator: Client, person: User) -> None:
    assert administrator.post(f"{_person(person)}delete/").status_code == 404
    assert administrator.get(reverse("people:act", args=[person.pk, "close"])).status_code == 405


@pytest.mark.parametrize("people", [3, 40])
def test_lists_people_with_four_queries(
    administrator: Client, django_assert_num_queries: DjangoAssertNumQueries, people: int
) -> None:
    for number in range(people):
        User.objects.create_user(f"p{number}@example.com", name=f"P {number}", side="sales")
    with django_assert_num_queries(4):
        page = administrator.get(reverse("people:people"))
    assert page.content.count(b'<th scope="row">') == people + 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "ada"}, {"Ada Byron"}),
        ({"q": "p1"}, {"Ada Byron"}),
        ({"state": "invited"}, {"Ada Byron"}),
        ({"state": "closed"}, set()),
        ({"q": "%"}, set()),
        ({"page": "99"}, {"Ada Byron", "Chie Fe"}),
    ],
)
def test_finds_people(
    administrator: Client, person: User, asked: dict[str, str], found: set[str]
) -> None:
    page = administrator.get(reverse("people:people"), asked)
    assert {each.name for each in page.context["page"]} == found


_TYPED = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(st.text(max_size=50), st.text(min_size=200, max_size=260))
        for name in ("name", "email", "side", "role", "person_id", "may_sign", "old", "new")
    },
)
_shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@_shared
@given(_TYPED)
def test_no_invitation_fails(administrator: Client, typed: dict[str, str]) -> None:
    with _undone():
        assert administrator.post(reverse("people:invitation"), typed).status_code == 200


@_shared
@given(_TYPED, st.sampled_from(["person", "account", "x"]))
def test_no_remap_fails(administrator: Client, typed: dict[str, str], kind: str) -> None:
    with _undone():
        answered = administrator.post(reverse("people:remaps"), typed | {"kind": kind})
        assert answered.status_code in {200, 302}


@_shared
@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=10))
def test_no_search_fails(administrator: Client, words: str, act: str, number: str) -> None:
    asked = {"q": words, "state": act, "page": number}
    assert administrator.get(reverse("people:people"), asked).status_code == 200
    asked = {"act": act, "subject": words, "actor": number, "first": number, "page": number}
    assert administrator.get(reverse("audit:trail"), asked).status_code == 200


@_shared
@given(st.fixed_dictionaries(dict.fromkeys(["name", "pseudonym", "figures", "days"], st.text())))
def test_no_profile_fails(administrator: Client, typed: dict[str, str]) -> None:
    with _undone():
        answered = administrator.post(reverse("profile:profile"), typed)
        assert answered.status_code in {200, 302}
