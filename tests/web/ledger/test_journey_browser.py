"""The funnel and credit in Chromium, on a desk and on a phone, by day and in the dark."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import PHONE, WIDE, assert_good, sign_in, visiting
from tests.web.served import PASSWORD, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("width", "dark"), [(WIDE, False), (PHONE, True)])
def test_a_figure_opens_its_rows(chromium: Browser, server: Server, width: int, dark: bool) -> None:
    with visiting(chromium, width=width, dark=dark) as page:
        sign_in(page, server.address, server.email("lead"), PASSWORD)
        page.goto(f"{server.address}/ledger/funnel/?by=source")
        assert_good(page)
        expect(page.get_by_text("Too young to judge")).to_be_visible()
        page.get_by_role("row", name="Handed over").get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("leads open to you")
        assert_good(page)
        page.goto(f"{server.address}/ledger/credit/")
        assert_good(page)
        expect(page.get_by_role("columnheader", name="agreed")).to_have_count(1)
        page.get_by_label("Group by").get_by_role("link", name="Campaign").click()
        page.locator("table.credit tbody tr").first.get_by_role("link").nth(1).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("deals open to you")
        assert_good(page)
