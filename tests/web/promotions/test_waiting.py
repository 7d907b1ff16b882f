"""Promotions that wait: told of, handed on, countered, taken up, and counted once in the books."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from counterpoise.books import Books, Lookup, Workspace
from counterpoise.desk import RequestError
from counterpoise.web.desk.delegation import delegate
from counterpoise.web.desk.states import Said
from counterpoise.web.notices.models import Notice
from counterpoise.web.people.models import User
from counterpoise.web.places import agenda_since, found_for, waiting_for
from counterpoise.web.promotions import remapping, room_facts
from counterpoise.web.promotions.answering import Saying, answer, people_for, waiting_promotions
from counterpoise.web.promotions.asking import ask_promotion
from counterpoise.web.promotions.escalation import escalate
from counterpoise.web.promotions.models import AskedPromotion
from counterpoise.web.promotions.notices import tell_what_happened
from counterpoise.web.promotions.on_record import _known
from counterpoise.web.results.jobs import gather_room_facts

As = Callable[[str], Client]
People = dict[str, User]
_TERMS = {
    "account_id": "A1",
    "products": ["P1"],
    "starts_on": "2099-06-01",
    "weeks": "2",
    "rate": "25%",
}
_YES = Saying(Said.APPROVED)


def _ask(people: People, **changed: object) -> AskedPromotion:
    asked = {"promotion": {**_TERMS, **changed}}
    return ask_promotion(people["kay"], asked, uuid.uuid4().hex)


def _countered(people: People) -> AskedPromotion:
    made = _ask(people)
    terms = {"promotion": {**_TERMS, "rate": "20%"}}
    return answer(people["bo"], made.pk, Saying(Said.COUNTERED, "shallower", terms))


def test_a_counter_is_taken_with_one_click_and_holds_its_yes(as_one: As, people: People) -> None:
    countered = _countered(people)
    assert countered.state == "countered"
    assert [each.kind for each in waiting_for(people["kay"])] == ["request"]
    client, url = as_one("kay"), f"/promotions/{countered.pk}/take/"
    assert as_one("kim").post(url).status_code == 403
    page = client.get(f"/promotions/{countered.pk}/").content.decode()
    assert "Take it" in page
    assert "Ask for this" in page  # what the desk offered instead goes on record with one click
    assert "1 Jun 2099" in page
    first, again = (client.post(url).headers["Location"] for _ in range(2))
    assert first == again
    taken = AskedPromotion.objects.get(follows=countered)
    assert taken.depth == Decimal("0.20")
    given = {step.role: step.covered_by_id is not None for step in taken.steps.all()}
    assert given.get("brand_manager", True)  # whoever countered has said yes to these terms
    assert not waiting_for(people["kay"])


def test_refuses_a_counter_that_nobody_may_grant(people: People) -> None:
    made = _ask(people)
    deep = {"promotion": {**_TERMS, "rate": "90%"}}
    with pytest.raises(RequestError, match="nobody may grant it"):
        answer(people["bo"], made.pk, Saying(Said.COUNTERED, "", deep))
    with pytest.raises(RequestError, match="the terms that were asked"):
        answer(people["bo"], made.pk, Saying(Said.COUNTERED, "", made.written))
    made.refresh_from_db()
    assert made.is_open
    assert not made.answers.exists()


def test_counters_by_the_form(as_one: As, people: People) -> None:
    made = _ask(people)
    sent = {"say": "counter", "rate": "20", "weeks": "1", "comment": "one week"}
    assert as_one("bo").post(f"/promotions/{made.pk}/answer/", sent).status_code == 302
    terms = made.answers.get().written
    assert terms is not None
    assert (terms["promotion"]["rate"], terms["promotion"]["weeks"]) == ("20%", "1")


def test_a_stand_in_answers_while_somebody_is_away(people: People) -> None:
    made, today = _ask(people), timezone.localdate()
    other = User.objects.create_user("ben@example.com", name="Ben", side="marketing", role="")
    delegate(people["bo"], other, today, today)
    assert list(waiting_promotions(other)) == [made]
    step = made.steps.get(role="brand_manager")
    assert other in people_for(step, made)
    answer(other, made.pk, _YES)
    given = made.answers.get()
    assert (given.capacity, given.delegation is not None) == ("delegate", True)


def test_reminds_and_hands_on_once(people: People) -> None:
    made = _ask(people)
    late = timezone.now() + dt.timedelta(days=20)
    made.steps.update(due_at=late - dt.timedelta(days=1), remind_at=late - dt.timedelta(days=2))
    done = escalate(late)
    assert (done.reminded, done.escalated, done.expired) == (2, 2, 0)
    assert escalate(late) == type(done)()
    assert made in waiting_promotions(people["lee"])
    AskedPromotion.objects.filter(pk=made.pk).update(starts_on="2026-01-05", ends_on="2026-01-11")
    assert escalate(late).expired == 1


def test_tells_who_answers_and_who_asked_once(people: People) -> None:
    made, now = _ask(people), timezone.now()
    assert tell_what_happened(now) == 2  # Kim for the account, Bo for the brand
    assert tell_what_happened(now) == 0
    asked = Notice.objects.filter(subject="A promotion waits for your answer")
    assert {notice.user.name for notice in asked} == {"Kim", "Bo"}
    answer(people["bo"], made.pk, Saying(Said.REFUSED, "not in summer"))
    assert tell_what_happened(timezone.now()) == 1
    told = Notice.objects.get(user=people["kay"])
    assert told.subject == "Your promotion was refused"
    assert told.url == f"/promotions/{made.pk}/"


def test_is_found_talked_about_and_brought_to_the_joint_review(as_one: As, people: People) -> None:
    made = _ask(people)
    urls = [hit.url for hit in found_for(people["bo"], "northside", 5)]
    assert f"/promotions/{made.pk}/" in urls
    assert as_one("bo").get(f"/talk/on/promotion:{made.pk}/").status_code == 200
    said = [item.says for item in agenda_since(None)]
    assert "1 promotion waits for the brand manager" in said


def test_what_was_agreed_stands_in_the_books_until_an_import_brings_it(
    people: People, trade: Workspace
) -> None:
    made = _ask(people, rate="5%", trade_spend="100")
    assert made.state == "granted"
    (row,) = room_facts.rows()["promotions"]
    assert row["promotion_id"] == f"room-{made.pk}-1"
    assert (row["account_id"], row["product_id"], row["rate"]) == ("A1", "P1", Decimal("0.05"))
    assert (row["trade_spend"], row["requested_by"]) == (100, "K1")
    for _ in range(2):  # what lies beside the books already is not taken for an import of it
        gather_room_facts()
        _known.cache_clear()
        with Books.open(trade) as books:
            kept = books.run(books.table("promotions").promotion_id).to_pylist()
        assert kept.count(f"room-{made.pk}-1") == 1
    AskedPromotion.objects.filter(pk=made.pk).update(starts_on="2026-02-02")  # M1 of the books
    assert room_facts.rows() == {"promotions": []}


def test_ids_of_people_follow(people: People) -> None:
    made = _countered(people)
    assert remapping.remap("person", "B1", "B9") == 1
    assert made.answers.get().decided_person_id == "B9"


def test_tells_of_open_deals_on_the_same_goods(
    as_one: As, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = {"deal_id": "D1", "name": "Juice for a year", "outcome": "open", "owner_id": "K1"}
    monkeypatch.setattr(Lookup, "deals_of_account", lambda *_: [deal, deal | {"outcome": "won"}])
    monkeypatch.setattr(Lookup, "lines", lambda *_: [{"product_id": "P1"}])
    monkeypatch.setattr(Lookup, "deal_campaigns", lambda *_: frozenset())
    made = _ask(people)
    told = {who: as_one(who).get(f"/promotions/{made.pk}/").content.decode() for who in people}
    assert all("1 open deal is negotiated on the same goods" in page for page in told.values())
    assert {who for who, page in told.items() if "Juice for a year" in page} == {"kay", "lee"}
    other = _ask(people, products=["P3"])
    assert "negotiated on" not in as_one("kay").get(f"/promotions/{other.pk}/").content.decode()
