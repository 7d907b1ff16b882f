from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from counterpoise.agreement import Agreements, read_agreement
from counterpoise.desk import RequestError
from counterpoise.web import house
from counterpoise.web.audit.models import Entry
from counterpoise.web.desk.approvals import (
    AgreementChangedError,
    AlreadySettledError,
    NotYoursToAnswerError,
    waiting_for,
)
from counterpoise.web.desk.delegation import delegate
from counterpoise.web.desk.models import Answer, Request, Step
from counterpoise.web.desk.requests import withdraw
from counterpoise.web.desk.states import Said
from counterpoise.web.people.models import User
from tests.web.desk.asking import Cast, asked, say
from tests.web.desk.company import NOW

TODAY = NOW.date()
Change = Callable[[str, str], None]


def waits(user: User) -> list[int]:
    return list(waiting_for(user, NOW).values_list("pk", flat=True))


def test_approves_what_waits_for_the_role(people: Cast) -> None:
    request = say(people.mona, asked(people.rhea), comment="as agreed on the phone")
    assert request.state == "approved"
    answer = request.answers.get()
    assert (answer.said, answer.decided_by, answer.capacity) == ("approved", people.mona, "own")
    assert answer.comment == "as agreed on the phone"
    assert [event.kind for event in request.events.all()] == ["asked", "approved"]


def test_writes_one_entry_with_ids_and_figures_alone(people: Cast) -> None:
    say(people.mona, asked(people.rhea), comment="Mona says yes")
    entry = Entry.objects.get(act="request.approved")
    assert entry.actor_id == people.mona.pk
    assert "Mona" not in entry.detail
    assert '"rate":"0.120000"' in entry.detail


def test_ends_with_a_refusal(people: Cast) -> None:
    request = say(people.mona, asked(people.rhea, "0.25"), Said.REFUSED)
    assert request.state == "refused"
    assert waits(people.kira) == []


def test_waits_until_both_of_a_pair_said_yes(people: Cast) -> None:
    request = say(people.mona, asked(people.rhea, "0.25"))
    assert request.state == "open"
    assert say(people.kira, request).state == "approved"


def test_lists_what_waits_for_each(people: Cast) -> None:
    one = asked(people.rhea, "0.12").pk
    both = asked(people.rolf, "0.25").pk
    asked(people.rhea, "0.05")
    assert waits(people.mona) == [one, both]
    assert waits(people.kira) == [both]
    assert waits(people.lena) == []
    assert waits(people.rhea) == []


@pytest.mark.parametrize("name", ["rhea", "rolf", "kira", "lena", "guest"])
def test_lets_nobody_answer_for_a_role_they_do_not_hold(people: Cast, name: str) -> None:
    request = asked(people.rhea)
    with pytest.raises(NotYoursToAnswerError):
        say(getattr(people, name), request)
    request.refresh_from_db()
    assert request.state == "open"
    assert not Answer.objects.exists()


class TestNobodyApprovesTheirOwn:
    def test_by_getting_the_role_afterwards(self, people: Cast) -> None:
        request = asked(people.rhea)
        people.rhea.role = "sales_manager"
        people.rhea.save()
        assert waits(people.rhea) == []
        with pytest.raises(NotYoursToAnswerError):
            say(people.rhea, request)

    def test_by_delegation(self, people: Cast) -> None:
        request = asked(people.rhea)
        delegate(people.mona, people.rhea, TODAY, TODAY, NOW)
        assert waits(people.rhea) == []
        with pytest.raises(NotYoursToAnswerError):
            say(people.rhea, request)

    def test_where_another_asked_on_their_deal(self, people: Cast) -> None:
        asking = asked(people.lena, "0", deal_id="D3")
        assert asking.owner_person_id == "M1"
        request = asked(people.mona, "0.20", deal_id="D3")
        Step.objects.filter(request=request).update(role="sales_manager")
        assert waits(people.mona) == []
        with pytest.raises(NotYoursToAnswerError):
            say(people.mona, request)

    def test_by_another_account_of_the_same_person(self, people: Cast) -> None:
        request = asked(people.rhea)
        Request.objects.filter(pk=request.pk).update(asker_person_id="M1")
        assert waits(people.mona) == []
        with pytest.raises(NotYoursToAnswerError):
            say(people.mona, request)

    def test_past_the_database(self, people: Cast) -> None:
        step = asked(people.rhea).steps.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.create(
                step=step,
                request=step.request,
                asker=people.rhea,
                clause=step.clause,
                said=Said.APPROVED,
                decided_by=people.rhea,
                capacity="own",
                decided_at=NOW,
            )

    def test_as_the_second_of_a_pair(self, people: Cast) -> None:
        request = say(people.mona, asked(people.rhea, "0.25"))
        people.mona.role = "product_marketing"
        people.mona.save()
        assert waits(people.mona) == []
        with pytest.raises(AlreadySettledError):
            say(people.mona, request)
        request.refresh_from_db()
        assert request.state == "open"


class TestTwice:
    def test_tells_the_second_of_two_managers(self, people: Cast) -> None:
        request = asked(people.rhea)
        say(people.mona, request)
        with pytest.raises(AlreadySettledError, match="was approved by Mona already"):
            say(people.milo, request, Said.REFUSED)
        request.refresh_from_db()
        assert request.state == "approved"
        assert Answer.objects.count() == 1

    def test_tells_who_answers_what_was_withdrawn(self, people: Cast) -> None:
        request = asked(people.rhea)
        withdraw(people.rhea, request.pk)
        with pytest.raises(AlreadySettledError, match="was withdrawn already"):
            say(people.mona, request)

    def test_keeps_one_answer_a_step_past_the_code(self, people: Cast) -> None:
        request = say(people.mona, asked(people.rhea))
        step = request.steps.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.create(
                step=step,
                request=request,
                asker=people.rhea,
                clause="another",
                said=Said.REFUSED,
                decided_by=people.milo,
                capacity="own",
                decided_at=NOW,
            )


class TestCountering:
    def counter(self, request: Request, **terms: object) -> dict[str, object]:
        deal = {**request.written["deal"], **terms}
        return {**request.written, "deal": deal}

    def test_ends_the_request_and_is_a_yes_to_its_terms(self, people: Cast) -> None:
        request = asked(people.rhea, "0.15", deal_id="D1")
        done = say(people.mona, request, Said.COUNTERED, counter=self.counter(request, rate="0.12"))
        assert done.state == "countered"
        taken = asked(people.rhea, "0.12", deal_id="D1", follows=request.pk)
        assert taken.state == "approved"
        assert asked(people.rhea, "0.13", deal_id="D1", follows=request.pk).state == "open"

    def test_needs_the_terms_that_it_asks_for(self, people: Cast) -> None:
        request = asked(people.rhea, "0.18", deal_id="D1")
        longer = self.counter(request, rate="0.17", term_months=36)
        say(people.mona, request, Said.COUNTERED, counter=longer)
        assert asked(people.rhea, "0.17", deal_id="D1", term_months=36).state == "approved"
        assert asked(people.rhea, "0.17", deal_id="D1").state == "open"

    def test_refuses_a_counter_that_nobody_could_grant(self, people: Cast) -> None:
        request = asked(people.rhea, "0.15")
        with pytest.raises(RequestError, match="nobody may grant it"):
            say(people.mona, request, Said.COUNTERED, counter=self.counter(request, rate="0.9"))
        request.refresh_from_db()
        assert request.state == "open"

    def test_refuses_a_counter_of_the_same_terms(self, people: Cast) -> None:
        request = asked(people.rhea, "0.15")
        with pytest.raises(RequestError, match="the terms that were asked"):
            say(people.mona, request, Said.COUNTERED, counter=self.counter(request))

    def test_keeps_the_terms_of_the_counter(self, people: Cast) -> None:
        request = asked(people.rhea, "0.15")
        say(people.mona, request, Said.COUNTERED, counter=self.counter(request, rate="0.12"))
        answer = Answer.objects.get()
        assert answer.terms is not None
        assert Decimal(answer.terms["rate"]) == Decimal("0.12")


class TestAfterTheAgreementChanged:
    @pytest.fixture
    def change(self, room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Change:
        def changed(old: str, new: str) -> None:
            file = room / "agreement.yaml"
            text = file.read_text(encoding="utf-8")
            assert old in text
            other = tmp_path / "changed.yaml"
            other.write_text(text.replace(old, new), encoding="utf-8")
            single = Agreements.single(read_agreement(other))
            monkeypatch.setattr(house, "agreements", lambda: single)

        return changed

    def test_approves_where_the_same_role_still_decides(self, people: Cast, change: Change) -> None:
        request = asked(people.rhea)
        change("As long as it lasts", "Another title")
        assert say(people.mona, request).state == "approved"

    def test_ends_what_would_need_somebody_else_now(self, people: Cast, change: Change) -> None:
        request = asked(people.rhea)
        change("sales_manager: 20%, ", "sales_manager: 11%, ")
        with pytest.raises(AgreementChangedError, match="asked again"):
            say(people.mona, request)
        request.refresh_from_db()
        assert request.state == "expired"
        assert not Answer.objects.exists()

    def test_refuses_all_the_same(self, people: Cast, change: Change) -> None:
        request = asked(people.rhea)
        change("sales_manager: 20%, ", "sales_manager: 11%, ")
        assert say(people.mona, request, Said.REFUSED).state == "refused"
