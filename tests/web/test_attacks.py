"""What an attacker tries at the door."""

import logging
import re
from collections.abc import Callable
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from counterpoise.web.people.models import User
from counterpoise.web.profile.links import make_link

PASSWORD = "a hat for the cat"


@pytest.fixture
def person(db: None) -> User:
    """Make a person of sales."""
    return User.objects.create_user("ada@example.com", PASSWORD, name="Ada Byron", side="sales")


def _sign_in(client: Client) -> None:
    client.post(reverse("account_login"), {"login": "ada@example.com", "password": PASSWORD})


def test_a_form_from_elsewhere_is_refused(person: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    for name in ("profile:profile", "account_logout", "usersessions_list", "notices:preferences"):
        assert client.post(reverse(name), {"name": "Eve"}).status_code == 403
    person.refresh_from_db()
    assert person.name == "Ada Byron"


def test_the_door_itself_asks_for_the_form_s_token(person: User) -> None:
    client = Client(enforce_csrf_checks=True)
    given = {"login": person.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), given).status_code == 403


def test_scripts_read_no_cookie(client: Client, person: User) -> None:
    client.get(reverse("account_login"))
    _sign_in(client)
    for name in ("session", "csrf"):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("path", ["/account/login/", "/account/", "/nothing-here/"])
def test_no_page_can_be_framed_sniffed_or_run_anything(
    client: Client, person: User, path: str
) -> None:
    client.force_login(person)
    headers = client.get(path).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_a_session_from_before_is_of_no_use(client: Client, person: User) -> None:
    planted = Client()
    planted.get(reverse("account_login"))
    planted.session.save()
    client.cookies = planted.cookies
    _sign_in(client)
    assert client.get(reverse("profile:profile")).status_code == 200
    assert planted.get(reverse("profile:profile")).status_code == 302 or (
        planted.cookies["session"].value == client.cookies["session"].value
        and planted is not client
    )


def test_a_session_ends_on_signing_out(client: Client, person: User) -> None:
    _sign_in(client)
    stolen = Client()
    stolen.cookies["session"] = client.cookies["session"].value
    assert stolen.get(reverse("profile:profile")).status_code == 200
    client.post(reverse("account_logout"))
    assert stolen.get(reverse("profile:profile")).status_code == 302


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a b"])
def test_another_host_s_name_is_refused(client: Client, db: None, host: str) -> None:
    assert client.get(reverse("account_login"), headers={"host": host}).status_code == 400


def test_a_link_is_not_made_for_another_host(client: Client, person: User) -> None:
    User.objects.update(is_administrator=True)
    client.force_login(person)
    spoofed = {"x-forwarded-host": "evil.example"}
    page = client.post(reverse("people:link", args=[person.pk]), headers=spoofed)
    assert b"evil.example" not in page.content


def test_who_has_an_account_cannot_be_told_by_the_answer(client: Client, person: User) -> None:
    def said(address: str) -> str:
        page = client.post(
            reverse("account_login"), {"login": address, "password": "wrong"}
        ).content.decode()
        return re.sub(r'value="[^"]*"', "", page)

    assert said("ada@example.com") == said("nobody@example.com")


def test_nothing_can_be_slipped_into_a_profile(client: Client, person: User) -> None:
    client.force_login(person)
    given = {
        "name": "Ada",
        "figures": "1,234.5",
        "days": "31 Jan 2026",
        "is_administrator": "on",
        "may_sign": "on",
        "side": "both",
        "role": "revenue_lead",
        "person_id": "P1",
        "email": "eve@example.com",
        "password": "x",
    }
    client.post(reverse("profile:profile"), given)
    person.refresh_from_db()
    assert person.name == "Ada"
    assert (person.is_administrator, person.may_sign, person.side, person.role) == (
        False,
        False,
        "sales",
        "",
    )
    assert (person.person_id, person.email) == ("", "ada@example.com")


@pytest.mark.parametrize(
    "given",
    [
        {"pseudonym": "Mona"},
        {"pseudonym": "mona  HART"},
        {"pseudonym": "\uff2dona Hart"},
        {"pseudonym": "Mo\u200bna Hart"},
        {"pseudonym": "Ada \u202etraH anoM"},
        {"pseudonym": "Silent Fox"},
        {"name": "Mona Hart"},
        {"name": "Silent Fox"},
    ],
)
def test_nobody_passes_for_somebody_else(
    client: Client, person: User, given: dict[str, str]
) -> None:
    User.objects.create_user(
        "mona@example.com", PASSWORD, name="Mona Hart", pseudonym="Silent Fox", side="sales"
    )
    client.force_login(person)
    kept = {"name": "Ada Byron", "pseudonym": "", "figures": "1,234.5", "days": "31 Jan 2026"}
    assert client.post(reverse("profile:profile"), {**kept, **given}).status_code == 200
    person.refresh_from_db()
    assert (person.name, person.pseudonym) == ("Ada Byron", "")


def test_people_may_share_a_name_that_they_have(client: Client, person: User) -> None:
    User.objects.create_user("other@example.com", PASSWORD, name="Ada Byron", side="sales")
    client.force_login(person)
    kept = {"name": "Ada Byron", "figures": "1,234.5", "days": "31 Jan 2026", "pseudonym": "Ada"}
    assert client.post(reverse("profile:profile"), kept).status_code == 302


def test_what_is_typed_runs_nowhere(client: Client, person: User) -> None:
    User.objects.update(is_administrator=True, name="<script>alert(1)</script>")
    client.force_login(User.objects.get())
    pages: list[Callable[[], bytes]] = [
        lambda: client.get(reverse("people:people"), {"q": '"><script>'}).content,
        lambda: client.get(reverse("people:person", args=[person.pk])).content,
        lambda: client.get(reverse("audit:trail"), {"act": '"><script>'}).content,
        lambda: client.get(reverse("profile:profile")).content,
        lambda: client.post(reverse("account_login"), {"login": '"><script>'}).content,
    ]
    for page in pages:
        assert b"<script>alert" not in page()
        assert b'"><script>' not in page()


def test_no_log_holds_a_secret_or_an_address(client: Client, person: User) -> None:
    written = StringIO()
    handler = logging.StreamHandler(written)
    loggers = [logging.getLogger(), logging.getLogger("django"), logging.getLogger("counterpoise")]
    for each in loggers:
        each.addHandler(handler)
    token = make_link(person, None)
    client.get(reverse("profile:invitation", args=[token]))
    client.get(reverse("profile:invitation", args=[token]) + "no/")
    _sign_in(client)
    client.post(reverse("account_login"), {"login": "ada@example.com", "password": "wr0ng"})
    for each in loggers:
        each.removeHandler(handler)
    said = written.getvalue()
    for secret in (PASSWORD, "wr0ng", "ada@example.com", "Byron"):
        assert secret not in said
