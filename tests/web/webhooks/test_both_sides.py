"""Programs hear what both sides do with each other, in ids and figures."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from counterpoise.web.cracks.models import Crack
from counterpoise.web.joint import beginning, writing
from counterpoise.web.people.models import User
from counterpoise.web.promises.models import Transfer
from counterpoise.web.talk.models import Words
from counterpoise.web.webhooks import both_sides, endpoints
from counterpoise.web.webhooks.gathering import gather
from counterpoise.web.webhooks.models import Endpoint, Message, Topic
from tests.web.desk.asking import Cast, token
from tests.web.joint.meeting import begun, brought, planned
from tests.web.talk.speaking import CLAUSE, answered, asked
from tests.web.webhooks.conftest import URL

NOW = timezone.now()


@pytest.fixture(autouse=True)
def hearing(chief: User) -> Endpoint:
    """Name an endpoint that hears of everything between both sides."""
    made = endpoints.add(chief, URL, [Topic(each) for each in Topic.values if each != "test"])
    Endpoint.objects.update(made_at=NOW - dt.timedelta(days=2))
    return made


def told(now: dt.datetime = NOW) -> dict[str, dict[str, Any]]:
    """Gather twice, and return what is told by its kind."""
    gather(now)
    assert gather(now) == 0
    bodies = [json.loads(each.body) for each in Message.objects.order_by("pk")]
    return {each["type"]: each["data"] for each in bodies}


def test_tells_of_a_question_and_its_answer_without_words(people: Cast) -> None:
    question = asked(people.rhea, people.kira, "Who was offered more?", now=NOW)
    answered(people.kira, question, "Nobody.", now=NOW)
    found = told()
    assert set(found) == {"question.asked", "question.answered"}
    assert found["question.answered"]["thing"] == CLAUSE
    sides = [found["question.asked"][side] for side in ("asker_side", "owner_side")]
    assert sides == ["sales", "marketing"]
    assert found["question.asked"]["url"].endswith(f"#words-{question.words_id}")
    bodies = "".join(Message.objects.values_list("body", flat=True))
    assert not [each for each in ("offered", "Nobody", "Rhea", "Kira") if each in bodies]


def test_tells_nobody_of_a_question_about_a_crack_that_is_a_persons(people: Cast) -> None:
    asked(people.rhea, people.kira, now=NOW)
    Crack.objects.create(
        crack_id="x", slug="by-lot", kind="k", variant="v", side="sales", subject_type="person",
        subject_id="R1", opened_at=NOW, opened_on=NOW.date(), shown_at=NOW, state="new",
    )  # fmt: skip
    Words.objects.update(thing="crack:by-lot")
    assert set(told()) == {"crack.opened"}


def test_tells_of_a_joint_review_that_was_held(people: Cast) -> None:
    User.objects.filter(pk__in=[people.mona.pk, people.kira.pk]).update(may_sign=True)
    people.mona.refresh_from_db()
    review = begun(people.mona, planned())
    point = brought(people.mona, review)
    writing.decide(people.mona, point.pk, "Two lists.", token())
    writing.strike(people.mona, writing.decide(people.mona, point.pk, "One.", token()).pk)
    assert told() == {}
    beginning.come(people.kira, review.pk)
    beginning.close(people.mona, review.pk)
    data = told()["joint_review.held"]
    assert (data["id"], data["points"], data["decisions"], data["actions"]) == (review.pk, 1, 1, 0)


def test_tells_of_a_transfer_once_both_signed(people: Cast) -> None:
    made = Transfer.objects.create(
        first_on=dt.date(2026, 1, 1), from_budget="fairs", to_budget="concessions", amount=100,
        agreement="ab12", token="t" * 24, state="open", proposed_by=people.kira,
        proposed_side="marketing", proposed_at=NOW,
    )  # fmt: skip
    assert told() == {}
    Transfer.objects.update(state="signed", settled_by=people.mona, settled_at=NOW)
    data = told()["transfer.signed"]
    assert (data["id"], data["amount"], data["from_budget"]) == (made.pk, 100, "fairs")


def test_tells_of_a_broken_promise_once_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    def promise(id_: str, status: str) -> dict[str, Any]:
        shares = {"kept": 0.4, "enough": 0.9, "due": 20}
        return {"side": "sales", "id": id_, "metric": "lead_response", "status": status, **shares}

    monday = dt.datetime(2026, 6, 8, 9, tzinfo=dt.UTC)

    def review(at: dt.datetime) -> None:
        promises = [promise("response", "broken"), promise("offers", "kept")]
        kept = SimpleNamespace(made_at=at, as_of=at.date(), object={"promises": promises})
        monkeypatch.setattr(both_sides, "latest", lambda: kept)

    since = monday - dt.timedelta(days=1)
    told_of = []
    for days in (0, 3, 7):
        review(monday + dt.timedelta(days=days))
        for each in list(both_sides.between_both_sides(since)):
            told_of.append(each)
            Message.objects.create(key=each.key, topic=each.topic, body="{}", made_at=monday)
    keys = [each.key for each in told_of]
    assert keys == [f"promise.broken:sales.response:2026-W{week}" for week in (24, 25)]
    assert told_of[0].data["kept"] == 0.4
