"""Calendars: lines as RFC 5545 wants them, hours right across zones, links that stay secret."""

import datetime as dt
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.web.audit.models import Entry
from counterpoise.web.joint import feeds, planning, writing
from counterpoise.web.joint.calendar import calendar_of, fold
from counterpoise.web.joint.models import Feed, JointReview
from counterpoise.web.people import changing
from counterpoise.web.people.handing_over import pass_on
from counterpoise.web.people.models import User
from counterpoise.web.profile.links import make_link, use_link
from tests.web.desk.asking import Cast, token
from tests.web.joint.meeting import SOON, begun, brought, planned

NEW = "nine blue lanterns"
SignedIn = Callable[[str], Client]
_PROPERTY = re.compile(r"[A-Z-]+(;[A-Z-]+=[A-Z0-9-]+)*:[^\r\n]*")


def here(path: str) -> str:
    return f"https://room.example.com{path}"


def unfolded(text: str) -> list[str]:
    """Return the lines that a calendar program reads; each must be a property."""
    assert text.endswith("\r\n")
    raw = text.removesuffix("\r\n").split("\r\n")
    assert all(len(line.encode()) <= 75 and "\n" not in line for line in raw)
    lines: list[str] = []
    for line in raw:
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    assert all(_PROPERTY.fullmatch(line) for line in lines)
    return lines


@given(st.text(max_size=200))
def test_a_folded_line_is_the_same_line(text: str) -> None:
    pieces = list(fold(text))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == text


def test_a_review_is_the_same_instant_for_everybody(people: Cast) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    summer = planned(dt.datetime(2099, 10, 23, 10, tzinfo=berlin), place="Room 4; the, far one")
    winter = planned(dt.datetime(2099, 10, 30, 10, tzinfo=berlin))
    lines = unfolded(calendar_of(people.mona, here))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert "DTSTART:20991023T080000Z" in lines
    assert "DTSTART:20991030T090000Z" in lines
    assert "DTEND:20991030T094500Z" in lines
    assert "LOCATION:Room 4\\; the\\, far one" in lines
    assert f"URL:https://room.example.com/talk/reviews/{summer.pk}/" in lines
    assert len({line for line in lines if line.startswith("UID:")}) == 2
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert winter.moves == 0


def test_a_move_and_a_skip_reach_the_calendar(people: Cast, coming: JointReview) -> None:
    planning.move(people.mona, coming.pk, coming.starts_at + dt.timedelta(hours=1))
    assert "SEQUENCE:1" in unfolded(calendar_of(people.mona, here))
    planning.skip(people.mona, coming.pk, "trade fair")
    lines = unfolded(calendar_of(people.mona, here))
    assert "SEQUENCE:2" in lines
    assert "STATUS:CANCELLED" in lines


def test_own_actions_are_whole_days(people: Cast, sitting: JointReview) -> None:
    point = brought(people.mona, sitting)
    due_on = timezone.localdate() + SOON
    text = "Write a long card, with a proof;\nand a question that opens the talk about value"
    writing.promise(people.mona, point.pk, text, people.kira, due_on, token())
    lines = unfolded(calendar_of(people.kira, here))
    assert f"DTSTART;VALUE=DATE:{due_on:%Y%m%d}" in lines
    assert f"DTEND;VALUE=DATE:{due_on + dt.timedelta(days=1):%Y%m%d}" in lines
    summary = next(line for line in lines if line.startswith("SUMMARY:Due"))
    assert summary.endswith("with a proof\\; and a question that opens the talk about value")
    assert not any("Due:" in line for line in unfolded(calendar_of(people.rhea, here)))


def test_a_link_is_secret_and_can_be_replaced(
    signed_in: SignedIn, people: Cast, coming: JointReview
) -> None:
    rhea, nobody = signed_in("rhea"), Client()
    shown = rhea.post("/talk/reviews/calendar/").content.decode()
    found = re.search(r"http://testserver(/talk/reviews/calendar/([^/]+)\.ics)", shown)
    assert found is not None
    address, secret = found.groups()
    answer = nobody.get(address)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "BEGIN:VEVENT" in answer.content.decode()
    assert secret not in rhea.get("/talk/reviews/calendar/").content.decode()
    assert secret not in f"{list(Feed.objects.values())}{list(Entry.objects.values())}"
    rhea.post("/talk/reviews/calendar/")
    assert nobody.get(address).status_code == 404
    people.rhea.is_active = False
    people.rhea.save()
    assert nobody.get(address).status_code == 404


def _by_password(rhea: User, boss: User) -> None:
    rhea.set_password("seven green kettles")
    rhea.save()
    opened = Client()
    opened.force_login(rhea)
    told = {"oldpassword": "seven green kettles", "password1": NEW, "password2": NEW}
    assert opened.post("/account/password/change/", told).status_code == 302
    rhea.refresh_from_db()
    assert rhea.check_password(NEW)


def _by_closing(rhea: User, boss: User) -> None:
    changing.close(rhea, boss)
    changing.reopen(rhea, boss)


@pytest.mark.parametrize(
    "act",
    [
        _by_password,
        lambda rhea, boss: use_link(make_link(rhea, boss), NEW),
        changing.sign_out,
        changing.drop_second_factor,
        _by_closing,
    ],
    ids=["password", "link", "signed out", "second factor", "closed and opened again"],
)
def test_a_link_ends_with_what_else_lets_somebody_in(
    people: Cast, coming: JointReview, act: Callable[[User, User], object]
) -> None:
    path = f"/talk/reviews/calendar/{feeds.make_link(people.rhea)}.ics"
    other = f"/talk/reviews/calendar/{feeds.make_link(people.mona)}.ics"
    assert b"BEGIN:VEVENT" in Client().get(path).content
    act(people.rhea, people.lena)
    assert Client().get(path).status_code == 404
    assert Client().get(other).status_code == 200
    assert Entry.objects.filter(act="joint_calendar.dropped").count() == 1


def test_a_link_shows_what_is_a_persons_at_this_moment(people: Cast, sitting: JointReview) -> None:
    path = f"/talk/reviews/calendar/{feeds.make_link(people.rhea)}.ics"
    point = brought(people.mona, sitting)
    due_on = timezone.localdate() + SOON
    writing.promise(people.mona, point.pk, "Call the plant", people.rhea, due_on, token())
    told = {"side": "marketing", "role": "", "person_id": "", "may_sign": False}
    changing.change(people.rhea, told, people.lena)
    assert b"Call the plant" in Client().get(path).content
    pass_on(people.rhea, people.kira, people.lena)
    answer = Client().get(path).content
    assert b"BEGIN:VEVENT" in answer
    assert b"Call the plant" not in answer


def test_one_review_goes_along_as_a_file(signed_in: SignedIn, sitting: JointReview) -> None:
    answer = signed_in("guest").get(f"/talk/reviews/{sitting.pk}/review.ics")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "STATUS:CONFIRMED" in unfolded(answer.content.decode())


def test_a_begun_review_stays_in_the_calendar(people: Cast, coming: JointReview) -> None:
    begun(people.mona, coming)
    assert "STATUS:CONFIRMED" in unfolded(calendar_of(people.lena, here))
