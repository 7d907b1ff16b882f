"""Every error of the API is a problem; what was read before is not sent again."""

from typing import Any

import pytest
from pytest_django import Settings

from counterpoise.web import house
from counterpoise.web.api import authentication
from counterpoise.web.api.examples import AGREEMENT_DOCUMENT
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.people.models import User
from tests.web.api.calling import Caller, kind_of
from tests.web.api.conftest import MakeCaller


@pytest.fixture
def reader(analyst: User, caller_of: MakeCaller) -> Caller:
    """Return who may read everything."""
    return caller_of(analyst, TokenScope.READ)


def test_says_that_an_address_is_not_there(reader: Caller) -> None:
    for path in ("", "nothing", "decide/", "agreements/zz", "reviews/x/y/z"):
        answer = reader.get(path)
        assert answer.status_code in {404, 422}, path
        assert kind_of(answer) in {"not-there", "not-valid"}


def test_names_the_methods_that_an_address_answers(reader: Caller) -> None:
    answer = reader.get("decide")
    assert (answer.status_code, kind_of(answer)) == (405, "not-allowed")
    assert answer.headers["Allow"] == "POST"


def test_says_what_is_wrong_with_parameters(reader: Caller) -> None:
    answer = reader.get("agreements/in-force?on=yesterday")
    assert (answer.status_code, kind_of(answer)) == (422, "not-valid")
    assert answer.json()["errors"][0]["field"] == "query.on"


def test_says_that_a_body_is_not_json(reader: Caller) -> None:
    answer = reader.post("agreements/check", "{")
    assert (answer.status_code, kind_of(answer)) == (400, "not-readable")


def test_says_that_a_body_is_too_long(reader: Caller, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = reader.post("agreements/check", {"document": AGREEMENT_DOCUMENT})
    assert (answer.status_code, kind_of(answer)) == (413, "too-long")


def test_hides_what_failed_inside(reader: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Any:
        raise ZeroDivisionError("the secret of the house")

    monkeypatch.setattr(house, "agreements", fail)
    answer = reader.get("agreements")
    assert (answer.status_code, kind_of(answer)) == (500, "failed")
    assert b"secret" not in answer.content


def test_slows_a_token_down(rep: User, caller_of: MakeCaller, settings: Settings) -> None:
    settings.ROOM = settings.ROOM.model_copy(update={"calls_a_minute": 4, "workers": 2})
    authentication.buckets.cache_clear()
    caller = caller_of(rep, TokenScope.READ)
    assert [caller.get("token").status_code for _ in range(3)] == [200, 200, 429]
    answer = caller.get("token")
    assert kind_of(answer) == "too-many-calls"
    assert 1 <= int(answer.headers["Retry-After"]) <= 30
    assert caller_of(rep, TokenScope.READ).get("token").status_code == 200


def test_sends_nothing_that_the_caller_has(reader: Caller) -> None:
    first = reader.get("agreements")
    again = reader.get("agreements", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    other = reader.get("agreements", If_None_Match='"other"')
    assert other.content == first.content


def test_reads_agreements(reader: Caller) -> None:
    listed = reader.get("agreements").json()
    assert [each["title"] for each in listed] == ["First half"]
    mark = listed[0]["fingerprint"]
    assert reader.get(f"agreements/{mark[:12]}").json()["document"]["title"] == "First half"
    assert reader.get("agreements/in-force?on=2026-06-01").json()["fingerprint"] == mark
    assert kind_of(reader.get("agreements/" + "0" * 64)) == "not-there"
    assert "# First half" in reader.get(f"agreements/{mark}/explained").json()["text"]


def test_checks_a_document(reader: Caller) -> None:
    good = reader.post("agreements/check", {"document": AGREEMENT_DOCUMENT}).json()
    assert good["usable"]
    assert len(good["fingerprint"]) == 64
    bad = reader.post("agreements/check", {"document": "agreement: counterpoise/v1"}).json()
    assert not bad["usable"]
    said = " ".join(each["says"] for each in bad["problems"])
    assert "'title' is missing" in said
