"""The boards of both sides, the page of a lead, and every act by its form."""

import datetime as dt
import html
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from counterpoise.web.audit.models import Entry
from counterpoise.web.handoffs import uploading
from counterpoise.web.handoffs.answering import Verdict, judge
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.states import LeadEvent, LeadState
from tests.web.handoffs.making import Cast, passed, typed

SignedIn = Callable[[str], Client]
HOUR = dt.timedelta(hours=1)
TOKEN = "abcdef012345"


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return html.unescape(" ".join(text.split()))


def file_of(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("leads.csv", text.encode())


class TestBoards:
    def test_of_sales_shows_what_is_due_and_why_it_is_theirs(
        self, people: Cast, signed_in: SignedIn
    ) -> None:
        passed(people.kira, at=timezone.now() - dt.timedelta(minutes=1))
        text = words(signed_in("rita").get("/handoffs/"))
        assert "Alder Works" in text
        assert "owner of the account" in text
        assert "New 1" in text
        assert "Alder Works" not in words(signed_in("rolf").get("/handoffs/"))

    def test_goes_from_tab_to_tab(self, people: Cast, signed_in: SignedIn) -> None:
        now = timezone.now()
        Handoff.objects.all()
        for days, state in ((-9, "overdue"), (9, "new")):
            made = typed(people.kira, f"X{state}", "A1", now - HOUR)
            due = now + dt.timedelta(days=days)
            Handoff.objects.filter(pk=made.pk).update(respond_by=due, soon_at=due - HOUR)
        made = typed(people.kira, "Xsoon", "A1", now - HOUR)
        Handoff.objects.filter(pk=made.pk).update(respond_by=now + HOUR, soon_at=now - HOUR)
        text = words(signed_in("rita").get("/handoffs/"))
        assert "New 1 Due soon 1 Overdue 1 Answered 0 Judged 0" in text
        shown = signed_in("rita").get("/handoffs/?tab=soon").context["lines"]
        assert [line.handoff.lead_id for line in shown] == ["Xsoon"]

    def test_of_marketing_shows_what_came_back_with_its_reason(
        self, people: Cast, signed_in: SignedIn
    ) -> None:
        made = passed(people.kira)
        judge(people.rita, made.pk, Verdict(LeadEvent.REJECTED, "no budget"))
        text = words(signed_in("kira").get("/handoffs/?tab=returned"))
        assert "With sales 0 No response yet 0 Accepted 0 Returned 1" in text
        assert "no budget" in text
        assert "Alder Works" not in words(signed_in("kurt").get("/handoffs/?tab=returned"))

    def test_figures_by_team_are_for_everybody(self, people: Cast, signed_in: SignedIn) -> None:
        passed(people.kira, at=timezone.now())
        for name in ("rolf", "kurt"):
            assert "North 1 1 – 0 0" in words(signed_in(name).get("/handoffs/teams/"))

    @pytest.mark.parametrize(
        ("address", "queries"),
        [
            ("/handoffs/", 6),
            ("/handoffs/?tab=judged", 6),
            ("/handoffs/pass/", 3),
            ("/handoffs/teams/", 3),
            ("/handoffs/1/", 8),
        ],
    )
    def test_asks_the_database_no_more_for_more_leads(
        self,
        people: Cast,
        signed_in: SignedIn,
        address: str,
        queries: int,
        django_assert_num_queries: Callable[[int], Any],
    ) -> None:
        leads = [typed(people.kira, f"X{each}", "A1", timezone.now()) for each in range(12)]
        for each in leads[::2]:
            judge(people.rita, each.pk, Verdict(LeadEvent.ACCEPTED))
        client = signed_in("lena")
        address = address.replace("/1/", f"/{leads[-1].pk}/")
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


class TestActs:
    def test_leads_of_the_books_are_ticked_and_passed(
        self, people: Cast, signed_in: SignedIn
    ) -> None:
        kira = signed_in("kira")
        assert "Alder Works" in words(kira.get("/handoffs/pass/"))
        found = kira.post("/handoffs/pass/books/", {"lead": ["L1", "L2"]}, follow=True)
        assert "2 leads are with sales now" in words(found)
        assert Handoff.objects.count() == 2

    def test_a_typed_lead_is_passed_once(self, people: Cast, signed_in: SignedIn) -> None:
        sent = {"account": "Birch Retail", "score": "72", "token": TOKEN, "note": "Call soon."}
        kira = signed_in("kira")
        for _ in range(2):
            found = kira.post("/handoffs/pass/form/", sent, follow=True)
            assert "region South" in words(found)
        made = Handoff.objects.get()
        assert (made.account_id, made.lead_id[:5], made.note) == ("A2", "room-", "Call soon.")
        other = kira.post("/handoffs/pass/form/", sent | {"account": "A1"}, follow=True)
        assert words(other).startswith("Alder Works")
        assert Handoff.objects.count() == 2

    @pytest.mark.parametrize(
        ("sent", "says"),
        [
            ({"account": "Alder Work"}, "'Alder Works (A1)'"),
            ({"account": "A1", "score": "40"}, "does not qualify"),
            ({"account": "A1", "score": "many"}, "A score is a number"),
            ({"account": "A1", "campaign": "C11"}, "'C1'"),
            ({}, "names an account"),
        ],
    )
    def test_says_what_is_wrong_with_a_typed_lead(
        self, people: Cast, signed_in: SignedIn, sent: dict[str, str], says: str
    ) -> None:
        found = signed_in("kira").post("/handoffs/pass/form/", sent)
        assert found.status_code == 422
        assert says in words(found)
        assert not Handoff.objects.exists()

    def test_a_file_is_passed_whole(self, people: Cast, signed_in: SignedIn) -> None:
        text = "account;score;about;lead_id\nA1;80;Ada;\nBirch Retail;75;;S7\n"
        sent = {"file": file_of(text), "token": TOKEN}
        found = signed_in("kira").post("/handoffs/pass/file/", sent, follow=True)
        assert "2 leads are with sales now" in words(found)
        assert {each.account_id for each in Handoff.objects.all()} == {"A1", "A2"}
        assert Handoff.objects.filter(lead_id="S7").exists()
        again = {"file": file_of(text), "token": TOKEN}
        found = signed_in("kira").post("/handoffs/pass/file/", again, follow=True)
        assert "were passed already" in words(found)
        assert Handoff.objects.count() == 2

    def test_a_file_with_faults_says_every_row_and_passes_nothing(
        self, people: Cast, signed_in: SignedIn
    ) -> None:
        text = "account,score,lead_id\nA1,80,S1\nAlder Work,90,S2\nA2,x,S3\nA2,10,S4\nA1,80,S1\n"
        found = signed_in("kira").post("/handoffs/pass/file/", {"file": file_of(text)})
        said = words(found)
        assert found.status_code == 422
        for each in (
            "Row 3: no account is called 'Alder Work'; the nearest is 'Alder Works (A1)'",
            "Row 4, score: 'x' is no number",
            "Row 5: it does not qualify",
            "Row 6, lead_id: lead S1 stands in row 2 too",
        ):
            assert each in said
        assert (Handoff.objects.count(), Entry.objects.count()) == (0, 0)

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "empty"),
            ("acount\nA1\n", "'account'"),
            ("account\n", "no lead follows"),
            ("account,score\nA1\n", "1 cells, where the heading has 2"),
            ("account\n" + "A1\n" * 501, "501 leads are too many"),
            ('account\n"A1', "cannot be read as CSV"),
        ],
    )
    def test_refuses_a_file_that_is_none(
        self, people: Cast, signed_in: SignedIn, text: str, says: str
    ) -> None:
        found = signed_in("kira").post("/handoffs/pass/file/", {"file": file_of(text)})
        assert found.status_code == 422
        assert says in words(found)

    def test_a_lead_is_answered_and_accepted(self, people: Cast, signed_in: SignedIn) -> None:
        made, rita = passed(people.kira), signed_in("rita")
        found = rita.post(f"/handoffs/{made.pk}/respond/", {"comment": "Called."}, follow=True)
        assert "First response by Rita" in words(found)
        sent = {"verdict": "accepted"}
        found = rita.post(f"/handoffs/{made.pk}/verdict/", sent, follow=True)
        assert "Accepted by Rita" in words(found)

    def test_a_second_answer_is_told_that_it_came_late(
        self, people: Cast, signed_in: SignedIn
    ) -> None:
        made = passed(people.kira)
        signed_in("rita").post(f"/handoffs/{made.pk}/respond/")
        found = signed_in("mona").post(f"/handoffs/{made.pk}/respond/")
        assert found.status_code == 409
        assert "was answered by Rita" in words(found)

    def test_a_rejection_asks_for_its_reason(self, people: Cast, signed_in: SignedIn) -> None:
        made = passed(people.kira)
        found = signed_in("rita").post(f"/handoffs/{made.pk}/verdict/", {"verdict": "rejected"})
        assert found.status_code == 422
        assert "A rejection gives a reason" in words(found)

    def test_wrong_persona_shows_the_check_and_may_be_insisted_on(
        self, people: Cast, signed_in: SignedIn
    ) -> None:
        made, rita = passed(people.kira), signed_in("rita")
        sent = {"verdict": "rejected", "reason": "wrong persona"}
        found = rita.post(f"/handoffs/{made.pk}/verdict/", sent)
        assert found.status_code == 422
        assert "This account meets maker : industry is Manufacturing" in words(found)
        sent["insists"] = "on"
        found = rita.post(f"/handoffs/{made.pk}/verdict/", sent, follow=True)
        assert "rejected although the account meets maker" in words(found)

    def test_leads_are_judged_together(self, people: Cast, signed_in: SignedIn) -> None:
        ids = [passed(people.kira, each).pk for each in ("L1", "L2")]
        lena = signed_in("lena")
        found = lena.post("/handoffs/verdicts/", {"lead": ids, "verdict": "rejected"})
        assert found.status_code == 422
        assert "A rejection gives a reason" in words(found)
        sent = {"lead": ids, "verdict": "rejected", "reason": "duplicate"}
        found = lena.post("/handoffs/verdicts/", sent, follow=True)
        assert "2 leads: rejected." in words(found)

    def test_a_returned_lead_is_passed_again(self, people: Cast, signed_in: SignedIn) -> None:
        made = passed(people.kira)
        judge(people.rita, made.pk, Verdict(LeadEvent.REJECTED, "no budget"))
        kira = signed_in("kira")
        sent = {"note": "They have one now."}
        found = kira.post(f"/handoffs/{made.pk}/again/", sent, follow=True)
        assert "Passed again" in words(found)
        assert "It was here before" in words(found)
        found = kira.post(f"/handoffs/{made.pk}/again/", sent, follow=True)
        assert "nothing was passed again" in words(found)

    def test_a_manager_gives_a_lead_to_another(self, people: Cast, signed_in: SignedIn) -> None:
        made, mona = passed(people.kira), signed_in("mona")
        text = words(mona.get(f"/handoffs/{made.pk}/"))
        assert "Rhea Rook" in text
        assert "Rolf Reed" not in text
        found = mona.post(f"/handoffs/{made.pk}/assign/", {"person": "R1"}, follow=True)
        assert "given by hand" in words(found)

    def test_a_deal_that_may_have_come_of_it_is_linked(
        self, people: Cast, signed_in: SignedIn
    ) -> None:
        made = typed(people.kira, "X1", "A1", dt.datetime(2026, 4, 20, 9, tzinfo=dt.UTC))
        judge(people.rita, made.pk, Verdict(LeadEvent.ACCEPTED))
        rita = signed_in("rita")
        assert "Is this its deal?" in words(rita.get(f"/handoffs/{made.pk}/"))
        rita.post(f"/handoffs/{made.pk}/link/", {"deal": "D2"})
        made.refresh_from_db()
        assert made.deal_id == ""
        rita.post(f"/handoffs/{made.pk}/link/", {"deal": "D1"})
        made.refresh_from_db()
        assert made.deal_id == "D1"
        assert LeadState(made.state) is LeadState.ACCEPTED

    def test_a_deal_that_does_not_open_is_not_named(
        self, people: Cast, signed_in: SignedIn
    ) -> None:
        made = typed(people.kira, "X1", "A1", dt.datetime(2026, 4, 20, 9, tzinfo=dt.UTC))
        judge(people.rita, made.pk, Verdict(LeadEvent.ACCEPTED))
        signed_in("rita").post(f"/handoffs/{made.pk}/link/", {"deal": "D1"})
        assert "Became deal D1" in words(signed_in("rita").get(f"/handoffs/{made.pk}/"))
        kira = signed_in("kira")
        for where in (f"/handoffs/{made.pk}/", "/handoffs/?tab=accepted"):
            text = words(kira.get(where))
            assert "became a deal" in text.lower()
            assert "D1" not in text


@pytest.mark.parametrize(
    ("lead", "says"), [("L4", "not among those"), ("L5", "handed over already")]
)
def test_nobody_passes_by_its_id_what_is_not_theirs(
    signed_in: Callable[[str], Client], lead: str, says: str
) -> None:
    kira = signed_in("kira")
    given = {"account": "A2", "lead": lead, "score": "70", "token": "a1b2c3d4e5"}
    sent = kira.post("/handoffs/pass/form/", given)
    assert (sent.status_code, says in sent.content.decode()) == (422, True)
    file = SimpleUploadedFile("leads.csv", f"account,score,lead_id\nA2,70,{lead}\n".encode())
    sent = kira.post("/handoffs/pass/file/", {"file": file, "token": "a1b2c3d4e5"})
    assert (sent.status_code, says in sent.content.decode()) == (422, True)
    assert not Handoff.objects.exists()


def test_a_file_of_wrong_campaigns_is_read_at_once(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counted(what: str, word: str, known: Sequence[str]) -> str:
        asked.append(len(known))
        return f"unknown {what} {word}"

    monkeypatch.setattr(uploading, "unknown", counted)
    rows = "".join(f"A1,80,X{number}\n" for number in range(200))
    with pytest.raises(uploading.FileError, match="and 150 more"):
        uploading.read_leads(f"account,score,campaign\n{rows}".encode(), "token", None)
    assert (len(asked), sum(each > 0 for each in asked)) == (200, 50)
