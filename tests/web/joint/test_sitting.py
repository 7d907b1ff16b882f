"""Holding a joint review: both sides there, minutes that lose nothing, and what comes of them."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from counterpoise.agreement import Side
from counterpoise.web.audit.models import Entry
from counterpoise.web.joint import beginning, planning, writing
from counterpoise.web.joint.agenda import address_of, on_agenda
from counterpoise.web.joint.models import Action, Decision, JointReview, Point, Rhythm
from counterpoise.web.joint.planning import ReviewError
from counterpoise.web.joint.rights import NotYoursError
from counterpoise.web.joint.schedule import When
from counterpoise.web.joint.states import ActionState, ReviewState
from counterpoise.web.people.models import User
from counterpoise.web.places import Section
from tests.web.desk.asking import Cast, token
from tests.web.joint.meeting import begun, brought, planned

TOMORROW = dt.timedelta(days=1)


def owed(point: Point, owner: User, by: User, days: int = 7) -> Action:
    due_on = timezone.localdate() + dt.timedelta(days=days)
    return writing.promise(by, point.pk, "Write the card", owner, due_on, token())


def acts() -> list[str]:
    return list(Entry.objects.order_by("sequence").values_list("act", flat=True))


def test_the_room_plans_by_itself_once_somebody_planned_the_first(people: Cast) -> None:
    wednesday = dt.datetime(2026, 6, 10, 8, tzinfo=dt.UTC)
    assert planning.go_on(wednesday) == []
    with pytest.raises(NotYoursError):
        planning.plan_now(people.rhea, wednesday)
    assert planning.plan_now(people.mona, wednesday) is not None
    monday = JointReview.objects.get()
    assert monday.starts_at == dt.datetime(2026, 6, 15, 10, tzinfo=dt.UTC)
    assert {each.user for each in monday.presences.all()} == {
        people.mona,
        people.kira,
        people.lena,
    }
    assert planning.go_on(wednesday) == []
    later = dt.datetime(2026, 6, 16, 8, tzinfo=dt.UTC)
    assert [each.period_on for each in planning.go_on(later)] == [dt.date(2026, 6, 22)]


def test_one_is_always_to_come_though_the_next_was_held_early(people: Cast) -> None:
    wednesday = dt.datetime(2026, 6, 10, 8, tzinfo=dt.UTC)
    planning.plan_now(people.mona, wednesday)
    JointReview.objects.update(state=ReviewState.HELD, ended_at=wednesday)
    assert [each.period_on for each in planning.go_on(wednesday)] == [dt.date(2026, 6, 22)]
    assert planning.go_on(wednesday) == []


def test_what_nobody_begins_was_skipped(people: Cast) -> None:
    long_ago = planned(dt.datetime(2026, 6, 8, 10, tzinfo=dt.UTC))
    assert planning.skip_what_is_over(dt.datetime(2026, 6, 8, 20, tzinfo=dt.UTC)) == 0
    assert planning.skip_what_is_over(dt.datetime(2026, 6, 9, 1, tzinfo=dt.UTC)) == 1
    long_ago.refresh_from_db()
    assert (long_ago.state, long_ago.ended_by) == ("skipped", None)


def test_who_leads_moves_and_skips(people: Cast, coming: JointReview) -> None:
    to = coming.starts_at + TOMORROW
    assert planning.move(people.kira, coming.pk, to).moves == 1
    with pytest.raises(ReviewError, match="still to come"):
        planning.move(people.kira, coming.pk, timezone.now() - TOMORROW)
    with pytest.raises(ReviewError, match="Say why"):
        planning.skip(people.mona, coming.pk, "  ")
    with pytest.raises(NotYoursError):
        planning.skip(people.rolf, coming.pk, "no time")
    assert planning.skip(people.mona, coming.pk, "trade fair").state == ReviewState.SKIPPED
    with pytest.raises(ReviewError, match="skipped already"):
        planning.move(people.mona, coming.pk, to)


def test_another_hour_moves_what_is_planned(people: Cast) -> None:
    first = planning.plan_now(people.mona)
    assert first is not None
    planning.change_rhythm(people.kira, When(first.starts_at.weekday(), dt.time(23, 30)), 30, "4")
    moved = JointReview.objects.get(pk=first.pk)
    assert (moved.starts_at.time(), moved.minutes, moved.moves) == (dt.time(23, 30), 30, 1)
    assert Rhythm.objects.get().place == "4"


def test_one_side_alone_holds_no_joint_review(people: Cast, sitting: JointReview) -> None:
    with pytest.raises(ReviewError, match="Nobody of marketing is there yet"):
        beginning.close(people.mona, sitting.pk)
    beginning.come(people.lena, sitting.pk)  # above both sides is of neither
    with pytest.raises(ReviewError, match="Nobody of marketing"):
        beginning.close(people.mona, sitting.pk)
    beginning.come(people.kira, sitting.pk)
    with pytest.raises(NotYoursError):
        beginning.close(people.rhea, sitting.pk)
    assert beginning.close(people.mona, sitting.pk).is_held


def test_one_is_open_at_a_time(people: Cast, sitting: JointReview) -> None:
    other = planned(timezone.now() + 9 * TOMORROW)
    with pytest.raises(ReviewError, match="still open"):
        beginning.begin(people.kira, other.pk)
    other.refresh_from_db()
    assert other.is_planned
    with pytest.raises(ReviewError, match="already"):
        beginning.begin(people.kira, sitting.pk)


def test_two_who_write_at_once_lose_nothing(people: Cast, sitting: JointReview) -> None:
    point = brought(people.mona, sitting)
    writing.note(people.mona, point.pk, "Prices rise in May.", token())
    writing.edit(people.kira, point.pk, 1, "Prices rise in June.\nKira checks.", token())
    kept = writing.edit(people.mona, point.pk, 1, "Prices rise in May.\nMona calls.", token())
    assert kept.is_merged
    kept.point.refresh_from_db()
    assert kept.point.notes.splitlines() == ["Prices rise in June.", "Kira checks.", "Mona calls."]
    writing.note(people.rhea, point.pk, "One more.", token())
    assert Point.objects.get(pk=point.pk).version == 4


def test_the_same_form_writes_once(people: Cast, sitting: JointReview) -> None:
    point, again = brought(people.mona, sitting), token()
    for _ in range(2):
        writing.note(people.kira, point.pk, "Once.", again)
        writing.decide(people.kira, point.pk, "Once.", again)
        due_on = timezone.localdate()
        writing.promise(people.kira, point.pk, "Once.", people.rhea, due_on, again)
        beginning.bring(people.kira, sitting.pk, "Once.", again)
    assert Point.objects.get(pk=point.pk).notes == "Once."
    counts = (Decision.objects.count(), Action.objects.count(), Point.objects.count())
    assert counts == (1, 1, 2)


def test_closed_minutes_stay_as_they_are(people: Cast, sitting: JointReview) -> None:
    point = brought(people.mona, sitting)
    decision = writing.decide(people.kira, point.pk, "One price list.", token())
    beginning.close(people.mona, sitting.pk)
    for act in (
        lambda: writing.note(people.mona, point.pk, "Late.", token()),
        lambda: writing.edit(people.mona, point.pk, 0, "Late.", token()),
        lambda: writing.decide(people.mona, point.pk, "Late.", token()),
        lambda: writing.strike(people.mona, decision.pk),
        lambda: owed(point, people.rhea, people.mona),
        lambda: brought(people.mona, sitting, "Late"),
    ):
        with pytest.raises(ReviewError):
            act()
    decision.refresh_from_db()
    assert decision.struck_at is None
    assert Point.objects.get().notes == ""
    assert acts()[-3:] == ["joint_review.point", "joint_review.decided", "joint_review.closed"]


def test_the_next_agenda_begins_with_what_was_promised(people: Cast, sitting: JointReview) -> None:
    point = brought(people.mona, sitting)
    late, soon = owed(point, people.rhea, people.mona, 9), owed(point, people.kira, people.mona, 2)
    with pytest.raises(NotYoursError):
        writing.settle(people.rolf, soon.pk, ActionState.DONE)
    beginning.come(people.kira, sitting.pk)
    beginning.close(people.mona, sitting.pk)
    writing.settle(people.kira, soon.pk, ActionState.DONE)
    with pytest.raises(ReviewError, match="done already"):
        writing.settle(people.kira, soon.pk, ActionState.DROPPED)
    items = on_agenda(beginning.last_held_at())
    assert [(item.says, item.url, item.side) for item in items] == [
        ("Write the card", address_of(soon), Side.MARKETING),
        ("Write the card", address_of(late), Side.SALES),
    ]
    following = begun(people.mona, planned(timezone.now() + 9 * TOMORROW))
    first = following.points.first()
    assert first is not None
    assert (first.section, first.says) == (Section.PROMISED_LAST_TIME, "Write the card")


def test_both_see_what_the_other_writes(
    people: Cast, signed_in: Callable[[str], Client], sitting: JointReview
) -> None:
    point = brought(people.mona, sitting)
    sitting.refresh_from_db()
    kira, news = signed_in("kira"), f"/talk/reviews/{sitting.pk}/news/?seen="
    assert kira.get(f"{news}{sitting.changes}").status_code == 204
    writing.note(people.mona, point.pk, "Prices <rise> in May.", token())
    answer = kira.get(f"{news}{sitting.changes}").content.decode()
    assert f'id="kept-{point.pk}" hx-swap-oob="true"' in answer
    assert "Prices &lt;rise&gt; in May." in answer
    assert f'textarea id="text-{point.pk}' not in answer  # what kira types stays hers
    added = brought(people.mona, sitting, "Something new")
    assert f'id="point-{added.pk}"' in kira.get(f"{news}{sitting.changes}").content.decode()
    beginning.come(people.kira, sitting.pk)
    beginning.close(people.mona, sitting.pk)
    assert kira.get(f"{news}{sitting.changes}").headers["HX-Refresh"] == "true"


def test_what_is_written_from_a_form_that_was_sent_is_not_lost(
    people: Cast, sitting: JointReview
) -> None:
    point, day = brought(people.mona, sitting), timezone.localdate() + TOMORROW
    for text in ("One", "Two", "One"):
        writing.note(people.mona, point.pk, text, "the-same-token")
        writing.decide(people.mona, point.pk, text, "the-same-token")
        writing.promise(people.mona, point.pk, text, people.kira, day, "the-same-token")
    point.refresh_from_db()
    assert point.notes == "One\nTwo"
    assert [each.text for each in point.decisions.all()] == ["One", "Two"]
    assert [each.text for each in point.actions.all()] == ["One", "Two"]


def test_a_year_that_was_mistyped_is_refused(people: Cast, sitting: JointReview) -> None:
    point = brought(people.mona, sitting)
    with pytest.raises(ReviewError, match="years ahead"):
        writing.promise(people.mona, point.pk, "Call", people.kira, dt.date.max, token())
    later = planned(timezone.now() + 9 * TOMORROW)
    with pytest.raises(ReviewError, match="year"):
        planning.move(people.mona, later.pk, timezone.now() + 500 * TOMORROW)


def test_a_review_that_was_moved_far_and_back_ends_with_its_stretch(people: Cast) -> None:
    wednesday = dt.datetime(2026, 6, 10, 8, tzinfo=dt.UTC)
    planning.plan_now(people.mona, wednesday)
    review = JointReview.objects.get()
    JointReview.objects.update(period_on=timezone.localdate(), until_on=timezone.localdate())
    planning.move(people.mona, review.pk, timezone.now() + 90 * TOMORROW)
    moved = planning.move(people.mona, review.pk, timezone.now() + TOMORROW)
    assert moved.until_on <= timezone.localdate() + 7 * TOMORROW


def test_refuses_more_than_anybody_speaks_of(
    people: Cast, sitting: JointReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (beginning, writing):
        monkeypatch.setattr(module, "MOST", 2)
    point = brought(people.mona, sitting, "One")
    brought(people.mona, sitting, "Two")
    for says in ("One", "Two"):
        owed(point, people.rhea, people.mona)
        writing.decide(people.mona, point.pk, says, token())
    before = (acts(), JointReview.objects.get().changes)
    with pytest.raises(ReviewError, match="At most 2 points"):
        brought(people.mona, sitting, "Three")
    with pytest.raises(ReviewError, match="At most 2 actions"):
        owed(point, people.rhea, people.mona)
    with pytest.raises(ReviewError, match="At most 2 decisions"):
        writing.decide(people.mona, point.pk, "Three", token())
    assert (Point.objects.filter(added_by=people.mona).count(), Action.objects.count()) == (2, 2)
    assert (acts(), JointReview.objects.get().changes) == before


def test_another_point_from_a_form_that_was_sent_is_not_lost(
    people: Cast, sitting: JointReview
) -> None:
    form = token()
    for says in ("Prices", "Prices", "Lead times"):
        beginning.bring(people.mona, sitting.pk, says, form)
    own = Point.objects.filter(added_by=people.mona).order_by("pk")
    assert list(own.values_list("says", flat=True)) == ["Prices", "Lead times"]
