"""The company's room with a review, and cracks that tests lay into it."""

import pytest

from counterpoise.books import Workspace
from counterpoise.web.cracks.models import Crack
from counterpoise.web.people.cast import Member
from tests.web.cracks.making import MONDAY, Row, Seen, measured
from tests.web.ledger.conftest import reviewed_workspace, room_workspace

__all__ = ["reviewed_workspace", "room_workspace"]


@pytest.fixture
def about_rep(cast: dict[str, Member]) -> Seen:
    """Return a crack about the rep of the cast."""
    person = cast["rep"].user.person_id
    rows = (Row("D1", person, 12_000.0), Row("D2", person, 8_000.0))
    return Seen("discount_drift", "person", person, rows=rows)


@pytest.fixture
def about_team() -> Seen:
    """Return a crack about a team."""
    return Seen("leakage", "team", "North", stake=9_000.0, rows=(Row("D1", "X", 9_000.0),))


@pytest.fixture
def about_campaign() -> Seen:
    """Return a crack on marketing's side."""
    return Seen("lead_quality", "campaign", "C1", side="marketing", stake=30_000.0)


@pytest.fixture
def reps(cast: dict[str, Member], room_workspace: Workspace, about_rep: Seen) -> Crack:
    """Return the crack about the rep, found on a Monday morning."""
    measured(room_workspace, about_rep, at=MONDAY)
    return Crack.objects.get()


@pytest.fixture
def teams(cast: dict[str, Member], room_workspace: Workspace, about_team: Seen) -> Crack:
    """Return the crack about a team."""
    measured(room_workspace, about_team, at=MONDAY)
    return Crack.objects.get()
