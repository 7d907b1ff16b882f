"""The week's digest: opened once a week, nothing told twice, right where clocks change."""

import datetime as dt

import pytest
from django.core import mail
from pytest_django import Settings

from counterpoise.web.notices import digest
from counterpoise.web.notices.digest import send_digests
from counterpoise.web.notices.models import Delivery, Notice, Preference
from counterpoise.web.notices.sending import send_due
from counterpoise.web.outside import Mail
from counterpoise.web.people.models import User
from counterpoise.web.thanks import weekly
from counterpoise.web.thanks.deed import Deed
from counterpoise.web.thanks.models import Told
from tests.web.desk.asking import Cast

MONDAY = dt.date(2026, 6, 8)
DID = "What the other side did for you"


def at(day: dt.date, hour: int = 8, minute: int = 1) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), dt.UTC)


@pytest.fixture
def deeds(monkeypatch: pytest.MonkeyPatch) -> list[Deed]:
    """Return what the other side did, for tests to add to."""
    found: list[Deed] = []
    monkeypatch.setattr(weekly, "done_for", lambda _user, _now: list(found))
    return found


@pytest.fixture
def mona(people: Cast, settings: Settings) -> User:
    """Return somebody who is told by mail, and nobody else is."""
    handed_over = Mail(host="mail.example.com", sender="room@example.com")
    settings.ROOM = settings.ROOM.model_copy(update={"mail": handed_over})
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.filter(pk=people.mona.pk).update(last_login=at(MONDAY))
    return people.mona


def deed(number: int, by: User | None = None) -> Deed:
    return Deed(f"deal:D{number}:won", f"Deed {number}", "/", at(MONDAY), by)


def test_the_first_digest_of_a_week_opens_with_what_the_other_side_did(
    mona: User, deeds: list[Deed]
) -> None:
    deeds += [deed(1), deed(2)]
    assert send_digests(at(MONDAY)) == 1
    (notice,) = Notice.objects.all()
    assert notice.text.startswith(f"{DID} (thank them under Talk):\n- Deed 1\n- Deed 2\n\n")
    assert notice.subject.startswith("Your week in Counterpoise")
    deeds.append(deed(3))
    assert send_digests(at(MONDAY + dt.timedelta(days=1))) == 1
    assert DID not in Notice.objects.first().text  # type: ignore[union-attr]
    assert send_digests(at(MONDAY + dt.timedelta(days=7))) == 1
    text = Notice.objects.first().text  # type: ignore[union-attr]
    assert "Deed 3" in text
    assert "Deed 1" not in text


def test_opens_on_tuesday_where_nothing_ran_on_monday(mona: User, deeds: list[Deed]) -> None:
    deeds.append(deed(1))
    assert send_digests(at(MONDAY + dt.timedelta(days=1))) == 1
    assert "Deed 1" in Notice.objects.get().text


def test_names_ten_and_tells_of_the_rest(mona: User, deeds: list[Deed]) -> None:
    deeds += [deed(number) for number in range(13)]
    send_digests(at(MONDAY))
    text = Notice.objects.get().text
    assert "Deed 9\n" in text
    assert "Deed 10" not in text
    assert "- and 3 more" in text
    deeds[:] = [deed(12)]
    send_digests(at(MONDAY + dt.timedelta(days=7)))
    assert DID not in Notice.objects.first().text  # type: ignore[union-attr]


def test_a_worker_that_dies_amid_a_digest_leaves_neither_half(
    mona: User, deeds: list[Deed], monkeypatch: pytest.MonkeyPatch
) -> None:
    deeds.append(deed(1))

    def die(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Told.objects, "bulk_create", die)
        with pytest.raises(SystemExit):
            send_digests(at(MONDAY))
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()
    assert send_digests(at(MONDAY, 8, 6)) == 1
    assert send_digests(at(MONDAY, 8, 11)) == 0
    for minute in (12, 13):
        send_due(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minute))
    assert len(mail.outbox) == 1
    assert "Deed 1" in mail.outbox[0].body
    assert Told.objects.filter(key="deal:D1:won").count() == 1


def test_two_workers_at_once_write_one(
    mona: User, deeds: list[Deed], monkeypatch: pytest.MonkeyPatch
) -> None:
    deeds.append(deed(1))
    write, wrote = digest._write, []

    def twice(user: User, now: dt.datetime, key: str) -> bool:
        wrote.extend([write(user, now, key), write(user, now, key)])
        return wrote[0]

    monkeypatch.setattr(digest, "_write", twice)
    assert send_digests(at(MONDAY)) == 1
    assert wrote == [True, False]
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    ("zone", "wall", "early", "due"),
    [
        # Zagreb sleeps through 02:30 on 29 March: 03:00 in summer is 01:00 UTC.
        ("Europe/Zagreb", dt.time(2, 30), "2026-03-29T00:59", "2026-03-29T01:00"),
        # On 25 October 02:30 comes twice there; the first is 00:30 UTC.
        ("Europe/Zagreb", dt.time(2, 30), "2026-10-25T00:29", "2026-10-25T00:30"),
        ("America/New_York", dt.time(8), "2026-03-08T11:59", "2026-03-08T12:00"),
        ("America/New_York", dt.time(8), "2026-03-07T12:59", "2026-03-07T13:00"),
        ("Asia/Kathmandu", dt.time(8), "2026-06-08T02:14", "2026-06-08T02:15"),
        ("Pacific/Auckland", dt.time(8), "2026-06-07T19:59", "2026-06-07T20:00"),
    ],
)
def test_goes_out_once_at_the_persons_time_where_clocks_change(
    mona: User,
    deeds: list[Deed],
    settings: Settings,
    zone: str,
    wall: dt.time,
    early: str,
    due: str,
) -> None:
    settings.TIME_ZONE = zone
    Preference.objects.create(user=mona, digest_at=wall)
    before, then = (dt.datetime.fromisoformat(f"{each}:00+00:00") for each in (early, due))
    assert send_digests(before) == 0
    assert send_digests(then) == 1
    for minutes in (5, 60, 65, 120):
        assert send_digests(then + dt.timedelta(minutes=minutes)) == 0


def test_a_week_begins_on_monday_of_the_workspace(mona: User, settings: Settings) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    sunday_in_utc = dt.datetime(2026, 6, 7, 20, 1, tzinfo=dt.UTC)
    opening = weekly.open_week(mona, sunday_in_utc)
    assert opening is not None
    assert opening.keys[0] == "week:2026-W24"
