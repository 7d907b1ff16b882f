"""A room with a desk, an administrator, and an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pytest_django import Settings

from counterpoise.web.people.models import User
from counterpoise.web.webhooks import endpoints, posting
from counterpoise.web.webhooks.models import Endpoint, Topic
from tests.web.desk.conftest import desk_company, people, room

__all__ = ["desk_company", "people", "room"]

URL = "https://crm.example.com/hooks?of=ours"


@pytest.fixture(autouse=True)
def keys(settings: Settings, tmp_path: Path) -> None:
    """Keep keys of this test's own."""
    settings.SECRETS_DIR = tmp_path / "secrets"


@pytest.fixture
def chief(room: Path) -> User:
    """Make an administrator."""
    return User.objects.create_user(
        "chief@example.com", "x", name="Chie Fe", side="both", is_administrator=True
    )


@pytest.fixture
def endpoint(chief: User) -> Endpoint:
    """Name an endpoint that hears of everything."""
    return endpoints.add(chief, URL, [Topic.ASKED, Topic.SETTLED, Topic.REVIEWED])


@dataclass
class Outside:
    """A program outside: what it got, and what it answers."""

    answers: list[int | Exception] = field(default_factory=list)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        self.got.append((url, dict(headers), body))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """Take the place of the programs outside."""
    played = Outside()
    monkeypatch.setattr(posting, "post", played.post)
    return played
