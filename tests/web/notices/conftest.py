"""A person who is told things by mail."""

from pathlib import Path

import pytest
from pytest_django import Settings

from counterpoise.web.outside import Mail
from counterpoise.web.people.models import User


@pytest.fixture
def person(db: None) -> User:
    """Make a person of sales."""
    return User.objects.create_user("ada@example.com", "x", name="Ada Byron", side="sales")


@pytest.fixture(autouse=True)
def mail(settings: Settings, tmp_path: Path) -> None:
    """Let the room send mail, into a list."""
    settings.SECRETS_DIR = tmp_path / "secrets"
    handed_over = Mail(host="mail.example.com", sender="room@example.com")
    settings.ROOM = settings.ROOM.model_copy(update={"mail": handed_over})
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
