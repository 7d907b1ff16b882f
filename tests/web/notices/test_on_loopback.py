"""A mail server and a chat receive the very messages, once each."""

import datetime as dt
from collections.abc import Iterator
from email.message import Message

import pytest
from django.utils import timezone
from pytest_django import Settings

from counterpoise.web.notices import addresses
from counterpoise.web.notices.digest import send_digests
from counterpoise.web.notices.models import Preference
from counterpoise.web.notices.sending import send_due
from counterpoise.web.notices.telling import notify
from counterpoise.web.outside import Mail
from counterpoise.web.people.models import User
from tests.web.notices.loopback import Chat, MailServer, listening

MORNING = dt.datetime(2026, 3, 2, 9, 1, tzinfo=dt.UTC)


@pytest.fixture
def mail_server(mail: None, settings: Settings) -> Iterator[MailServer]:
    """Hand mail over to a server on loopback."""
    with listening(MailServer()) as server:
        where = Mail(host="127.0.0.1", port=server.port, sender="room@example.com", security="none")
        settings.ROOM = settings.ROOM.model_copy(update={"mail": where})
        for name, value in where.settings().items():
            setattr(settings, name, value)
        yield server


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """Let a chat on loopback count as one outside."""
    monkeypatch.setattr(addresses, "_is_public", lambda _: True)
    with listening(Chat()) as server:
        yield server


def _send() -> int:
    return send_due(timezone.now() + dt.timedelta(days=1))


def test_a_mail_server_receives_a_notice_once(person: User, mail_server: MailServer) -> None:
    notify(person, "A question waits", "When does the spring campaign start?\n.", "/talk/")
    assert (_send(), _send()) == (1, 0)
    ((to, message),) = mail_server.taken
    assert to == ["ada@example.com"]
    assert (message["Subject"], message["From"]) == ("A question waits", "room@example.com")
    assert message.get_content_type() == "multipart/alternative"
    text, html = (_read(part) for part in message.walk() if not part.is_multipart())
    assert text == (
        "text/plain",
        "When does the spring campaign start?\n.\n\nhttp://127.0.0.1:8000/talk/",
    )
    assert html[0] == "text/html"
    assert "When does the spring campaign start?<br>.</p>\n" in html[1]
    assert 'href="http://127.0.0.1:8000/talk/"' in html[1]


def _read(part: Message) -> tuple[str, str]:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return part.get_content_type(), content.decode().replace("\r\n", "\n").strip()


def test_a_mail_server_receives_the_digest_once(person: User, mail_server: MailServer) -> None:
    User.objects.update(last_login=MORNING)
    Preference.objects.create(user=person, digest_at=dt.time(9))
    assert (send_digests(MORNING), send_digests(MORNING + dt.timedelta(minutes=5))) == (1, 0)
    assert (_send(), _send()) == (1, 0)
    ((to, message),) = mail_server.taken
    assert to == ["ada@example.com"]
    assert "Counterpoise" in message["Subject"]


def test_a_chat_receives_a_notice_once(person: User, chat: Chat) -> None:
    address = f"ntfy://127.0.0.1:{chat.server_port}/both-sides"
    Preference.objects.create(user=person, by_mail=False, chat_address=address)
    notify(person, "A question waits", "When does the spring campaign start?", "/talk/")
    assert (_send(), _send()) == (1, 0)
    (said,) = chat.taken
    assert (said["topic"], said["title"]) == ("both-sides", "A question waits")
    assert said["message"].endswith("http://127.0.0.1:8000/talk/")
