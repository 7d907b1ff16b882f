"""The day's digest says what waits, and by when."""

import datetime as dt

import pytest
from django.utils import timezone

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
