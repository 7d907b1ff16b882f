"""An administrator and a person, with what they do on record."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from counterpoise.web.people.models import User


@pytest.fixture(autouse=True)
def keys(settings: Settings, tmp_path: Path) -> Path:
    """Keep keys of this test's own."""
    settings.SECRETS_DIR = tmp_path / "secrets"
    return tmp_path / "secrets"


@pytest.fixture
def chief(db: None) -> User:
    """Make an administrator."""
    return User.objects.create_user(
        "chief@example.com", "a hat for the cat", name="Chie Fe", side="both", is_administrator=True
    )


@pytest.fixture
def person(db: None) -> User:
    """Make a person of sales."""
    return User.objects.create_user(
        "ada@example.com", "a hat for the cat", name="Ada Byron", side="sales", person_id="P1"
    )


@pytest.fixture
def administrator(chief: User) -> Client:
    """Return a client in which the administrator is signed in."""
    client = Client()
    client.force_login(chief)
    return client
