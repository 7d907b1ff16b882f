"""The trade in the ledger: aggregates for all, a promotion for those whose it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, mint
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import latest
from counterpoise.web.trade.reading import result_of, shelf_of
from tests.web.trade.conftest import KAYS

KIMS = ("A5", "A6", "A7", "A8")
As = Callable[[str], Client]
PARTS = ("kay", "kim", "bo", "lee", "sam")
PAGES = (
    "/ledger/trade/",
    "/ledger/trade/promotions/",
    "/ledger/trade/promotions/?brand=Juice&account=A1&result=lost&order=-earned&page=9",
    "/ledger/trade/promotions/?order=nonsense&result=nonsense&brand=%00",
    "/ledger/trade/brands/Juice/",
    "/ledger/trade/accounts/A1/",
)


def test_shows_brands_and_accounts_to_everybody(as_one: As) -> None:
    for part in ("bo", "sam"):
        answers = {path: as_one(part).get(path).status_code for path in PAGES}
        assert set(answers.values()) == {200}, answers
    client = as_one("lee")
    assert client.get("/ledger/trade/brands/Nobody/").status_code == 404
    assert client.get("/ledger/trade/accounts/A9/").status_code == 404


def test_is_the_ledger_of_books_without_deals(as_one: As) -> None:
    answer = as_one("bo").get("/ledger/", follow=True)
    assert answer.redirect_chain == [("/ledger/trade/", 302)]
    text = answer.content.decode()
    assert "From list to margin" not in text
    assert "Power" in text


def test_a_promotion_opens_to_those_whose_it_is(as_one: As) -> None:
    every = len(_promotions())
    expected = {
        "kay": len(_promotions(account=KAYS)),
        "kim": len(_promotions(account=KIMS)),
        "bo": len(_promotions(family=("Juice",))),  # Bo leads Juice by a campaign
        "lee": every,
        "sam": 0,
    }
    north = next(iter(_promotions(account=("A1",), family=("Water",))))
    corner = next(iter(_promotions(account=("A5",), family=("Juice",))))
    opens = {"kay": (200, 404), "kim": (404, 200), "bo": (404, 200), "lee": (200, 200)}
    for part in PARTS:
        client = as_one(part)
        text = client.get("/ledger/trade/promotions/").content.decode()
        assert f"<h1>{expected[part]} of {every} promotions open to you" in text
        pages = (client.get(f"/ledger/trade/promotions/{each}/") for each in (north, corner))
        assert tuple(page.status_code for page in pages) == opens.get(part, (404, 404))


def _promotions(
    account: tuple[str, ...] = (), family: tuple[str, ...] = ()
) -> Mapping[str, Mapping[str, object]]:
    kept = latest()
    assert kept is not None
    rows = kept.tables.run(kept.tables.table("promoted")).to_pylist()
    return {
        row["promotion_id"]: row
        for row in rows
        if (not account or row["account_id"] in account)
        and (not family or row["product_family"] in family)
    }


def test_a_promotion_tells_what_it_earned_and_what_was_seen(as_one: As) -> None:
    page = as_one("lee").get("/ledger/trade/promotions/M01/").context["page"]
    steps = {step.label: step.amount for step in page.money}
    assert sum(steps.values()) == pytest.approx(2 * steps["Earned"])  # the parts add up to it
    assert steps["Trade spend"] == -50
    seen = {each.what: (each.planned, each.seen, each.look) for each in page.happened}
    assert seen["Price cut"] == ("20.0%", "20.0%", "good")
    assert seen["Display"] == ("yes", "in 0 of 1 weeks", "bad")
    assert seen["Weeks on deal"] == ("1", "1 of 1", "good")
    rows = page.drawing.rows
    assert [row["Promotion"] for row in rows].count("this promotion") == 1
    assert rows[0]["Baseline"] != "–"


def test_what_a_page_says_of_an_interval_follows_from_it() -> None:
    row = {"earned": 5, "earned_low": 1, "earned_high": 9, "is_small": False}
    assert result_of(row) == "earned"
    assert result_of({**row, "earned_low": -1}) == "unsure"
    assert result_of({**row, "earned_low": -9, "earned_high": -1}) == "lost"
    assert result_of({**row, "earned_high": -1, "is_small": True}) == "unsure"
    assert result_of({**row, "earned": None}) == "untold"


def test_brands_and_accounts_add_up_to_the_whole(shelf_room: object) -> None:
    kept = latest()
    shelf = shelf_of(kept) if kept else None
    assert shelf is not None
    for name in ("units", "net_sales", "depth", "units_on_deal", "trade_spend"):
        for by in ("brands", "accounts"):
            assert sum(each[name] for each in shelf[by]) == pytest.approx(shelf["whole"][name])
    assert [each["key"] for each in shelf["brands"]] == ["Juice", "Water"]
    assert shelf["whole"]["trade_spend"] == 50 * len(_promotions())
    volume = shelf["whole"]["volume"]
    parts = (volume[name]["value"] for name in ("base", "gained", "dipped", "taken"))
    assert sum(parts) == pytest.approx(shelf["whole"]["units"])


def test_an_account_has_the_elasticity_of_all(as_one: As) -> None:
    client = as_one("kay")
    brand = client.get("/ledger/trade/brands/Juice/").context["page"].price
    account = client.get("/ledger/trade/accounts/A1/").context["page"].price
    assert brand.value == pytest.approx(-2.4, abs=0.3)  # ln 1.7 over ln 0.8
    assert "one witness" in account.of
    assert "compares each account with itself" in account.why


def test_files_hold_what_opens_and_no_person(as_one: As) -> None:
    client = as_one("kay")
    own = _sheet(client, "promotions", "")
    assert {row["account_id"] for row in own} == set(KAYS)
    assert not {"requested_by", "approved_by"} & set(own[0])
    assert len(_sheet(client, "brands", "")) == 2
    assert len(_sheet(client, "account_weeks", "?key=A1")) == 44
    assert client.get("/ledger/trade/file/account_weeks.csv?key=A9").status_code == 404
    shut = next(iter(_promotions(account=("A5",))))
    weeks = "/ledger/trade/file/promotion_weeks.parquet?promotion="
    assert client.get(weeks + own[0]["promotion_id"]).status_code == 200
    assert client.get(weeks + shut).status_code == 404
    assert client.get("/ledger/trade/file/nothing.csv").status_code == 404


def _sheet(client: Client, name: str, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/ledger/trade/file/{name}.csv{query}")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_says_where_there_are_more_promotions_than_pages(
    as_one: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, says = as_one("lee"), "The latest 20,000 of 380,859 promotions on record have a page"
    assert "have a page" not in client.get("/ledger/trade/promotions/").content.decode()
    told = {"promotions": 380_859, "kept": 20_000}
    monkeypatch.setattr("counterpoise.web.trade.views.promoted_of", lambda _: told)
    assert says in client.get("/ledger/trade/promotions/").content.decode()


def test_a_search_finds_brands_and_promotions_that_open(as_one: As) -> None:
    assert "/ledger/trade/brands/Juice/" in as_one("sam").get("/search/?q=jui").content.decode()
    link = 'href="/ledger/trade/promotions/M01/"'
    found = {part: link in as_one(part).get("/search/?q=M01").content.decode() for part in PARTS}
    assert found == {"kay": True, "kim": False, "bo": True, "lee": True, "sam": False}


def test_people_talk_about_a_promotion_that_opens_to_them(as_one: As) -> None:
    status = {part: as_one(part).get("/talk/on/promoted:M01/").status_code for part in PARTS}
    assert status == {"kay": 200, "kim": 404, "bo": 200, "lee": 200, "sam": 404}


def test_a_program_reads_what_opens_to_its_person(shelf_people: Mapping[str, User]) -> None:
    wanted = Wanted("for the test", frozenset({TokenScope.READ}), 30)
    secret = mint(shelf_people["kay"], wanted).secret
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    page = client.get("/api/v1/reviews/latest/promotions?brand=Juice&order=-earned").json()
    own = _promotions(account=KAYS, family=("Juice",))
    assert (page["opened"], page["next"]) == (len(own), None)
    first = page["rows"][0]
    assert first["result"] == result_of(own[first["promotion_id"]])
    assert "requested_by" not in first
    told = client.get(f"/api/v1/reviews/latest/promotions/{first['promotion_id']}").json()
    assert {week["part"] for week in told["weeks"]} >= {"before", "during"}
    shut = next(iter(_promotions(account=("A5",))))
    assert client.get(f"/api/v1/reviews/latest/promotions/{shut}").status_code == 404
    brands = client.get("/api/v1/reviews/latest/measures/shelf").json()["figures"]["brands"]
    assert len(brands) == 2


def test_asks_the_database_as_much_however_many_there_are(
    as_one: As, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_one("lee")
    client.get("/ledger/trade/promotions/")
    with django_assert_num_queries(2):
        client.get("/ledger/trade/promotions/")
