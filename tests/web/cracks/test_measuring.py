"""What reviews measured moves the life of a crack; nothing else closes or opens one."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from counterpoise.books import Workspace
from counterpoise.web.audit.models import Entry
from counterpoise.web.cracks.acting import accept, answer, assign
from counterpoise.web.cracks.charts import history_of
from counterpoise.web.cracks.life import CrackState, Deed
from counterpoise.web.cracks.measuring import open_ids
from counterpoise.web.cracks.models import Act, Crack, Round, Sighting
from counterpoise.web.people.cast import Member
from tests.web.cracks.making import FIRST, KINDS, MONDAY, Seen, measured, review

Cast = dict[str, Member]
WEEK = dt.timedelta(days=7)
LATER = MONDAY + WEEK


def deeds(crack: Crack) -> list[str]:
    return [act.deed for act in crack.acts.all()]


def test_writes_a_sighting_and_opens_a_crack(
    cast: Cast, room_workspace: Workspace, about_team: Seen
) -> None:
    taken = measured(room_workspace, about_team)
    crack = Crack.objects.get()
    assert taken is not None
    assert taken.happened == {about_team.id: Deed.FOUND}
    assert (crack.state, float(crack.stake), crack.subject_id) == (CrackState.NEW, 9_000.0, "North")
    sighting = crack.sightings.get()
    assert (sighting.observed, sighting.expected, sighting.q_value) == (0.11, 0.06, 0.002)
    assert (deeds(crack), open_ids()) == (["found"], [about_team.id])


def test_takes_a_review_in_once(cast: Cast, room_workspace: Workspace, about_team: Seen) -> None:
    assert measured(room_workspace, about_team) is not None
    assert measured(room_workspace, at=LATER) is None
    assert (Sighting.objects.count(), Round.objects.count()) == (1, 1)
    assert Crack.objects.get().state == CrackState.NEW


def test_lets_a_review_of_an_older_day_change_nothing(
    cast: Cast, room_workspace: Workspace, about_team: Seen
) -> None:
    measured(room_workspace, about_team)
    assert measured(room_workspace, as_of=FIRST - WEEK, snapshot="older") is None
    assert Crack.objects.get().state == CrackState.NEW


def test_closes_what_is_not_found_any_more(
    cast: Cast, room_workspace: Workspace, about_team: Seen
) -> None:
    measured(room_workspace, about_team)
    measured(room_workspace, as_of=FIRST + WEEK, at=LATER)
    crack = Crack.objects.get()
    assert (crack.state, crack.closed_at) == (CrackState.CLOSED, LATER)
    assert deeds(crack) == ["found", "closed"]
    assert open_ids() == []


def test_keeps_what_was_measured_when_it_closes(
    cast: Cast, room_workspace: Workspace, about_team: Seen
) -> None:
    measured(room_workspace, about_team)
    measured(room_workspace, as_of=FIRST + WEEK, at=LATER, no_longer=[about_team])
    last = Sighting.objects.get(is_found=False)
    assert (last.observed, last.expected, last.q_value, last.n) == (0.07, 0.06, 0.4, 80)
    assert float(last.stake) == 9_000.0
    drawn = history_of(list(Sighting.objects.select_related("round")), "points")
    assert drawn is not None
    assert [each["Measured"] for each in drawn.rows] == ["7.0%, not found", "11.0%"]


def test_leaves_open_what_the_books_could_not_show(
    cast: Cast, room_workspace: Workspace, about_team: Seen
) -> None:
    measured(room_workspace, about_team)
    watched = [kind for kind in KINDS if kind != about_team.kind]
    measured(room_workspace, as_of=FIRST + WEEK, watched=watched, at=LATER)
    assert Crack.objects.get().state == CrackState.NEW


def test_takes_in_no_review_that_watched_nothing(
    cast: Cast, room_workspace: Workspace, about_team: Seen
) -> None:
    measured(room_workspace, about_team)
    assert measured(room_workspace, as_of=FIRST + WEEK, watched=()) is None
    assert Round.objects.count() == 1


def test_reopens_what_is_found_again_and_forgets_its_owner(
    cast: Cast, room_workspace: Workspace, about_team: Seen
) -> None:
    measured(room_workspace, about_team)
    lead = cast["lead"].user
    assign(lead, about_team.id, lead, LATER.date(), MONDAY)
    measured(room_workspace, as_of=FIRST + WEEK, at=LATER)
    measured(room_workspace, about_team, as_of=FIRST + 2 * WEEK, at=LATER + WEEK)
    crack = Crack.objects.get()
    assert (crack.state, crack.life, crack.owner, crack.due_on) == (CrackState.NEW, 2, None, None)
    assert deeds(crack) == ["found", "assigned", "closed", "reopened"]


def test_heals_until_it_is_measured_away(
    cast: Cast, room_workspace: Workspace, about_team: Seen
) -> None:
    measured(room_workspace, about_team)
    lead = cast["lead"].user
    answer(lead, about_team.id, "It was one order.", MONDAY)
    assert Crack.objects.get().state == CrackState.ANSWERED
    assign(lead, about_team.id, lead, LATER.date(), MONDAY)
    measured(room_workspace, about_team, as_of=FIRST + WEEK, at=LATER)
    assert Crack.objects.get().state == CrackState.HEALING
    measured(room_workspace, as_of=FIRST + 2 * WEEK, at=LATER + WEEK)
    assert Crack.objects.get().state == CrackState.CLOSED


def test_closes_what_was_accepted_when_it_is_gone(
    cast: Cast, room_workspace: Workspace, about_team: Seen
) -> None:
    measured(room_workspace, about_team)
    accept(cast["lead"].user, about_team.id, "Agreed.", LATER.date(), MONDAY)
    assert open_ids() == [about_team.id]
    measured(room_workspace, as_of=FIRST + WEEK, at=LATER)
    crack = Crack.objects.get()
    assert (crack.state, crack.accepted_until) == (CrackState.CLOSED, None)


def test_measures_anew_under_another_agreement(
    cast: Cast, room_workspace: Workspace, about_team: Seen
) -> None:
    measured(room_workspace, about_team)
    assert measured(room_workspace, measured_by="another", at=LATER) is not None
    assert Crack.objects.get().state == CrackState.CLOSED


def test_gives_the_person_named_two_working_days(
    cast: Cast, room_workspace: Workspace, about_rep: Seen
) -> None:
    friday = dt.datetime(2026, 7, 10, 16, 0, tzinfo=dt.UTC)
    measured(room_workspace, about_rep, at=friday)
    crack = Crack.objects.get()
    weekend_and_two_days = crack.shown_at - friday
    assert dt.timedelta(days=3) < weekend_and_two_days < dt.timedelta(days=5)
    assert crack.slug != about_rep.id, "an address does not tell whom it is about"


def test_keeps_no_name_in_what_it_keeps(
    cast: Cast, room_workspace: Workspace, about_rep: Seen
) -> None:
    measured(room_workspace, about_rep)
    name = cast["rep"].user.name
    assert name not in str(Sighting.objects.values_list("told", flat=True).get())
    assert all(name not in entry.detail for entry in Entry.objects.all())


def test_writes_all_or_nothing(cast: Cast, room_workspace: Workspace, about_team: Seen) -> None:
    broken = review(room_workspace, about_team)
    broken.watch["cracks"].append({**about_team.told(), "id": "x-y-1", "since": "not a day"})
    from counterpoise.web.cracks.measuring import take_in

    with pytest.raises(ValueError, match="not a day"):
        take_in(broken, MONDAY)
    assert not Crack.objects.exists()
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda: Sighting.objects.update(observed=0.0),
        lambda: Sighting.objects.update(told={}),
        lambda: Act.objects.update(deed="closed"),
        lambda: Round.objects.update(as_of=dt.date(2020, 1, 1)),
    ],
)
def test_lets_nobody_change_what_was_found(teams: Crack, change: object) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        change()  # type: ignore[operator]


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "closed"},
        {"state": "healing"},
        {"state": "accepted"},
        {"state": "gone"},
        {"closed_at": MONDAY},
    ],
)
def test_has_states_that_are_whole(teams: Crack, broken: dict[str, object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Crack.objects.filter(pk=teams.pk).update(**broken)


def test_lets_no_person_close(teams: Crack, cast: Cast) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Act.objects.create(
            crack=teams, life=1, deed="closed", at=MONDAY, actor=cast["lead"].user, round=None
        )
