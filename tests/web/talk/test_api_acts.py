"""What programs do in the name of people: talk, joint reviews, transfers and thanks."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from counterpoise.web.api import authentication
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import TokenRefusedError, Wanted, mint
from counterpoise.web.audit.models import Entry
from counterpoise.web.joint.models import Decision, JointReview
from counterpoise.web.people.models import User
from counterpoise.web.promises import transfers
from counterpoise.web.promises.budgets import Budget
from counterpoise.web.promises.models import Transfer
from counterpoise.web.talk import saying
from counterpoise.web.talk.models import Question, Words
from counterpoise.web.thanks import thanking
from counterpoise.web.thanks.deed import Deed
from counterpoise.web.thanks.models import Thank
from tests.web.api.calling import BASE, Caller, kind_of
from tests.web.desk.asking import Cast
from tests.web.desk.company import NOW
from tests.web.joint.meeting import planned
from tests.web.talk.speaking import CLAUSE, DEAL

As = Callable[[User], Caller]
ACTS = frozenset({TokenScope.TALK, TokenScope.BUDGETS, TokenScope.READ})


@pytest.fixture
def as_one() -> As:
    """Return a caller in somebody's name."""
    authentication.buckets.cache_clear()
    return lambda user: Caller(mint(user, Wanted("A program", ACTS, 30)).secret)


@pytest.fixture
def leads(people: Cast) -> Cast:
    """Let a manager, a marketer and the lead above both sign."""
    for user in (people.mona, people.kira, people.lena):
        user.may_sign = True
        user.save()
    return people


def test_says_asks_and_answers_as_its_person(people: Cast, as_one: As) -> None:
    kira, rhea = as_one(people.kira), as_one(people.rhea)
    sent = {"text": "Who, @Milo?"}
    said = [kira.post(f"threads/{CLAUSE}/words", sent, Idempotency_Key="k1") for _ in range(2)]
    assert [each.status_code for each in said] == [201, 201]
    assert said[0].json() == said[1].json()
    words = Words.objects.get()
    assert words.mentions.get().user == people.milo
    changed = kira.post(f"words/{words.pk}", {"text": "Who?"}).json()
    assert (changed["text"], changed["edited_at"] is None) == ("Who?", False)
    assert rhea.post(f"words/{words.pk}", {"text": "Me"}).status_code == 403

    asks = {"text": "Since when?", "owner": people.rhea.pk, "within": "2 working days"}
    asked = kira.post(f"threads/{CLAUSE}/questions", asks).json()["question"]
    assert asked["owner"] == {"id": people.rhea.pk, "name": "Rhea"}
    path = f"questions/{asked['id']}"
    assert kind_of(kira.post(f"{path}/answer", {"text": "Me."})) == "not-open"
    passed = rhea.post(f"{path}/pass-on", {"owner": people.mona.pk}).json()
    assert passed["question"]["owner"]["name"] == "Mona"
    told = rhea.post(f"{path}/answer", {"text": "Since May."})
    assert (told.status_code, told.json()["text"]) == (201, "Since May.")
    assert Question.objects.get().state == "answered"
    assert kind_of(kira.post(f"{path}/withdraw", {})) == "not-open"
    assert kira.post(f"words/{words.pk}/withdraw", {}).json()["withdrawn_at"]


def test_refuses_what_does_not_open_and_what_is_not_said(people: Cast, as_one: As) -> None:
    rolf = as_one(people.rolf)
    assert rolf.post(f"threads/{DEAL}/words", {"text": "Mine?"}).status_code == 404
    assert kind_of(rolf.post(f"threads/{CLAUSE}/words", {"text": ""})) == "request-refused"
    asks = {"text": "?", "owner": 10**6, "within": "soon"}
    problem = rolf.post(f"threads/{CLAUSE}/questions", asks).json()
    assert [each["field"] for each in problem["errors"]] == ["owner", "within"]
    assert rolf.post("questions/99/answer", {"text": "No"}).status_code == 404
    quoted = rolf.post(f"threads/{CLAUSE}/words", {"text": "So", "quote": "made-up"}).json()
    assert [each["field"] for each in quoted["errors"]] == ["quote"]
    reader = Caller(mint(people.rolf, Wanted("r", frozenset({TokenScope.READ}), 30)).secret)
    assert kind_of(reader.post(f"threads/{CLAUSE}/words", {"text": "So"})) == "scope-missing"
    assert not Words.objects.exists()


def test_holds_a_joint_review(leads: Cast, as_one: As) -> None:
    mona, kira, rhea = as_one(leads.mona), as_one(leads.kira), as_one(leads.rhea)
    assert rhea.post("joint-reviews", {}).status_code == 403
    path = f"joint-reviews/{planned().pk}"
    later = timezone.now() + dt.timedelta(days=5)
    moved = mona.post(f"{path}/move", {"starts_at": later.isoformat()})
    assert moved.json()["starts_at"] == later.isoformat()
    point = rhea.post(f"{path}/points", {"says": "Prices of valves"}).json()
    assert mona.post(f"{path}/begin", {}).json()["state"] == "open"
    assert kind_of(mona.post(f"{path}/close", {})) == "request-refused"
    assert len(kira.post(f"{path}/come", {}).json()["there"]) == 2

    at = f"joint-points/{point['id']}"
    assert rhea.post(f"{at}/notes", {"text": "Prices rise"}).json()["version"] == 1
    anew = {"version": 1, "text": "Prices rise\nin May"}
    assert mona.post(f"{at}/notes", anew).json()["is_merged"] is False
    merged = kira.post(f"{at}/notes", {"version": 1, "text": "Prices rise\nin two lists"}).json()
    assert merged["is_merged"]
    assert merged["notes"].splitlines() == ["Prices rise", "in May", "in two lists"]
    decided = kira.post(f"{at}/decisions", {"text": "Two lists."}).json()["decisions"]
    kira.post(f"{at}/decisions", {"text": "One list."})
    struck = mona.post(f"joint-decisions/{decided[0]['id']}/strike", {}).json()
    assert [each["text"] for each in struck["decisions"]] == ["One list."]
    due = (timezone.localdate() + dt.timedelta(days=2)).isoformat()
    promise = {"text": "Call them", "owner": leads.rhea.pk, "due_on": due}
    (action,) = mona.post(f"{at}/actions", promise).json()["actions"]
    closed = mona.post(f"{path}/close", {})
    assert (closed.status_code, closed.json()["state"]) == (200, "held")
    assert kind_of(kira.post(f"{at}/decisions", {"text": "Late."})) == "request-refused"
    settle = f"joint-actions/{action['id']}/settle"
    assert as_one(leads.guest).post(settle, {"state": "done"}).status_code == 403
    assert rhea.post(settle, {"state": "done"}).json()["state"] == "done"
    assert Decision.objects.count() == 2


def test_plans_and_skips_a_joint_review(leads: Cast, as_one: As) -> None:
    mona = as_one(leads.mona)
    made = mona.post("joint-reviews", {})
    assert (made.status_code, made.json()["state"]) == (201, "planned")
    path = f"joint-reviews/{made.json()['id']}"
    assert kind_of(mona.post(f"{path}/skip", {"reason": " "})) == "request-refused"
    assert kind_of(mona.post(f"{path}/move", {"starts_at": "9999-12-31"})) == "request-refused"
    assert mona.post(f"{path}/skip", {"reason": "The fair."}).json()["reason"] == "The fair."
    assert JointReview.objects.get(pk=made.json()["id"]).state == "skipped"


def test_moves_budgets_with_both_signatures(
    leads: Cast, as_one: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counterpoise.web.api.routes import giving

    year = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    found = [
        Budget(name, name, "both", *year, Decimal(900), Decimal(0), Decimal(0))
        for name in ("fairs", "concessions")
    ]
    for module in (giving, transfers):
        monkeypatch.setattr(module, "budgets_of", lambda _kept: found)
    wanted = {"from_budget": "fairs", "to_budget": "concessions", "amount": 100, "reason": "Less"}
    kira, mona = as_one(leads.kira), as_one(leads.mona)
    assert as_one(leads.rhea).post("transfers", wanted).status_code == 403
    proposed = [kira.post("transfers", wanted, Idempotency_Key="t1") for _ in range(2)]
    assert [each.status_code for each in proposed] == [201, 201]
    path = f"transfers/{Transfer.objects.get().pk}"
    assert kind_of(kira.post(f"{path}/sign", {})) == "not-open"
    assert mona.post(f"{path}/sign", {}).json()["state"] == "signed"
    assert kind_of(mona.post(f"{path}/decline", {"answer": "No"})) == "not-in-this-state"
    other = kira.post("transfers", {**wanted, "amount": "2.50"}).json()
    assert mona.post(f"transfers/{other['id']}/decline", {"answer": "No"}).json()["answer"] == "No"
    assert [each["amount"] for each in mona.get("transfers").json()["transfers"]] == [2.5, 100.0]
    assert kind_of(kira.post("transfers", {**wanted, "amount": 5_000})) == "not-in-this-state"
    assert Entry.objects.filter(act="transfer.signed").count() == 1


def test_thanks_once_for_what_was_done(
    people: Cast, as_one: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = Deed("deal:D1:won", "Kira's lead became a deal", "/desk/", NOW, people.kira)
    monkeypatch.setattr(thanking, "done_for", lambda _user, _now: [done])
    mona = as_one(people.mona)
    assert [each["is_thanked"] for each in mona.get("thanks").json()["deeds"]] == [False]
    for _ in range(2):
        assert mona.post("thanks", {"key": done.key}).json()["taker"]["name"] == "Kira"
    assert mona.post("thanks", {"key": "deal:D9:won"}).status_code == 409
    assert as_one(people.kira).get("thanks").json()["came"][0]["giver"]["name"] == "Mona"
    assert mona.get("thanks").json()["deeds"][0]["is_thanked"]
    assert Thank.objects.count() == 1


@pytest.mark.parametrize("scope", [TokenScope.TALK, TokenScope.BUDGETS])
def test_gives_no_program_a_persons_word(people: Cast, scope: TokenScope) -> None:
    people.lena.is_administrator = True
    with pytest.raises(TokenRefusedError, match="a person's word"):
        mint(people.lena, Wanted("Robot", frozenset({scope}), 30, is_program=True))


def _brought(user: User, path: str, name: str, content: bytes, key: str = "f1") -> Any:
    """Send a file as a form, in somebody's name."""
    secret = mint(user, Wanted("A program", ACTS, 30)).secret
    form = {"file": SimpleUploadedFile(name, content), "text": "As @Milo asked"}
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key}
    return Client().post(f"{BASE}{path}", form, headers=headers)


def test_brings_and_fetches_a_file_by_the_rules_of_the_page(people: Cast, as_one: As) -> None:
    path, rhea = f"threads/{DEAL}/files", as_one(people.rhea)
    told = _brought(people.rhea, path, "../Terms \u202efdp.txt", b"June")
    assert (told.status_code, told.json()["file"]) == (201, "Terms fdp.txt"), (
        "no mark turns it round"
    )
    words = Words.objects.get()
    assert (words.text, words.mentions.count()) == ("As @Milo asked", 0), "it does not open to him"
    fetched = rhea.get(f"words/{words.pk}/file")
    assert fetched.content == b"June"
    assert fetched.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert fetched.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in fetched.headers["Content-Security-Policy"]
    assert as_one(people.rolf).get(f"words/{words.pk}/file").status_code == 404
    assert _brought(people.rolf, path, "a.txt", b"x").status_code == 404
    for name, content in (
        ("a.html", b"<p>"),
        ("a.pdf", b"MZ"),
        ("a.txt", b""),
        ("a.svg", b"<svg>"),
    ):
        assert kind_of(_brought(people.rhea, path, name, content, name)) == "request-refused"
    assert kind_of(rhea.post(path, {"text": "No file"})) == "request-refused"
    saying.withdraw(people.rhea, words.pk)
    assert rhea.get(f"words/{words.pk}/file").status_code == 404
    assert Words.objects.count() == 1


def test_a_file_sent_twice_is_brought_once(people: Cast, as_one: As) -> None:
    secret = mint(people.rhea, Wanted("A program", ACTS, 30)).secret
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "f1"}
    sent = [
        Client().post(
            f"{BASE}threads/{DEAL}/files",
            {"file": SimpleUploadedFile("a.txt", content)},
            headers=headers,
        )
        for content in (b"one", b"one", b"two")
    ]
    assert [each.status_code for each in sent] == [201, 201, 409]
    assert Words.objects.count() == 1


def test_tells_sales_of_campaigns_as_marketing_does(people: Cast, as_one: As) -> None:
    kira, rhea = as_one(people.kira), as_one(people.rhea)
    tells = {"name": "Uptime week", "starts_on": "2026-09-07", "line": "An hour costs?"}
    assert kind_of(rhea.post("campaigns", tells)) == "not-open"
    made = kira.post("campaigns", tells)
    assert (made.status_code, made.json()["revision"]) == (201, 1)
    path = f"campaigns/{made.json()['id']}"
    assert kind_of(rhea.post(path, {**tells, "revision": 1})) == "not-open"
    anew = {**tells, "line": "A day costs?", "revision": 1}
    assert kira.post(path, anew).json()["revision"] == 2
    assert kira.post(path, anew).status_code == 409
    wrong = kira.post("campaigns", {**tells, "ends_on": "2026-09-01", "name": ""}).json()
    assert {each["field"] for each in wrong["errors"]} == {"name", "ends_on"}
    assert kira.post("campaigns/none", anew).status_code == 404
    (read,) = [each for each in rhea.get("campaigns").json()["campaigns"] if each["revision"]]
    assert (read["line"], read["revision"]) == ("A day costs?", 2)
