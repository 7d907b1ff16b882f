"""Search: ids first, then beginnings, then words; only what opens."""

from collections.abc import Callable

from django.test import Client

from counterpoise.web.live import live
from counterpoise.web.people.cast import Member
from counterpoise.web.places import Hit, found_for
from counterpoise.web.search.ranking import ranked

ClientOf = Callable[[str], Client]


def kinds(hits: list[Hit]) -> set[str]:
    return {hit.kind for hit in hits}


def test_puts_an_exact_id_first() -> None:
    hits = [
        Hit("A12 Works", "A9 · SMB", "/1", "account"),
        Hit("Pumps", "A12 · won", "/2", "deal"),
        Hit("Alder", "A120", "/3", "account"),
    ]
    groups = ranked(hits, "A12")
    assert [(group.kind, [hit.url for hit in group.hits]) for group in groups] == [
        ("deal", ["/2"]),
        ("account", ["/1", "/3"]),
    ]


def test_finds_an_account_by_its_name(cast: dict[str, Member]) -> None:
    row = live().deal("D00000001") or {}
    account = live().account(row["account_id"])
    assert account is not None
    hits = found_for(cast["lead"].user, account["name"], 12)
    assert account["name"] in {hit.label for hit in hits if hit.kind == "account"}


def test_finds_only_deals_that_open(cast: dict[str, Member]) -> None:
    rep = cast["rep"].user
    found = [hit for hit in found_for(rep, "D0000", 12) if hit.kind == "deal"]
    assert found
    for hit in found:
        deal = live().deal(hit.detail.split(" · ")[0])
        assert deal is not None
        assert deal["owner_id"] == rep.person_id
    assert not [hit for hit in found_for(cast["stranger"].user, "D0000", 12) if hit.kind == "deal"]


def test_leads_to_the_team_of_people_beyond_the_scope(cast: dict[str, Member]) -> None:
    rep = cast["rep"].user
    own, other = (
        next(hit for hit in found_for(rep, person, 12) if hit.kind == "person").url
        for person in (rep.person_id, cast["manager"].user.person_id)
    )
    assert "owner=" in own
    assert "owner=" not in other


def test_finds_clauses_by_address_and_words(cast: dict[str, Member]) -> None:
    hits = [
        hit for hit in found_for(cast["rep"].user, "discounts.limits", 12) if hit.kind == "clause"
    ]
    assert hits
    assert all(hit.url.startswith("/agreement/#discounts.limits") for hit in hits)


def test_shows_only_the_list_to_a_page_that_has_the_rest(client_of: ClientOf) -> None:
    client = client_of("lead")
    whole = client.get("/search/?q=a").content.decode()
    part = client.get("/search/?q=a", headers={"HX-Request": "true", "HX-Target": "found"})
    assert "<html" in whole
    assert "<html" not in part.content.decode()
    assert part.content.decode().strip()[:40] in whole


def test_takes_any_words(client_of: ClientOf) -> None:
    client = client_of("rep")
    for words in ("", "%00", '"', "*", "'; --", "a OR b", "NEAR(", "😀", "x" * 5000, "#17", "-1"):
        assert client.get("/search/", {"q": words}).status_code == 200, words
