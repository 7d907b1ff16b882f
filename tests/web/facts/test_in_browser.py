"""The pages of the books in Chromium: wide, on a phone, and without scripts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser import PHONE, WIDE, assert_fits, assert_good, sign_in, visiting
from tests.web.served import Server, serving

pytestmark = pytest.mark.browser

PLACES = ["books/", "books/import/", "books/problems/", "books/compare/", "books/sources/"]
_HEADER = "deal_id,owner_id,outcome,created_at,closed_at,list_amount,net_amount\n"
_ROW = "{id},P00033,won,2026-01-05,2026-02-10,1000,900\n"


@pytest.fixture(scope="module")
def own(served_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a room of these tests' own, whose books they may change."""
    root = tmp_path_factory.mktemp("own") / "room"
    shutil.copytree(served_workspace, root)
    with serving(root) as served:
        yield served


def _export(prefix: str) -> FilePayload:
    rows = "".join(_ROW.format(id=f"{prefix}{number}") for number in range(50))
    wrong = f"{prefix}x,P00033,wonn,2026-01-05,,1,1\n"
    return {
        "name": "deals.csv",
        "mimeType": "text/csv",
        "buffer": (_HEADER + rows + wrong).encode(),
    }


def _bring(page: Page, server: Server, prefix: str) -> None:
    page.goto(f"{server.address}/books/import/")
    page.set_input_files("input[name=files]", [_export(prefix)])
    page.get_by_role("main").get_by_role("button", name="Import").click()


@pytest.mark.parametrize(("width", "dark"), [(WIDE, False), (PHONE, True)])
def test_every_page_is_good(server: Server, chromium: Browser, width: int, dark: bool) -> None:
    with visiting(chromium, width=width, dark=dark) as page:
        sign_in(page, server.address, server.email("analyst"), server.password)
        for place in PLACES:
            page.goto(f"{server.address}/{place}")
            assert_good(page)


def test_brings_an_export_and_watches_it(own: Server, chromium: Browser) -> None:
    with visiting(chromium) as page:
        sign_in(page, own.address, own.email("analyst"), own.password)
        _bring(page, own, "W")
        expect(page.get_by_role("link", name="See what was found")).to_be_visible(timeout=120_000)
        assert_good(page)
        page.get_by_role("link", name="See what was found").click()
        page.get_by_role("link", name="The rows that were set aside").first.click()
        expect(page.get_by_role("cell", name="Wx")).to_be_visible()
        assert_good(page)


def test_brings_an_export_without_scripts_and_goes_back(own: Server, chromium: Browser) -> None:
    with visiting(chromium, width=PHONE, script=False) as page:
        sign_in(page, own.address, own.email("analyst"), own.password)
        _bring(page, own, "N")
        expect(page.get_by_role("link", name="See what was found")).to_be_visible(timeout=120_000)
        assert_fits(page)
        page.goto(f"{own.address}/books/")
        page.get_by_role("button", name="Go back").first.click()
        expect(page.get_by_text("is in use again")).to_be_visible()
        assert_fits(page)


def test_allows_a_source_and_sets_its_time(own: Server, chromium: Browser) -> None:
    with visiting(chromium, width=PHONE) as page:
        sign_in(page, own.address, own.email("analyst"), own.password)
        page.goto(f"{own.address}/books/sources/")
        page.get_by_label("Name").fill("Nightly export")
        page.get_by_label("Address").fill("/srv/exports")
        page.get_by_role("button", name="Allow").click()
        page.get_by_role("link", name="Nightly export").click()
        page.get_by_label("Time").fill("05:30")
        page.get_by_role("button", name="Set").click()
        expect(page.get_by_text("imported by itself from now on")).to_be_visible()
        assert_good(page)
        page.get_by_role("button", name="Do not allow it any more").click()
        expect(page.get_by_text("may no longer be imported")).to_be_visible()
