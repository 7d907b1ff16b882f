from collections.abc import Callable

import pytest
from django.test import Client

from counterpoise.web import house

ClientOf = Callable[[str], Client]
EVERYBODY = ("lead", "manager", "rep", "marketer", "analyst", "stranger")


def fingerprints() -> list[str]:
    return [each.fingerprint for each in house.agreements().versions]


@pytest.mark.parametrize("part", EVERYBODY)
@pytest.mark.parametrize(
    "page", ["/agreement/", "/agreement/history/", "/agreement/compare/", "/agreement/proposals/"]
)
def test_opens_to_everybody(client_of: ClientOf, part: str, page: str) -> None:
    assert client_of(part).get(page).status_code == 200


def test_asks_a_stranger_to_sign_in(client_of: ClientOf) -> None:
    assert Client().get("/agreement/").status_code == 302


def test_gives_every_clause_its_address_once(client_of: ClientOf) -> None:
    page = client_of("rep").get("/agreement/").content.decode()
    for clause in ("in_force", "discounts.limits.standard", "roles.rep", "goals.revenue"):
        assert page.count(f'id="{clause}"') == 1, clause
        assert f'href="#{clause}"' in page


def test_says_who_stands_on_the_ladder_and_who_signed(client_of: ClientOf) -> None:
    page = client_of("rep").get("/agreement/").content.decode()
    assert "signs in:" in page
    assert "Signed for sales" in page


def test_keeps_every_version_readable_by_its_fingerprint(client_of: ClientOf) -> None:
    client = client_of("stranger")
    for fingerprint in fingerprints():
        assert client.get(f"/agreement/versions/{fingerprint}/").status_code == 200
        assert client.get(f"/agreement/versions/{fingerprint[:12]}/").status_code == 200


@pytest.mark.parametrize("ref", ["0" * 64, "draft-1", "nonsense", "abc"])
def test_says_that_no_version_is_there(client_of: ClientOf, ref: str) -> None:
    assert client_of("lead").get(f"/agreement/versions/{ref}/").status_code == 404


def test_compares_two_versions_by_meaning(client_of: ClientOf) -> None:
    first, second = fingerprints()[:2]
    page = client_of("rep").get("/agreement/compare/", {"old": first, "new": second})
    assert "in_force" in page.content.decode()
