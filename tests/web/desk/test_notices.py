"""Who is told what happened to a request, once."""

import datetime as dt

import pytest

from counterpoise.web.desk import notices
from counterpoise.web.desk.delegation import delegate
from counterpoise.web.desk.escalation import escalate
from counterpoise.web.desk.handing_over import hand_over
from counterpoise.web.desk.models import Delegation, Request
from counterpoise.web.desk.notices import tell_what_happened
from counterpoise.web.desk.remapping import remap
from counterpoise.web.notices.models import Notice
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User
from tests.web.desk.asking import Cast, asked, say
from tests.web.desk.company import NOW


def _told() -> set[tuple[str, str]]:
    return {(each.user.name, each.subject) for each in Notice.objects.select_related("user")}


def test_tells_who_may_answer_and_never_who_asked(people: Cast) -> None:
    asked(people.rhea)
    assert tell_what_happened(NOW) == 2
    assert _told() == {
        ("Mona", "A request waits for your answer"),
        ("Milo", "A request waits for your answer"),
    }
    assert "12" in Notice.objects.all()[0].text


def test_tells_each_thing_once(people: Cast) -> None:
    asked(people.rhea)
    tell_what_happened(NOW)
    assert tell_what_happened(NOW + dt.timedelta(minutes=1)) == 0


def test_tells_everybody_though_a_worker_died_between_two(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(people.rhea)

    def tell_mona_alone(user: User, *said: str, key: str) -> object:
        if user == people.milo:
            raise SystemExit
        return notify(user, *said, key=key)

    monkeypatch.setattr(notices, "notify", tell_mona_alone)
    with pytest.raises(SystemExit):
        tell_what_happened(NOW)
    monkeypatch.setattr(notices, "notify", notify)
    assert tell_what_happened(NOW) == 2


def test_tells_who_asked_of_the_answer(people: Cast) -> None:
    say(people.mona, asked(people.rhea))
    tell_what_happened(NOW)
    assert _told() == {("Rhea", "Your request was approved")}


def test_tells_who_is_reminded_and_who_is_handed_a_request(people: Cast) -> None:
    request = asked(people.rhea)
    step = request.steps.get()
    assert step.remind_at
    assert step.due_at
    tell_what_happened(NOW)
    escalate(step.remind_at)
    tell_what_happened(step.remind_at)
    assert ("Mona", "A request still waits for your answer") in _told()
    escalate(step.due_at)
    tell_what_happened(step.due_at)
    assert ("Lena", "A request was handed on to you") in _told()


def test_a_granted_request_waits_for_nobody(people: Cast) -> None:
    asked(people.rhea, "0.05")
    assert tell_what_happened(NOW) == 0


def test_delegations_end_with_who_leaves(people: Cast) -> None:
    today = dt.date(2026, 6, 10)
    delegate(people.mona, people.milo, today, today, NOW)
    assert hand_over(people.mona, people.lena) == 1
    assert Delegation.objects.get().ended_at


def test_requests_follow_ids_that_changed(people: Cast) -> None:
    request = asked(people.rhea)
    assert remap("account", "A1", "A9") == 1
    assert remap("person", "R1", "R9") >= 1
    assert remap("product", "P1", "P9") == 0
    request = Request.objects.get()
    assert (request.account_id, request.asker_person_id) == ("A9", "R9")
