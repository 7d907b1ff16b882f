"""The campaign calendar: notice against the promise, lines to say, and campaigns of the books."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from counterpoise.agreement.document import Promise
from counterpoise.agreement.working_time import WorkCalendar
from counterpoise.books.schema import ROOM_TABLES
from counterpoise.web.talk import announcing, home, room_facts
from counterpoise.web.talk.calendar import calendar_on, notice_of
from counterpoise.web.talk.models import Announcement, Words
from counterpoise.web.talk.saying import NotYoursError, TalkError
from tests.web.desk.asking import token
from tests.web.handoffs.company import NOW
from tests.web.handoffs.conftest import lead_company, people, room, signed_in
from tests.web.handoffs.making import Cast, passed
from tests.web.talk.speaking import said

__all__ = ["lead_company", "people", "room", "signed_in"]

SignedIn = Callable[[str], Client]
TODAY = NOW.date()
WEEK = dt.timedelta(days=7)


def promise(at_least: str) -> Promise:
    return Promise.model_validate(
        {"id": "notice", "metric": "campaign_notice", "at_least": at_least}
    )


def told(by: Any, campaign_id: str = "", weeks: int = 3, **more: Any) -> Announcement:
    what = announcing.Told(more.pop("name", "Pump days"), TODAY + weeks * WEEK, "Ask for uptime.")
    return announcing.announce(by, what, token(), campaign_id, NOW)


@pytest.mark.parametrize(
    ("given", "starts", "at_least", "says", "is_kept"),
    [
        # From Monday 1 June to Monday 15 June there are ten working days.
        ("2026-06-01", "2026-06-15", "10 working days", "told 10 working days before", True),
        ("2026-06-02", "2026-06-15", "10 working days", "told 9 working days before", False),
        ("2026-06-05", "2026-06-15", "10 days", "told 10 days before", True),
        ("2026-06-15", "2026-06-15", "1 working day", "told on the day of its start", False),
        ("2026-06-16", "2026-06-15", "1 working day", "told after its start", False),
    ],
)
def test_notice_is_measured_against_the_promise(
    given: str, starts: str, at_least: str, says: str, is_kept: bool
) -> None:
    given_on, starts_on = (dt.date.fromisoformat(each) for each in (given, starts))
    found = notice_of(given_on, starts_on, TODAY, promise(at_least), WorkCalendar())
    assert (found.says, found.is_kept) == (says, is_kept)


def test_the_last_day_to_tell_in_time_is_known_before() -> None:
    starts, ten = dt.date(2026, 6, 15), promise("10 working days")
    may = notice_of(None, starts, dt.date(2026, 5, 20), ten, WorkCalendar())
    assert (may.look, may.last_day) == ("wait", dt.date(2026, 6, 1))
    june = notice_of(None, starts, dt.date(2026, 6, 2), ten, WorkCalendar())
    assert (june.says, june.is_kept) == ("sales should have been told", False)
    assert notice_of(None, starts, starts, None, WorkCalendar()).is_kept is None


def test_another_campaign_from_a_form_that_was_sent_is_told_too(people: Cast) -> None:
    form = token()
    for name in ("Pump days", "Pump days", "Valve days"):
        announcing.announce(people.kira, announcing.Told(name, TODAY, "Ask."), form, now=NOW)
    told_of = Announcement.objects.order_by("pk").values_list("name", flat=True)
    assert list(told_of) == ["Pump days", "Valve days"]


def test_marketing_tells_and_everybody_reads(signed_in: SignedIn, people: Cast) -> None:
    kira, rhea = signed_in("kira"), signed_in("rhea")
    given = {"name": "Pump days", "starts_on": "2099-01-05", "line": "Ask for uptime.",
             "token": token(), "revision": "0"}  # fmt: skip
    assert rhea.get("/talk/calendar/new/").status_code == 403
    assert rhea.post("/talk/calendar/new/", given).status_code == 403
    assert kira.post("/talk/calendar/new/", given | {"line": ""}).status_code == 422
    assert kira.post("/talk/calendar/new/", given | {"ends_on": "2098-01-01"}).status_code == 422
    address = kira.post("/talk/calendar/new/", given)["Location"]
    assert kira.post("/talk/calendar/new/", given)["Location"] == address
    for path in ("/talk/calendar/", address):
        page = rhea.get(path).content.decode()
        assert "Pump days" in page
        assert "Ask for uptime." in page
    assert "Keep" not in rhea.get(address).content.decode()
    assert kira.post(address, given | {"revision": "1", "line": "Say so."}).status_code == 302
    late = kira.post(address, given | {"revision": "1", "line": "No, so."})
    assert "changed by somebody else" in late.content.decode()
    assert Announcement.objects.get().line == "Say so."
    assert rhea.post(address, given).status_code == 403


def test_a_line_for_a_campaign_of_the_books(signed_in: SignedIn, people: Cast) -> None:
    page = signed_in("kira").get("/talk/calendar/on/C1/").content.decode()
    assert "Spring" in page
    assert "Its start is not known yet" in page
    assert told(people.kira, "C1").campaign_id == "C1"
    assert told(people.kurt, "C2", name="Fair").name == "Fair"
    with pytest.raises(TalkError, match="a moment before"):
        told(people.kira, "C1")
    with pytest.raises(TalkError, match="in the books"):
        told(people.kira, "C9")
    with pytest.raises(NotYoursError):
        told(people.rhea)
    assert signed_in("rhea").get("/talk/calendar/on/C9/").status_code == 404


def test_a_campaign_of_the_room_becomes_one_of_the_books(people: Cast) -> None:
    made = told(people.kira)
    said(people.rhea, "Which sheet?", f"campaign:{made.campaign_id}")
    assert announcing.link(people.kira, made.campaign_id, "C1").campaign_id == "C1"
    assert Words.objects.get().thing == "campaign:C1"
    with pytest.raises(TalkError):
        announcing.link(people.kira, "C1", "C2")
    with pytest.raises(TalkError):
        announcing.link(people.kira, told(people.kira, name="Other").campaign_id, "C1")


def test_the_calendar_is_in_order(people: Cast) -> None:
    for name, weeks in (("Later", 9), ("Now", -1), ("Soon", 1), ("Long ago", -40)):
        told(people.kira, name=name, weeks=weeks)
    found = calendar_on(TODAY)
    coming = [
        (month.first.month, [each.name for each in month.campaigns]) for month in found.coming
    ]
    assert coming == [(6, ["Soon"]), (8, ["Later"])]
    assert [each.name for each in found.running] == ["Now"]
    assert [each.name for each in found.past] == []


def test_the_next_review_reads_campaigns_that_started_since_sales_is_told(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = told(people.kira, name="Soon", weeks=1)
    told(people.kira, name="Later", weeks=9)
    on = TODAY + 2 * WEEK
    monkeypatch.setattr(timezone, "localdate", lambda at=None: at.date() if at else on)
    rows = room_facts.rows()["campaign_notices"]
    assert {row["campaign_id"]: (row["starts_on"], row["told_on"]) for row in rows} == {
        soon.campaign_id: (TODAY + WEEK, TODAY)
    }
    columns = {column.name for column in ROOM_TABLES["campaign_notices"].columns}
    assert {name for row in rows for name in row} == columns


def test_sellers_hear_of_a_campaign_on_their_home_page(people: Cast) -> None:
    told(people.kira)
    before = NOW - WEEK
    assert [item.says for item in home.happened_since(people.rhea, before)] == [
        "Marketing tells of a campaign: Pump days, from 1 Jul 2026"
    ]
    assert [*home.happened_since(people.kurt, before)] == []


def test_a_lead_carries_its_thread(signed_in: SignedIn, people: Cast) -> None:
    lead = passed(people.kira)
    said(people.kira, "They met us at the fair.", "lead:L1")
    page = signed_in("lena").get(f"/handoffs/{lead.pk}/").content.decode()
    assert "They met us at the fair." in page
    assert signed_in("kurt").get("/talk/on/lead:L1/").status_code == 404


def test_a_year_that_was_mistyped_stops_nobody(
    signed_in: SignedIn, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"name": "Typo", "line": "Ask.", "starts_on": "9999-12-31", "token": token()}
    sent = signed_in("kira").post("/talk/calendar/new/", given)
    assert sent.status_code == 422
    assert "years ahead" in sent.content.decode()
    assert not Announcement.objects.exists()
    made = told(people.kira)
    late = announcing.Told("Pump days", TODAY, "Ask.", dt.date(9999, 1, 1))
    with pytest.raises(TalkError, match="years ahead"):
        announcing.change(people.kira, made.campaign_id, late, 1)
    Announcement.objects.update(starts_on=dt.date.max)  # as books may say
    assert [each.name for month in calendar_on(TODAY).coming for each in month.campaigns]
