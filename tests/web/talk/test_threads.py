"""Threads: who may read and write them, who is named, and what changes show."""

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from counterpoise.web.audit.models import Entry
from counterpoise.web.people.models import User
from counterpoise.web.talk import mentions, saying
from counterpoise.web.talk.models import Words, WordsFile
from counterpoise.web.talk.things import NoThingError, Thing, readers_of, thing_for
from counterpoise.web.talk.threads import page_of, thread_of
from counterpoise.web.talk.titles import url_of
from counterpoise.web.tools.editing import Brought
from counterpoise.web.tools.models import Tool
from tests.web.desk.asking import Cast
from tests.web.desk.asking import asked as desk_asked
from tests.web.desk.company import NOW
from tests.web.talk.speaking import CLAUSE, DEAL, answered, asked, said


def names_of(thing: str) -> list[str]:
    return [user.name for user in readers_of(thing)]


def test_who_may_open_a_thing_may_talk_about_it(people: Cast, card: Tool) -> None:
    everybody = ["Guest", "Kira", "Lena", "Milo", "Mona", "Rhea", "Rolf"]
    request = desk_asked(people.rhea)
    assert names_of(DEAL) == ["Lena", "Mona", "Rhea"]
    # Twelve percent are a manager's to approve, whoever's.
    assert names_of(f"request:{request.pk}") == ["Lena", "Milo", "Mona", "Rhea"]
    assert names_of(CLAUSE) == everybody
    assert names_of(f"tool:{card.tool_id}") == everybody
    for name in ("deal:none", "clause:none", "weather:x", "deal:", "D1", "request:x", "lead:L1"):
        assert names_of(name) == []


def test_nobody_else_says_or_changes_a_word(people: Cast) -> None:
    words = said(people.rhea)
    with pytest.raises(NoThingError):
        said(people.rolf)
    for act in (saying.withdraw, lambda user, pk: saying.edit(user, pk, "Mine.")):
        with pytest.raises(NoThingError):
            act(people.rolf, words.pk)
        with pytest.raises(saying.NotYoursError):
            act(people.mona, words.pk)
    words.refresh_from_db()
    assert (words.text, Words.objects.count()) == ("They want it by June.", 1)


def test_refuses_what_says_nothing_or_too_much(people: Cast) -> None:
    for text in ("", "  \n", "a\x00", "a" * 4_001):
        with pytest.raises(saying.TalkError):
            said(people.rhea, text)
    assert not Words.objects.exists()


def test_the_same_form_says_it_once(people: Cast) -> None:
    once = saying.Said("Once.", "the-same-token")
    first, second = (saying.say(people.rhea, DEAL, once, NOW) for _ in range(2))
    assert first == second
    assert Entry.objects.filter(act="words.said").count() == 1


def test_other_words_from_a_form_that_was_sent_are_not_lost(people: Cast) -> None:
    for text in ("First.", "Second, after going back.", "First."):
        saying.say(people.rhea, DEAL, saying.Said(text, "the-same-token"), NOW)
    texts = set(Words.objects.values_list("text", flat=True))
    assert (texts, Words.objects.count()) == ({"First.", "Second, after going back."}, 2)


def test_changed_and_withdrawn_words_show_it(people: Cast) -> None:
    later = NOW + dt.timedelta(hours=1)
    words = said(people.rhea, "By @Mona in June", file=Brought("a.txt", b"a"))
    assert words.mentions.count() == 1
    assert saying.edit(people.rhea, words.pk, "By July", later).edited_at == later
    assert words.mentions.count() == 0
    gone = saying.withdraw(people.rhea, words.pk, later)
    assert (gone.text, gone.withdrawn_at) == ("", later)
    assert not WordsFile.objects.exists()
    with pytest.raises(saying.NotYoursError):
        saying.edit(people.rhea, words.pk, "Again")
    acts = Entry.objects.filter(subject=DEAL).order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["words.said", "words.changed", "words.withdrawn"]


def test_names_people_who_may_open_the_thing(people: Cast) -> None:
    words = said(people.rhea, "Ask @mona, or @Rolf.")
    assert [each.user for each in words.mentions.all()] == [people.mona]
    (shown,) = thread_of(people.mona, thing_of(people, DEAL)).last
    assert shown.text == 'Ask <span class="talk-name">@Mona</span>, or @Rolf.'
    people.mona.erased_at = NOW
    people.mona.save()
    (shown,) = thread_of(people.rhea, thing_of(people, DEAL)).last
    assert "@a former member" in shown.text


def test_a_name_ends_where_it_was_typed_to_whatever_its_letters() -> None:
    anna, other, bo = (User(pk=pk, name=name) for pk, name in ((1, "Groß"), (2, "Ås"), (3, "Bo")))
    found, named = mentions.marked("@groß! @GROSS, @ÅS; @Bo?", [anna, other, bo])
    assert found == "⟦1⟧! ⟦1⟧, ⟦2⟧; ⟦3⟧?"
    assert named == [anna, other, bo]
    twin = User(pk=4, name="Bo")
    assert mentions.marked("@Bo?", [bo, twin]) == ("@Bo?", [])


def test_shows_words_as_text_whatever_they_hold(people: Cast) -> None:
    said(people.rhea, "<b>See</b> https://example.com/a ⟦1⟧")
    (shown,) = thread_of(people.rhea, thing_of(people, DEAL)).last
    assert shown.text == (
        '&lt;b&gt;See&lt;/b&gt; <a href="https://example.com/a" rel="nofollow">'
        "https://example.com/a</a> [1]"
    )


def test_offers_names_of_those_who_may_open_the_thing(people: Cast) -> None:
    assert mentions.candidates(DEAL, "M", str) == ["Mona"]
    assert mentions.candidates(CLAUSE, "m", str) == ["Milo", "Mona"]
    assert mentions.candidates("deal:D2", "rh", str) == []


def test_older_words_fold_away(people: Cast) -> None:
    for number in range(5):
        said(people.rhea, f"Word {number}", now=NOW + dt.timedelta(minutes=number))
    thing = thing_of(people, DEAL)
    thread = thread_of(people.rhea, thing)
    assert [each.text for each in thread.earlier] == ["Word 0", "Word 1"]
    assert [each.text for each in thread.last] == ["Word 2", "Word 3", "Word 4"]
    assert not thread_of(people.rhea, thing, is_whole=True).earlier


def test_the_foot_of_a_thing_reads_its_last_words_and_leads_to_those_before(
    people: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    question = asked(people.rhea, people.kira, "First of all?")
    done = asked(people.rhea, people.kira, "And then?", now=NOW + dt.timedelta(minutes=1))
    answered(people.kira, done, "Done.", NOW + dt.timedelta(days=2))
    later = NOW + dt.timedelta(days=1)
    Words.objects.bulk_create(
        Words(thing=CLAUSE, author=people.rhea, token=f"t{number}", at=later, text=f"{number}")
        for number in range(3, 203)
    )
    thing = thing_of(people, CLAUSE)
    with django_assert_num_queries(3):
        thread = thread_of(people.milo, thing)
    assert [each.text for each in thread.earlier] == [str(number) for number in range(183, 200)]
    assert [each.text for each in thread.last] == ["First of all?", "200", "201", "202"]
    assert thread.last[0].words.pk == question.words_id
    before = Words.objects.get(text="182")
    assert thread.before == url_of(thing, before)
    reader = Client()
    reader.force_login(people.milo)
    assert f'id="words-{before.pk}"' in reader.get(thread.before).content.decode()
    assert not thread_of(people.milo, thing_of(people, DEAL)).before


def thing_of(people: Cast, name: str) -> Thing:
    found = thing_for(people.lena, name)
    assert found is not None
    return found


def test_a_long_thread_has_pages_and_words_lead_to_theirs(
    people: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    question = asked(people.rhea, people.kira, "First of all?")
    late = answered(people.kira, question, "At last.", NOW + dt.timedelta(days=9))
    Words.objects.bulk_create(
        Words(thing=CLAUSE, author=people.rhea, token=f"t{number}", at=NOW, text=f"{number}")
        for number in range(2, 150)
    )
    thing = thing_of(people, CLAUSE)
    with django_assert_num_queries(5):
        oldest = page_of(people.milo, thing, words_id=late.pk)
    assert [each.words.pk for each in oldest.last[0].answers] == [late.pk]
    assert [each.text for each in oldest.last[1:]] == [str(number) for number in range(2, 51)]
    newest = page_of(people.milo, thing)
    assert [each.text for each in newest.last] == [str(number) for number in range(51, 150)]
    elsewhere = page_of(people.milo, thing, words_id=said(people.mona).pk)
    assert [each.words for each in elsewhere.last] == [each.words for each in newest.last]
    reader = Client()
    reader.force_login(people.milo)
    address = thing.url_of_thread
    first = reader.get(url_of(thing, late).partition("#")[0]).content.decode()
    assert f'id="words-{late.pk}"' in first
    assert f'rel="next" href="{address}?page=2#talk"' in first
    last = reader.get(address).content.decode()
    assert f'rel="prev" href="{address}?page=1#talk"' in last
    assert 'rel="next"' not in last
    for odd in ("words=x", "words=9999999999999999999", "page=x", "page=0"):
        assert reader.get(f"{address}?{odd}").status_code == 200
