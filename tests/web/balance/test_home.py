"""The home page for every member of the cast."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from counterpoise.books import Workspace
from counterpoise.web.balance.models import Visit
from counterpoise.web.people.cast import Member
from counterpoise.web.places import happenings_since, offered, waiting_for
from tests.web.sampling import make_samples

ClientOf = Callable[[str], Client]
CAST = ("lead", "manager", "rep", "marketer", "analyst", "stranger")


@pytest.mark.parametrize("part", CAST)
def test_opens_for_everybody(client_of: ClientOf, part: str) -> None:
    answer = client_of(part).get("/")
    assert answer.status_code == 200
    said = answer.content.decode()
    assert "Value held against value given" in said
    assert "Open deals at risk" in said
    assert "No crack is open" in said


def test_sends_who_is_not_signed_in_to_the_door(client: Client, room_workspace: Workspace) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/")


def test_writes_nothing_when_it_is_read(client_of: ClientOf) -> None:
    client_of("rep").get("/")
    assert not Visit.objects.exists()


def test_notes_a_visit_after_the_page_is_there(client_of: ClientOf) -> None:
    client = client_of("rep")
    answer = client.post("/seen/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert Visit.objects.count() == 1
    assert client.get("/seen/").status_code == 405


def test_marks_all_as_seen_without_scripts(client_of: ClientOf, cast: dict[str, Member]) -> None:
    answer = client_of("rep").post("/seen/", {"all": "yes"})
    assert answer.status_code == 302
    visit = Visit.objects.get(user=cast["rep"].user)
    assert timezone.now() - visit.news_since < dt.timedelta(minutes=5)


def test_counts_everybodys_deals_and_opens_ones_own(client_of: ClientOf) -> None:
    lead = client_of("lead").get("/").context["risk"]
    stranger = client_of("stranger").get("/").context["risk"]
    assert lead.deals == stranger.deals == lead.opened
    assert lead.deals > 0
    assert (stranger.opened, stranger.rows) == (0, ())


def test_names_only_the_reps_own_deals(client_of: ClientOf, cast: dict[str, Member]) -> None:
    risk = client_of("rep").get("/").context["risk"]
    assert {row.owner for row in risk.rows} <= {cast["rep"].user.name}
    assert risk.opened <= risk.deals


def test_tells_how_fresh_the_books_are(client_of: ClientOf) -> None:
    shown = client_of("rep").get("/")
    assert shown.context["books"].imported_at is not None
    said = shown.content.decode()
    assert "Imported" in said
    assert "A review of these books is on its way" not in said


def test_shows_the_span_of_the_address(client_of: ClientOf) -> None:
    client = client_of("lead")
    year = client.get("/?over=year").context["page"].weighing
    every = client.get("/?over=all").context["page"].weighing
    assert len(year.months) <= 12 < len(every.months)
    assert client.get("/?over=%00").status_code == 200


def test_changes_its_order_and_nothing_else_from_the_other_side(client_of: ClientOf) -> None:
    client = client_of("rep")
    own = client.get("/").context
    client.post("/view-from/", {"side": "marketing", "next": "/"})
    other = client.get("/").context
    assert [owed.heading for owed in own["page"].owed] == ["Marketing owes us", "We owe"]
    assert [owed.heading for owed in other["page"].owed] == ["Sales owes us", "We owe"]
    assert own["risk"] == other["risk"]


def test_asks_the_database_little(
    client_of: ClientOf, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for part in CAST:
        client = client_of(part)
        client.get("/")
        with django_assert_max_num_queries(QUERIES):
            client.get("/")


QUERIES = 20
"""Two of the session and the person, two which features have anything to tell, and these."""


def test_what_is_told_is_all_that_features_have_to_tell(
    cast: dict[str, Member], room_workspace: Workspace
) -> None:
    make_samples(room_workspace, cast)
    since = timezone.now() - dt.timedelta(days=30)
    told = set()
    for member in cast.values():
        user = member.user
        waits = [each for says in offered("home", "waits_for") for each in says(user)]
        news = [each for says in offered("home", "happened_since") for each in says(user, since)]
        assert sorted(map(str, waiting_for(user))) == sorted(map(str, waits))
        assert sorted(map(str, happenings_since(user, since))) == sorted(map(str, news))
        told |= {each.kind for each in (*waits, *news)}
    assert told >= {"agreement", "approval", "crack", "lead", "review", "talk", "tool"}
