"""The day's digest says what waits, and by when."""

import datetime as dt

import pytest
from django.utils import timezone

from counterpoise.web.logs import JsonLines
from counterpoise.web.notices import digest
from counterpoise.web.notices.digest import send_digests
from counterpoise.web.notices.models import Notice
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
