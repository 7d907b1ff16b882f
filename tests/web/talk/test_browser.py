"""Talk in Chromium: on a phone and wide, with scripts and without, in the demo company's room."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, WIDE, assert_good, assert_good_without_scripts, sign_in, visiting
from tests.web.served import PASSWORD, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CLAUSE = "discounts.limits"


def come_in(page: Page, server: Server, part: str) -> None:
    sign_in(page, server.address, server.email(part), PASSWORD)


def own_deal(page: Page, server: Server) -> str:
    """Return the address of a deal that opens to who is signed in."""
    page.goto(f"{server.address}/ledger/deals/")
    address = page.locator("main a[href^='/ledger/deals/D']").first.get_attribute("href")
    assert address is not None
    return address


@pytest.mark.parametrize(("width", "dark"), [(WIDE, True), (PHONE, False)])
def test_both_sides_talk_where_the_thing_is(
    chromium: Browser, server: Server, width: int, dark: bool
) -> None:
    thread = f"{server.address}/talk/on/clause:{CLAUSE}/"
    with visiting(chromium, width=width, dark=dark) as page:
        come_in(page, server, "marketer")
        page.goto(f"{server.address}/talk/calendar/new/")
        page.get_by_label("Campaign").fill(f"Uptime {width}")
        page.get_by_label("Starts").fill("2099-01-05")
        page.get_by_label("The line to say").fill(f"May I show you {width}?")
        assert_good(page)
        page.get_by_role("button", name="Tell sales").click()
        expect(page.get_by_text(f"May I show you {width}?").first).to_be_visible()
        assert_good(page)
    with visiting(chromium, width=width, dark=dark) as page:
        come_in(page, server, "rep")
        page.goto(f"{server.address}/talk/calendar/")
        expect(page.get_by_text(f"May I show you {width}?")).to_be_visible()
        assert_good(page)
        page.goto(server.address + own_deal(page, server))
        words = page.locator("#talk textarea")
        if not words.is_visible():
            page.locator("#talk").get_by_text("Say something").first.click()
        words.press_sequentially(f"Words {width} @Ma")
        expect(page.get_by_role("option").first).to_be_visible()
        words.press("Enter")
        page.get_by_role("button", name="Say", exact=True).click()
        said = page.locator(".talk-item").filter(has_text=f"Words {width}")
        expect(said.locator(".talk-name")).to_be_visible()
        assert_good(page)
        page.goto(thread)
        page.get_by_role("link", name="Ask somebody").click()
        expect(page.get_by_label("Who answers")).to_be_visible()
        page.get_by_label("Your question").fill(f"Who else, {width}?")
        option = page.locator("#ask-owner option").filter(has_text="(marketing)").first
        page.get_by_label("Who answers").select_option(option.get_attribute("value"))
        assert_good(page)
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_text(f"Who else, {width}?")).to_be_visible()
        page.goto(f"{server.address}/talk/")
        assert_good(page)
        page.goto(f"{thread}#words-999999")  # words that stand on another page, or nowhere
        expect(page).to_have_url(f"{thread}?words=999999#words-999999")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_every_act_works_without_scripts(chromium: Browser, server: Server, width: int) -> None:
    thread = f"{server.address}/talk/on/clause:{CLAUSE}/"
    with visiting(chromium, width=width, script=False) as page:
        come_in(page, server, "rep")
        page.goto(f"{server.address}/agreement/")
        page.locator(f"a[href='/talk/on/clause:{CLAUSE}/']").first.click()
        page.locator("#talk textarea").fill(f"Plain {width}")
        page.get_by_text("Bring a file").click()
        page.get_by_label("A file").set_input_files(
            {"name": "terms.txt", "mimeType": "text/plain", "buffer": b"June"}
        )
        page.get_by_role("button", name="Say", exact=True).click()
        mine = page.locator(".talk-item").filter(has_text=f"Plain {width}")
        with page.expect_download() as loading:
            mine.get_by_role("link", name="terms.txt").click()
        assert loading.value.suggested_filename == "terms.txt"
        mine.get_by_role("link", name="Change or withdraw").click()
        page.get_by_label("Your words").fill(f"Plainer {width}")
        page.get_by_role("button", name="Keep").click()
        mine = page.locator(".talk-item").filter(has_text=f"Plainer {width}")
        mine.get_by_role("link", name="Change or withdraw").click()
        page.get_by_role("button", name="Withdraw").click()
        expect(page.get_by_text("Withdrawn", exact=False).first).to_be_visible()
        page.goto(f"{server.address}/")
        page.get_by_text("Quote a figure").click()
        page.get_by_role("link", name=re.compile("Quote Price realization")).click()
        page.get_by_label(re.compile("Somewhere else|Find the thing")).fill(CLAUSE)
        page.get_by_role("button", name="Find it").click()
        page.get_by_role("link", name=CLAUSE, exact=True).click()
        page.locator("#talk textarea").fill(f"See {width}")
        page.get_by_role("button", name="Say", exact=True).click()
        quoted = page.locator(".talk-item").filter(has_text=f"See {width}")
        expect(quoted.get_by_text("Price realization")).to_be_visible()
        page.get_by_role("link", name="Ask somebody").click()
        page.get_by_label("Your question").fill(f"Plainly who, {width}?")
        page.get_by_label("Who answers").select_option(index=1)
        page.get_by_role("button", name="Ask", exact=True).click()
        asked = page.locator(".talk-item").filter(has_text=f"Plainly who, {width}?")
        asked.get_by_role("link", name="Pass on").click()
        page.get_by_label("Who answers").select_option(index=0)
        page.get_by_role("button", name="Pass on").click()
        assert_good_without_scripts(page)
    with visiting(chromium, width=width, script=False) as page:
        come_in(page, server, "lead")
        page.goto(thread)
        asked = page.locator(".talk-item").filter(has_text=f"Plainly who, {width}?")
        asked.get_by_role("link", name="Answer").click()
        page.get_by_label("Say something").fill(f"Nobody, {width}.")
        page.get_by_role("button", name="Answer").click()
        expect(page.get_by_text(f"Nobody, {width}.")).to_be_visible()
        assert_good_without_scripts(page)
