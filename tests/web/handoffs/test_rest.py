"""Escalation, the books' word, the next review, home, search, notices, and people who leave."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from counterpoise.books import Books, Workspace
from counterpoise.books.also import keep_also
from counterpoise.web.audit.models import Entry
from counterpoise.web.handoffs import erasing, handing_over, home, linking, remapping, room_facts
from counterpoise.web.handoffs.answering import Verdict, judge, respond
from counterpoise.web.handoffs.clocks import version_of_today
from counterpoise.web.handoffs.escalation import escalate, rungs_of
from counterpoise.web.handoffs.linking import take_in_books
from counterpoise.web.handoffs.models import Handoff, Happening
from counterpoise.web.handoffs.notices import tell_what_happened
from counterpoise.web.handoffs.passing import recycle
from counterpoise.web.handoffs.search import find
from counterpoise.web.handoffs.states import LeadEvent, LeadState
from counterpoise.web.live import live
from counterpoise.web.notices.models import Notice
from counterpoise.web.webhooks import endpoints
from counterpoise.web.webhooks.gathering import gather
from counterpoise.web.webhooks.models import Endpoint, Message, Topic
from tests.web.handoffs.company import NOW
from tests.web.handoffs.making import Cast, passed, typed

HOUR = dt.timedelta(hours=1)
ACCEPT, REJECT = Verdict(LeadEvent.ACCEPTED), Verdict(LeadEvent.REJECTED, "no budget")


class Says:
    """Books that say what a test lays into them, over those that are there."""

    def __init__(self, books: Any, lead: Any = None, deals: Any = ()) -> None:
        self._books, self._lead, self._deals = books, lead, list(deals)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._books, name)

    def lead(self, lead_id: str) -> Any:
        found = self._books.lead(lead_id)
        return {**(found or {}), **self._lead} if self._lead else found

    def deals_of_lead(self, lead_id: str) -> Any:
        return self._deals or self._books.deals_of_lead(lead_id)


@pytest.fixture
def books_say(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Let the books say something else of every lead."""

    def say(**said: Any) -> None:
        monkeypatch.setattr(linking, "live", lambda: Says(live(), **said))

    return say  # type: ignore[return-value]


class TestEscalation:
    def test_asks_the_next_role_and_then_the_agreed_one_each_once(self, people: Cast) -> None:
        made = passed(people.kira)
        assert escalate(NOW + 3 * HOUR) == 0
        assert (escalate(NOW + 4 * HOUR), escalate(NOW + 4 * HOUR)) == (1, 0)
        made.refresh_from_db()
        assert (made.escalated_to, made.escalations) == ("sales_manager", 1)
        # Four working hours after 14:00 the day is over at 17:00, and one more is 10:00.
        assert made.escalate_at == dt.datetime(2026, 6, 11, 10, tzinfo=dt.UTC)
        assert (escalate(made.escalate_at), escalate(made.escalate_at + 99 * HOUR)) == (1, 0)
        made.refresh_from_db()
        assert (made.escalated_to, made.escalate_at) == ("revenue_lead", None)
        assert Entry.objects.filter(act="lead.escalated").count() == 2

    def test_an_answer_ends_it(self, people: Cast) -> None:
        made = passed(people.kira)
        respond(people.rita, made.pk, now=NOW + HOUR)
        assert escalate(NOW + 99 * HOUR) == 0

    def test_who_is_asked_may_answer(self, people: Cast) -> None:
        made = passed(people.kira)
        escalate(NOW + 4 * HOUR)
        assert respond(people.mona, made.pk, now=NOW + 5 * HOUR).responder_id == "M1"

    def test_one_that_nobody_can_take_is_with_the_agreed_role_at_once(
        self, people: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("counterpoise.web.handoffs.passing.sellers_now", lambda *_: [])
        made = typed(people.kira, "X1")
        assert (made.state, made.escalated_to) == (LeadState.WAITING, "revenue_lead")
        done = judge(people.lena, made.pk, ACCEPT, NOW)
        assert done.state == LeadState.ACCEPTED

    def test_the_ladder_is_that_of_the_agreement(self, room: Path) -> None:
        version = version_of_today()
        assert version is not None
        rungs = {role: rungs_of(version.agreement, role) for role in ("rep", "revenue_lead", "")}
        assert rungs == {
            "rep": ("sales_manager", "revenue_lead"),
            "revenue_lead": (),
            "": ("revenue_lead",),
        }


class TestBooks:
    def test_the_earliest_response_wins(self, people: Cast, books_say: Callable[..., None]) -> None:
        made = passed(people.kira)
        respond(people.rita, made.pk, now=NOW + 3 * HOUR)
        books_say(lead={"first_response_at": dt.datetime(2026, 6, 10, 11), "owner_id": "R3"})
        assert (take_in_books(NOW + 9 * HOUR), take_in_books(NOW + 9 * HOUR)) == (1, 0)
        made.refresh_from_db()
        assert (made.responded_at, made.state) == (NOW + HOUR, LeadState.ANSWERED)
        assert Entry.objects.filter(act="lead.reported").count() == 1

    def test_a_later_response_in_the_books_changes_nothing(
        self, people: Cast, books_say: Callable[..., None]
    ) -> None:
        made = passed(people.kira)
        respond(people.rita, made.pk, now=NOW + HOUR)
        books_say(lead={"first_response_at": dt.datetime(2026, 6, 10, 13)})
        take_in_books(NOW + 9 * HOUR)
        made.refresh_from_db()
        assert made.responded_at == NOW + HOUR

    def test_a_verdict_of_the_books_is_taken_in(
        self, people: Cast, books_say: Callable[..., None]
    ) -> None:
        made = passed(people.kira)
        judged = {"verdict": "rejected", "verdict_at": dt.datetime(2026, 6, 10, 12)}
        books_say(lead=judged)
        take_in_books(NOW + 9 * HOUR)
        made.refresh_from_db()
        assert (made.state, made.reason) == (LeadState.REJECTED, "(none given)")

    def test_what_the_books_say_of_a_former_round_is_not_of_this_one(
        self, people: Cast, books_say: Callable[..., None]
    ) -> None:
        first = passed(people.kira)
        judge(people.rita, first.pk, REJECT, NOW + HOUR)
        again = recycle(people.kira, first.pk, "Budget came.", NOW + 2 * HOUR)
        books_say(lead={"first_response_at": dt.datetime(2026, 6, 10, 11)})
        assert take_in_books(NOW + 9 * HOUR) == 0
        again.refresh_from_db()
        assert again.state == LeadState.ASSIGNED

    def test_an_accepted_lead_is_linked_when_its_deal_appears(
        self, people: Cast, books_say: Callable[..., None]
    ) -> None:
        made = passed(people.kira)
        judge(people.rita, made.pk, ACCEPT, NOW + HOUR)
        books_say(deals=[{"deal_id": "D7", "created_at": dt.datetime(2026, 6, 12)}])
        assert (take_in_books(NOW + 99 * HOUR), take_in_books(NOW + 99 * HOUR)) == (1, 0)
        made.refresh_from_db()
        assert made.deal_id == "D7"


class TestFacts:
    def test_are_rows_of_the_next_review(self, people: Cast, room: Path, tmp_path: Path) -> None:
        made, own = passed(people.kira), typed(people.kira, "X1")
        judge(people.rita, made.pk, REJECT, NOW + HOUR)
        rows = {row["lead_id"]: row for row in room_facts.rows()["leads"]}
        assert rows["L1"]["verdict"] == "rejected"
        assert rows["X1"]["owner_id"] == own.owner_person_id
        workspace = Workspace.open(room)
        try:
            keep_also(workspace, room_facts.rows())
            with Books.open(workspace) as books:
                leads = books.run(books.table("leads").order_by("lead_id")).to_pylist()
        finally:
            keep_also(workspace, {})
        assert [row["lead_id"] for row in leads] == ["L1", "L2", "L3", "L4", "L5", "L6", "X1"]
        first = leads[0]
        assert (first["handed_over_at"], first["first_response_at"]) == (
            dt.datetime(2026, 6, 10, 10),
            dt.datetime(2026, 6, 10, 11),
        )
        assert (first["rejection_reason"], first["source"]) == ("no budget", "web")

    def test_tell_of_the_latest_round(self, people: Cast) -> None:
        first = passed(people.kira)
        judge(people.rita, first.pk, REJECT, NOW + HOUR)
        recycle(people.kira, first.pk, "Budget came.", NOW + 2 * HOUR)
        (row,) = room_facts.rows()["leads"]
        assert (row["handed_over_at"], row["verdict"]) == (dt.datetime(2026, 6, 10, 12), None)


class TestTelling:
    def test_waits_for_who_has_it_until_it_is_judged(self, people: Cast) -> None:
        made = passed(people.kira)
        assert [item.says for item in home.waits_for(people.rita)] == [
            "Answer the lead of Alder Works"
        ]
        respond(people.rita, made.pk, now=NOW)
        assert home.waits_for(people.rita)[0].says == "Judge the lead of Alder Works"
        judge(people.rita, made.pk, ACCEPT, NOW)
        assert not home.waits_for(people.rita)
        assert not home.waits_for(people.rolf)

    def test_what_comes_back_waits_for_who_passed_it(self, people: Cast) -> None:
        now = dt.datetime.now(tz=dt.UTC)
        made = passed(people.kira, at=now - HOUR)
        judge(people.rita, made.pk, REJECT, now)
        assert [item.says for item in home.waits_for(people.kira)] == [
            "Came back, no budget: Alder Works"
        ]
        news = home.happened_since(people.kira, now - HOUR)
        assert [item.says for item in news] == [
            "Sales returned your lead of Alder Works: no budget"
        ]
        recycle(people.kira, made.pk, "Budget came.")
        assert not home.waits_for(people.kira)

    def test_people_are_told_once(self, people: Cast) -> None:
        made = passed(people.kira)
        assert (tell_what_happened(NOW), tell_what_happened(NOW)) == (1, 0)
        escalate(NOW + 4 * HOUR)
        assert tell_what_happened(NOW + 4 * HOUR) == 1
        judge(people.mona, made.pk, REJECT, NOW + 5 * HOUR)
        tell_what_happened(NOW + 5 * HOUR)
        told = {notice.user.name: notice.subject for notice in Notice.objects.order_by("pk")}
        assert told == {
            "Rita": "A lead is yours",
            "Mona": "A lead without a response was handed on to you",
            "Kira": "Your lead came back",
        }

    def test_is_found_by_those_to_whom_it_opens(self, people: Cast) -> None:
        passed(people.kira)
        assert [hit.label for hit in find(people.rita, "alder", 5)] == ["Lead of Alder Works"]
        assert [hit.label for hit in find(people.mona, "L1", 5)] == ["Lead of Alder Works"]
        assert not find(people.rolf, "L1", 5)
        assert not find(people.kurt, "L1", 5)


class TestLeaving:
    def test_leads_go_to_who_follows(self, people: Cast) -> None:
        made = passed(people.kira)
        assert handing_over.hand_over(people.rita, people.rhea) == 1
        made.refresh_from_db()
        assert (made.owner_person_id, made.why) == ("R1", "who had it left")

    def test_words_are_forgotten_and_what_happened_stays(self, people: Cast) -> None:
        made = typed(people.kira, "X1")
        respond(people.lena, made.pk, "Called.", now=NOW)
        erasing.forget(people.kira)
        erasing.forget(people.lena)
        made.refresh_from_db()
        assert (made.about, Happening.objects.exclude(comment="").count()) == ("", 0)
        assert made.responded_at == NOW

    def test_ids_are_remapped(self, people: Cast) -> None:
        made = passed(people.kira)
        assert remapping.remap("person", "R3", "R33") == 2
        assert remapping.remap("account", "A1", "A11") == 1
        made.refresh_from_db()
        assert (made.owner_person_id, made.account_id) == ("R33", "A11")

    def test_the_database_refuses_to_change_what_happened(self, people: Cast) -> None:
        from django.db import DatabaseError, transaction

        passed(people.kira)
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Happening.objects.update(at=NOW + HOUR)
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            Handoff.objects.update(passed_at=NOW + HOUR)


class TestPrograms:
    def test_hear_of_a_lead_when_it_is_passed_and_judged_once(self, people: Cast) -> None:
        endpoints.add(people.lena, "https://crm.example.com/", [Topic.PASSED, Topic.JUDGED])
        Endpoint.objects.update(made_at=NOW - HOUR)
        made = passed(people.kira)
        assert (gather(NOW), gather(NOW)) == (1, 0)
        judge(people.rita, made.pk, REJECT, NOW + HOUR)
        assert (gather(NOW + HOUR), gather(NOW + HOUR)) == (1, 0)
        told = [json.loads(each.body) for each in Message.objects.order_by("pk")]
        assert [each["type"] for each in told] == ["lead.passed", "lead.judged"]
        assert told[1]["data"]["rejection_reason"] == "no budget"
        assert told[1]["data"]["url"].endswith(f"/handoffs/{made.pk}/")
