"""The trade in Chromium: on a desk and on a phone, by day and in the dark, without scripts."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import (
    PHONE,
    WIDE,
    assert_fits,
    assert_good,
    assert_good_without_scripts,
    visiting,
)
from tests.web.served import PASSWORD, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_leads_from_a_brand_to_a_promotion(chromium: Browser, shelf_server: Server) -> None:
    with visiting(chromium, width=WIDE, dark=True) as page:
        _signed_in(page, shelf_server, "/ledger/trade/")
        assert_good(page)
        page.locator("table").get_by_role("link", name="Juice").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Juice")
        expect(page.locator(".chart-drawn svg").first).to_be_visible()
        assert_good(page)
        page.get_by_role("region", name="Promotions").locator("tbody a").first.click()
        expect(page.get_by_role("heading", name="Before, during and after")).to_be_visible()
        expect(page.locator(".chart-drawn svg").first).to_be_visible()
        assert_good(page)
        page.set_viewport_size({"width": PHONE, "height": 800})
        assert_fits(page)
    with visiting(chromium, width=PHONE, script=False) as page:
        _signed_in(page, shelf_server, "/ledger/trade/promotions/?result=earned")
        page.get_by_label("Account", exact=True).select_option("A1")
        page.get_by_role("button", name="Show").click()
        assert_good_without_scripts(page)
        page.get_by_role("region", name="Promotions").locator("tbody a").first.click()
        expect(page.get_by_text("It earned more than it cost.")).to_be_visible()
        expect(page.locator("th", has_text="Baseline")).to_have_count(1)


def _signed_in(page: Page, server: Server, path: str) -> None:
    """Open a page, which asks to sign in first and leads there then."""
    page.goto(server.address + path)
    page.locator("input[name=login]").fill(server.email("lead"))
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) button").first.click()
    page.wait_for_selector(".places, .dock", state="attached")
