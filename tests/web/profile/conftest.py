"""One person, with a password."""

import pytest
from django.core.cache import cache

from counterpoise.web.people.models import User

PASSWORD = "a hat for the cat"


@pytest.fixture
def person(db: None) -> User:
    """Make a person of sales."""
    return User.objects.create_user("ada@example.com", PASSWORD, name="Ada Byron", side="sales")


@pytest.fixture(autouse=True)
def nobody_asked_before(db: None) -> None:
    """Forget how often earlier tests asked."""
    cache.clear()
