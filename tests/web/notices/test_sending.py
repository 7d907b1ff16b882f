"""What people are told goes out once, and never inside the company's own network."""

import datetime as dt
import smtplib
import socket
import urllib.request
from typing import Any

import apprise
import pytest
from django.core import mail
from django.utils import timezone

from counterpoise.web.notices import addresses
from counterpoise.web.notices.addresses import ChatAddressError, InsideError, check_address, masked
from counterpoise.web.notices.digest import send_digests
from counterpoise.web.notices.models import Delivery, Notice, Preference, State, Way
from counterpoise.web.notices.sending import MOST_TRIES, send_due
from counterpoise.web.notices.telling import notify
from counterpoise.web.people.models import User

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def _later(minutes: float = 0) -> dt.datetime:
    return timezone.now() + dt.timedelta(minutes=minutes)


def test_sends_a_mail_with_where_to_go_on(person: User) -> None:
    notify(person, "A request\nwaits", "Somebody asks for 18 %.", "/desk/requests/3/")
    assert send_due(_later()) == 1
    (sent,) = mail.outbox
    assert sent.subject == "A request waits"
    assert sent.to == ["ada@example.com"]
    assert sent.body.endswith("http://127.0.0.1:8000/desk/requests/3/")


def test_tells_the_same_thing_once(person: User) -> None:
    assert notify(person, "One", "text", key="request:3") is not None
    assert notify(person, "Two", "text", key="request:3") is None
    send_due(_later())
    send_due(_later(60))
    assert len(mail.outbox) == 1


def test_does_not_send_again_what_may_have_gone_out(person: User) -> None:
    notify(person, "One", "text")
    Delivery.objects.update(state=State.SENDING, touched_at=_later(-11))
    assert send_due(_later()) == 0
    assert mail.outbox == []
    assert Delivery.objects.get().state == State.LOST


def test_leaves_to_another_worker_what_it_sends(person: User) -> None:
    notify(person, "One", "text")
    Delivery.objects.update(state=State.SENDING, touched_at=_later(-1))
    assert send_due(_later()) == 0
    assert Delivery.objects.get().state == State.SENDING


def test_tries_longer_apart_and_gives_up(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> int:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.send_mail", refuse)
    notify(person, "One", "text")
    at = _later()
    for minutes in (2, 4, 8, 16):
        assert send_due(at) == 0
        due = Delivery.objects.get().due_at
        assert due == at + dt.timedelta(minutes=minutes)
        assert send_due(due - dt.timedelta(seconds=1)) == 0
        at = due
    send_due(at)
    failed = Delivery.objects.get()
    assert (failed.state, failed.tries) == (State.FAILED, MOST_TRIES)
    assert "ada" not in failed.failure


def test_tells_nobody_who_left(person: User) -> None:
    notify(person, "One", "text")
    person.is_active = False
    person.save()
    assert notify(person, "Two", "text") is None
    send_due(_later())
    assert mail.outbox == []


def test_tells_by_the_ways_that_a_person_chose(person: User) -> None:
    Preference.objects.create(user=person, by_mail=False, chat_address=SLACK)
    notify(person, "One", "text")
    assert [each.way for each in Delivery.objects.all()] == [Way.CHAT]


def test_sends_to_a_chat(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[dict[str, Any]] = []

    def tell(_: object, **words: Any) -> bool:
        said.append(words)
        return True

    monkeypatch.setattr(apprise.Apprise, "notify", tell)
    Preference.objects.create(user=person, by_mail=False, chat_address=SLACK)
    notify(person, "One", "text")
    assert send_due(_later()) == 1
    assert said == [{"title": "One", "body": "text"}]


@pytest.mark.parametrize(
    "address",
    [
        "json://127.0.0.1/x",
        "xml://10.0.0.1",
        "file:///etc/passwd",
        "mailtos://u:p@example.com",
        "mmosts://localhost/abcdefghijklmnopqrstuvwx",
        "mmosts://127.0.0.1/abcdefghijklmnopqrstuvwx",
        "rockets://u:p@192.168.1.4/#c",
        "ntfys://169.254.169.254/topic",
        "ntfys://[::1]/topic",
        "ntfys://printer.local/topic",
        "slack://",
        "nonsense",
        "slck://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "",
    ],
)
def test_takes_no_address_that_is_no_chat_outside(address: str) -> None:
    with pytest.raises(ChatAddressError):
        check_address(address)


def test_takes_chats_and_hides_their_secrets() -> None:
    check_address(SLACK)
    check_address("ntfys://ntfy.sh/topic")
    assert masked(SLACK) == "Slack (slack://…)"


@pytest.mark.parametrize(
    "leads_to", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:10.0.0.1", "100.64.0.1"]
)
def test_does_not_follow_a_name_that_leads_inside(
    monkeypatch: pytest.MonkeyPatch, leads_to: str
) -> None:
    family = socket.AF_INET6 if ":" in leads_to else socket.AF_INET
    monkeypatch.setattr(
        addresses, "_look_up", lambda *_, **__: [(family, 1, 6, "", (leads_to, 443))]
    )
    monkeypatch.setattr(socket, "getaddrinfo", addresses._guarded)
    with addresses.only_outside(), pytest.raises((InsideError, OSError), match="public internet"):
        urllib.request.urlopen("https://hooks.example.com/")


def test_guards_names_only_while_it_sends() -> None:
    with addresses.only_outside():
        pass
    assert socket.getaddrinfo("127.0.0.1", 80)


def test_writes_a_digest_once_a_day_at_its_time(person: User) -> None:
    User.objects.update(last_login=timezone.now())
    Preference.objects.create(user=person, digest_at=dt.time(9))
    morning = dt.datetime(2026, 3, 2, 9, 1, tzinfo=dt.UTC)
    assert send_digests(morning - dt.timedelta(minutes=2)) == 0
    assert send_digests(morning) == 1
    assert send_digests(morning + dt.timedelta(minutes=5)) == 0
    assert send_digests(morning + dt.timedelta(days=1)) == 1
    assert send_digests(morning + dt.timedelta(days=2, hours=5)) == 0, "the day is half over"


def test_the_digest_of_administrators_holds_the_head_of_the_trail(person: User) -> None:
    from counterpoise.web.audit.entries import head, record

    User.objects.update(last_login=timezone.now(), is_administrator=True)
    record(None, "request.asked", "request:1")
    send_digests(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC))
    assert str(head()) in Notice.objects.get().text
