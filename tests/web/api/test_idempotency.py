"""The same key and call get the same answer, done once."""

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from counterpoise.errors import CounterpoiseError
from counterpoise.web.api.idempotency import once
from counterpoise.web.api.models import Answered, Token
from counterpoise.web.api.problems import ApiError
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, mint
from counterpoise.web.people.models import User


@pytest.fixture
def token(rep: User) -> Token:
    """Return a token that may ask."""
    return mint(rep, Wanted("Mine", frozenset({TokenScope.ASK}), 30)).token


def call(key: str | None, body: str = "{}", path: str = "/api/v1/requests") -> HttpRequest:
    headers = {} if key is None else {"Idempotency-Key": key}
    return RequestFactory().post(path, body, content_type="application/json", headers=headers)


class Counter:
    """An act that counts itself."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> HttpResponse:
        self.times += 1
        return HttpResponse(f'{{"n": {self.times}}}', status=201)


def test_acts_once_for_the_same_key_and_call(token: Token) -> None:
    act = Counter()
    answers = [once(call("k1"), token, act) for _ in range(3)]
    assert act.times == 1
    assert {(each.status_code, each.content) for each in answers} == {(201, b'{"n": 1}')}
    assert answers[1].headers["Idempotent-Replayed"] == "true"


def test_acts_again_for_another_key_or_none(token: Token) -> None:
    act = Counter()
    for key in ("k1", "k2", None, None):
        once(call(key), token, act)
    assert act.times == 4


@pytest.mark.parametrize("other", [{"body": "[]"}, {"path": "/api/v1/approvals/1"}])
def test_refuses_the_same_key_for_another_call(token: Token, other: dict[str, str]) -> None:
    once(call("k1"), token, Counter())
    with pytest.raises(ApiError) as refused:
        once(call("k1", **other), token, Counter())
    assert (refused.value.problem.status, refused.value.problem.kind) == (409, "key-used")


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256, "a\x7f"])
def test_refuses_keys_that_cannot_be_read(token: Token, key: str) -> None:
    with pytest.raises(ApiError, match="visible ASCII"):
        once(call(key), token, Counter())


def test_keeps_keys_of_tokens_apart(token: Token, analyst: User) -> None:
    other = mint(analyst, Wanted("Other", frozenset({TokenScope.ASK}), 30)).token
    act = Counter()
    once(call("k1"), token, act)
    once(call("k1"), other, act)
    assert act.times == 2


def test_frees_the_key_of_a_call_that_was_refused(token: Token) -> None:
    def refuse() -> HttpResponse:
        raise CounterpoiseError("not now")

    with pytest.raises(CounterpoiseError):
        once(call("k1"), token, refuse)
    assert not Answered.objects.exists()
    assert once(call("k1"), token, Counter()).status_code == 201


def test_undoes_what_a_call_that_failed_had_written(token: Token) -> None:
    def fail() -> HttpResponse:
        Token.objects.update(name="Changed")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        once(call("k1"), token, fail)
    assert Token.objects.get().name == "Mine"
    assert not Answered.objects.exists()
