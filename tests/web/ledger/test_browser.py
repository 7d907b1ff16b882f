"""The ledger, the search and the tokens in Chromium, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, WIDE, assert_fits, assert_good, sign_in, visiting
from tests.web.served import PASSWORD, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDTHS = pytest.mark.parametrize("width", [WIDE, PHONE])


def come_in(page: Page, server: Server, part: str) -> None:
    sign_in(page, server.address, server.email(part), PASSWORD)


@WIDTHS
def test_every_page_is_good(chromium: Browser, server: Server, width: int) -> None:
    with visiting(chromium, width=width) as page:
        come_in(page, server, "lead")
        for path in (
            "/ledger/",
            "/ledger/?by=segment&across=quarter",
            "/ledger/?outcome=won&rate_from=5",
            "/ledger/?team=nobody",
            "/ledger/deals/",
            "/ledger/deals/D00000001/",
            "/ledger/credit/helped/",
            "/search/?q=a",
            "/search/?q=nothing+is+called+so",
            "/settings/tokens/",
        ):
            page.goto(server.address + path)
            assert_good(page)


def test_every_page_is_good_in_the_dark(chromium: Browser, server: Server) -> None:
    with visiting(chromium, dark=True) as page:
        come_in(page, server, "marketer")
        for path in ("/ledger/", "/ledger/deals/", "/ledger/credit/helped/", "/search/?q=a"):
            page.goto(server.address + path)
            assert_good(page)


@WIDTHS
def test_a_figure_opens_its_deals_and_a_deal_its_story(
    chromium: Browser, server: Server, width: int
) -> None:
    with visiting(chromium, width=width, script=False) as page:
        come_in(page, server, "rep")
        page.goto(f"{server.address}/ledger/")
        page.get_by_role("link", name="Conceded within authority").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("open to you")
        page.locator("tbody th a").first.click()
        expect(page.get_by_role("heading", name="What happened")).to_be_visible()
        expect(page.get_by_role("heading", name="How its concession divides")).to_be_visible()
        assert_fits(page)


def test_filters_stand_in_the_address(chromium: Browser, server: Server) -> None:
    with visiting(chromium, script=False) as page:
        come_in(page, server, "manager")
        page.goto(f"{server.address}/ledger/")
        page.get_by_text("Narrow to some deals").click()
        page.get_by_label("Segment").select_option("Enterprise")
        page.get_by_label("Rate from").fill("5")
        page.get_by_role("button", name="Show").click()
        assert "segment=Enterprise" in page.url
        assert "rate_from=5" in page.url
        page.get_by_role("link", name=re.compile("Segment: Enterprise")).click()
        assert "segment=" not in page.url
        assert "rate_from=5" in page.url


def test_crossing_needs_no_button_where_scripts_run(chromium: Browser, server: Server) -> None:
    with visiting(chromium) as page:
        come_in(page, server, "lead")
        page.goto(f"{server.address}/ledger/?by=segment")
        page.get_by_label("Crossed with").select_option("source")
        page.wait_for_url("**across=source**")
        expect(page.locator("table.crossed")).to_be_visible()


def test_a_slash_starts_a_search_that_answers_while_typing(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium) as page:
        come_in(page, server, "rep")
        page.goto(f"{server.address}/ledger/")
        page.keyboard.press("/")
        page.keyboard.type("discounts")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/**")
        expect(page.locator("#found")).to_contain_text("discounts.limits")
        page.locator("#words").fill("floor")
        expect(page.locator("#found")).to_contain_text("discounts.floor")
        expect(page.locator("#found")).not_to_contain_text("discounts.limits")


@WIDTHS
def test_makes_and_revokes_a_token(chromium: Browser, server: Server, width: int) -> None:
    with visiting(chromium, width=width, script=False) as page:
        come_in(page, server, "analyst")
        page.goto(f"{server.address}/settings/tokens/")
        page.get_by_label("What it is for").fill(f"Quotes at {width}")
        page.get_by_label("Ask the desk without leaving a trace, as any role").check()
        page.get_by_role("button", name="Make the token").click()
        expect(page.get_by_label("The token")).to_have_value(re.compile("^cpt_[0-9a-f]{12}_"))
        page.get_by_role("link", name="I have kept it").click()
        page.get_by_role("button", name=f"Revoke Quotes at {width}").click()
        expect(page.locator(".messages")).to_contain_text("is revoked")
        assert_fits(page)


def test_fit_together_and_power_are_good(chromium: Browser, server: Server) -> None:
    for width in (WIDE, PHONE):
        with visiting(chromium, width=width, script=False) as page:
            come_in(page, server, "rep")
            for name in ("Fit", "Together", "Power"):
                page.goto(f"{server.address}/ledger/")
                page.get_by_label("Ledger", exact=True).get_by_role("link", name=name).click()
                expect(page.get_by_role("heading", level=1)).to_have_text(name)
                assert_fits(page)
    with visiting(chromium, width=PHONE, dark=True) as page:
        come_in(page, server, "rep")
        for path in ("fit/", "together/", "power/", "behind/power/?verdict=refused"):
            page.goto(f"{server.address}/ledger/{path}")
            assert_good(page)
