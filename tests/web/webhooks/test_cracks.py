"""Programs hear of cracks when all may, and of nobody by name."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from counterpoise.books import Workspace
from counterpoise.web.people.cast import Member
from counterpoise.web.webhooks import endpoints
from counterpoise.web.webhooks.gathering import gather
from counterpoise.web.webhooks.models import Endpoint, Message, Topic
from tests.web.cracks.conftest import about_rep, about_team
from tests.web.cracks.making import FIRST, MONDAY, Seen, measured
from tests.web.ledger.conftest import reviewed_workspace, room_workspace
from tests.web.webhooks.conftest import URL

__all__ = ["about_rep", "about_team", "reviewed_workspace", "room_workspace"]

TUESDAY = MONDAY + dt.timedelta(days=1)


@pytest.fixture
def hearing(cast: dict[str, Member]) -> Endpoint:
    """Name an endpoint that hears of cracks, long before there are any."""
    made = endpoints.add(cast["lead"].user, URL, [Topic.OPENED, Topic.CLOSED])
    Endpoint.objects.update(made_at=MONDAY - dt.timedelta(days=30))
    return made


def told() -> list[dict[str, Any]]:
    return [json.loads(each.body) for each in Message.objects.order_by("pk")]


def test_a_crack_is_told_of_when_it_opens_and_when_it_closes(
    hearing: Endpoint, room_workspace: Workspace, about_team: Seen
) -> None:
    measured(room_workspace, about_team, at=MONDAY)
    assert gather(MONDAY) == 1
    assert gather(MONDAY) == 0
    measured(room_workspace, at=TUESDAY, as_of=FIRST + dt.timedelta(days=1), snapshot="next")
    assert gather(TUESDAY) == 1
    opened, closed = told()
    assert (opened["type"], closed["type"]) == ("crack.opened", "crack.closed")
    assert opened["data"]["subject_id"] == "North"
    assert opened["data"]["stake"] == 9_000.0
    assert opened["data"]["url"].endswith(f"/cracks/{opened['data']['id']}/")
    assert closed["data"]["state"] == "closed"


def test_a_person_is_not_told_of_before_others_may_see_it_and_not_named_then(
    hearing: Endpoint, room_workspace: Workspace, about_rep: Seen
) -> None:
    measured(room_workspace, about_rep, at=MONDAY)
    assert gather(TUESDAY) == 0
    assert gather(MONDAY + dt.timedelta(days=2, hours=1)) == 1
    (opened,) = told()
    assert opened["data"]["subject_type"] == "person"
    assert opened["data"]["subject_id"] is None
    assert about_rep.subject_id not in json.dumps(opened)


def test_what_closed_before_others_saw_it_is_never_told_of(
    hearing: Endpoint, room_workspace: Workspace, about_rep: Seen
) -> None:
    measured(room_workspace, about_rep, at=MONDAY)
    measured(room_workspace, at=TUESDAY, as_of=FIRST + dt.timedelta(days=1), snapshot="next")
    assert gather(TUESDAY) == 0
    assert gather(MONDAY + dt.timedelta(days=2, hours=1)) == 0
