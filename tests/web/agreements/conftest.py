"""A room without books, its people, and a draft that can be proposed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from counterpoise.books import Workspace
from counterpoise.web.agreements import drafts, proposals, reading
from counterpoise.web.agreements.models import Draft, Origin, Proposal
from counterpoise.web.people.models import User
from tests.web.agreements.texts import PASSWORD, TEXT, make_people


@pytest.fixture
def room(db: None, settings: Settings, tmp_path: Path) -> Workspace:
    """Show an empty workspace during the test."""
    workspace = Workspace.create(tmp_path / "room")
    settings.COUNTERPOISE_WORKSPACE = str(workspace.root)
    settings.SECRETS_DIR = tmp_path / "secrets"
    return workspace


@pytest.fixture
def people(room: Workspace) -> Mapping[str, User]:
    """Make one account a part."""
    return make_people()


@pytest.fixture
def signed_in(people: Mapping[str, User]) -> Callable[[str], Client]:
    """Return a client in which somebody is signed in."""

    def client(name: str) -> Client:
        opened = Client()
        opened.force_login(people[name])
        return opened

    return client


@pytest.fixture
def start_on(room: Workspace) -> dt.date:
    """Return a day on which an agreement may start."""
    return reading.today() + dt.timedelta(days=30)


@pytest.fixture
def draft(people: Mapping[str, User], start_on: dt.date) -> Draft:
    """Start a draft by the manager."""
    return drafts.start(people["manager"], TEXT.format(start=start_on), Origin.VERSION)


@pytest.fixture
def proposal(people: Mapping[str, User], draft: Draft) -> Proposal:
    """Propose the draft."""
    return proposals.propose(people["manager"], draft, 1, "for next year")


__all__ = ["PASSWORD"]
