"""Tokens: shown once, kept as a hash, closed when expired, revoked or their person is gone."""

import datetime as dt
import hashlib

import pytest
from django.utils import timezone

from counterpoise.web.api.models import Token
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import TokenRefusedError, Wanted, find, mint, revoke
from counterpoise.web.audit.models import Entry
from counterpoise.web.people.models import User
from tests.web.api.calling import Caller, kind_of
from tests.web.api.conftest import MakeCaller

READ = frozenset({TokenScope.READ})


def test_keeps_no_secret(rep: User) -> None:
    made = mint(rep, Wanted("Mine", READ, 30))
    mark, prefix, secret = made.secret.split("_", 2)
    kept = Token.objects.get()
    assert (mark, prefix) == ("cpt", kept.prefix)
    assert kept.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(vars(kept))
    assert find(made.secret) == kept


def test_enters_making_and_revoking_in_the_trail(rep: User) -> None:
    token = mint(rep, Wanted("Mine", READ, 30)).token
    assert revoke(rep, token)
    assert not revoke(rep, token)
    entries = list(Entry.objects.order_by("sequence").values_list("act", "subject"))
    assert entries == [
        ("token.made", f"token:{token.pk}"),
        ("token.revoked", f"token:{token.pk}"),
    ]


@pytest.mark.parametrize("text", ["", "cpt", "cpt_", "cpt__", "cpt_abc_def", "x_y_z", "é_é_é"])
def test_knows_no_token_in_other_texts(rep: User, text: str) -> None:
    assert find(text) is None


def test_knows_no_token_by_another_secret(rep: User) -> None:
    made = mint(rep, Wanted("Mine", READ, 30))
    assert find(made.secret[:-1] + ("a" if made.secret[-1] != "a" else "b")) is None


def test_closes_on_the_day_it_expires(rep: User) -> None:
    made = mint(rep, Wanted("Mine", READ, 30))
    Token.objects.update(expires_on=timezone.localdate())
    assert find(made.secret) is None
    Token.objects.update(expires_on=timezone.localdate() + dt.timedelta(days=1))
    assert find(made.secret) is not None


def test_closes_with_its_person(rep: User) -> None:
    made = mint(rep, Wanted("Mine", READ, 30))
    User.objects.filter(pk=rep.pk).update(is_active=False)
    assert find(made.secret) is None


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("High", frozenset({TokenScope.ADMIN}), 30),
        Wanted("Any", frozenset({TokenScope.DECIDE_FOR_ANY}), 30),
        Wanted("Program", READ, 30, is_program=True),
        Wanted("Nothing", frozenset(), 30),
        Wanted("Long", READ, 366),
        Wanted("Short", READ, 0),
    ],
)
def test_refuses_a_token_that_the_person_may_not_make(rep: User, wanted: Wanted) -> None:
    with pytest.raises(TokenRefusedError):
        mint(rep, wanted)
    assert not Token.objects.exists()


def test_lets_no_program_approve(analyst: User) -> None:
    wanted = Wanted("Robot", frozenset({TokenScope.APPROVE}), 30, is_program=True)
    with pytest.raises(TokenRefusedError, match="a person's word"):
        mint(analyst, wanted)


def test_refuses_a_call_without_a_token(room: object) -> None:
    answer = Caller("nothing").get("token")
    assert (answer.status_code, kind_of(answer)) == (401, "no-token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_says_who_a_token_stands_for(rep: User, caller_of: MakeCaller) -> None:
    answer = caller_of(rep, TokenScope.READ).get("token").json()
    assert (answer["side"], answer["role"], answer["scopes"]) == ("sales", "rep", ["read"])


def test_notes_the_last_day_of_use_once(
    rep: User, caller_of: MakeCaller, django_assert_num_queries: object
) -> None:
    caller = caller_of(rep, TokenScope.READ)
    caller.get("token")
    assert Token.objects.get().last_used_on == timezone.localdate()
    with django_assert_num_queries(1):  # type: ignore[operator]
        caller.get("token")
