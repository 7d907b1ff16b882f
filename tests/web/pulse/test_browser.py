"""Pulse, promises and thanks in Chromium: wide and on a phone, dark, and without scripts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, WIDE, assert_good, assert_good_without_scripts, sign_in, visiting
from tests.web.served import PASSWORD, Server

pytestmark = pytest.mark.browser

LAY_PULSES = """
import sys
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(sys.argv[1]))
from tests.web.pulse.laying import lay
lay()
"""


@pytest.fixture(scope="module")
def asked(server: Server) -> Server:
    """Return the shared room with pulses, people enough for them, and a tool that was used."""
    checkout = str(Path(__file__).resolve().parents[3])
    paths = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), checkout)))
    command = [sys.executable, "-c", LAY_PULSES, str(server.workspace.root)]
    subprocess.run(command, check=True, timeout=240, env={**os.environ, "PYTHONPATH": paths})
    return server


def come_in(page: Page, served: Server, part: str) -> None:
    sign_in(page, served.address, served.email(part), PASSWORD)


@pytest.mark.parametrize(("width", "dark"), [(WIDE, True), (PHONE, False)])
def test_every_page_is_good(chromium: Browser, asked: Server, width: int, dark: bool) -> None:
    with visiting(chromium, width=width, dark=dark) as page:
        come_in(page, asked, "marketer")
        for path in ("answer/", ""):
            page.goto(f"{asked.address}/talk/pulse/{path}")
            assert_good(page)
        expect(page.locator("figure.chart svg").first).to_be_visible()
        for path in ("promises/", "promises/sales/response/?which=kept", "thanks/"):
            page.goto(f"{asked.address}/talk/{path}")
            assert_good(page)


def test_acts_without_scripts_on_a_phone(chromium: Browser, asked: Server) -> None:
    with visiting(chromium, width=PHONE, script=False) as page:
        come_in(page, asked, "rep")
        page.goto(f"{asked.address}/talk/pulse/")
        page.get_by_role("link", name="Take part").click()
        assert_good_without_scripts(page)
        for item in page.locator(".pulse-item").all():
            item.get_by_role("radio", name="4").check()
        page.get_by_role("button", name="Put it into the urn").click()
        expect(page.get_by_text("You took part")).to_be_visible()
        page.goto(f"{asked.address}/talk/thanks/")
        page.get_by_role("button", name="The downtime card").click()
        expect(page.get_by_text("will read it")).to_be_visible()
        assert_good_without_scripts(page)
        propose(page, asked)
    with visiting(chromium, script=False) as page:
        come_in(page, asked, "marketer")
        page.goto(f"{asked.address}/talk/promises/")
        page.get_by_role("button", name="Sign it").first.click()
        expect(page.get_by_text("signed by both").first).to_be_visible()
        assert_good_without_scripts(page)
        page.goto(f"{asked.address}/talk/thanks/")
        expect(page.get_by_role("complementary", name="Thanks to you")).to_contain_text(
            "downtime card"
        )


def propose(page: Page, asked: Server) -> None:
    """Propose a transfer as the manager."""
    page.context.clear_cookies()
    come_in(page, asked, "manager")
    page.goto(f"{asked.address}/talk/promises/")
    page.get_by_text("Propose a transfer").click()
    page.get_by_label("Amount").fill("5")
    page.get_by_label("Why").fill("For the fair.")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("waits for the other side").first).to_be_visible()
