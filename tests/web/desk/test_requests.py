import datetime as dt
from decimal import Decimal

import pytest

from counterpoise.desk import RequestError
from counterpoise.web.audit.models import Entry
from counterpoise.web.desk.models import Request, Step
from counterpoise.web.desk.requests import Asking, AskingError, ask, visible_to, withdraw
from counterpoise.web.desk.states import Said
from counterpoise.web.desk.trying import DealNotYoursError, NoRoleError, try_request
from counterpoise.web.people.models import User
from tests.web.desk.asking import Cast, asked, say, written
from tests.web.desk.company import NOW


def steps(request: Request) -> list[tuple[str, str]]:
    return [(step.role, step.clause) for step in request.steps.all()]


def test_grants_at_once_what_the_asker_may_give(people: Cast) -> None:
    request = asked(people.rhea, "0.10")
    assert (request.state, request.verdict) == ("granted", "granted")
    assert request.settled_at == NOW
    assert steps(request) == []


def test_waits_for_the_role_whose_authority_covers_it(people: Cast) -> None:
    request = asked(people.rhea, "0.12")
    assert request.state == "open"
    assert steps(request) == [("sales_manager", "discounts.limits.enterprise")]
    step = request.steps.get()
    assert step.due_at == dt.datetime(2026, 6, 11, 10, tzinfo=dt.UTC)
    assert step.remind_at == dt.datetime(2026, 6, 10, 14, tzinfo=dt.UTC)


def test_waits_for_both_of_a_pair(people: Cast) -> None:
    assert [role for role, _ in steps(asked(people.rhea, "0.25"))] == [
        "sales_manager",
        "product_marketing",
    ]


def test_keeps_what_was_refused_with_what_could_be_offered(people: Cast) -> None:
    request = asked(people.rhea, "0.50")
    assert (request.state, steps(request)) == ("refused", [])
    assert request.decision["counter_offers"]


def test_keeps_the_decision_the_agreement_and_the_snapshot(people: Cast) -> None:
    request = asked(people.rhea, "0.12")
    assert request.decision["verdict"] == "needs_approval"
    assert request.decision["agreement"]["fingerprint"] == request.agreement
    assert request.snapshot
    assert (request.list_amount, request.net_amount) == (100_000, 88_000)
    assert request.rate == Decimal("0.12")


def test_asks_as_the_role_of_the_person_whatever_is_claimed(people: Cast) -> None:
    forged = {**written("0.20"), "asked_by": "revenue_lead", "asked_at": "2020-01-02T00:00:00"}
    request = ask(people.rhea, forged, Asking("a-token-of-mine"), NOW)
    assert request.asker_role == "rep"
    assert request.state == "open"
    assert request.written["asked_by"] == "rep"
    assert request.written["asked_at"] == "2026-06-10T10:00:00"


def test_asks_once_however_often_the_form_is_sent(people: Cast) -> None:
    how = Asking("one-token-for-it")
    first = ask(people.rhea, written("0.12"), how, NOW)
    second = ask(people.rhea, written("0.12"), how, NOW)
    assert first == second
    assert Request.objects.count() == 1
    assert Entry.objects.filter(act="request.asked").count() == 1


def test_other_terms_from_a_form_that_was_sent_are_asked_too(people: Cast) -> None:
    form = "one-token-for-it"
    first = ask(people.rhea, written("0.12"), Asking(form), NOW)
    other = ask(people.rhea, written("0.30"), Asking(form), NOW)
    noted = ask(people.rhea, written("0.12"), Asking(form, "They pay early."), NOW)
    rates = [each.rate for each in (first, other, noted)]
    assert rates == [Decimal("0.12"), Decimal("0.30"), Decimal("0.12")]
    assert noted.note == "They pay early."
    assert Request.objects.count() == 3


def test_lets_two_people_use_the_same_token(people: Cast) -> None:
    how = Asking("one-token-for-it")
    assert ask(people.rhea, written(), how) != ask(people.rolf, written(), how)


@pytest.mark.parametrize("token", ["", "short", "x" * 65, "no spaces here", "ŽŽŽŽŽŽŽŽ"])
def test_refuses_a_token_that_no_form_made(people: Cast, token: str) -> None:
    with pytest.raises(AskingError, match="has no token"):
        ask(people.rhea, written(), Asking(token))
    assert not Request.objects.exists()


def test_refuses_who_has_no_role_on_the_ladder(people: Cast) -> None:
    with pytest.raises(NoRoleError, match="You have no role"):
        try_request(written(), people.guest)


def test_refuses_a_deal_of_somebody_elses(people: Cast) -> None:
    with pytest.raises(DealNotYoursError, match="Deal D2 is not among"):
        asked(people.rhea, deal_id="D2")
    assert not Request.objects.exists()


def test_lets_a_manager_ask_on_a_deal_of_the_team(people: Cast) -> None:
    assert asked(people.mona, deal_id="D1").owner_person_id == "R1"


def test_links_a_request_on_a_known_deal(people: Cast) -> None:
    request = asked(people.rhea, deal_id="D1")
    assert (request.deal_id, request.account_id) == ("D1", "A1")
    assert request.list_amount == 100_000


def test_takes_the_list_price_of_the_books_over_a_claim(people: Cast) -> None:
    tried = try_request(
        written(None, deal_id="D1", list_amount=91_000, net_amount=90_000), people.rhea
    )
    assert tried.weighing.case.list_amount == 100_000
    assert tried.terms.rate == Decimal("0.1")
    told = tried.decision.reasons[-1].says
    assert "is 100000 in the books, not 91000; the books are taken." in told


def test_takes_account_facts_of_the_books_over_a_claim(people: Cast) -> None:
    forged = written("0.10", account="A2", segment="Enterprise")
    tried = try_request(forged, people.rhea)
    assert tried.decision.verdict == "needs_approval"
    assert any("is SMB in the books" in each.says for each in tried.decision.reasons)


def test_refuses_another_account_than_the_deals(people: Cast) -> None:
    with pytest.raises(RequestError, match="the deal is of account 'A1', not 'A2'"):
        try_request(written(deal_id="D1", account_id="A2"), people.rhea)


def test_lets_terms_be_asked_otherwise_than_the_deal_has_them(people: Cast) -> None:
    tried = try_request(written("0.15", deal_id="D1", term_months=36), people.rhea)
    assert tried.decision.verdict == "granted"
    assert tried.terms.levers == {"three_years"}


def test_finds_the_highest_rate_that_needs_nobody(people: Cast) -> None:
    assert try_request(written("0.01"), people.rhea).highest_rate() == Decimal("0.10")
    assert try_request(written("0", account="A3"), people.rhea).highest_rate() is None


def test_withdraws_an_open_request_once(people: Cast) -> None:
    request = asked(people.rhea)
    assert withdraw(people.rhea, request.pk)
    assert not withdraw(people.rhea, request.pk)
    request.refresh_from_db()
    assert request.state == "withdrawn"
    assert Entry.objects.filter(act="request.withdrawn").count() == 1


def test_lets_nobody_else_withdraw_a_request(people: Cast) -> None:
    request = asked(people.rhea)
    assert not withdraw(people.mona, request.pk)
    request.refresh_from_db()
    assert request.state == "open"


def test_shows_requests_to_whom_they_concern(people: Cast) -> None:
    to_manager = asked(people.rhea, "0.12")
    of_rolf = asked(people.rolf, "0.05")
    for_both = asked(people.rolf, "0.25")
    seen = {
        name: set(visible_to(getattr(people, name), NOW).values_list("pk", flat=True))
        for name in ("rhea", "rolf", "mona", "milo", "kira", "lena", "guest")
    }
    everything = {to_manager.pk, of_rolf.pk, for_both.pk}
    assert seen == {
        "rhea": {to_manager.pk},
        "rolf": {of_rolf.pk, for_both.pk},
        "mona": {to_manager.pk, for_both.pk},
        "milo": everything,
        "kira": {for_both.pk},
        "lena": everything,
        "guest": set(),
    }


class TestCovering:
    def test_asks_nobody_again_for_terms_no_worse(self, people: Cast) -> None:
        first = asked(people.rhea, "0.15", deal_id="D1")
        say(people.mona, first)
        second = asked(people.rhea, "0.12", deal_id="D1")
        assert second.state == "approved"
        assert second.steps.get().covered_by == first.answers.get()

    def test_asks_again_for_a_higher_rate(self, people: Cast) -> None:
        say(people.mona, asked(people.rhea, "0.12", deal_id="D1"))
        assert asked(people.rhea, "0.13", deal_id="D1").state == "open"

    def test_asks_again_where_a_lever_is_gone(self, people: Cast) -> None:
        say(people.mona, asked(people.rhea, "0.17", deal_id="D1", term_months=36))
        assert asked(people.rhea, "0.17", deal_id="D1", term_months=12).state == "open"

    def test_asks_again_for_another_deal(self, people: Cast) -> None:
        say(people.mona, asked(people.rhea, "0.15", deal_id="D1"))
        assert asked(people.rhea, "0.15", deal_id="D4").state == "open"

    def test_asks_again_for_more_customizations(self, people: Cast) -> None:
        label = [{"kind": "private_label", "cost": 3000}]
        say(people.kira, asked(people.rhea, "0.05", deal_id="D1", customizations=label))
        less = [{"kind": "private_label", "cost": 2500}]
        assert asked(people.rhea, "0.05", deal_id="D1", customizations=less).state == "approved"
        two = [{"kind": "private_label", "cost": 1500}, {"kind": "private_label", "cost": 1500}]
        assert asked(people.rhea, "0.05", deal_id="D1", customizations=two).state == "open"

    def test_asks_everybody_again_where_something_comes_on_top(self, people: Cast) -> None:
        label = [{"kind": "private_label", "cost": 3000}]
        say(people.mona, asked(people.rhea, "0.15", deal_id="D1"))
        second = asked(people.rhea, "0.15", deal_id="D1", customizations=label)
        waiting = second.steps.filter(covered_by=None)
        assert [step.role for step in waiting] == ["sales_manager", "product_marketing"]

    def test_takes_up_a_request_about_a_new_deal(self, people: Cast) -> None:
        first = asked(people.rhea, "0.15")
        say(people.mona, first)
        assert asked(people.rhea, "0.15").state == "open"
        assert asked(people.rhea, "0.15", follows=first.pk).state == "approved"

    def test_takes_up_no_request_for_another_deal(self, people: Cast) -> None:
        first = asked(people.rhea, "0.15")
        say(people.mona, first)
        larger = asked(people.rhea, "0.15", follows=first.pk, list_amount=200_000)
        assert larger.state == "open"
        known = asked(people.rhea, "0.15", follows=first.pk, deal_id="D1")
        assert known.state == "open"

    def test_takes_no_deal_over_to_another_account(self, people: Cast) -> None:
        first = asked(people.rhea, "0.15", deal_id="D1")
        other = asked(people.rhea, "0.05", follows=first.pk, account="A2")
        assert other.deal_id == ""
        assert asked(people.rhea, "0.05", follows=first.pk, account="A1").deal_id == "D1"

    def test_counts_no_yes_to_what_was_refused_in_the_end(self, people: Cast) -> None:
        both = asked(people.rhea, "0.25", deal_id="D1")
        say(people.mona, both)
        say(people.kira, both, Said.REFUSED)
        assert asked(people.rhea, "0.12", deal_id="D1").state == "open"

    def test_counts_no_yes_of_the_asker(self, people: Cast) -> None:
        say(people.mona, asked(people.rhea, "0.15", deal_id="D1"))
        User.objects.filter(pk=people.mona.pk).update(role="rep")
        people.mona.refresh_from_db()
        again = asked(people.mona, "0.15", deal_id="D1")
        assert again.state == "open"
        assert Step.objects.get(request=again).covered_by is None

    def test_follows_nobody_elses_request(self, people: Cast) -> None:
        first = asked(people.rhea, "0.15")
        with pytest.raises(AskingError, match="not among yours"):
            asked(people.rolf, "0.15", follows=first.pk)
