"""What people may do about a crack, and what they may not."""

import datetime as dt

import pytest

from counterpoise.books import Workspace
from counterpoise.web.audit.models import Entry
from counterpoise.web.cracks.acting import (
    ActError,
    ClosedError,
    accept,
    answer,
    assign,
    end_acceptances,
    look,
)
from counterpoise.web.cracks.life import CrackState
from counterpoise.web.cracks.models import Act, Crack, Look
from counterpoise.web.cracks.rights import NotYoursError, visible_to
from counterpoise.web.people.cast import Member
from tests.web.cracks.making import FIRST, MONDAY, Seen, measured

Cast = dict[str, Member]
DAY = dt.timedelta(days=1)
AFTER = MONDAY + 5 * DAY
"""When the two working days are over."""

EVERYBODY = ("lead", "manager", "rep", "marketer", "analyst", "stranger")


def seen_by(cast: Cast, now: dt.datetime) -> set[str]:
    return {part for part in EVERYBODY if visible_to(cast[part].user, now).exists()}


def test_is_the_persons_alone_for_two_working_days(cast: Cast, reps: Crack) -> None:
    assert seen_by(cast, MONDAY) == {"rep"}
    assert seen_by(cast, reps.shown_at - dt.timedelta(seconds=1)) == {"rep"}


def test_is_seen_afterwards_by_those_who_see_the_persons_rows(cast: Cast, reps: Crack) -> None:
    assert seen_by(cast, AFTER) == {"rep", "manager", "lead", "analyst"}


def test_is_seen_as_soon_as_the_person_answered(cast: Cast, reps: Crack) -> None:
    answer(cast["rep"].user, reps.slug, "A renewal.", MONDAY)
    assert seen_by(cast, MONDAY) == {"rep", "manager", "lead", "analyst"}


def test_of_a_team_is_seen_by_everybody(cast: Cast, teams: Crack) -> None:
    assert seen_by(cast, MONDAY) == set(EVERYBODY)


def test_is_the_persons_alone_again_when_it_comes_back(
    cast: Cast, room_workspace: Workspace, reps: Crack, about_rep: Seen
) -> None:
    measured(room_workspace, as_of=FIRST + 7 * DAY, at=MONDAY + 7 * DAY)
    measured(room_workspace, about_rep, as_of=FIRST + 14 * DAY, at=MONDAY + 14 * DAY)
    assert seen_by(cast, MONDAY + 14 * DAY) == {"rep"}


@pytest.mark.parametrize("part", ["manager", "lead", "analyst"])
def test_lets_nobody_answer_for_another(cast: Cast, reps: Crack, part: str) -> None:
    with pytest.raises(NotYoursError):
        answer(cast[part].user, reps.slug, "They always do.", AFTER)
    assert Crack.objects.get().state == CrackState.NEW
    assert not Act.objects.filter(deed="answered").exists()


@pytest.mark.parametrize("part", ["marketer", "stranger"])
def test_hides_it_from_others(cast: Cast, reps: Crack, part: str) -> None:
    for act in (answer, lambda user, slug, text, now: look(user, slug, now)):
        with pytest.raises(Crack.DoesNotExist):
            act(cast[part].user, reps.slug, "x", AFTER)


def test_lets_the_side_answer_what_is_about_no_person(cast: Cast, teams: Crack) -> None:
    with pytest.raises(NotYoursError):
        answer(cast["marketer"].user, teams.slug, "Sales again.", MONDAY)
    answer(cast["rep"].user, teams.slug, "One order.", MONDAY)
    answer(cast["manager"].user, teams.slug, "And a second.", MONDAY)
    assert [act.text for act in Act.objects.filter(deed="answered")] == [
        "One order.",
        "And a second.",
    ]


def test_lets_nobody_assign_or_accept_their_own(cast: Cast, reps: Crack) -> None:
    rep = cast["rep"].user
    with pytest.raises(NotYoursError):
        assign(rep, reps.slug, rep, MONDAY.date() + 7 * DAY, MONDAY)
    with pytest.raises(NotYoursError):
        accept(rep, reps.slug, "It is fine.", MONDAY.date() + 7 * DAY, MONDAY)
    assert Crack.objects.get().state == CrackState.NEW


def test_gives_an_owner_and_a_day(cast: Cast, reps: Crack) -> None:
    assign(cast["manager"].user, reps.slug, cast["rep"].user, AFTER.date() + 7 * DAY, AFTER)
    crack = Crack.objects.get()
    assert (crack.state, crack.owner) == (CrackState.HEALING, cast["rep"].user)
    assert Entry.objects.filter(act="crack.assigned", subject=f"crack:{reps.slug}").count() == 1


@pytest.mark.parametrize("part", ["marketer", "stranger"])
def test_gives_it_to_nobody_who_does_not_see_it(cast: Cast, reps: Crack, part: str) -> None:
    with pytest.raises(ActError, match="who sees this crack"):
        assign(cast["lead"].user, reps.slug, cast[part].user, AFTER.date() + DAY, AFTER)


@pytest.mark.parametrize(("days", "why"), [(-1, "is past"), (400, "more than a year off")])
def test_refuses_days_that_cannot_be_meant(cast: Cast, teams: Crack, days: int, why: str) -> None:
    lead, day = cast["lead"].user, MONDAY.date() + days * DAY
    with pytest.raises(ActError, match=why):
        assign(lead, teams.slug, lead, day, MONDAY)
    with pytest.raises(ActError, match=why):
        accept(lead, teams.slug, "Agreed.", day, MONDAY)


@pytest.mark.parametrize("text", ["", "  \n", "a\x00b", "x" * 2_001])
def test_refuses_answers_that_say_nothing_or_too_much(cast: Cast, teams: Crack, text: str) -> None:
    with pytest.raises(ActError):
        answer(cast["rep"].user, teams.slug, text, MONDAY)


def test_does_nothing_to_what_is_closed(
    cast: Cast, room_workspace: Workspace, teams: Crack
) -> None:
    measured(room_workspace, as_of=FIRST + 7 * DAY, at=MONDAY + 7 * DAY)
    lead = cast["lead"].user
    with pytest.raises(ClosedError):
        answer(lead, teams.slug, "Done.", AFTER)
    with pytest.raises(ClosedError):
        assign(lead, teams.slug, lead, AFTER.date(), AFTER)


def test_lets_an_acceptance_end(cast: Cast, teams: Crack) -> None:
    lead = cast["lead"].user
    accept(lead, teams.slug, "For the launch.", MONDAY.date() + 2 * DAY, MONDAY)
    assert end_acceptances(MONDAY + 2 * DAY) == 0
    assert Crack.objects.get().state == CrackState.ACCEPTED
    assert end_acceptances(MONDAY + 3 * DAY) == 1
    assert end_acceptances(MONDAY + 3 * DAY) == 0
    assert Crack.objects.get().state == CrackState.NEW


def test_lets_what_was_owned_heal_on_after_an_acceptance(cast: Cast, teams: Crack) -> None:
    lead = cast["lead"].user
    assign(lead, teams.slug, lead, MONDAY.date() + 30 * DAY, MONDAY)
    accept(lead, teams.slug, "For the launch.", MONDAY.date() + 2 * DAY, MONDAY)
    end_acceptances(MONDAY + 3 * DAY)
    assert Crack.objects.get().state == CrackState.HEALING


def test_keeps_who_looked_at_whom_once_a_day(cast: Cast, reps: Crack) -> None:
    manager = cast["manager"].user
    look(manager, reps.slug, AFTER)
    look(manager, reps.slug, AFTER)
    look(manager, reps.slug, AFTER + DAY)
    entries = Entry.objects.filter(act="crack.viewed", actor_id=manager.pk)
    assert (entries.count(), Look.objects.count()) == (2, 2)


def test_keeps_no_look_at_ones_own(cast: Cast, reps: Crack) -> None:
    look(cast["rep"].user, reps.slug, AFTER)
    assert not Look.objects.exists()


def test_passes_on_what_somebody_owns_who_leaves(
    cast: Cast, room_workspace: Workspace, about_rep: Seen, about_team: Seen
) -> None:
    from counterpoise.web.cracks.handing_over import hand_over

    measured(room_workspace, about_rep, about_team)
    lead, manager, stranger = (cast[part].user for part in ("lead", "manager", "stranger"))
    due = dt.date(2099, 1, 1)
    Crack.objects.update(owner=manager, due_on=due, state=CrackState.HEALING, shown_at=MONDAY)
    assert hand_over(manager, stranger) == 2
    owners = dict(Crack.objects.values_list("crack_id", "owner"))
    assert owners == {about_rep.id: None, about_team.id: stranger.pk}
    assert Crack.objects.get(crack_id=about_rep.id).state == CrackState.ANSWERED
    assert hand_over(stranger, lead) == 1


def test_goes_on_under_a_new_id(cast: Cast, reps: Crack) -> None:
    from counterpoise.web.cracks.remapping import remap

    assert remap("person", reps.subject_id, "P-NEW") == 1
    crack = Crack.objects.get()
    assert crack.subject_id == "P-NEW"
    assert crack.crack_id == Seen("discount_drift", "person", "P-NEW").id


def test_forgets_what_a_person_wrote(cast: Cast, teams: Crack) -> None:
    from counterpoise.web.cracks.erasing import forget

    answer(cast["rep"].user, teams.slug, "My own words.", MONDAY)
    forget(cast["rep"].user)
    assert Act.objects.get(deed="answered").text == ""
