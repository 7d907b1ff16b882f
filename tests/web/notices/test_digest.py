"""The day's digest says what waits, and by when."""

import datetime as dt

import pytest
from django.utils import timezone

from counterpoise.web.logs import JsonLines
from counterpoise.web.notices import digest
from counterpoise.web.notices.digest import send_digests
from counterpoise.web.notices.models import Notice, Preference
from counterpoise.web.people.models import User
from counterpoise.web.places import Item


def test_a_digest_says_by_when_and_in_which_zone(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = dt.datetime(2026, 3, 3, 10, tzinfo=dt.UTC)
    by = dt.datetime(2026, 3, 5, 23, 59, tzinfo=dt.UTC)
    waits = [Item("Sit together", "/a", at, "joint"), Item("Write the card", "/b", by, "joint")]
    monkeypatch.setattr(digest, "waiting_for", lambda _: waits)
    User.objects.update(last_login=timezone.now())
    send_digests(dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC))
    text = Notice.objects.get().text
    assert "- Sit together (3 Mar 2026, 10:00)\n- Write the card (5 Mar 2026)\n" in text
    assert text.endswith("Hours are those of UTC.")


def test_a_digest_that_fails_keeps_nobody_elses_back(
    person: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = User.objects.create_user("bo@example.com", "x", name="Bo Ash", side="marketing")
    User.objects.update(last_login=timezone.now())

    def waits(user: User) -> list[Item]:
        if user == person:
            raise ValueError("Ada's secret deal")
        return []

    monkeypatch.setattr(digest, "waiting_for", waits)
    at = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
    assert send_digests(at) == 1
    assert Notice.objects.get().user == other
    (line,) = (JsonLines().format(each) for each in caplog.records)
    assert '"says": "digest not written"' in line
    assert f'"user_id": {person.pk}' in line
    assert "secret" not in line
    assert "@" not in line
    monkeypatch.setattr(digest, "waiting_for", lambda _: [])
    assert [send_digests(at + dt.timedelta(minutes=5 * each)) for each in (1, 2)] == [1, 0]
    assert sorted(Notice.objects.values_list("user_id", flat=True)) == [person.pk, other.pk]


def _digest_times(person: User, zone: str, at: dt.time, first: dt.datetime) -> list[str]:
    """Return at which instants of two days a person's digests are written, asked each quarter."""
    User.objects.update(last_login=first, time_zone=zone)
    Preference.objects.update_or_create(user=person, defaults={"digest_at": at})
    asked = (first + dt.timedelta(minutes=15 * each) for each in range(4 * 48))
    return [f"{now:%d %H:%M}" for now in asked if send_digests(now)]


@pytest.mark.parametrize(
    ("zone", "at", "first", "written"),
    [
        ("America/New_York", dt.time(8), "2026-03-07", ["07 13:00", "08 12:00"]),
        ("Europe/Berlin", dt.time(2, 30), "2026-03-28", ["28 01:30", "29 01:00"]),
        ("Europe/Berlin", dt.time(2, 30), "2026-10-25", ["25 00:30", "26 01:30"]),
        ("Asia/Tokyo", dt.time(8), "2026-03-01", ["01 00:00", "01 23:00", "02 23:00"]),
        ("Pacific/Kiritimati", dt.time(8), "2026-03-01", ["01 18:00", "02 18:00"]),
        ("", dt.time(8), "2026-03-28", ["28 08:00", "29 08:00"]),
        ("Mars/Olympus", dt.time(8), "2026-03-28", ["28 08:00", "29 08:00"]),
    ],
)
def test_a_digest_comes_by_its_readers_clock(
    person: User, monkeypatch: pytest.MonkeyPatch, zone: str, at: dt.time, first: str,
    written: list[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(digest, "_digest", lambda *_: ("s", "t", "/"))
    begun = dt.datetime.fromisoformat(first).replace(tzinfo=dt.UTC)
    assert _digest_times(person, zone, at, begun) == written


def test_a_digest_says_hours_by_its_readers_clock_and_days_by_the_rooms(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = [
        Item("Sit together", "/a", dt.datetime(2026, 3, 3, 23, tzinfo=dt.UTC), "joint"),
        Item("Write the card", "/b", dt.datetime(2026, 3, 5, 23, 59, tzinfo=dt.UTC), "joint"),
    ]
    monkeypatch.setattr(digest, "waiting_for", lambda _: waits)
    User.objects.update(last_login=timezone.now(), time_zone="Asia/Tokyo", days="2026-01-31")
    send_digests(dt.datetime(2026, 3, 1, 23, tzinfo=dt.UTC))
    text = Notice.objects.get().text
    assert "- Sit together (2026-03-04, 08:00)\n- Write the card (2026-03-05)\n" in text
    assert text.endswith("Hours are those of Asia/Tokyo.")
