"""Pages about tokens: each person their own, administrators all, the secret once."""

from django.test import Client

from counterpoise.web.api.models import Token
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, find, mint
from counterpoise.web.people.models import User

FORM = {"name": "Order system", "scopes": ["decide", "read"], "days": "90"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_shows_the_secret_of_a_new_token_once(rep: User) -> None:
    client = signed_in(rep)
    page = client.post("/settings/tokens/", FORM).content.decode()
    secret = page.partition('value="cpt_')[2].partition('"')[0]
    found = find(f"cpt_{secret}")
    assert found is not None
    assert found.granted == (TokenScope.DECIDE, TokenScope.READ)
    again = client.get("/settings/tokens/").content.decode()
    assert "Order system" in again
    assert secret not in again


def test_does_not_let_a_seller_give_what_is_the_administrators(rep: User) -> None:
    answer = signed_in(rep).post("/settings/tokens/", FORM | {"scopes": ["admin"]})
    assert answer.status_code == 422
    assert not Token.objects.exists()


def test_lets_an_administrator_make_one_for_a_program(analyst: User) -> None:
    form = FORM | {"scopes": ["decide-for-any"], "is_program": "on"}
    assert signed_in(analyst).post("/settings/tokens/", form).status_code == 200
    assert Token.objects.get().is_program


def test_lets_a_person_revoke_their_own_alone(rep: User, analyst: User) -> None:
    wanted = Wanted("Theirs", frozenset({TokenScope.READ}), 30)
    own, other = mint(rep, wanted).token, mint(analyst, wanted).token
    client = signed_in(rep)
    assert client.post(f"/settings/tokens/{other.pk}/revoke/").status_code == 404
    assert client.post(f"/settings/tokens/{own.pk}/revoke/").status_code == 302
    assert {each.pk for each in Token.objects.filter(revoked_at=None)} == {other.pk}


def test_lets_administrators_see_and_revoke_all(rep: User, analyst: User) -> None:
    token = mint(rep, Wanted("Theirs", frozenset({TokenScope.READ}), 30)).token
    assert signed_in(rep).get("/settings/tokens/all/").status_code == 403
    client = signed_in(analyst)
    assert "Theirs" in client.get("/settings/tokens/all/").content.decode()
    client.post(f"/settings/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None
