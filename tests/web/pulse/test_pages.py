"""Asking, answering and showing, as people meet it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from counterpoise.web.notices.models import Notice
from counterpoise.web.people.erasing import erase
from counterpoise.web.people.models import User
from counterpoise.web.pulse import home, life, room_facts
from counterpoise.web.pulse.items import ITEMS
from counterpoise.web.pulse.models import Figure, Participation, Pulse, Words
from tests.web.pulse.conftest import AFTER, MARCH, answer_all, key_files

SALES = [f"sales{number}" for number in range(6)]
MARKET = [f"market{number}" for number in range(5)]


def at(day: dt.date, hour: int = 12) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


def test_opens_with_the_period_and_closes_two_weeks_later(people: dict[str, User]) -> None:
    life.keep_asking(at(MARCH))
    life.keep_asking(at(MARCH, 13))
    pulse = Pulse.objects.get()
    assert (pulse.first_on, pulse.opened_on, pulse.closes_on) == (
        dt.date(2026, 3, 1),
        MARCH,
        dt.date(2026, 3, 14),
    )
    life.keep_asking(at(dt.date(2026, 3, 14), 23))
    assert Pulse.objects.get().is_open
    life.keep_asking(at(AFTER))
    assert not Pulse.objects.get().is_open
    life.keep_asking(at(dt.date(2026, 3, 31)))
    assert Pulse.objects.count() == 1
    life.keep_asking(at(dt.date(2026, 4, 1)))
    assert Pulse.objects.filter(closed_on=None).get().first_on == dt.date(2026, 4, 1)


def test_a_room_that_starts_late_waits_for_the_next_period(people: dict[str, User]) -> None:
    assert life.open_due(dt.date(2026, 3, 12)) is None
    assert life.open_due(dt.date(2026, 3, 11)) is not None


def test_waits_at_home_until_a_person_took_part(opened: Pulse, people: dict[str, User]) -> None:
    (item,) = home.waits_for(people["sales0"])
    assert item.url == "/talk/pulse/answer/"
    assert item.at is not None
    assert item.at.isoformat() == "2026-03-15T00:00:00+00:00"
    answer_all(opened, people, ["sales0"], 3)
    assert home.waits_for(people["sales0"]) == ()
    assert home.waits_for(people["lead"]) == ()


def test_asks_for_every_sentence_and_keeps_what_was_rated(
    opened: Pulse, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("sales0")
    given = {item.id: "4" for item in ITEMS if item.id != "word"}
    answered = client.post("/talk/pulse/answer/", given)
    assert answered.status_code == 422
    assert answered.content.count(b"checked") == len(ITEMS) - 1
    assert b"Rate this sentence too" in answered.content
    assert not Participation.objects.exists()
    assert client.post("/talk/pulse/answer/", given | {"word": "5"}).status_code == 302
    assert b"You took part" in client.get("/talk/pulse/").content
    client.post("/talk/pulse/answer/", given | {"word": "5"})
    assert Participation.objects.count() == 1


def test_a_side_too_small_writes_to_both_leads(
    opened: Pulse, people: dict[str, User], signed_in: Callable[[str], Client]
) -> None:
    User.objects.filter(email="market4@example.com").update(is_active=False)
    client = signed_in("market0")
    assert b"no answer of yours would ever be shown" in client.get("/talk/pulse/").content
    assert client.get("/talk/pulse/answer/").status_code == 302
    client.post("/talk/pulse/answer/", {item.id: "4" for item in ITEMS})
    assert not Participation.objects.exists()
    assert not key_files()
    sent = client.post("/talk/pulse/words/", {"text": "We hear of deals too late."})
    assert sent.status_code == 302
    notice = Notice.objects.get()
    assert notice.user == people["lead"]
    assert "too late" not in notice.text
    assert b"We hear of deals too late." in signed_in("lead").get("/talk/pulse/").content
    assert b"We hear of deals too late." in client.get("/talk/pulse/").content
    for other in ("market1", "sales0"):
        assert b"too late" not in signed_in(other).get("/talk/pulse/").content
    assert signed_in("sales0").post("/talk/pulse/words/", {"text": "x"}).status_code == 403
    assert home.waits_for(people["market0"]) == ()


def test_forgets_the_words_of_who_is_erased(opened: Pulse, people: dict[str, User]) -> None:
    Words.objects.create(pulse=opened, user=people["market0"], text="Secret", at=at(MARCH))
    User.objects.filter(pk=people["market0"].pk).update(is_active=False)
    erase(people["market0"], people["lead"])
    assert Words.objects.get().text == ""


def test_shows_both_sides_their_gap_and_every_sentence(
    opened: Pulse,
    people: dict[str, User],
    signed_in: Callable[[str], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    answer_all(opened, people, SALES, 2, 3, 3, 3, 3, 4)
    answer_all(opened, people, MARKET, 4)
    life.close(opened.pk, AFTER)
    client = signed_in("sales0")
    client.get("/talk/pulse/")
    with django_assert_num_queries(10):
        page = client.get("/talk/pulse/").content.decode()
    assert "60 <small>defined</small>" not in page
    assert "60 <small>aligned</small>" in page
    assert "80 <small>integrated</small>" in page
    assert '20 <small>points</small></span><span class="figure-note">Marketing higher' in page
    assert 'aria-label="1 × 2, 4 × 3, 1 × 4"' in page
    assert all(item.says.replace("'", "&#x27;") in page for item in ITEMS)
    assert client.get("/talk/pulse/?of=2026-03-01").status_code == 200
    assert client.get("/talk/pulse/?of=2025-03-01").status_code == 404


def test_draws_the_pulses_over_time(
    people: dict[str, User], signed_in: Callable[[str], Client]
) -> None:
    for month, mean in ((1, 3), (2, 4)):
        pulse = life.open_due(dt.date(2026, month, 2))
        assert pulse is not None
        answer_all(pulse, people, SALES, mean, mean + 1)
        answer_all(pulse, people, MARKET, mean)
        life.close(pulse.pk, dt.date(2026, month, 15))
    page = signed_in("lead").get("/talk/pulse/").content.decode()
    assert "data-chart" in page
    assert "90, integrated (" in page


def test_lays_only_whole_sides_beside_the_books(opened: Pulse, people: dict[str, User]) -> None:
    answer_all(opened, people, SALES[:4], 3)
    answer_all(opened, people, MARKET, 4)
    Figure.objects.create(
        pulse=opened, side="marketing", team="Field", n=5, mean=1, spread=1, low=1, high=1,
        ratings={},
    )  # fmt: skip
    life.close(opened.pk, AFTER)
    (row,) = room_facts.rows()["pulses"]
    assert (row["pulse_id"], row["side"], row["answers"]) == (
        "2026-03-01-marketing",
        "marketing",
        5,
    )
    assert str(row["score"]) == "80.0000"


def test_a_closing_that_died_leaves_a_key_that_the_next_chore_removes(
    opened: Pulse, people: dict[str, User]
) -> None:
    answer_all(opened, people, SALES, 3)
    life.close(opened.pk, AFTER)  # dies before it removes the key
    assert len(key_files()) == 1
    life.keep_asking(at(AFTER))
    assert key_files() == []
    assert life.close(opened.pk, AFTER).closed_on == AFTER
    assert Figure.objects.count() == 1


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.dictionaries(st.sampled_from([item.id for item in ITEMS]), st.text(max_size=4)))
def test_no_ratings_fail(
    opened: Pulse, signed_in: Callable[[str], Client], ratings: dict[str, str]
) -> None:
    answered = signed_in("sales1").post("/talk/pulse/answer/", ratings)
    assert answered.status_code in {302, 422}


@pytest.mark.parametrize("asked", ["?of=x", "?of=2026-99-99", "?group=%00", "?group=a|b|c"])
def test_no_address_fails(
    opened: Pulse, people: dict[str, User], signed_in: Callable[[str], Client], asked: str
) -> None:
    answer_all(opened, people, SALES, 3)
    life.close(opened.pk, AFTER)
    assert signed_in("sales1").get(f"/talk/pulse/{asked}").status_code in {200, 403, 404}


def test_a_key_is_for_its_owner_alone(opened: Pulse, people: dict[str, User]) -> None:
    answer_all(opened, people, ["sales0"], 3)
    (file,) = key_files()
    assert oct(Path(file).stat().st_mode & 0o777) == "0o600"
    assert file.parent == settings.SECRETS_DIR
