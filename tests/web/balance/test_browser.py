"""The home page in Chromium: wide, on a phone, in the dark, and without scripts."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, WIDE, assert_good, sign_in, visiting
from tests.web.served import Server

pytestmark = pytest.mark.browser

_PATIENCE = 120_000  # milliseconds: the worker makes the first review


def open_home(page: Page, server: Server, part: str) -> None:
    """Sign in and open the home page once its review is there."""
    sign_in(page, server.address, server.email(part), server.password)
    wait_for_review(page, server)


def wait_for_review(page: Page, server: Server) -> None:
    """Load the home page until the worker has made the review."""
    for _ in range(_PATIENCE // 1000):
        page.goto(f"{server.address}/")
        if page.locator(".balance").count():
            return
        page.wait_for_timeout(1000)
    pytest.fail("no review was made")


@pytest.mark.parametrize(("width", "dark"), [(WIDE, False), (PHONE, True)])
def test_is_good_to_everybody(chromium: Browser, server: Server, width: int, dark: bool) -> None:
    with visiting(chromium, width=width, dark=dark) as page:
        open_home(page, server, "lead")
        expect(page.locator("figure.chart svg")).to_be_visible()
        assert_good(page)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_tells_all_without_scripts(chromium: Browser, server: Server, width: int) -> None:
    with visiting(chromium, width=width, script=False) as page:
        open_home(page, server, "rep")
        expect(page.get_by_role("heading", name="Open deals at risk")).to_be_visible()
        page.get_by_text("The same as a table").click()
        expect(page.get_by_role("columnheader", name="Realization")).to_be_visible()
        page.goto(f"{server.address}/?over=year")
        expect(page.get_by_role("link", name="12 months")).to_have_attribute("aria-current", "true")


def test_compares_revenue_without_scripts(chromium: Browser, server: Server) -> None:
    with visiting(chromium, width=PHONE, script=False) as page:
        open_home(page, server, "analyst")
        page.goto(f"{server.address}/revenue/")
        page.get_by_label("Won revenue in your CRM").fill("1,000,000")
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_text("Won revenue in the books")).to_be_visible()


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_compares_revenue_well(chromium: Browser, server: Server, width: int) -> None:
    with visiting(chromium, width=width) as page:
        open_home(page, server, "analyst")
        page.goto(f"{server.address}/revenue/")
        page.get_by_label("Won revenue in your CRM").fill("12m")
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_text("Won revenue in the report")).to_be_visible()
        assert_good(page)


def test_goes_to_the_search_by_one_key(chromium: Browser, server: Server) -> None:
    with visiting(chromium) as page:
        open_home(page, server, "rep")
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("a/b")
        expect(page.get_by_role("searchbox")).to_have_value("a/b")


def test_closes_a_menu_by_escape_and_gives_the_focus_back(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium) as page:
        open_home(page, server, "rep")
        menu = page.locator("details.account")
        menu.locator("summary").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
        expect(menu.locator("summary")).to_be_focused()


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_is_seen_as_the_other_side(chromium: Browser, server: Server, width: int) -> None:
    with visiting(chromium, width=width, script=False) as page:
        open_home(page, server, "marketer")
        if width == PHONE:
            page.get_by_text("More", exact=True).click()
        page.get_by_role("button", name="Sales").locator("visible=true").click()
        expect(page.get_by_role("heading", name="Marketing owes us")).to_be_visible()
        if width == PHONE:
            page.get_by_text("More", exact=True).click()
        page.get_by_role("button", name="Marketing").locator("visible=true").click()
        expect(page.get_by_role("heading", name="Sales owes us")).to_be_visible()


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_shows_every_component_well(chromium: Browser, server: Server, width: int) -> None:
    with visiting(chromium, width=width) as page:
        sign_in(page, server.address, server.email("analyst"), server.password)
        page.goto(f"{server.address}/styleguide/")
        expect(page.locator("figure.chart svg")).to_be_visible()
        assert_good(page)
