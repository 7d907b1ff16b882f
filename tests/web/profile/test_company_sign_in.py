"""The company's own sign-in lets in who was invited, and nobody else."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from counterpoise.web.outside import Oidc
from counterpoise.web.people.models import User
from tests.web.profile.provider import Provider, played


@pytest.fixture
def provider(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """Play a provider that the room knows."""
    with played() as provider:
        monkeypatch.setenv("OIDC_SECRET", "hush")
        known = Oidc(
            name="Acme",
            server=provider.address,
            client_id="room",
            client_secret="${OIDC_SECRET}",
        )
        settings.SOCIALACCOUNT_PROVIDERS = known.provider()
        yield provider


def _come_in(client: Client, provider: Provider, **claims: object) -> int:
    provider.claims = {"sub": "17", **claims}
    leaving = client.post(reverse("openid_connect_login", args=["company"]))
    assert leaving.status_code == 200
    leads_to = leaving.headers["Refresh"].removeprefix("0; url=")
    assert leads_to.startswith(f"{provider.address}/authorize?")
    asked = parse_qs(urlsplit(leads_to).query)
    assert "code_challenge" in asked, "a code that is stolen on the way is of no use"
    back = reverse("openid_connect_callback", args=["company"])
    return client.get(back, {"code": "c", "state": asked["state"][0]}).status_code


def _is_in(client: Client) -> bool:
    return client.get(reverse("profile:profile")).status_code == 200


def test_offers_the_company_s_sign_in(client: Client, provider: Provider, db: None) -> None:
    assert b"Sign in with Acme" in client.get(reverse("account_login")).content


def test_lets_in_who_has_an_account(client: Client, provider: Provider, person: User) -> None:
    _come_in(client, provider, email=person.email, email_verified=True)
    assert _is_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "eve@example.com", "email_verified": True},
        {"email": "ada@example.com", "email_verified": False},
        {"email": "ada@example.com"},
        {},
    ],
)
def test_keeps_out_who_has_none(
    client: Client, provider: Provider, person: User, claims: dict[str, object]
) -> None:
    _come_in(client, provider, **claims)
    assert not _is_in(client)
    assert User.objects.count() == 1


def test_keeps_out_who_is_no_longer_active(
    client: Client, provider: Provider, person: User
) -> None:
    User.objects.update(is_active=False)
    _come_in(client, provider, email=person.email, email_verified=True)
    assert not _is_in(client)


def test_takes_no_answer_that_it_did_not_ask_for(
    client: Client, provider: Provider, person: User
) -> None:
    provider.claims = {"sub": "17", "email": person.email, "email_verified": True}
    back = reverse("openid_connect_callback", args=["company"])
    client.get(back, {"code": "c", "state": "forged"})
    assert not _is_in(client)


def test_looking_does_not_leave(client: Client, provider: Provider, db: None) -> None:
    page = client.get(reverse("openid_connect_login", args=["company"]))
    assert "Refresh" not in page.headers
    assert provider.asked == []


def test_knows_no_other_provider(client: Client, provider: Provider, db: None) -> None:
    assert client.post(reverse("openid_connect_login", args=["other"])).status_code == 404
