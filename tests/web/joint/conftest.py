"""A room with small books and three who sign: a manager, a marketer and the lead above both."""

from collections.abc import Callable

import pytest
from django.test import Client

from counterpoise.web.joint.models import JointReview
from counterpoise.web.people.models import User
from tests.web.desk.asking import Cast
from tests.web.joint.meeting import begun, planned
from tests.web.tools.conftest import people as everybody
from tests.web.tools.conftest import room, tools_company

__all__ = ["everybody", "room", "tools_company"]


@pytest.fixture
def people(everybody: Cast) -> Cast:
    """Let those who lead sign for their side."""
    for user in (everybody.mona, everybody.kira, everybody.lena):
        user.may_sign = True
        user.save()
    return everybody


@pytest.fixture
def signed_in(people: Cast) -> Callable[[str], Client]:
    """Return a client in which somebody is signed in."""

    def client(name: str) -> Client:
        opened = Client()
        user: User = getattr(people, name)
        opened.force_login(user)
        return opened

    return client


@pytest.fixture
def coming(people: Cast) -> JointReview:
    """Return a review that is planned."""
    return planned()


@pytest.fixture
def sitting(people: Cast, coming: JointReview) -> JointReview:
    """Return a review that is open, with the manager there."""
    return begun(people.mona, coming)
