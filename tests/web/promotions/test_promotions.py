"""Promotions in the room: asked, answered by both sides, and on the calendar."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterpoise.desk.promotion_deciding import decide_promotion
from counterpoise.desk.promotion_decision import promotion_json
from counterpoise.desk.promotion_request import read_promotion
from counterpoise.web import asking, house
from counterpoise.web.access import scope_of
from counterpoise.web.api.deciding import Desk
from counterpoise.web.audit.models import Entry
from counterpoise.web.people.models import User
from counterpoise.web.places import waiting_for
from counterpoise.web.promotions import asking as promotions_asking
from counterpoise.web.promotions.asking import ask_promotion
from counterpoise.web.promotions.models import AskedPromotion, PromotionAnswer
from counterpoise.web.promotions.on_record import RoomPromotions

As = Callable[[str], Client]
_ASKED = {
    "account": "Northside (A1)",
    "goods": "Orange (P1)",
    "starts_on": "2026-06-01",
    "weeks": "2",
    "rate": "25",
    "trade_spend": "1,200",
}


def _put(client: Client, token: str = "token-0001", **changed: str) -> Any:
    return client.post("/promotions/ask/", {**_ASKED, "token": token, **changed}, follow=True)


def test_is_a_place_of_a_company_that_sells_to_retail_accounts(as_one: As) -> None:
    assert 'href="/promotions/"' in as_one("kay").get("/profile/").content.decode()


def test_answers_at_once_and_leaves_no_trace(as_one: As) -> None:
    page = as_one("kay").get("/promotions/try/", _ASKED).content.decode()
    assert "Needs approval" in page
    assert "119,300 of 120,000 a quarter" not in page  # that was spent in another quarter
    assert "120,000 of 120,000 a quarter is left in the budget promotions" in page
    assert "<small>of 13 a year</small>" in page
    assert "2 Feb 2026 to 8 Feb 2026" in page
    assert not AskedPromotion.objects.exists()


def test_an_offer_leads_to_its_own_answer(as_one: As) -> None:
    client = as_one("kay")
    page = client.get("/promotions/try/", _ASKED)
    offers = page.context["answer"].offers
    granted = next(each for each in offers if "granted at once" in each.says)
    assert "Granted" in client.get(granted.url.partition("#")[0]).content.decode()


def test_both_sides_approve_before_it_is_on_the_calendar(
    as_one: As, people: dict[str, User]
) -> None:
    done = _put(as_one("kay"), note="for the season")
    made = AskedPromotion.objects.get()
    assert done.redirect_chain[0][0] == f"/promotions/{made.pk}/"
    assert "for the season" in done.content.decode()
    assert [step.role for step in made.steps.all()] == ["key_account_manager", "brand_manager"]
    assert [each.kind for each in waiting_for(people["bo"])] == ["approval"]
    assert as_one("kay").post(f"/promotions/{made.pk}/answer/", {"say": "approve"}).status_code == (
        403
    )
    url = f"/promotions/{made.pk}/answer/"
    as_one("bo").post(url, {"say": "approve", "comment": "with the display"})
    made.refresh_from_db()
    assert made.state == "open"
    as_one("kim").post(url, {"say": "approve"})
    made.refresh_from_db()
    assert made.state == "approved"
    assert as_one("kim").post(url, {"say": "refuse"}).status_code == 409
    settled = as_one("kay").get(f"/promotions/{made.pk}/").content.decode()
    assert "Yes, we can do this promotion with you." in settled
    assert "What you could ask instead" not in settled
    page = as_one("bo").get("/promotions/?from=2026-05-25").content.decode()
    assert f'href="/promotions/{made.pk}/"' in page
    assert page.count("promo-agreed") > 2
    acts = list(Entry.objects.order_by("pk").values_list("act", flat=True))
    assert acts[-3:] == ["promotion.asked", "promotion.approved", "promotion.approved"]
    ann = User.objects.create_user("ann@example.com", side="sales", role="account_manager")
    elsewhere = Client()
    elsewhere.force_login(ann)
    words = ("for the season", "with the display")
    for client, is_concerned in ((as_one("bo"), True), (as_one("lee"), True), (elsewhere, False)):
        html = client.get(f"/promotions/{made.pk}/").content.decode()
        assert [each in html for each in words] == [is_concerned] * 2


def test_what_was_agreed_here_counts_for_the_next_request(as_one: As) -> None:
    _put(as_one("kay"), rate="10")
    assert AskedPromotion.objects.get().state == "granted"
    page = as_one("kay").get("/promotions/try/", {**_ASKED, "starts_on": "2026-06-29"})
    assert "Only 14 days lie between it and another" in page.content.decode()


def test_a_yes_is_not_possible_once_the_weeks_are_taken(as_one: As) -> None:
    _put(as_one("kay"))
    waiting = AskedPromotion.objects.get()
    _put(as_one("kim"), token="token-0002", rate="10", starts_on="2026-06-08")
    done = as_one("bo").post(f"/promotions/{waiting.pk}/answer/", {"say": "approve"})
    assert done.status_code == 409
    assert "It can no longer be granted" in done.content.decode()
    assert not PromotionAnswer.objects.exists()


def test_of_two_who_ask_for_the_same_weeks_at_once_one_is_first(
    people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(name: str, starts_on: str) -> AskedPromotion:
        row = {"account_id": "A1", "products": ["P1"], "weeks": 2, "rate": "10%"}
        written = {"promotion": {**row, "starts_on": starts_on}}
        return ask_promotion(people[name], written, f"token-of-{name}")

    def kim_is_first(_: str) -> None:
        monkeypatch.undo()
        assert ask("kim", "2026-06-01").state == "granted"

    monkeypatch.setattr(promotions_asking, "one_at_a_time", kim_is_first)
    assert ask("kay", "2026-06-08").state != "granted"


def test_asking_twice_with_one_form_asks_once_and_withdrawing_ends_it(as_one: As) -> None:
    _put(as_one("kay"))
    _put(as_one("kay"))
    made = AskedPromotion.objects.get()
    assert as_one("kim").post(f"/promotions/{made.pk}/withdraw/").status_code == 403
    as_one("kay").post(f"/promotions/{made.pk}/withdraw/")
    made.refresh_from_db()
    assert made.state == "withdrawn"
    answer = as_one("bo").post(f"/promotions/{made.pk}/answer/", {"say": "refuse"})
    assert answer.status_code == 409


def test_another_promotion_from_a_form_that_was_sent_is_asked_too(as_one: As) -> None:
    for note in ("with a display", "with a display", "without"):
        _put(as_one("kay"), note=note)
    asked = AskedPromotion.objects.order_by("pk").values_list("note", flat=True)
    assert list(asked) == ["with a display", "without"]


def test_refused_where_one_says_no_and_the_reader_sees_why(as_one: As) -> None:
    _put(as_one("kay"))
    pk = AskedPromotion.objects.get().pk
    as_one("bo").post(f"/promotions/{pk}/answer/", {"say": "refuse", "comment": "too deep"})
    page = as_one("kay").get(f"/promotions/{pk}/").content.decode()
    assert "too deep" in page
    assert "Ask with other terms" in page


def test_the_calendar_narrows_by_account_and_family_and_needs_few_questions(
    as_one: As, django_assert_max_num_queries: Any
) -> None:
    client = as_one("bo")
    client.get("/promotions/?from=2026-02-02")
    with django_assert_max_num_queries(16):
        page = client.get("/promotions/?from=2026-02-02").content.decode()
    assert page.count('<th scope="row">') == 3
    assert "Northside" in page
    assert "Harbour" in page
    one = client.get("/promotions/?from=2026-02-02&account=Northside&family=Juice")
    assert one.content.decode().count('<th scope="row">') == 2


def test_says_what_is_wrong_beside_its_field(as_one: As) -> None:
    page = as_one("kay").get("/promotions/try/", {**_ASKED, "goods": "P9", "weeks": "0"})
    text = page.content.decode()
    assert "Weeks: 0 is not 1 to 52 weeks" in text
    page = as_one("kay").get("/promotions/try/", {**_ASKED, "goods": "P9"})
    assert "no product &#x27;P9&#x27; is in the books" in page.content.decode()


_WILD = st.dictionaries(
    st.sampled_from([*_ASKED, "featured", "product_family", "expected_lift", "from"]),
    st.one_of(st.text(max_size=12), st.sampled_from(["1e9", "-1", "2026-13-01", "P1,P2", "99999"])),
)


@pytest.fixture
def client(as_one: As) -> Client:
    """Return a key account manager's client."""
    return as_one("kay")


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asked=_WILD)
def test_no_input_breaks_a_page(client: Client, asked: dict[str, str]) -> None:
    assert client.get("/promotions/try/", {**_ASKED, **asked}).status_code == 200
    assert client.get("/promotions/", asked).status_code == 200


def test_an_order_of_the_library_is_that_of_the_page(people: dict[str, User]) -> None:
    written = {
        "promotion": {
            "account_id": "A2",
            "product_family": "Juice",
            "starts_on": "2026-06-01",
            "weeks": 1,
            "rate": "10%",
        }
    }
    made = ask_promotion(people["kay"], written, "token-0009")
    assert (made.state, made.product_family, made.products) == ("granted", "Juice", [])


def test_a_program_gets_the_bytes_of_the_library(people: dict[str, User]) -> None:
    written = {
        "promotion": {
            "account_id": "A1",
            "products": ["P1"],
            "starts_on": "2026-06-01",
            "weeks": 1,
            "rate": 0.2,
        },
        "asked_at": "2026-05-04T10:00:00",
    }
    user = people["kay"]
    desk = Desk(house.agreements(), asking.facts(), user.role, scope_of(user))
    answered = desk.decide(json.dumps(written).encode())
    request = read_promotion({**written, "asked_by": user.role})
    made = decide_promotion(request, house.agreements(), asking.facts(), RoomPromotions())
    assert answered == promotion_json(made)
    assert json.loads(answered)["calendar"]["weeks_on_deal"] == 2


def test_a_discount_on_goods_that_are_on_deal_this_week_says_so(as_one: As) -> None:
    client = as_one("kay")
    discount = {"account": "A1", "amount": "1000", "rate": "2", "f.product_family": "Juice"}
    assert "On deal at this account" not in client.get("/desk/", discount).content.decode()
    today = timezone.now().date().isoformat()
    _put(client, starts_on=today, rate="10")
    other = client.get("/desk/", {**discount, "f.product_family": "Water"}).content.decode()
    assert "On deal at this account" not in other
    page = client.get("/desk/", discount).content.decode()
    pk = AskedPromotion.objects.get().pk
    assert f'this week: <a href="/promotions/{pk}/">Orange</a>, 10% off, until' in page
