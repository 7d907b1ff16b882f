"""The frame of every page: navigation, the side one looks from, charts, errors."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.urls import reverse

from counterpoise.agreement import Agreements
from counterpoise.books import Workspace
from counterpoise.web import house
from counterpoise.web.places import places
from counterpoise.web.shell.bundle import fingerprint
from counterpoise.web.shell.styleguide import icons, tokens

ClientOf = Callable[[str], Client]
SALES, MARKETING = "sales", "marketing"


def test_has_an_icon_and_an_address_for_every_place() -> None:
    assert {place.icon for place in places()} <= set(icons())
    assert all(reverse(place.url_name) for place in places())


@pytest.mark.parametrize("part", ["lead", "rep", "analyst"])
def test_leads_everybody_to_their_places(client_of: ClientOf, part: str) -> None:
    shown = {place.label for place in client_of(part).get("/").context["places"]}
    hidden = {place.label for place in places() if place.is_for_administrators}
    assert ("Settings" in shown) is (part == "analyst") or "Settings" not in hidden
    assert {"Balance", "Agreement", "Desk", "Ledger"} <= shown


def test_shows_promotions_where_something_is_agreed_about_them(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed = house.agreements()
    assert "Promotions" in {place.label for place in places()}
    silent = (
        replace(each, agreement=each.agreement.model_copy(update={"promotions": None}))
        for each in agreed.versions
    )
    monkeypatch.setattr(house, "agreements", lambda: Agreements(tuple(silent)))
    shown = {place.label for place in client_of("lead").get("/profile/").context["places"]}
    assert "Promotions" not in shown
    assert "Desk" in shown


def test_marks_the_place_that_is_open(client_of: ClientOf) -> None:
    client = client_of("lead")
    for path, label in (("/", "Balance"), ("/desk/", "Desk"), ("/ledger/", "Ledger")):
        marked = [each.label for each in client.get(path).context["places"] if each.is_current]
        assert marked == [label]


def test_looks_from_the_side_that_is_chosen(client_of: ClientOf) -> None:
    client = client_of("rep")
    assert client.get("/").context["viewer_side"] == SALES
    answer = client.post("/view-from/", {"side": MARKETING, "next": "/ledger/"})
    assert answer.headers["Location"] == "/ledger/"
    assert client.get("/").context["viewer_side"] == MARKETING
    client.post("/view-from/", {"side": SALES, "next": "/"})
    assert client.get("/").context["viewer_side"] == SALES


@pytest.mark.parametrize("side", ["", "both", "nobody"])
def test_looks_from_no_side_that_is_not_offered(client_of: ClientOf, side: str) -> None:
    client = client_of("rep")
    client.post("/view-from/", {"side": side, "next": "/"})
    assert client.get("/").context["viewer_side"] == SALES


@pytest.mark.parametrize("back", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_goes_back_nowhere_else(client_of: ClientOf, back: str) -> None:
    answer = client_of("rep").post("/view-from/", {"side": MARKETING, "next": back})
    assert answer.headers["Location"] == "/"


def test_changes_no_side_when_it_is_read(client_of: ClientOf) -> None:
    assert client_of("rep").get("/view-from/").status_code == 405


def test_gives_the_program_of_charts_to_keep_for_ever(
    client: Client, room_workspace: Workspace
) -> None:
    answer = client.get(reverse("shell:charts", args=[fingerprint()]))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert b"window.drawChart" in gzip.decompress(answer.content)
    assert client.get(reverse("shell:charts", args=["0123456789ab"])).status_code == 404


@pytest.mark.parametrize(
    ("part", "status"), [("analyst", 200), ("lead", 403), ("rep", 403), ("stranger", 403)]
)
def test_shows_the_style_guide_to_administrators(
    client_of: ClientOf, part: str, status: int
) -> None:
    assert client_of(part).get("/styleguide/").status_code == status


def test_says_that_nothing_is_here(client_of: ClientOf) -> None:
    answer = client_of("rep").get("/nowhere/")
    assert answer.status_code == 404
    assert "Nothing is here" in answer.content.decode()


def test_says_that_a_form_is_stale(client_of: ClientOf) -> None:
    client = client_of("rep")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post("/view-from/", {"side": MARKETING})
    assert answer.status_code == 403
    assert "This form is no longer good" in answer.content.decode()


def test_says_that_it_failed_though_nothing_works(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of("rep")
    client.raise_request_exception = False

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("counterpoise.web.shell.context.places", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "This failed on our side" in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()


def test_gives_every_answer_its_policy(client_of: ClientOf) -> None:
    policy = client_of("rep").get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_stamps_the_address_of_a_static_file() -> None:
    assert "?v=" in staticfiles_storage.url("shell/tokens.css")
    assert "?v=" not in staticfiles_storage.url("shell/nothing.css")


def test_names_every_colour_for_light_and_for_dark() -> None:
    found = finders.find("shell/tokens.css")
    assert isinstance(found, str)
    light, dark = Path(found).read_text().split("@media", 1)
    dark = dark.split("@media")[0]
    assert [
        name for name in tokens() if f"--{name}:" not in light or f"--{name}:" not in dark
    ] == []
