"""What happens to cracks at the same instant, in threads of their own, on PostgreSQL alone.

Run by `tests/web/test_on_postgresql.py`, which names the database; SQLite lets one writer in at a
time anyway.
"""

import datetime as dt

import pytest
from django.utils import timezone

from counterpoise.books import Workspace
from counterpoise.web.audit.models import Entry
from counterpoise.web.cracks.acting import ClosedError, answer, assign, look
from counterpoise.web.cracks.life import CrackState
from counterpoise.web.cracks.measuring import take_in
from counterpoise.web.cracks.models import Act, Crack, Look, Round, Sighting
from counterpoise.web.cracks.notices import tell
from counterpoise.web.notices.models import Notice
from counterpoise.web.people.cast import Member
from tests.web.agreements.racing import at_once
from tests.web.cracks.making import FIRST, MONDAY, Seen, measured, review

pytestmark = pytest.mark.django_db(transaction=True)

Cast = dict[str, Member]
WEEK = dt.timedelta(days=7)


def test_two_workers_take_a_review_in_once(
    cast: Cast, room_workspace: Workspace, about_team: Seen
) -> None:
    kept = review(room_workspace, about_team)
    refused = at_once(*[lambda: take_in(kept, MONDAY)] * 3)
    assert refused == [None] * 3
    counts = [kind.objects.count() for kind in (Round, Crack, Sighting, Act)]
    assert counts == [1, 1, 1, 1]


def test_an_answer_and_a_closing_review_do_not_undo_each_other(
    cast: Cast, room_workspace: Workspace, teams: Crack
) -> None:
    kept = review(room_workspace, as_of=FIRST + WEEK)
    rep = cast["rep"].user
    refused = at_once(
        lambda: take_in(kept, MONDAY + WEEK),
        lambda: answer(rep, teams.slug, "One order.", MONDAY + WEEK),
    )
    crack = Crack.objects.get()
    assert (crack.state, crack.closed_at) == (CrackState.CLOSED, MONDAY + WEEK)
    is_late = isinstance(refused[1], ClosedError)
    assert crack.acts.filter(deed="answered").exists() is not is_late


def test_two_owners_at_once_leave_one_and_both_acts(cast: Cast, teams: Crack) -> None:
    lead, manager = cast["lead"].user, cast["manager"].user
    day = timezone.localdate() + WEEK
    at_once(
        lambda: assign(lead, teams.slug, lead, day),
        lambda: assign(manager, teams.slug, manager, day),
    )
    crack = Crack.objects.get()
    last = crack.acts.filter(deed="assigned").last()
    assert last is not None
    assert (crack.acts.filter(deed="assigned").count(), crack.state) == (2, CrackState.HEALING)
    assert Entry.objects.filter(act="crack.assigned").count() == 2


def test_looks_and_notices_are_kept_once(
    cast: Cast, room_workspace: Workspace, about_rep: Seen
) -> None:
    measured(room_workspace, about_rep)
    crack = Crack.objects.get()
    after = crack.shown_at + dt.timedelta(minutes=1)
    manager = cast["manager"].user
    at_once(*[lambda: look(manager, crack.slug, after)] * 3)
    at_once(*[lambda: tell(after)] * 3)
    assert (Look.objects.count(), Notice.objects.count()) == (1, 1)
    assert Entry.objects.filter(act="crack.viewed").count() == 1
