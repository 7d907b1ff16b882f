"""Leads are passed, routed, answered and judged; of two one wins; what is said stays."""

import datetime as dt

import pytest

from counterpoise.ledger.helping import Helping
from counterpoise.web.audit.models import Entry
from counterpoise.web.handoffs.answering import (
    AnsweredError,
    AnswerError,
    PersonaError,
    Verdict,
    assign,
    judge,
    judge_all,
    respond,
)
from counterpoise.web.handoffs.clocks import version_of_today
from counterpoise.web.handoffs.course import Report
from counterpoise.web.handoffs.helped import helped_deals
from counterpoise.web.handoffs.models import Handoff
from counterpoise.web.handoffs.passing import (
    PassedError,
    PassError,
    may_be_passed,
    pass_from_books,
    recycle,
)
from counterpoise.web.handoffs.rights import NotYoursError
from counterpoise.web.handoffs.states import LeadEvent, LeadState
from counterpoise.web.handoffs.telling import Told, tell
from counterpoise.web.people.models import User
from tests.web.handoffs.company import NOW
from tests.web.handoffs.making import Cast, passed, typed

HOUR = dt.timedelta(hours=1)
ACCEPT = Verdict(LeadEvent.ACCEPTED)


def reject(reason: str = "no budget", *, insists: bool = False) -> Verdict:
    return Verdict(LeadEvent.REJECTED, reason, insists=insists)


def entries(act: str) -> int:
    return Entry.objects.filter(act=act).count()


class TestPassing:
    def test_offers_leads_of_own_campaigns_that_qualify_and_wait(self, people: Cast) -> None:
        def offered(user: User) -> list[str]:
            return may_be_passed(user, version_of_today())

        assert offered(people.kira) == ["L1", "L2", "L6"]
        assert offered(people.kurt) == ["L4"]
        assert offered(people.lena) == ["L1", "L2", "L4", "L6"]
        assert offered(people.rhea) == []

    def test_goes_to_the_owner_of_the_account_and_says_so(self, people: Cast) -> None:
        made = passed(people.kira, "L1")
        assert (made.owner_person_id, made.team, made.state) == ("R3", "North", LeadState.ASSIGNED)
        assert (made.why, made.clause) == (
            "owner of the account",
            "handoff.routing.account_owner",
        )

    def test_goes_to_the_region_where_nobody_has_the_account(self, people: Cast) -> None:
        made = passed(people.kira, "L2")
        assert (made.owner_person_id, made.why) == (
            "R2",
            "region South: the only one there who can take it",
        )

    def test_goes_by_turns_where_no_region_is_theirs(self, people: Cast) -> None:
        owners = [typed(people.kira, f"X{number}").owner_person_id for number in range(4)]
        assert owners == ["R1", "R2", "R3", "R1"]

    def test_is_due_in_working_time_from_the_hand_over_on(self, people: Cast) -> None:
        made = passed(people.kira, "L1", NOW.replace(day=12, hour=15))
        assert made.respond_by == dt.datetime(2026, 6, 15, 11, tzinfo=dt.UTC)
        assert made.soon_at == dt.datetime(2026, 6, 15, 10, tzinfo=dt.UTC)
        assert made.judge_by == dt.datetime(2026, 6, 16, 15, tzinfo=dt.UTC)

    def test_passes_once(self, people: Cast) -> None:
        passed(people.kira)
        done, said = pass_from_books(people.kira, ["L1", "L2"], NOW)
        assert [each.lead_id for each in done] == ["L2"]
        assert "is with sales already" in said[0]
        assert entries("lead.passed") == 2

    @pytest.mark.parametrize(
        ("lead_id", "says"),
        [
            ("L3", "does not qualify: a lead does where score is at least 60"),
            ("L5", "was handed over already"),
            ("L4", "not among those that you may pass"),
            ("L9", "not among those that you may pass"),
        ],
    )
    def test_refuses_what_may_not_be_passed(self, people: Cast, lead_id: str, says: str) -> None:
        done, said = pass_from_books(people.kira, [lead_id], NOW)
        assert (done, Handoff.objects.count(), Entry.objects.count()) == ([], 0, 0)
        assert says in said[0]

    def test_is_marketings_to_do(self, people: Cast) -> None:
        with pytest.raises(NotYoursError):
            typed(people.rhea, "X1")


class TestResponding:
    def test_stops_the_clock_of_the_person(self, people: Cast) -> None:
        made = passed(people.kira)
        done = respond(people.rita, made.pk, "Called.", now=NOW + HOUR)
        assert (done.state, done.responded_at) == (LeadState.ANSWERED, NOW + HOUR)
        assert entries("lead.responded") == 1

    def test_counts_from_when_it_was(self, people: Cast) -> None:
        made = passed(people.kira)
        done = respond(people.rita, made.pk, at=NOW + HOUR, now=NOW + 5 * HOUR)
        assert done.responded_at == NOW + HOUR

    @pytest.mark.parametrize("off", [-HOUR, 6 * HOUR])
    def test_refuses_an_instant_that_cannot_be(self, people: Cast, off: dt.timedelta) -> None:
        made = passed(people.kira)
        with pytest.raises(AnswerError):
            respond(people.rita, made.pk, at=NOW + off, now=NOW + 5 * HOUR)
        made.refresh_from_db()
        assert made.state == LeadState.ASSIGNED

    def test_the_second_is_told_and_changes_nothing(self, people: Cast) -> None:
        made = passed(people.kira)
        respond(people.rita, made.pk, now=NOW + HOUR)
        with pytest.raises(AnsweredError, match="answered by Rita"):
            respond(people.mona, made.pk, now=NOW + 2 * HOUR)
        assert respond(people.rita, made.pk, now=NOW + 3 * HOUR).responded_at == NOW + HOUR
        assert entries("lead.responded") == 1

    def test_the_earliest_wins_whoever_tells_first(self, people: Cast) -> None:
        made = passed(people.kira)
        respond(people.rita, made.pk, now=NOW + 3 * HOUR)
        done = respond(people.mona, made.pk, at=NOW + HOUR, now=NOW + 4 * HOUR)
        assert (done.responded_at, done.responder_id) == (NOW + HOUR, "M1")

    def test_is_for_who_has_it_and_who_leads_them(self, people: Cast) -> None:
        made = passed(people.kira)
        for other in (people.rolf, people.milo):
            with pytest.raises(Handoff.DoesNotExist):
                respond(other, made.pk, now=NOW)
        with pytest.raises(NotYoursError):
            respond(people.kira, made.pk, now=NOW)


class TestJudging:
    def test_a_verdict_is_a_response_too(self, people: Cast) -> None:
        made = passed(people.kira)
        done = judge(people.rita, made.pk, ACCEPT, NOW + HOUR)
        assert (done.state, done.responded_at, done.verdict_at) == (
            LeadState.ACCEPTED,
            NOW + HOUR,
            NOW + HOUR,
        )

    @pytest.mark.parametrize("reason", ["", "  ", "no money", "\x00"])
    def test_a_rejection_gives_a_reason_of_the_agreement(self, people: Cast, reason: str) -> None:
        made = passed(people.kira)
        with pytest.raises(AnswerError):
            judge(people.rita, made.pk, reject(reason), NOW)
        assert entries("lead.rejected") == 0

    def test_names_the_nearest_reason(self, people: Cast) -> None:
        made = passed(people.kira)
        with pytest.raises(AnswerError, match="'no budget'"):
            judge(people.rita, made.pk, reject("no budgets"), NOW)

    def test_checks_wrong_persona_and_shows_the_answer(self, people: Cast) -> None:
        made = passed(people.kira)
        with pytest.raises(
            PersonaError,
            match="account meets maker: industry is Manufacturing and number of employees is at",
        ):
            judge(people.rita, made.pk, reject("Wrong Persona"), NOW)
        done = judge(people.rita, made.pk, reject("Wrong Persona", insists=True), NOW)
        assert (done.state, done.reason) == (LeadState.REJECTED, "wrong persona")
        kept = done.happenings.get(kind=LeadEvent.REJECTED)
        assert kept.detail["persona"] == "maker"

    def test_wrong_persona_stands_where_the_account_meets_none(self, people: Cast) -> None:
        made = passed(people.kira, "L2")
        done = judge(people.rolf, made.pk, reject("wrong persona"), NOW)
        assert done.happenings.get(kind=LeadEvent.REJECTED).detail["persona"] == ""

    def test_says_that_an_unknown_fact_leaves_the_persona_open(self, people: Cast) -> None:
        made = typed(people.kira, "X1", "A3")
        done = judge(people.lena, made.pk, reject("wrong persona"), NOW)
        assert done.happenings.get(kind=LeadEvent.REJECTED).detail["persona"] is None

    def test_the_first_verdict_stands(self, people: Cast) -> None:
        made = passed(people.kira)
        judge(people.rita, made.pk, ACCEPT, NOW)
        with pytest.raises(AnsweredError, match="accepted by Rita"):
            judge(people.mona, made.pk, reject(), NOW + HOUR)
        with pytest.raises(AnsweredError):
            judge(people.mona, made.pk, ACCEPT, NOW + HOUR)
        assert judge(people.rita, made.pk, ACCEPT, NOW + HOUR).verdict_at == NOW
        assert entries("lead.accepted") == 1

    def test_in_bulk_with_one_reason_and_what_cannot_be_is_said(self, people: Cast) -> None:
        one, two = passed(people.kira, "L1"), passed(people.kira, "L2")
        ids = [one.pk, two.pk, 10_000]
        found = judge_all(people.lena, ids, reject("wrong persona"), NOW)
        assert [each.lead_id for each in found.done] == ["L2"]
        assert "meets maker" in found.said[0]
        assert "does not open" in found.said[1]
        again = judge_all(people.lena, ids, reject("wrong persona"), NOW + HOUR)
        assert [each.lead_id for each in again.done] == ["L2"]
        assert entries("lead.rejected") == 1

    def test_in_bulk_never_without_a_reason(self, people: Cast) -> None:
        made = passed(people.kira)
        with pytest.raises(AnswerError, match="gives a reason"):
            judge_all(people.lena, [made.pk], reject(""), NOW)
        made.refresh_from_db()
        assert made.is_open


class TestAgain:
    def test_a_rejected_lead_is_passed_again_and_its_history_kept(self, people: Cast) -> None:
        first = passed(people.kira)
        judge(people.rita, first.pk, reject(), NOW)
        second = recycle(people.kira, first.pk, "Budget came.", NOW + HOUR)
        assert (second.round, second.follows_id, second.state) == (2, first.pk, LeadState.ASSIGNED)
        first.refresh_from_db()
        assert (first.state, first.reason) == (LeadState.REJECTED, "no budget")

    def test_only_once_only_the_rejected_and_only_with_a_word(self, people: Cast) -> None:
        first = passed(people.kira)
        with pytest.raises(PassError, match="was not rejected"):
            recycle(people.kira, first.pk, "x", NOW)
        judge(people.rita, first.pk, reject(), NOW)
        with pytest.raises(PassError, match="what is different"):
            recycle(people.kira, first.pk, " ", NOW)
        recycle(people.kira, first.pk, "x", NOW)
        with pytest.raises(PassedError):
            recycle(people.kira, first.pk, "x", NOW)
        assert Handoff.objects.count() == 2


class TestGiving:
    def test_a_manager_gives_a_lead_to_another_of_the_team(self, people: Cast) -> None:
        made = passed(people.kira)
        done = assign(people.mona, made.pk, "R1", NOW + HOUR)
        assert (done.owner_person_id, done.why, done.assigned_at) == ("R1", "given by hand", NOW)
        assert entries("lead.assigned") == 1

    def test_only_within_the_team_and_not_by_a_rep(self, people: Cast) -> None:
        made = passed(people.kira)
        with pytest.raises(NotYoursError):
            assign(people.mona, made.pk, "R2", NOW)
        with pytest.raises(NotYoursError):
            assign(people.rita, made.pk, "R1", NOW)
        with pytest.raises(AnswerError, match="Nobody of sales"):
            assign(people.lena, made.pk, "K1", NOW)


def test_who_passed_a_lead_and_who_took_it_up_helped_its_deal(people: Cast) -> None:
    made = passed(people.kira, "L1")
    respond(people.rita, made.pk, now=NOW + HOUR)
    assert not any(helped_deals(people.rita, 9).values())
    linked = Report(NOW + HOUR, LeadEvent.LINKED, deal_id="D1")
    tell(Handoff.objects.get(pk=made.pk), Told(linked, NOW + HOUR, people.mona))
    found = {name: helped_deals(getattr(people, name), 9) for name in ("kira", "rita", "mona")}
    assert found == {
        "kira": {Helping.PASSED: {"D1"}, Helping.LEAD: set()},
        "rita": {Helping.PASSED: set(), Helping.LEAD: {"D1"}},
        "mona": {Helping.PASSED: set(), Helping.LEAD: set()},
    }
