"""What people of either side try in talk that is not theirs to do."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from counterpoise.web.api import authentication
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, mint
from counterpoise.web.notices.models import Notice
from counterpoise.web.talk import reminding, saying
from counterpoise.web.talk.models import Mention, Words
from counterpoise.web.talk.quoting import Figure, seal
from tests.web.api.calling import BASE, Caller
from tests.web.desk.asking import Cast, token
from tests.web.desk.company import NOW
from tests.web.talk.speaking import CLAUSE, DEAL, said

SignedIn = Callable[[str], Client]
LONG = "€" * (1024 * 1024)


@pytest.fixture
def rolf(people: Cast) -> Caller:
    """Return a program of somebody to whom the deal does not open."""
    authentication.buckets.cache_clear()
    scopes = frozenset({TokenScope.TALK, TokenScope.READ})
    return Caller(mint(people.rolf, Wanted("A program", scopes, 30)).secret)


def test_a_name_in_words_tells_nobody_to_whom_the_thing_does_not_open(people: Cast) -> None:
    words = said(people.rhea, "@Rolf, look. And @Mona.")
    saying.edit(people.rhea, words.pk, f"⟦{people.rolf.pk}⟧ @Rolf, @Mona, look.")
    assert [each.user for each in Mention.objects.all()] == [people.mona]
    reminding.tell(NOW + dt.timedelta(minutes=5))
    assert not Notice.objects.filter(user=people.rolf).exists()


def test_a_program_changes_nobody_elses_words(people: Cast, rolf: Caller) -> None:
    open_to_all, closed = said(people.rhea, "Mine.", CLAUSE), said(people.rhea, "Mine.", DEAL)
    for words, answer in ((open_to_all, 403), (closed, 404)):
        for path in ("", "/withdraw"):
            told = rolf.post(f"words/{words.pk}{path}", {"text": "His."} if not path else {})
            assert told.status_code == answer
    assert rolf.get(f"words/{closed.pk}/file").status_code == 404
    gone = rolf.post("words/999999", {"text": "x"}).json()
    assert rolf.post(f"words/{closed.pk}", {"text": "x"}).json() == gone, "nor tells it is there"
    assert set(Words.objects.values_list("text", "edited_at")) == {("Mine.", None)}


def test_a_figure_laid_open_elsewhere_stays_closed(people: Cast, rolf: Caller) -> None:
    figure = Figure("Discount", "31%", "secret note", of=DEAL, about=DEAL)
    stolen = rolf.post(f"threads/{CLAUSE}/words", {"text": "!", "quote": seal(figure, people.rhea)})
    assert stolen.status_code == 422, "sealed for somebody else"
    saying.say(people.rhea, CLAUSE, saying.Said("See", token(), quote=figure.kept()))
    read = rolf.get(f"threads/{CLAUSE}").content.decode()
    assert "31%" not in read
    assert "secret note" not in read


def test_a_cookie_alone_moves_nothing_by_programs_addresses(
    signed_in: SignedIn, people: Cast
) -> None:
    client = signed_in("rhea")
    sent = {"text": "Forged"}
    for path in (f"threads/{CLAUSE}/words", f"threads/{CLAUSE}/files", "campaigns"):
        for kind in ("application/json", "text/plain"):
            assert client.post(f"{BASE}{path}", sent, content_type=kind).status_code == 401
    assert not Words.objects.exists()


def test_a_page_of_elsewhere_says_nothing(people: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.rhea)
    told = {"text": "Forged", "token": token()}
    assert client.post(reverse("talk:say", args=[CLAUSE]), told).status_code == 403
    assert not Words.objects.exists()


def test_a_megabyte_of_words_is_refused_and_not_kept(
    signed_in: SignedIn, people: Cast, rolf: Caller
) -> None:
    client, words = signed_in("rhea"), said(people.rhea, "Short.", CLAUSE)
    told = {"text": LONG[: 1024 * 256], "token": token()}
    assert client.post(reverse("talk:say", args=[CLAUSE]), told).status_code == 422
    assert client.post(reverse("talk:change", args=[words.pk]), told).status_code == 422
    assert rolf.post(f"threads/{CLAUSE}/words", {"text": LONG}).status_code == 413
    assert rolf.post(f"threads/{CLAUSE}/words", {"text": "@Mona " * 2_000}).status_code == 422
    assert client.get(reverse("talk:quote", args=["a" * 4_000])).status_code == 404
    assert Words.objects.get().text == "Short."


def test_marks_that_turn_a_line_round_end_with_the_words(signed_in: SignedIn, people: Cast) -> None:
    said(people.rhea, "\u202eegami.exe", CLAUSE)
    page = signed_in("mona").get(reverse("talk:thread", args=[CLAUSE])).content.decode()
    assert 'class="talk-text" dir="auto"' in page
