"""The rehearsal in Chromium: sliders, answers at once, and kept without scripts on a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, assert_good, sign_in, visiting
from tests.web.served import PASSWORD, Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def served(
    served_workspace: Path, laid_workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Serve the company's room with its cast, its review and past deals laid out."""
    root = tmp_path_factory.mktemp("served-rehearsal") / "room"
    shutil.copytree(served_workspace, root)
    shutil.copytree(laid_workspace / "reviews", root / "reviews")
    with serving(root) as server:
        yield server


def _come_in(page: Page, served: Server, part: str) -> None:
    sign_in(page, served.address, served.email(part), PASSWORD)


def test_answers_while_a_slider_moves(chromium: Browser, served: Server) -> None:
    with visiting(chromium) as page:
        _come_in(page, served, "lead")
        page.goto(f"{served.address}/rehearsals/try/")
        changed = page.locator("#at-once .figure-value").first
        before = changed.inner_text()
        slider = page.locator("[data-slides=r0]")
        slider.focus()
        slider.press("Home")
        expect(page.locator("#r0")).to_have_value("0")
        expect(changed).not_to_have_text(before)
        page.wait_for_url("**r0=0**")
        assert_good(page)


def test_keeps_two_candidates_without_scripts(chromium: Browser, served: Server) -> None:
    with visiting(chromium, width=PHONE, script=False) as page:
        _come_in(page, served, "marketer")
        page.goto(f"{served.address}/rehearsals/try/")
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
        _come_in(page, served, "rep")
        page.goto(f"{served.address}/rehearsals/try/?r0=1")
        assert_good(page)
        page.goto(kept)
        assert_good(page)
        page.locator("tbody td a").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("open to you")
        assert_good(page)
