"""The funnel and credit: aggregates for all, leads and deals for whom they open."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from counterpoise.web.access import Reach, Scope
from counterpoise.web.api.scopes import TokenScope
from counterpoise.web.api.tokens import Wanted, mint
from counterpoise.web.ledger.funnel_asking import lead_rows
from counterpoise.web.ledger.selection import Selection
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import latest
from tests.web.api.calling import Caller

ClientOf = Callable[[str], Client]


@pytest.mark.parametrize("part", ["lead", "rep", "marketer", "stranger"])
@pytest.mark.parametrize(
    "path",
    [
        "/ledger/funnel/",
        "/ledger/funnel/?by=persona&source=web&quarter=(none)&month=nonsense",
        "/ledger/funnel/leads/?state=won&by=team",
        "/ledger/credit/",
        "/ledger/credit/?by=campaign&show=deals&segment=Enterprise",
        "/ledger/credit/deals/?by=channel&key=email&outcome=lost",
        "/ledger/credit/deals/?touch=none&outcome=won",
        "/ledger/credit/helped/?outcome=lost&page=2",
        "/ledger/credit/helped/?outcome=nonsense&page=-1",
    ],
)
def test_shows_every_page_to_everybody(client_of: ClientOf, part: str, path: str) -> None:
    answer = client_of(part).get(path)
    assert answer.status_code == 200
    assert "<h1" in answer.content.decode()


def _open(text: str) -> tuple[int, int]:
    found = re.search(r"<h1>([\d,]+) of ([\d,]+) ", text)
    assert found
    opened, every = (int(each.replace(",", "")) for each in found.groups())
    return opened, every


@pytest.mark.parametrize(
    "path",
    ["/ledger/funnel/leads/?state=deal", "/ledger/credit/deals/?by=channel&key=email"],
)
def test_rows_open_to_those_in_whose_scope_they_are(client_of: ClientOf, path: str) -> None:
    found = {
        part: _open(client_of(part).get(path).content.decode())
        for part in ("lead", "manager", "rep", "stranger")
    }
    (every,) = {each[1] for each in found.values()}
    opened = {part: each[0] for part, each in found.items()}
    assert opened["lead"] == every > opened["manager"] > opened["rep"] > 0
    assert opened["stranger"] == 0


@pytest.mark.usefixtures("room_workspace", "db")
def test_leads_open_to_the_marketer_of_their_campaign_and_of_what_touched_their_deal() -> None:
    kept = latest()
    assert kept is not None
    scope = Scope(Reach.CAMPAIGNS, frozenset(), frozenset({"C0001"}))
    touched = kept.tables.run(kept.tables.table("deal_campaigns")).to_pylist()
    deals = {row["deal_id"] for row in touched if row["campaign_id"] == "C0001"}
    found = lead_rows(kept, Selection(), "", scope, (10_000, 0))
    assert 0 < found.opened == len(found.rows) < found.everywhere
    assert all(row["campaign_id"] == "C0001" or row["deal_id"] in deals for row in found.rows)
    assert any(row["campaign_id"] != "C0001" for row in found.rows)


def test_a_stage_opens_as_many_leads_as_it_counts(client_of: ClientOf) -> None:
    client = client_of("lead")
    page = client.get("/ledger/funnel/?source=web").context["page"]
    assert not page.has_touches  # they are known of all leads together
    for stage in page.stages:
        rows = client.get(stage.url).context["page"]
        assert rows.found.everywhere == stage.count


def test_a_channel_opens_as_many_deals_as_it_touched(client_of: ClientOf) -> None:
    client = client_of("lead")
    page = client.get("/ledger/credit/?segment=Enterprise").context["page"]
    told = page.credit
    counts = {"won": told, "none": told.no_touch, "lost": told.lost, "open": told.open}
    for name, apart in counts.items():
        assert client.get(page.urls[name]).context["page"].found.everywhere == apart.deals
    for line in page.lines:
        assert client.get(line.lost_url).context["page"].found.everywhere == line.lost


def test_a_part_adds_up_like_the_whole(client_of: ClientOf) -> None:
    client = client_of("lead")
    whole = client.get("/ledger/credit/").context["page"]
    none = client.get("/ledger/credit/?segment=(none)").context["page"].credit
    segments = next(f for f in whole.narrowing.filters if f.name == "segment").choices
    parts = [
        client.get("/ledger/credit/", {"segment": each.value}).context["page"].credit
        for each in segments
        if each.value != "(none)"
    ]
    assert sum(each.value for each in [*parts, none]) == whole.credit.value
    assert whole.without_markov is False
    assert sum(line.won for line in whole.lines) >= whole.credit.deals


def test_says_so_where_an_earlier_program_kept_nothing(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counterpoise.web.results.reading import KeptReview

    monkeypatch.setattr(KeptReview, "measure", lambda self, name: None)
    from counterpoise.web.results import journeys

    journeys.kept_funnel.cache_clear()
    journeys.kept_credit.cache_clear()
    client = client_of("lead")
    for path in ("funnel/", "funnel/leads/", "credit/", "credit/deals/"):
        assert "Not worked out yet" in client.get(f"/ledger/{path}").content.decode()
    journeys.kept_funnel.cache_clear()
    journeys.kept_credit.cache_clear()


def _file(client: Client, address: str) -> list[dict[str, str]]:
    answer: Any = client.get(address)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_both_tables_come_as_files(client_of: ClientOf) -> None:
    client = client_of("rep")
    funnel = client.get("/ledger/funnel/?by=source").context["page"]
    rows = _file(client, funnel.files["csv"])
    assert [row["name"] for row in rows] == [line.name for line in funnel.groups]
    assert sum(int(row["won"]) for row in rows) == funnel.funnel.whole.counts["won"]
    page = client.get("/ledger/funnel/").context["page"]
    touches = [int(row["touches"] or 0) for row in _file(client, page.files["csv"])]
    assert touches == [group.touches or 0 for group in page.groups]
    assert 0 < sum(touches) <= page.touches
    credit = client.get("/ledger/credit/?by=campaign").context["page"]
    rows = _file(client, credit.files["csv"])
    assert sum(Decimal(row["linear_value"]) for row in rows) == credit.credit.value


def test_what_is_outside_every_persona_is_not_what_is_unknown(client_of: ClientOf) -> None:
    client = client_of("lead")
    groups = {
        line.name: line for line in client.get("/ledger/funnel/?by=persona").context["page"].groups
    }
    assert "Outside every persona" in groups
    for line in groups.values():
        (own,) = client.get(line.url).context["page"].groups
        assert (own.name, own.counts[0][0]) == (line.name, line.counts[0][0])
    whole = client.get("/ledger/funnel/?by=persona&persona=(none)").context["page"].funnel.whole
    apart = ("Outside every persona", "Unknown persona")
    assert whole.counts["lead"] == sum(groups[n].counts[0][0] for n in apart if n in groups)


def test_owners_open_to_whom_their_figures_do(client_of: ClientOf) -> None:
    lead, rep = client_of("lead"), client_of("rep")
    page = lead.get("/ledger/funnel/?by=owner").context["page"]
    assert sum(g.counts[0][0] for g in page.groups) == page.funnel.whole.counts["lead"]
    (own,) = rep.get("/ledger/funnel/?by=owner").context["page"].groups
    assert own.counts == next(g for g in page.groups if g.name == own.name).counts
    other = next(g for g in page.groups if g.name not in (own.name, "(none)"))
    for path in (other.url, other.counts[0][1], other.url.replace("funnel/", "file/funnel.csv")):
        assert lead.get(path).status_code == 200
        assert rep.get(path).status_code == 403
    (line,) = rep.get(own.url).context["page"].groups
    assert line.name == own.name
    assert not client_of("stranger").get("/ledger/funnel/?by=owner").context["page"].groups
    told = {part: _told_by_owner(part) for part in ("lead", "rep", "stranger")}
    assert sum(told["lead"].values()) == page.funnel.whole.counts["lead"]
    assert list(told["rep"].values()) == [own.counts[0][0]]
    assert not told["stranger"]


def _told_by_owner(part: str) -> dict[str | None, int]:
    user = User.objects.get(email=f"{part}@example.com")
    caller = Caller(mint(user, Wanted("A program", frozenset({TokenScope.READ}), 30)).secret)
    figures = caller.get("reviews/latest/measures/funnel?by=owner").json()["figures"]
    return {row["key"]: row["counts"]["lead"] for row in figures["by"]["owner"]}


def test_boards_show_hand_overs_of_the_books(client_of: ClientOf) -> None:
    whole = client_of("lead").get("/ledger/funnel/").context["page"].funnel.whole
    states = {"won", "deal lost", "deal open", "rejected", "accepted", "no verdict on record"}
    for part in ("lead", "rep"):
        board = client_of(part).get("/handoffs/?tab=books").context["board"]
        assert board.everywhere == whole.counts["handed_over"]
        assert 0 < len(board.lines) <= board.opened <= board.everywhere
        assert {line.state for line in board.lines} <= states
