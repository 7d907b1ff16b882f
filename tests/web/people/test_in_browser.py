"""Letting somebody in and looking after them, as a browser does it."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import PHONE, WIDE, assert_good, sign_in, sign_in_anew, visiting
from tests.web.served import Server

pytestmark = pytest.mark.browser

PAGES = (
    "/settings/",
    "/settings/people/",
    "/settings/people/suggested/",
    "/settings/people/invitation/",
    "/settings/people/1/",
    "/settings/people/1/erasure/",
    "/settings/people/remaps/",
    "/settings/audit/",
    "/settings/webhooks/",
    "/account/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/sessions/",
    "/account/notices/",
    "/account/notices/outbox/",
)
OUTSIDE = ("/account/login/", "/account/password/reset/", "/account/signup/")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_every_page_reads_well(chromium: Browser, server: Server, width: int) -> None:
    with visiting(chromium, width=width) as page:
        for path in OUTSIDE:
            page.goto(server.address + path)
            assert_good(page)
        sign_in_anew(page, server.address, server.email("analyst"), server.password)
        for path in PAGES:
            answered = page.goto(server.address + path)
            assert answered
            assert answered.status == 200
            assert_good(page)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_somebody_is_invited_and_comes_in_without_scripts(
    chromium: Browser, server: Server, width: int
) -> None:
    with visiting(chromium, width=width, script=False) as page:
        sign_in(page, server.address, server.email("analyst"), server.password)
        link = _invite(page, server, f"new{width}@example.com")
    with visiting(chromium, width=width, script=False) as page:
        page.goto(link)
        page.locator("input[name=password]").fill("seven green kettles")
        page.get_by_role("button", name="Come in").click()
        page.goto(f"{server.address}/account/")
        assert page.locator("input[name=name]").input_value() == "New Comer"
        page.goto(link)
        assert "does not work any more" in page.content()


def test_a_second_factor_is_turned_on_and_asked_for(chromium: Browser, server: Server) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
    from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters

    def code(secret: str, step: int) -> str:
        now = list(counters())[1]
        return str(format_hotp_value(hotp_value(secret, now + step)))

    address, password = "careful@example.com", "seven green kettles"
    with visiting(chromium, script=False) as page:
        sign_in(page, server.address, server.email("analyst"), server.password)
        link = _invite(page, server, address)
    with visiting(chromium, script=False) as page:
        page.goto(link)
        page.locator("input[name=password]").fill(password)
        page.get_by_role("button", name="Come in").click()
        page.goto(f"{server.address}/account/2fa/totp/activate/")
        page.locator("input[name=password]").fill(password)
        page.get_by_role("button", name="Go on").click()
        secret = page.locator("#secret").input_value()
        page.locator("input[name=code]").fill(code(secret, 0))
        page.get_by_role("button", name="Turn on").click()
        assert page.locator(".codes li").count() == 10
    with visiting(chromium, script=False) as page:
        page.goto(f"{server.address}/account/login/")
        page.locator("input[name=login]").fill(address)
        page.locator("input[name=password]").fill(password)
        page.get_by_role("button", name="Sign in").click()
        assert page.url.endswith("/account/2fa/authenticate/")
        page.locator("input[name=code]").fill(code(secret, 1))
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.goto(f"{server.address}/account/2fa/")
        assert page.locator(".state-good").first.inner_text() == "On"


def test_the_trail_is_verified(chromium: Browser, server: Server) -> None:
    with visiting(chromium, script=False) as page:
        sign_in(page, server.address, server.email("analyst"), server.password)
        page.goto(f"{server.address}/settings/audit/")
        page.get_by_role("button", name="Verify now").click()
        assert re.search(r"All \d+ entries are as they were written", page.content())


def _invite(page: Page, server: Server, address: str) -> str:
    page.goto(f"{server.address}/settings/people/invitation/")
    page.locator("input[name=name]").fill("New Comer")
    page.locator("input[name=email]").fill(address)
    page.get_by_role("button", name="Make the link").click()
    return page.locator("#link").input_value()
