"""How a person says how they want to be told."""

import datetime as dt

from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from counterpoise.web.audit.models import Entry
from counterpoise.web.notices.models import Preference
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User
from tests.web.notices.test_sending import SLACK


def _client(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_keeps_what_a_person_chose(person: User) -> None:
    given = {"by_mail": "on", "chat_address": SLACK, "digest_at": "07:30"}
    assert _client(person).post(reverse("notices:preferences"), given).status_code == 302
    kept = Preference.objects.get(user=person)
    assert (kept.by_mail, kept.chat_address, kept.digest_at) == (True, SLACK, dt.time(7, 30))
    assert SLACK not in Entry.objects.get(act="person.notices_changed").detail


def test_never_shows_a_chat_address_again(person: User) -> None:
    Preference.objects.create(user=person, chat_address=SLACK)
    page = _client(person).get(reverse("notices:preferences")).content.decode()
    assert "Slack (slack://…) is set" in page
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in page


def test_an_empty_address_keeps_the_one_there(person: User) -> None:
    Preference.objects.create(user=person, chat_address=SLACK)
    client = _client(person)
    client.post(reverse("notices:preferences"), {"chat_address": ""})
    assert Preference.objects.get().chat_address == SLACK
    client.post(reverse("notices:preferences"), {"no_chat": "on"})
    assert Preference.objects.get().chat_address == ""


def test_refuses_an_address_inside(person: User) -> None:
    page = _client(person).post(
        reverse("notices:preferences"), {"chat_address": "ntfys://127.0.0.1/topic"}
    )
    assert b"own network" in page.content
    assert not Preference.objects.exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40), st.text(max_size=8))
def test_no_preference_fails(person: User, address: str, at: str) -> None:
    given = {"chat_address": address, "digest_at": at}
    answered = _client(person).post(reverse("notices:preferences"), given)
    assert answered.status_code in {200, 302}


def test_shows_administrators_what_was_sent(
    person: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    User.objects.update(is_administrator=True)
    for number in range(20):
        notify(person, f"Thing {number}", "text")
    client = _client(User.objects.get())
    with django_assert_num_queries(4):
        page = client.get(reverse("notices:outbox"))
    assert page.content.count(b"Thing ") == 20
