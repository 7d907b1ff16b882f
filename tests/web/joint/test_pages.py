"""Pages of joint reviews without scripts: acts, refusals that lose no word, and exports."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from counterpoise.web.joint import beginning, writing
from counterpoise.web.joint.models import Action, Decision, JointReview, Point
from counterpoise.web.joint.search import find
from counterpoise.web.people.erasing import erase
from counterpoise.web.places import waiting_for
from tests.web.desk.asking import Cast, token
from tests.web.joint.meeting import brought

SignedIn = Callable[[str], Client]


def test_every_act_of_a_review_by_its_forms(
    people: Cast, signed_in: SignedIn, coming: JointReview
) -> None:
    mona, rhea, kira = (signed_in(name) for name in ("mona", "rhea", "kira"))
    page = f"/talk/reviews/{coming.pk}/"
    told = {"says": "Valves", "token": token()}
    assert rhea.post(f"{page}bring/", told).status_code == 302
    assert rhea.post(f"{page}begin/").status_code == 403
    assert mona.post(f"{page}begin/").status_code == 302
    assert kira.post(f"{page}come/").status_code == 302
    point = Point.objects.get(says="Valves")
    write = f"/talk/reviews/points/{point.pk}/write/"
    for kind in ("note", "decision"):
        said = {"kind": kind, "text": f"A {kind}.", "token": token()}
        assert rhea.post(write, said).url == f"{page}#point-{point.pk}"  # type: ignore[attr-defined]
    asked = mona.post(write, {"kind": "action", "text": "Call Delta", "token": token()})
    assert asked.status_code == 200
    assert "Promise it" in asked.content.decode()
    assert ">Call Delta</textarea>" in asked.content.decode()
    due = (timezone.localdate() + dt.timedelta(days=4)).isoformat()
    promise = {"kind": "action", "text": "Call Delta", "token": token()}
    assert mona.post(write, {**promise, "owner": people.rhea.pk}).status_code == 422
    mona.post(write, {**promise, "owner": people.rhea.pk, "due_on": due})
    assert [item.says for item in waiting_for(people.rhea)] == ["Do, as promised: Call Delta"]
    decision = Decision.objects.get()
    mona.post(f"/talk/reviews/decisions/{decision.pk}/strike/")
    assert mona.post(f"{page}close/").status_code == 302
    shown = rhea.get(page).content.decode()
    assert "The minutes were closed" in shown
    assert "A note." in shown
    rhea.post(f"/talk/reviews/actions/{Action.objects.get().pk}/done/")
    assert waiting_for(people.rhea) == []
    assert Action.objects.get().state == "done"


def test_what_could_not_be_kept_is_still_in_its_field(
    signed_in: SignedIn, people: Cast, sitting: JointReview
) -> None:
    point = brought(people.mona, sitting)
    beginning.come(people.kira, sitting.pk)
    kira = signed_in("kira")
    writing.note(people.mona, point.pk, "First.", token())
    stale = {"version": 7, "text": "My paragraph", "token": token()}
    answer = kira.post(f"/talk/reviews/points/{point.pk}/notes/", stale)
    assert answer.status_code == 422
    assert "My paragraph</textarea>" in answer.content.decode()
    assert Point.objects.get(pk=point.pk).notes == "First."


def test_minutes_are_taken_along_as_markdown(
    signed_in: SignedIn, people: Cast, sitting: JointReview
) -> None:
    point = brought(people.mona, sitting, "Prices *of* valves")
    writing.note(people.mona, point.pk, "1. Not a list", token())
    writing.decide(people.mona, point.pk, "One price list", token())
    due_on = timezone.localdate() + dt.timedelta(days=4)
    writing.promise(people.mona, point.pk, "Write it", people.kira, due_on, token())
    answer = signed_in("rolf").get(f"/talk/reviews/{sitting.pk}/minutes.md")
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    text = answer.content.decode()
    assert "There: Mona (sales)." in text
    assert "- Prices \\*of\\* valves\n\n  1\\. Not a list\n\n  **Decided:** One price list" in text
    assert "## What was promised\n\n- [ ] Write it (Kira, " in text


def test_a_list_takes_as_many_questions_whatever_its_length(
    signed_in: SignedIn,
    people: Cast,
    sitting: JointReview,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    due_on = timezone.localdate() + dt.timedelta(days=4)
    for number in range(12):
        point = brought(people.mona, sitting, f"Point {number}")
        writing.promise(people.mona, point.pk, "Write it", people.kira, due_on, token())
    rhea = signed_in("rhea")
    for page in ("/talk/reviews/", f"/talk/reviews/{sitting.pk}/"):
        rhea.get(page)
        with django_assert_max_num_queries(45):
            rhea.get(page)


def test_a_search_finds_what_was_decided(people: Cast, sitting: JointReview) -> None:
    point = brought(people.mona, sitting)
    writing.decide(people.mona, point.pk, "One price list for valves", token())
    struck = writing.decide(people.mona, point.pk, "Two price lists", token())
    writing.strike(people.mona, struck.pk)
    assert [hit.label for hit in find(people.rolf, "price VALVES", 5)] == [
        "One price list for valves"
    ]
    assert find(people.rolf, " ", 5) == ()


@pytest.mark.parametrize("width", ["0", "99999999999999999999"])
def test_an_id_of_nothing_is_not_found(signed_in: SignedIn, people: Cast, width: str) -> None:
    assert signed_in("rhea").get(f"/talk/reviews/{width}/").status_code == 404


def test_somebody_erased_is_named_nowhere(
    signed_in: SignedIn, people: Cast, sitting: JointReview
) -> None:
    point = brought(people.rolf, sitting)
    due_on = timezone.localdate() + dt.timedelta(days=4)
    writing.promise(people.mona, point.pk, "Write it", people.rolf, due_on, token())
    assert "Rolf" in signed_in("rhea").get(f"/talk/reviews/{sitting.pk}/").content.decode()
    people.lena.is_administrator = True
    people.lena.save()
    erase(people.rolf, people.lena)
    shown = signed_in("rhea").get(f"/talk/reviews/{sitting.pk}/").content.decode()
    assert "Rolf" not in shown
    assert "a former member" in shown
