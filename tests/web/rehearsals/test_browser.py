"""The rehearsal in Chromium: sliders, answers at once, and kept without scripts on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, assert_good, sign_in, visiting
from tests.web.served import PASSWORD, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _come_in(page: Page, server: Server, part: str) -> None:
    sign_in(page, server.address, server.email(part), PASSWORD)


def test_answers_while_a_slider_moves(chromium: Browser, server: Server) -> None:
    with visiting(chromium) as page:
        _come_in(page, server, "lead")
        page.goto(f"{server.address}/rehearsals/try/")
        changed = page.locator("#at-once .figure-value").first
        before = changed.inner_text()
        slider = page.locator("[data-slides=r0]")
        slider.focus()
        slider.press("Home")
        expect(page.locator("#r0")).to_have_value("0")
        expect(changed).not_to_have_text(before)
        page.wait_for_url("**r0=0**")
        assert_good(page)
        told = changed.inner_text()
        page.get_by_text("Quote a figure").click()
        page.get_by_role("link", name="Quote Answers that change").click()
        expect(page.locator(".talk-figure-value")).to_have_text(told)
        source = page.locator(".talk-figure").get_by_role("link", name="Rehearsal")
        expect(source).to_have_attribute("href", re.compile("r0=0"))


def test_keeps_two_candidates_without_scripts(chromium: Browser, server: Server) -> None:
    with visiting(chromium, width=PHONE, script=False) as page:
        _come_in(page, server, "marketer")
        page.goto(f"{server.address}/rehearsals/try/")
        page.locator("#r0").fill("2")
        page.get_by_role("button", name="Answer past deals").click()
        page.get_by_label("What it is about").fill("Less for reps")
        page.get_by_label("This candidate").fill("Two percent")
        page.get_by_role("button", name="Keep").click()
        expect(page.get_by_role("heading", name="Less for reps")).to_be_visible()
        page.get_by_role("link", name="Try another").click()
        page.locator("#r0").fill("3")
        page.get_by_role("button", name="Answer past deals").click()
        page.get_by_role("button", name="Keep").click()
        expect(page.locator(".candidate-name")).to_have_text(["Two percent", "Candidate 2"])
        kept = page.url
    with visiting(chromium, width=PHONE, dark=True) as page:
        _come_in(page, server, "rep")
        page.goto(f"{server.address}/rehearsals/try/?r0=1")
        assert_good(page)
        page.goto(kept)
        assert_good(page)
        page.locator("tbody td a").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("open to you")
        assert_good(page)
