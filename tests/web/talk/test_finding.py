"""The search finds promises, pulses by name, and thanks of one's own."""

import datetime as dt

import pytest

from counterpoise.web.people.models import User
from counterpoise.web.places import found_for
from counterpoise.web.promises import search as promises
from counterpoise.web.promises.page import Promised
from counterpoise.web.pulse.models import Pulse
from counterpoise.web.thanks.models import Thank
from tests.web.desk.asking import Cast
from tests.web.desk.company import NOW


def found(user: User, words: str, kind: str) -> list[tuple[str, str]]:
    hits = found_for(user, words, 12)
    return [(each.label, each.detail) for each in hits if each.kind == kind]


def test_finds_promises_pulses_and_ones_own_thanks(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    says = "Sales answers a lead within 4 working hours."
    told = Promised("sales", "response", says, "kept", "good", 0.9, 0.8, 12, "", has_cases=True)
    monkeypatch.setattr(promises, "promised", lambda _kept: [told])
    assert found(people.kira, "answers LEAD", "promise") == [
        (says, "Promise of sales · response · kept")
    ]
    assert found(people.kira, "answers deal", "promise") == []

    day = dt.date(2026, 3, 1)
    Pulse.objects.create(first_on=day, opened_on=day, closes_on=day, smallest=5, key_name="k")
    assert [detail for _, detail in found(people.rhea, "pulse 2026", "pulse")] == [
        "Open for answers"
    ]
    assert found(people.rhea, "sales", "pulse") == []

    Thank.objects.create(
        giver=people.mona, taker=people.kira, key="k", says="The card helped", url="/", at=NOW
    )
    for user in (people.mona, people.kira):
        assert [label for label, _ in found(user, "card", "thank")] == ["The card helped"]
    assert found(people.kira, "mona", "thank")
    assert found(people.rhea, "card", "thank") == []
    assert found(people.kira, "\x00", "thank") == []
