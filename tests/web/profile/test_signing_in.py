"""Coming in, staying out, and what cannot be reached."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from counterpoise.web.audit.models import Entry
from counterpoise.web.people.models import User
from counterpoise.web.profile import lockout
from counterpoise.web.profile.models import Attempt
from tests.web.profile.conftest import PASSWORD


def _sign_in(client: Client, password: str = PASSWORD, address: str = "ada@example.com") -> int:
    return client.post(
        reverse("account_login"), {"login": address, "password": password}
    ).status_code


def _is_in(client: Client) -> bool:
    return client.get(reverse("profile:profile")).status_code == 200


def test_lets_a_person_in_with_their_password(client: Client, person: User) -> None:
    assert _sign_in(client) == 302
    assert _is_in(client)


def test_takes_an_address_in_any_case(client: Client, person: User) -> None:
    assert _sign_in(client, address="ADA@Example.com") == 302


def test_keeps_others_out(client: Client, person: User) -> None:
    assert _sign_in(client, "a hat for the dog") == 200
    assert not _is_in(client)


def test_gives_another_session_to_who_signs_in(client: Client, person: User) -> None:
    client.get(reverse("account_login"))
    client.session["kept"] = "before"
    before = client.session.session_key
    _sign_in(client)
    assert client.session.session_key != before


def test_locks_an_address_after_five_failures(client: Client, person: User) -> None:
    for _ in range(5):
        _sign_in(client, "wrong")
    assert _sign_in(client) == 200, "the right password does not help"
    assert not _is_in(client)
    assert Entry.objects.get().act == "person.locked_out"
    assert Entry.objects.get().subject == f"person:{person.pk}"


def test_the_lock_ends_by_itself_while_guessing_goes_on(client: Client, person: User) -> None:
    for _ in range(9):
        _sign_in(client, "wrong")
    earlier = timezone.now() - dt.timedelta(minutes=16)
    assert Attempt.objects.update(at=earlier) == 10, "five attempts by address and by machine"
    assert _sign_in(client) == 302


def test_a_success_forgets_the_failures_before_it(client: Client, person: User) -> None:
    for _ in range(4):
        _sign_in(client, "wrong")
    assert _sign_in(client) == 302
    client.logout()
    for _ in range(4):
        _sign_in(client, "wrong")
    assert _sign_in(client) == 302


def test_locks_an_address_that_nobody_has_alike(client: Client, db: None) -> None:
    answers = {
        client.post(
            reverse("account_login"), {"login": "no@example.com", "password": "x"}
        ).content.count(b"Too many")
        for _ in range(6)
    }
    assert answers == {0, 1}


def test_locks_a_machine_that_tries_one_address_after_another(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockout, "MACHINE", lockout.Limit("machine", 8))
    for number in range(8):
        _sign_in(client, "wrong", f"no{number}@example.com")
    assert _sign_in(client) == 200
    assert not _is_in(client)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert _sign_in(elsewhere) == 302


def test_does_not_take_everybody_behind_a_proxy_for_one(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(lockout, "MACHINE", lockout.Limit("machine", 3))
    settings.ROOM = settings.ROOM.model_copy(update={"origins": ("https://room.example.com",)})
    for number in range(4):
        _sign_in(client, "wrong", f"no{number}@example.com")
    assert _sign_in(client) == 302


def test_keeps_no_address_of_who_failed(client: Client, person: User) -> None:
    _sign_in(client, "wrong")
    assert not any("ada" in each.key for each in Attempt.objects.all())


def test_puts_out_at_once_who_is_no_longer_active(client: Client, person: User) -> None:
    _sign_in(client)
    User.objects.update(is_active=False)
    assert not _is_in(client)


def test_nobody_signs_up(client: Client, db: None) -> None:
    for name in ("account_signup", "socialaccount_signup"):
        answered = client.post(reverse(name), {"email": "eve@example.com", "password1": PASSWORD})
        assert answered.status_code == 403
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "path", ["email/", "confirm-email/", "3rdparty/", "login/code/", "2fa/webauthn/", "phone/"]
)
def test_what_is_not_offered_is_not_there(client: Client, person: User, path: str) -> None:
    client.force_login(person)
    assert client.get(f"/account/{path}").status_code == 404


def test_asks_for_the_second_factor(client: Client, person: User) -> None:
    secret = _turn_on(person)
    assert client.post(
        reverse("account_login"), {"login": person.email, "password": PASSWORD}
    ).headers["Location"] == reverse("mfa_authenticate")
    assert not _is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": _code(secret)})
    assert _is_in(client)


def test_takes_a_code_of_the_second_factor_once(client: Client, person: User) -> None:
    code = _code(_turn_on(person))
    _sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    other = Client()
    _sign_in(other)
    other.post(reverse("mfa_authenticate"), {"code": code})
    assert not _is_in(other)


def test_locks_the_second_factor_after_five_wrong_codes(client: Client, person: User) -> None:
    secret = _turn_on(person)
    _sign_in(client)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_authenticate"), {"code": _code(secret)})
    assert not _is_in(client)


def test_takes_a_recovery_code_once(client: Client, person: User) -> None:
    _turn_on(person)
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    _sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert _is_in(client)
    client.logout()
    _sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert not _is_in(client)


def test_ends_the_other_sessions_on_a_new_password(client: Client, person: User) -> None:
    other = Client()
    _sign_in(other)
    _sign_in(client)
    new = "another hat for it"
    answered = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert answered.status_code == 302
    assert _is_in(client)
    assert not _is_in(other)
    assert "person.password_changed" in set(Entry.objects.values_list("act", flat=True))


def test_signs_out_everywhere_else(client: Client, person: User) -> None:
    other = Client()
    _sign_in(other)
    _sign_in(client)
    assert b"Sign out everywhere else" in client.get(reverse("usersessions_list")).content
    client.post(reverse("usersessions_list"))
    assert _is_in(client)
    assert not _is_in(other)


def test_signs_out_on_post_alone(client: Client, person: User) -> None:
    _sign_in(client)
    client.get(reverse("account_logout"))
    assert _is_in(client)
    client.post(reverse("account_logout"))
    assert not _is_in(client)


def test_does_not_lead_elsewhere_after_signing_in(client: Client, person: User) -> None:
    answered = client.post(
        reverse("account_login") + "?next=https://evil.example/",
        {"login": person.email, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert answered.headers["Location"] == "/"


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_signup",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
        "profile:profile",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "usersessions_list",
    ],
)
def test_every_page_wears_the_room_s_face(client: Client, person: User, name: str) -> None:
    for is_in in (False, True):
        if is_in:
            client.force_login(person)
        page = client.get(reverse(name), follow=True).content.decode()
        assert "shell/base.css" in page
        assert "Menu:" not in page


def _turn_on(person: User) -> str:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    assert Authenticator.objects.filter(user=person).exists()
    return secret


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))
