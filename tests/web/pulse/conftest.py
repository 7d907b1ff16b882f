"""A room with small books and two sides large enough to be asked."""

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.pulse import answering, life
from counterpoise.web.pulse.items import ITEMS
from counterpoise.web.pulse.models import Pulse
from tests.web.tools.conftest import room, tools_company

__all__ = ["room", "tools_company"]

MARCH = dt.date(2026, 3, 2)
"""A Monday, the second day of a month with a pulse."""

AFTER = dt.date(2026, 3, 15)
"""The day after the pulse of March took its last answer."""


def rated(first: int, rest: int | None = None) -> tuple[int, ...]:
    """Return ratings: the first sentence by itself, the others alike."""
    return (first, *[first if rest is None else rest] * (len(ITEMS) - 1))


@pytest.fixture
def people(room: Path) -> dict[str, User]:
    """Make six people of sales, five of marketing, and a lead above both."""
    names = [f"sales{number}" for number in range(6)] + [f"market{number}" for number in range(5)]
    made = {
        name: User.objects.create_user(
            f"{name}@example.com",
            name=name.title(),
            side="sales" if name.startswith("sales") else "marketing",
        )
        for name in names
    }
    made["lead"] = User.objects.create_user(
        "lead@example.com", name="Lead", side="both", may_sign=True
    )
    return made


@pytest.fixture
def opened(people: dict[str, User]) -> Pulse:
    """Return the pulse of March, which takes answers."""
    pulse = life.open_due(MARCH)
    assert pulse is not None
    return pulse


@pytest.fixture
def in_teams(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Say who is in which team of the books."""

    def say(teams: dict[str, str]) -> None:
        for name in teams:
            User.objects.filter(email=f"{name}@example.com").update(person_id=name)
        found = live()
        monkeypatch.setattr(
            type(found), "person", lambda _self, id_, _day=None: {"team": teams.get(id_)}
        )

    return say


@pytest.fixture
def signed_in(people: dict[str, User]) -> Callable[[str], Client]:
    """Return a client in which somebody is signed in."""

    def client(name: str) -> Client:
        opened = Client()
        opened.force_login(people[name])
        return opened

    return client


def answer_all(pulse: Pulse, people: dict[str, User], names: Iterable[str], *first: int) -> None:
    """Let people answer, each all sentences alike; the ratings repeat where there are fewer."""
    for place, name in enumerate(names):
        user = User.objects.get(pk=people[name].pk)
        answering.answer(user, pulse.pk, rated(first[place % len(first)]))


def key_files() -> list[Path]:
    """Return the keys of pulses that are there."""
    return sorted(Path(django_settings.SECRETS_DIR).glob(".pulse-*"))
