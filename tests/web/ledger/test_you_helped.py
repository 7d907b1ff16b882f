"""The deals that somebody helped: to each their own, lost ones too, no more than opens."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from counterpoise.ledger.credit_rules import Rule
from counterpoise.ledger.helping import Helping
from counterpoise.web.access import Reach, Scope, scope_of
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, mint
from counterpoise.web.ledger.you_helped_asking import Helper, you_helped
from counterpoise.web.people.cast import Member
from counterpoise.web.results.helping import HELPER_ROWS
from counterpoise.web.results.journeys import PARTS
from counterpoise.web.results.reading import KeptReview, latest
from counterpoise.web.tools.models import Use
from tests.web.api.calling import Caller

ClientOf = Callable[[str], Client]
PATH = "/ledger/credit/helped/"
TABLE = "reviews/latest/tables/you_helped"


@pytest.fixture
def kept(cast: dict[str, Member]) -> KeptReview:
    found = latest()
    assert found is not None
    return found


def rows_of(kept: KeptReview, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = kept.tables.run(kept.tables.table(name)).to_pylist()
    return found


def deals_of(kept: KeptReview) -> dict[str, dict[str, Any]]:
    return {row["deal_id"]: row for row in rows_of(kept, "deals")}


def file_of(client: Client, form: str = "you_helped.csv") -> list[dict[str, str]]:
    answer: Any = client.get(f"/ledger/file/{form}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_each_sees_deals_of_others_in_which_they_had_a_part(
    client_of: ClientOf, cast: dict[str, Member], kept: KeptReview
) -> None:
    deals, written = deals_of(kept), rows_of(kept, HELPER_ROWS)
    for part in ("manager", "rep", "marketer", "lead"):
        person = cast[part].user.person_id
        parts = {(row["deal_id"], row["helped"]) for row in written if row["person_id"] == person}
        campaigns = set(Helper.of(cast[part].user).campaigns)
        touching = rows_of(kept, "deal_campaigns") if campaigns else []
        parts |= {
            (row["deal_id"], "campaign") for row in touching if row["campaign_id"] in campaigns
        }
        parts = {each for each in parts if deals[each[0]]["owner_id"] != person}
        own = {deal_id for deal_id, _ in parts}
        page = client_of(part).get(PATH).context["page"]
        assert page.all == len(own)
        lost = client_of(part).get(PATH, {"outcome": "lost"}).context["page"]
        assert lost.meant == sum(deals[each]["outcome"] == "lost" for each in own)
        rows = file_of(client_of(part))
        assert {row["deal_id"] for row in rows} - {""} <= own
        told = Counter(how for row in rows for how in row["helped"].split(", "))
        assert told == Counter(how for _, how in parts)


def test_won_deals_tell_the_credit_of_ones_campaigns_by_the_rule(kept: KeptReview) -> None:
    parts = rows_of(kept, PARTS)
    credited = (row for row in parts if row["campaign_id"] and row["linear_credit"] > 0)
    campaign = min(row["campaign_id"] for row in credited)
    scope = Scope(Reach.CAMPAIGNS, frozenset(), frozenset({campaign}))
    marketer = Helper("", (campaign,), (), scope)
    won = you_helped(kept, marketer, "won", Rule.LINEAR).rows
    own = [row for row in parts if row["campaign_id"] == campaign and row["outcome"] == "won"]
    told = sum((row["credit"] for row in won if row["credit"] is not None), Decimal(0))
    assert told * 10_000 == sum(row["linear_credit"] for row in own) > 0
    assert all(row["opens"] and Helping.CAMPAIGN in row["helped"] for row in won)
    lost = you_helped(kept, marketer, "lost", Rule.LINEAR)
    assert len(lost.rows) == lost.counts["lost"] > 0
    assert all(row["credit"] is None for row in lost.rows)


def test_a_deal_that_does_not_open_tells_its_outcome_and_month_alone(
    cast: dict[str, Member], client_of: ClientOf, kept: KeptReview
) -> None:
    user = cast["rep"].user
    scope = scope_of(user)
    deal = next(
        row
        for row in deals_of(kept).values()
        if row["outcome"] == "lost" and row["owner_id"] not in scope.owners
    )
    Use.objects.create(
        tool_id="T", deal_id=deal["deal_id"], user=user, at=timezone.now(), on=deal["day"]
    )
    answer = client_of("rep").get(PATH, {"outcome": "lost"})
    month = f"{deal['day']:%B %Y}"
    (row,) = (
        each
        for each in answer.context["page"].rows
        if not each.deal["opens"] and each.when == month and "tool" in each.helped
    )
    told = {name: value for name, value in row.deal.items() if value is not None}
    assert set(told) == {"outcome", "opens", "month", "helped"}
    text = answer.content.decode()
    assert "A deal that does not open to you" in text
    assert deal["deal_id"] not in text
    assert not (deal["name"] and deal["name"] in text)
    assert deal["deal_id"] not in str(file_of(client_of("rep")))


def test_nobody_finds_the_list_of_another(
    client_of: ClientOf, cast: dict[str, Member], kept: KeptReview
) -> None:
    answer = client_of("stranger").get(PATH, {"person": cast["rep"].user.person_id})
    assert answer.context["page"].all == 0
    assert "You stand for nobody in the books" in answer.content.decode()
    assert file_of(client_of("stranger")) == []


def test_the_same_person_is_told_less_by_a_narrower_scope(
    cast: dict[str, Member], kept: KeptReview
) -> None:
    whole = Helper.of(cast["lead"].user)
    people = {row["person_id"] for row in rows_of(kept, HELPER_ROWS)}
    person = sorted(people)[0]
    above = Helper(person, (), (), whole.scope)
    shut = Helper(person, (), (), Scope(Reach.OWN, frozenset({person})))
    every, none = (you_helped(kept, each, "", Rule.LINEAR) for each in (above, shut))
    assert every.counts == none.counts
    assert all(row["opens"] for row in every.rows)
    assert not any(row["opens"] for row in none.rows)
    assert sorted(row["helped"] for row in every.rows) == sorted(row["helped"] for row in none.rows)


def test_asks_the_database_as_often_however_many_deals_there_are(
    client_of: ClientOf, kept: KeptReview, django_assert_num_queries: Callable[..., Any]
) -> None:
    for part in ("manager", "stranger"):
        client = client_of(part)
        client.get(PATH)
        with django_assert_num_queries(7):
            client.get(PATH)


def test_programs_read_the_same_list_a_part_at_a_time(
    client_of: ClientOf, cast: dict[str, Member], kept: KeptReview
) -> None:
    user = cast["manager"].user
    secret = mint(user, Wanted("Mine", frozenset({TokenScope.READ}), 30)).secret
    caller, rows = Caller(secret), file_of(client_of("manager"))
    first = caller.get(f"{TABLE}?limit=1").json()
    assert first["rows"][0]["helped"] == rows[0]["helped"]
    assert first["next"] == (1 if len(rows) > 1 else None)
    assert caller.get(f"{TABLE}?offset={len(rows)}").json()["rows"] == []
    lost = caller.get(f"{TABLE}?outcome=lost&limit=1000").json()["rows"]
    assert len(lost) == sum(row["outcome"] == "lost" for row in rows) > 0
    assert caller.get(f"{TABLE}?format=csv").headers["Content-Type"].startswith("text/csv")


def test_says_so_where_an_earlier_program_kept_nothing(
    client_of: ClientOf, kept: KeptReview
) -> None:
    (kept.folder / f"{HELPER_ROWS}.parquet").unlink()
    assert "Not worked out yet" in client_of("rep").get(PATH).content.decode()
    assert client_of("rep").get("/ledger/file/you_helped.csv").status_code == 404
