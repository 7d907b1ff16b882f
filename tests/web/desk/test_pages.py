import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import Client
from django.utils import timezone

from counterpoise.web.audit.models import Entry
from counterpoise.web.desk.models import Delegation, Event, Request
from counterpoise.web.desk.requests import withdraw
from counterpoise.web.desk.states import Said
from counterpoise.web.people.models import User
from tests.web.desk.asking import Cast, asked, say

SignedIn = Callable[[str], Client]
PAGES = ("/desk/", "/desk/requests/", "/desk/approvals/", "/desk/away/", "/desk/recurring/")


def page(client: Client, address: str, **given: str) -> str:
    response = client.get(address, given)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def ask_form(html: str) -> dict[str, str]:
    """Return the fields of the form that asks on record."""
    form = html.partition('action="/desk/ask/"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))


class TestTrying:
    def test_answers_what_stands_in_the_address(self, signed_in: SignedIn) -> None:
        text = words(page(signed_in("rhea"), "/desk/", account="A1", amount="100,000", rate="10"))
        assert "Yes, you may" in text

    def test_leaves_no_trace(self, signed_in: SignedIn) -> None:
        page(signed_in("rhea"), "/desk/", account="A1", amount="100k", rate="12")
        assert not Request.objects.exists()
        assert not Entry.objects.exists()
        assert not Event.objects.exists()

    def test_says_first_what_to_sell_on(self, signed_in: SignedIn) -> None:
        html = page(signed_in("rhea"), "/desk/", account="A1", amount="100k", rate="12")
        text = words(html)
        assert text.index("Fewer stops a year") < text.index("Needs a yes from above")
        assert "Downtime calculator" in text
        assert "Valve guide" not in text
        assert "I will gladly take this up for you" in text

    def test_says_what_to_sell_on_before_a_price(self, signed_in: SignedIn) -> None:
        text = words(page(signed_in("rhea"), "/desk/", account="A1", amount="100k"))
        assert "Fewer stops a year" in text
        assert "Add a discount or a net price" in text
        assert "Yes, you may" not in text

    def test_names_the_approvers_and_their_usual_answer_time(self, signed_in: SignedIn) -> None:
        text = words(page(signed_in("rhea"), "/desk/", account="A1", amount="100k", rate="12"))
        assert "Sales manager : Milo, Mona" in text
        assert "usually answers within 3 h" in text.replace("\u00a0", " ")

    def test_never_names_who_asks(self, signed_in: SignedIn) -> None:
        text = words(page(signed_in("mona"), "/desk/", account="A2", amount="10000", rate="12"))
        assert "Yes, you may" in text
        text = words(page(signed_in("mona"), "/desk/", account="A2", amount="10000", rate="20"))
        assert "Revenue lead : Lena" in text

    def test_links_reasons_to_their_clauses(self, signed_in: SignedIn) -> None:
        html = page(signed_in("rhea"), "/desk/", account="A1", amount="100k", rate="12")
        assert 'href="/agreement/#discounts.limits.enterprise"' in html

    def test_offers_terms_to_take_with_one_click(self, signed_in: SignedIn) -> None:
        client = signed_in("rhea")
        html = page(client, "/desk/", account="A1", amount="100k", rate="12")
        links = re.findall(r'href="(/desk/\?[^"]*)#answer"', html)
        offers = [link.replace("&amp;", "&") for link in links if "show=limit" not in link]
        assert offers
        answers = [words(page(client, link)) for link in offers]
        assert all("Yes, you may" in answer for answer in answers)

    def test_shows_the_own_limit_only_when_asked(self, signed_in: SignedIn) -> None:
        client = signed_in("rhea")
        asked = {"account": "A1", "amount": "100k", "rate": "3"}
        assert "By yourself you may go to" not in words(page(client, "/desk/", **asked))
        text = words(page(client, "/desk/", **asked, show="limit"))
        assert "By yourself you may go to 10.0" in text

    def test_reads_a_deal_from_a_crm(self, signed_in: SignedIn) -> None:
        text = words(page(signed_in("rhea"), "/desk/", deal="D4"))
        assert "deal D4" in text
        assert "30% is asked" in text
        assert "Needs a yes from above" in text

    def test_shows_no_deal_of_somebody_elses(self, signed_in: SignedIn) -> None:
        text = words(page(signed_in("rhea"), "/desk/", deal="D2", rate="5"))
        assert "Deal D2 is not among the deals that open to you." in text
        assert "Birch" not in text

    @pytest.mark.parametrize("typed", ["Alder Works", "alder works", "Alder Works (A1)", "A1"])
    def test_finds_the_account_as_typed(self, signed_in: SignedIn, typed: str) -> None:
        text = words(page(signed_in("rhea"), "/desk/", account=typed, amount="100k", rate="10"))
        assert "Alder Works (A1)" in text

    def test_proposes_the_nearest_account(self, signed_in: SignedIn) -> None:
        html = page(signed_in("rhea"), "/desk/", account="Aldr Works", amount="100k", rate="10")
        assert "Did you mean" in html
        assert "Alder Works (A1)" in html

    def test_asks_for_a_new_customer_by_name(self, signed_in: SignedIn) -> None:
        asked_for = {"account": "Dogwood Ltd", "amount": "100k", "rate": "12"}
        html = page(signed_in("rhea"), "/desk/", **asked_for)
        (query,) = re.findall(r'href="/desk/\?([^"]*)#answer">Ask by name', html)
        given = dict(parse_qsl(unescape(query)))
        assert given == {"amount": "100k", "rate": "12", "f.account.name": "Dogwood Ltd"}
        known = given | {"f.account.segment": "Enterprise"}
        assert "Needs a yes from above" in words(page(signed_in("rhea"), "/desk/", **known))

    def test_offers_accounts_while_typing(self, signed_in: SignedIn) -> None:
        html = page(signed_in("rhea"), "/desk/accounts/", account="bir")
        assert '<option value="Birch Retail (A2)">SMB · Retail</option>' in html

    def test_answers_with_the_answer_alone_where_it_is_asked_for(self, signed_in: SignedIn) -> None:
        client = signed_in("rhea")
        response = client.get(
            "/desk/",
            {"account": "A1", "amount": "100k", "rate": "10"},
            headers={"HX-Request": "true", "HX-Target": "answer"},
        )
        html = response.content.decode()
        assert html.lstrip().startswith("<div")
        assert "<html" not in html
        assert "HX-Target" in response["Vary"]

    def test_asks_for_further_facts_that_decide(self, signed_in: SignedIn) -> None:
        client = signed_in("rhea")
        html = page(client, "/desk/")
        assert 'name="f.account.segment"' in html
        new = {"amount": "100k", "rate": "10", "f.account.segment": "Enterprise"}
        assert "Yes, you may" in words(page(client, "/desk/", **new))

    def test_prices_goods_by_the_list(self, signed_in: SignedIn) -> None:
        given = {"account": "A2", "product": "P2", "quantity": "50", "unit_net": "96"}
        text = words(page(signed_in("rhea"), "/desk/", **given))
        assert "4% is asked" in text
        assert "Valve guide" in text

    def test_lays_problems_beside_their_fields(self, signed_in: SignedIn) -> None:
        html = page(signed_in("rhea"), "/desk/", account="A1", amount="much", rate="nan")
        assert "&#x27;much&#x27; is not a number" in html
        assert 'id="ask-amount"' in html
        assert "aria-invalid" in html

    def test_says_that_a_role_is_missing(self, signed_in: SignedIn) -> None:
        text = words(page(signed_in("guest"), "/desk/", account="A1", amount="1k", rate="1"))
        assert "You have no role" in text

    def test_refuses_another_currency_without_a_rate_of_exchange(self, signed_in: SignedIn) -> None:
        given = {"account": "A1", "amount": "1k", "rate": "1", "currency": "eur"}
        text = words(page(signed_in("rhea"), "/desk/", **given))
        assert "no rate of exchange from EUR to USD is known" in text


class TestAsking:
    def test_puts_what_was_tried_on_record(self, signed_in: SignedIn) -> None:
        client = signed_in("rhea")
        html = page(client, "/desk/", account="A1", amount="100k", rate="12")
        response = client.post("/desk/ask/", ask_form(html) | {"note": "they have another offer"})
        made = Request.objects.get()
        assert response["Location"] == f"/desk/requests/{made.pk}/"
        assert (made.state, made.note) == ("open", "they have another offer")

    def test_asks_once_though_the_form_is_sent_twice(self, signed_in: SignedIn) -> None:
        client = signed_in("rhea")
        form = ask_form(page(client, "/desk/", account="A1", amount="100k", rate="12"))
        first = client.post("/desk/ask/", form)
        second = client.post("/desk/ask/", form)
        assert first["Location"] == second["Location"]
        assert Request.objects.count() == 1

    def test_asks_nothing_without_a_token(self, signed_in: SignedIn) -> None:
        response = signed_in("rhea").post(
            "/desk/ask/", {"account": "A1", "amount": "9", "rate": "1"}
        )
        assert response.status_code == 400
        assert "has no token" in response.content.decode()
        assert not Request.objects.exists()

    def test_asks_nothing_by_a_link(self, signed_in: SignedIn) -> None:
        assert signed_in("rhea").get("/desk/ask/").status_code == 405

    def test_asks_nothing_without_a_price(self, signed_in: SignedIn) -> None:
        form = {"account": "A1", "amount": "9", "token": "a-token-of-mine"}
        assert signed_in("rhea").post("/desk/ask/", form).status_code == 400
        assert not Request.objects.exists()


class TestStory:
    def test_opens_to_whom_it_concerns_alone(self, people: Cast, signed_in: SignedIn) -> None:
        request = asked(people.rhea)
        for path in ("", "customer/"):
            address = f"/desk/requests/{request.pk}/{path}"
            codes = {
                name: signed_in(name).get(address).status_code
                for name in ("rhea", "mona", "milo", "lena", "rolf", "kira", "guest")
            }
            assert codes == {
                "rhea": 200,
                "mona": 200,
                "milo": 200,
                "lena": 200,
                "rolf": 404,
                "kira": 404,
                "guest": 404,
            }

    def test_lets_nobody_act_on_what_does_not_open(self, people: Cast, signed_in: SignedIn) -> None:
        request = asked(people.rhea)
        for act in ("answer", "withdraw", "link", "offered"):
            given = {"say": "approve", "deal": "D4"}
            response = signed_in("rolf").post(f"/desk/requests/{request.pk}/{act}/", given)
            assert response.status_code == 404
        request.refresh_from_db()
        assert request.state == "open"

    def test_lets_no_approver_withdraw(self, people: Cast, signed_in: SignedIn) -> None:
        request = asked(people.rhea)
        response = signed_in("mona").post(f"/desk/requests/{request.pk}/withdraw/")
        assert response.status_code == 403
        request.refresh_from_db()
        assert request.state == "open"

    def test_withdraws(self, people: Cast, signed_in: SignedIn) -> None:
        request = asked(people.rhea)
        client = signed_in("rhea")
        response = client.post(f"/desk/requests/{request.pk}/withdraw/", follow=True)
        assert "withdrawn" in words(response.content.decode())

    def test_tells_the_whole_story(self, people: Cast, signed_in: SignedIn) -> None:
        request = say(people.mona, asked(people.rhea, note="for the pilot"), comment="go on")
        text = words(page(signed_in("rhea"), f"/desk/requests/{request.pk}/"))
        for told in ("12% off for Alder Works", "for the pilot", "go on", "Mona approved"):
            assert told in text

    def test_says_yes_to_the_customer_once_it_has_come(
        self, people: Cast, signed_in: SignedIn
    ) -> None:
        request = say(people.mona, asked(people.rhea))
        text = words(page(signed_in("rhea"), f"/desk/requests/{request.pk}/"))
        assert "Yes, we can do it at this price." in text
        assert "come back with an answer" not in text
        assert "Needed a yes from above" in text

    def test_links_a_deal(self, people: Cast, signed_in: SignedIn) -> None:
        request = asked(people.rhea, "0.12", list_amount=80_000)
        client = signed_in("rhea")
        address = f"/desk/requests/{request.pk}/"
        assert "Is it this one?" in page(client, address)
        client.post(f"{address}link/", {"deal": "D4", "act": "accept"})
        request.refresh_from_db()
        assert request.deal_id == "D4"

    def test_records_an_offer_of_what_was_agreed(self, people: Cast, signed_in: SignedIn) -> None:
        request = asked(people.rhea, "0.05")
        client = signed_in("rhea")
        for _ in range(2):
            client.post(f"/desk/requests/{request.pk}/offered/")
        assert Entry.objects.filter(act="request.offered").count() == 1
        waiting = asked(people.rhea)
        assert client.post(f"/desk/requests/{waiting.pk}/offered/").status_code == 403


class TestCustomerPage:
    INSIDE = ("authority", "margin", "discounts.", "sales manager", "rep may", "limit", "12%")

    def test_shows_nothing_from_inside(self, people: Cast, signed_in: SignedIn) -> None:
        request = asked(people.rhea, note="they would pay list")
        text = words(page(signed_in("rhea"), f"/desk/requests/{request.pk}/customer/"))
        assert "Fewer stops a year" in text
        assert "come back with an answer" in text
        assert "88,000" not in text
        assert "they would pay list" not in text
        assert not [each for each in self.INSIDE if each in text]

    def test_shows_the_price_once_it_is_agreed(self, people: Cast, signed_in: SignedIn) -> None:
        request = say(people.mona, asked(people.rhea), comment="our last word")
        text = words(page(signed_in("rhea"), f"/desk/requests/{request.pk}/customer/"))
        assert "88,000" in text
        assert "our last word" not in text
        assert "88,000 USD" in text
        assert "instead of 100,000 USD" in text
        assert not [each for each in self.INSIDE if each in text]

    def test_shows_what_was_tried(self, signed_in: SignedIn) -> None:
        given = {"account": "A1", "amount": "100k", "rate": "10", "term_months": "36"}
        text = words(page(signed_in("rhea"), "/desk/customer/", **given))
        assert "90,000" in text
        assert "For 36 months" in text


class TestAnswering:
    def test_approves_with_one_click(self, people: Cast, signed_in: SignedIn) -> None:
        request = asked(people.rhea)
        client = signed_in("mona")
        assert "12% off for Alder Works" in page(client, "/desk/approvals/")
        response = client.post(
            f"/desk/requests/{request.pk}/answer/", {"say": "approve", "comment": "ok"}
        )
        assert response.status_code == 302
        request.refresh_from_db()
        assert request.state == "approved"

    def test_counters_with_terms(self, people: Cast, signed_in: SignedIn) -> None:
        request = asked(people.rhea, "0.18")
        given = {"say": "counter", "rate": "17", "term_months": "36"}
        signed_in("mona").post(f"/desk/requests/{request.pk}/answer/", given)
        request.refresh_from_db()
        assert request.state == "countered"
        client = signed_in("rhea")
        html = page(client, f"/desk/requests/{request.pk}/")
        (link,) = re.findall(r'href="([^"]+)">Take the counter', html)
        form = ask_form(page(client, link.replace("&amp;", "&").partition("#")[0]))
        assert form["follows"] == str(request.pk)
        client.post("/desk/ask/", form)
        taken = Request.objects.latest("pk")
        assert (taken.state, taken.follows_id) == ("approved", request.pk)

    def test_says_what_is_wrong_with_a_counter(self, people: Cast, signed_in: SignedIn) -> None:
        request = asked(people.rhea)
        address = f"/desk/requests/{request.pk}/answer/"
        response = signed_in("mona").post(address, {"say": "counter", "rate": "lots"})
        assert response.status_code == 400
        assert "is not a number" in response.content.decode()

    def test_tells_the_second_who_was_first(self, people: Cast, signed_in: SignedIn) -> None:
        request = say(people.mona, asked(people.rhea))
        address = f"/desk/requests/{request.pk}/answer/"
        response = signed_in("milo").post(address, {"say": "refuse"})
        assert response.status_code == 409
        assert "was approved by Mona already" in response.content.decode()

    def test_lets_the_asker_answer_nothing(self, people: Cast, signed_in: SignedIn) -> None:
        request = asked(people.rhea)
        client = signed_in("rhea")
        assert 'id="answering"' not in page(client, f"/desk/requests/{request.pk}/")
        response = client.post(f"/desk/requests/{request.pk}/answer/", {"say": "approve"})
        assert response.status_code == 403

    def test_lets_a_reader_answer_nothing(self, people: Cast, signed_in: SignedIn) -> None:
        request = asked(people.rhea)
        client = signed_in("lena")
        assert 'id="answering"' not in page(client, f"/desk/requests/{request.pk}/")
        response = client.post(f"/desk/requests/{request.pk}/answer/", {"say": "approve"})
        assert response.status_code == 403


class TestAway:
    def test_hands_over_and_takes_back(self, people: Cast, signed_in: SignedIn) -> None:
        client, today = signed_in("mona"), timezone.localdate().isoformat()
        given = {"delegate": people.milo.pk, "from_on": today, "until_on": today}
        client.post("/desk/away/", given)
        made = Delegation.objects.get()
        assert "Milo" in page(client, "/desk/away/")
        assert "Mona" in page(signed_in("milo"), "/desk/away/")
        client.post(f"/desk/away/{made.pk}/end/")
        made.refresh_from_db()
        assert made.ended_at is not None

    def test_refuses_one_who_may_not(self, people: Cast, signed_in: SignedIn) -> None:
        today = timezone.localdate().isoformat()
        given = {"delegate": people.kira.pk, "from_on": today, "until_on": today}
        assert signed_in("mona").post("/desk/away/", given).status_code == 400
        assert not Delegation.objects.exists()


@pytest.mark.parametrize("address", PAGES)
def test_opens_to_everybody_who_is_signed_in(signed_in: SignedIn, address: str) -> None:
    for name in ("rhea", "mona", "kira", "lena", "guest"):
        assert signed_in(name).get(address).status_code == 200
    assert Client().get(address).status_code == 302


def test_asks_the_database_as_often_for_many_requests_as_for_few(
    people: Cast, signed_in: SignedIn, django_assert_num_queries: Callable[[int], object]
) -> None:
    requests = [asked(people.rhea) for _ in range(12)]
    withdraw(people.rhea, requests[0].pk)
    say(people.mona, requests[1], Said.REFUSED)
    counts = {"/desk/requests/?whose=all": 5, "/desk/approvals/": 6, "/desk/": 5}
    client = signed_in("mona")
    for address, count in counts.items():
        client.get(address)
        with django_assert_num_queries(count):  # type: ignore[attr-defined]
            client.get(address)


def test_keeps_the_state_in_the_address(signed_in: SignedIn) -> None:
    given = {"account": "A1", "amount": "100k", "rate": "12", "kind": "private_label", "cost": "5"}
    html = page(signed_in("rhea"), "/desk/", **given)
    assert urlencode(given).replace("&", "&amp;") in html


def test_has_nothing_under_a_number_beyond_all(signed_in: SignedIn) -> None:
    client = signed_in("lena")
    for number in (0, 2**63, 10**40):
        assert client.get(f"/desk/requests/{number}/").status_code == 404
        assert (
            client.post(f"/desk/requests/{number}/answer/", {"say": "approve"}).status_code == 404
        )
        assert client.post(f"/desk/away/{number}/end/").status_code == 302


def test_opens_before_there_are_books_or_an_agreement(db: None) -> None:
    user = User.objects.create_user("first@example.com", name="First", side="sales", role="rep")
    client = Client()
    client.force_login(user)
    for address in PAGES:
        assert client.get(address).status_code == 200
    assert "No agreement is in force today" in words(page(client, "/desk/"))
    text = words(page(client, "/desk/", account="Anybody", amount="9", rate="1"))
    assert "No agreement is in force" in text
    form = {"account": "A", "amount": "9", "rate": "1", "token": "a-token-of-mine"}
    assert client.post("/desk/ask/", form).status_code == 400
