"""Promotions in Chromium: asked without scripts, and seen on the calendar."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import WIDE, sign_in, visiting
from tests.web.served import Server

pytestmark = [pytest.mark.browser]

_DAY = "2099-01-05"


@pytest.mark.parametrize(("width", "script"), [(WIDE, False)])
def test_asks_for_a_promotion_and_finds_it_again(
    chromium: Browser, server: Server, width: int, script: bool
) -> None:
    with visiting(chromium, width=width, script=script) as page:
        sign_in(page, server.address, server.email("rep"), server.password)
        page.goto(f"{server.address}/promotions/?from={_DAY}")
        page.get_by_role("link", name="Ask for a promotion").click()
        page.get_by_label("First day").fill(_DAY)
        page.get_by_label("Weeks").fill("2")
        page.get_by_label("Off the price").fill("20")
        page.get_by_role("button", name="Try").click()
        expect(page.locator("#answer .verdict")).to_be_visible()
        page.get_by_label("Note").fill("Before the season.")
        page.locator("#answer form button").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "20% off all goods at every account"
        )
        expect(page.get_by_text("Before the season.")).to_be_visible()
        page.goto(f"{server.address}/promotions/?from={_DAY}")
        expect(page.get_by_role("heading", name="Asked here")).to_be_visible()
