"""A link lets one person in, once, for a few days, and only its holder."""

import datetime as dt
import hashlib
import threading

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counterpoise.web.people.models import User
from counterpoise.web.profile.links import LinkError, make_link, open_link, use_link
from counterpoise.web.profile.models import Link

NEW = "seven green kettles"


def _address(token: str) -> str:
    return reverse("profile:invitation", args=[token])


def test_lets_in_who_chooses_a_password(client: Client, person: User) -> None:
    token = make_link(person, None)
    assert b"ada@example.com" in client.get(_address(token)).content
    assert client.post(_address(token), {"password": NEW}).headers["Location"] == "/"
    assert client.get(reverse("profile:profile")).status_code == 200
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_works_once(client: Client, person: User) -> None:
    token = make_link(person, None)
    client.post(_address(token), {"password": NEW})
    again = Client().post(_address(token), {"password": "eve was here again"})
    assert again.status_code == 410
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_looking_does_not_spend_it(client: Client, person: User) -> None:
    token = make_link(person, None)
    for _ in range(3):
        assert client.get(_address(token)).status_code == 200
    assert open_link(token).user == person


def test_ends_after_three_days(client: Client, person: User) -> None:
    token = make_link(person, None)
    Link.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert client.get(_address(token)).status_code == 410
    assert client.post(_address(token), {"password": NEW}).status_code == 410


def test_a_newer_one_ends_it(person: User) -> None:
    first, second = make_link(person, None), make_link(person, None)
    with pytest.raises(LinkError):
        open_link(first)
    assert open_link(second).user == person


def test_ends_with_the_account(person: User) -> None:
    token = make_link(person, None)
    User.objects.update(is_active=False)
    with pytest.raises(LinkError):
        use_link(token, NEW)


@pytest.mark.parametrize("password", ["short", "password1234", "ada@example.com", ""])
def test_refuses_a_poor_password_and_stays_open(
    client: Client, person: User, password: str
) -> None:
    token = make_link(person, None)
    assert client.post(_address(token), {"password": password}).status_code == 200
    assert open_link(token).user == person


def test_a_copy_of_the_database_does_not_hold_it(person: User) -> None:
    token = make_link(person, None)
    kept = Link.objects.get()
    assert kept.digest not in token
    assert token.partition(".")[0] not in str(vars(kept))


def test_a_row_put_there_by_hand_lets_nobody_in(person: User) -> None:
    digest = hashlib.sha256(b"mine").hexdigest()
    later = timezone.now() + dt.timedelta(days=1)
    Link.objects.create(user=person, digest=digest, expires_at=later)
    for token in ("mine", Signer(key="another", sep=".").sign("mine")):
        with pytest.raises(LinkError):
            open_link(token)


@pytest.mark.parametrize("token", ["x", "x.y", "\x00", "é" * 50, "a." + "b" * 5000])
def test_says_that_nonsense_does_not_work(client: Client, db: None, token: str) -> None:
    assert client.get(_address(token)).status_code == 410


def test_asks_for_the_second_factor_still(client: Client, person: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    answered = client.post(_address(make_link(person, None)), {"password": NEW})
    assert answered.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("profile:profile")).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins(person: User) -> None:
    if connection.vendor != "postgresql" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("a database in memory has one connection")
    token = make_link(person, None)
    won: list[str] = []

    def use(password: str) -> None:
        try:
            use_link(token, password)
            won.append(password)
        except LinkError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=use, args=(f"{NEW} {each}",)) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    person.refresh_from_db()
    assert len(won) == 1
    assert person.check_password(won[0])
