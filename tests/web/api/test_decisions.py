"""Decisions over HTTP: the bytes of the command, the role of the token, nothing kept."""

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from ruamel.yaml import YAML

from counterpoise.agreement import load_agreements, read_agreement
from counterpoise.books import Books, Workspace, import_books
from counterpoise.books.lookup_file import build_lookup
from counterpoise.desk import NO_BOOKS, answer, decision_json
from counterpoise.desk.examples import examples_beside
from counterpoise.web.api.examples import DECIDE_REQUEST
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.people.models import User
from tests.cli.running import done
from tests.desk.test_golden import rows_of, written
from tests.web.api.calling import Caller, kind_of
from tests.web.api.conftest import MakeCaller

NOON = dt.datetime(2026, 9, 1, 12)
SMALL = {
    "deal": {"list_amount": 1000, "net_amount": 960},
    "asked_by": "rep",
    "asked_at": "2026-06-10T10:00:00",
}


@pytest.fixture
def program(analyst: User, caller_of: MakeCaller) -> Caller:
    """Return a program that may decide as any role."""
    return caller_of(analyst, TokenScope.DECIDE, TokenScope.DECIDE_FOR_ANY, is_program=True)


@pytest.fixture(scope="module")
def golden_room(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with the books and the agreement of the worked example."""
    root = tmp_path_factory.mktemp("golden") / "company"
    agreement = (shared / "golden" / "agreement.yaml").read_text()
    workspace = Workspace.create(root, currency="EUR" if "currency: EUR" in agreement else "USD")
    workspace.agreement_file.write_text(agreement)
    import_books(workspace, shared / "golden" / "export")
    with Books.open(workspace) as books:
        build_lookup(books)
    return root


def test_answers_the_worked_example_with_the_bytes_of_the_command(
    shared: Path, golden_room: Path, program: Caller, settings: Settings
) -> None:
    settings.COUNTERPOISE_WORKSPACE = str(golden_room)
    requests = [json.dumps(written(row), default=str) for row in rows_of(shared / "golden")]
    command = done("-w", golden_room, "decide", "--json", stdin="\n".join(requests).encode())
    answers = [program.post("decide", each) for each in requests]
    assert {answer.status_code for answer in answers} == {200}
    assert b"".join(answer.content for answer in answers).decode() == command
    batch = program.post("decide/batch", "\n".join(requests))
    assert batch.content.decode() == command


@pytest.mark.parametrize("name", ["industrial", "consumer_goods", "usage_pricing"])
def test_answers_every_example_with_the_bytes_of_the_library_and_the_command(
    root: Path, tmp_path: Path, program: Caller, settings: Settings, name: str
) -> None:
    file = root / "examples" / "agreements" / f"{name}.yaml"
    agreement = read_agreement(file)
    company = agreement.company
    room = Workspace.create(
        tmp_path / "room", company.currency or "USD", company.time_zone or "UTC"
    )
    shutil.copyfile(file, room.agreement_file)
    settings.COUNTERPOISE_WORKSPACE = str(room.root)
    entries = YAML(typ="safe").load(examples_beside(file))
    requests = [json.dumps(entry["request"], default=str) for entry in entries]
    agreements = load_agreements(room.root)
    library = [decision_json(answer(each, agreements, NO_BOOKS, now=NOON)) for each in requests]
    command = done("-w", room.root, "decide", "--json", stdin="\n".join(requests).encode())
    assert command.splitlines() == library
    answers = [program.post("decide", each) for each in requests]
    assert [each.content.decode().rstrip("\n") for each in answers] == library
    assert program.post("decide/batch", "\n".join(requests)).content.decode() == command


def test_takes_the_role_of_its_person(rep: User, caller_of: MakeCaller) -> None:
    caller = caller_of(rep, TokenScope.DECIDE)
    unsaid = {name: value for name, value in SMALL.items() if name != "asked_by"}
    assert caller.post("decide", unsaid).json()["verdict"] == "granted"
    assert caller.post("decide", SMALL).json()["verdict"] == "granted"


def test_does_not_let_a_person_decide_as_another_role(rep: User, caller_of: MakeCaller) -> None:
    caller = caller_of(rep, TokenScope.DECIDE)
    answer = caller.post("decide", SMALL | {"asked_by": "revenue_lead"})
    assert (answer.status_code, kind_of(answer)) == (403, "role-not-yours")


def test_lets_facts_of_the_books_win_over_claims(program: Caller) -> None:
    deal = {"account_id": "A2", "account.segment": "Enterprise", "rate": 0.01, "list_amount": 1000}
    answer = program.post("decide", {"deal": deal, "asked_by": "rep"}).json()
    assert any("Enterprise" in reason["says"] for reason in answer["reasons"]), answer


def test_says_everything_that_is_wrong_with_a_request(program: Caller) -> None:
    wrong = {"deal": {"list_amount": "much", "net_amount": -1}, "asked_by": "nobody"}
    answer = program.post("decide", wrong)
    assert (answer.status_code, kind_of(answer)) == (422, "request-refused")
    named = {each["field"] for each in answer.json()["errors"]}
    assert {"deal.list_amount", "deal.net_amount"} <= named


@pytest.mark.parametrize("body", ["", "[1]", "{", "\xff", "null", '{"deal": 1}', "9" * 5000])
def test_refuses_what_is_no_request(program: Caller, body: str) -> None:
    answer = program.post("decide", body.encode("latin-1"))
    assert (answer.status_code, kind_of(answer)) == (422, "request-refused")


def test_answers_a_batch_line_by_line(program: Caller) -> None:
    lines = [json.dumps(SMALL), "{}", json.dumps(SMALL | {"asked_by": "emperor"})]
    answer = program.post("decide/batch", "\n\n".join(lines) + "\n")
    first, second, third = (json.loads(line) for line in answer.content.splitlines())
    assert first["verdict"] == "granted"
    assert (second["status"], third["status"]) == (422, 422)


def test_refuses_a_batch_of_nothing_or_of_too_much(program: Caller) -> None:
    for body in ("\n", "{}\n" * 1001):
        assert kind_of(program.post("decide/batch", body)) == "batch-size"


def test_answers_the_example_of_the_description(program: Caller) -> None:
    answer: dict[str, Any] = program.post("decide", DECIDE_REQUEST).json()
    assert answer["verdict"] == "needs_approval"
    assert [each["role"] for each in answer["approvals"]] == ["sales_manager"]


def test_needs_the_scope(rep: User, caller_of: MakeCaller) -> None:
    answer = caller_of(rep, TokenScope.READ).post("decide", SMALL)
    assert (answer.status_code, kind_of(answer)) == (403, "scope-missing")


def test_tells_nothing_of_a_deal_that_does_not_open(rep: User, caller_of: MakeCaller) -> None:
    caller = caller_of(rep, TokenScope.DECIDE)
    own, other = ({"deal": {"deal_id": each, "rate": 0.01}} for each in ("D1", "D2"))
    assert caller.post("decide", own).json()["verdict"] == "granted"
    answer = caller.post("decide", other)
    assert (answer.status_code, kind_of(answer)) == (403, "deal-not-yours")
