"""Numbers are written as each reader is used to, and typed back alike."""

import datetime as dt

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from counterpoise.web.desk.numerals import amount_typed
from counterpoise.web.numbers import Days, Figures, NumbersMiddleware, zone_read
from counterpoise.web.people.models import User
from counterpoise.web.shell.templatetags.figures import (
    count,
    day,
    moment,
    money,
    percent,
    short_money,
    weekday,
)
from counterpoise.web.talk.due import wall_of


def _for(figures: str, *typed: str) -> list[str]:
    request = HttpRequest()
    request.user = User(figures=figures)
    said: list[str] = []

    def answer(_: HttpRequest) -> HttpResponse:
        said[:] = [money(1234567.8), percent(0.1834), short_money(1490), count(12000)]
        said.extend(amount_typed(text) for text in typed)
        return HttpResponse()

    NumbersMiddleware(answer)(request)
    return said


@pytest.mark.parametrize(
    ("figures", "written"),
    [
        ("1,234.5", ["1,234,568", "18.3%", "1.49k", "12,000"]),
        ("1.234,5", ["1.234.568", "18,3%", "1,49k", "12.000"]),
        ("1 234,5", ["1\u202f234\u202f568", "18,3%", "1,49k", "12\u202f000"]),
        ("1'234.5", ["1’234’568", "18.3%", "1.49k", "12’000"]),
    ],
)
def test_are_written_as_the_reader_is_used_to(figures: str, written: list[str]) -> None:
    assert _for(figures) == written
    assert money(1234567.8) == "1,234,568", "nobody else's pages follow"


@pytest.mark.parametrize(
    ("figures", "typed", "meant"),
    [
        ("1.234,5", "50.000", "50000"),
        ("1.234,5", "1.250.000,5", "1250000.5"),
        ("1.234,5", "12,5", "12.5"),
        ("1,234.5", "50.000", "50.000"),
        ("1 234,5", "50 000,5", "50000.5"),
        ("1'234.5", "50'000", "50000"),
    ],
)
def test_are_taken_as_the_reader_types_them(figures: str, typed: str, meant: str) -> None:
    assert _for(figures, typed)[-1] == meant


@pytest.mark.parametrize("style", Days)
def test_days_are_written_as_the_reader_is_used_to(style: Days) -> None:
    request = HttpRequest()
    request.user = User(days=style)
    said: list[str] = []

    def answer(_: HttpRequest) -> HttpResponse:
        said[:] = [day(dt.date(2026, 1, 31)), moment("2026-01-31T09:05:00"), day(None)]
        return HttpResponse()

    NumbersMiddleware(answer)(request)
    assert said == [style.value, f"{style.value}, 09:05", "–"]
    assert day(dt.date(2026, 1, 5)) == "5 Jan 2026", "nobody else's pages follow"


@pytest.mark.django_db
def test_a_person_chooses_how_days_are_written(client: Client) -> None:
    person = User.objects.create_user("ada@example.com", "x", name="Ada", side="sales")
    client.force_login(person)
    sent = {"name": "Ada", "figures": "1,234.5", "days": "31.01.2026"}
    client.post(reverse("profile:profile"), sent)
    person.refresh_from_db()
    assert person.days == Days.POINTS
    wrong = client.post(reverse("profile:profile"), sent | {"days": "31 of January"})
    assert "Select a valid choice" in wrong.content.decode()


def test_every_style_is_offered(client: Client, db: None) -> None:
    person = User.objects.create_user("ada@example.com", "x", name="Ada", side="sales")
    client.force_login(person)
    client.post(
        reverse("profile:profile"), {"name": "Ada", "figures": "1.234,5", "days": "2026-01-31"}
    )
    person.refresh_from_db()
    assert person.figures == Figures.POINT_COMMA


def _said_in(zone: str) -> list[str]:
    request = HttpRequest()
    request.user = User(time_zone=zone)
    said: list[str] = []

    def answer(_: HttpRequest) -> HttpResponse:
        late = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC)
        said[:] = [moment(late), moment(late + dt.timedelta(hours=1)), day(late), weekday(late)]
        said.extend([moment("2026-03-28T23:30:00"), day("2026-03-28T23:30:00"), zone_read()])
        assert wall_of(late) == dt.datetime(2026, 3, 29, 0, 30), "working time is the company's"
        return HttpResponse()

    NumbersMiddleware(answer)(request)
    return said


def test_hours_are_told_by_the_readers_clock_across_the_change_of_clocks() -> None:
    assert _said_in("Europe/Berlin") == [
        "29 Mar 2026, 01:30", "29 Mar 2026, 03:30", "29 Mar 2026", "Sunday",
        "29 Mar 2026, 00:30", "28 Mar 2026", "Europe/Berlin",
    ]  # fmt: skip
    assert _said_in("America/New_York")[:4] == [
        "28 Mar 2026, 20:30", "28 Mar 2026, 21:30", "28 Mar 2026", "Saturday",
    ]  # fmt: skip
    assert _said_in("") == _said_in("Mars/Olympus")
    assert _said_in("")[0] == "29 Mar 2026, 00:30"
    assert moment("2026-03-28T23:30:00") == "28 Mar 2026, 23:30", "nobody else's pages follow"


@pytest.mark.django_db
def test_a_person_chooses_a_zone_among_those_that_are(client: Client) -> None:
    user = User.objects.create_user("ada@example.com", "x", name="Ada", side="sales")
    client.force_login(user)
    told = {"name": "Ada", "pseudonym": "", "figures": user.figures, "days": user.days}
    path = reverse("profile:profile")
    assert client.post(path, {**told, "time_zone": "Asia/Kathmandu"}).status_code == 302
    assert client.post(path, {**told, "time_zone": "../../etc/passwd"}).status_code == 200
    user.refresh_from_db()
    assert user.time_zone == "Asia/Kathmandu"
    assert b"Asia/Kathmandu" in client.get(path).content
    assert client.post(path, {**told, "time_zone": ""}).status_code == 302
    user.refresh_from_db()
    assert user.time_zone == ""
