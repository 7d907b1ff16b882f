"""The desk in Chromium: a rep with a phone, an approver at a desk, with scripts and without."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, WIDE, assert_fits, assert_good, sign_in, visiting
from tests.sharing import made_once
from tests.web.served import PASSWORD, Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_PREPARE = f"""
import sys
from pathlib import Path
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(Path(sys.argv[1])))
from tests.web.desk.asking import make_people
for user in vars(make_people()).values():
    user.set_password({PASSWORD!r})
    user.save()
"""


@pytest.fixture(scope="module")
def served(
    root: Path, desk_company: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Serve the small company, with everybody's account."""

    def make(folder: Path) -> None:
        room = shutil.copytree(desk_company, folder / "room")
        command = [sys.executable, "-c", _PREPARE, str(room)]
        subprocess.run(command, check=True, cwd=root, timeout=240)

    ready = made_once(tmp_path_factory, "served-desk", make) / "room"
    room = tmp_path_factory.mktemp("served-desk") / "room"
    with serving(Path(shutil.copytree(ready, room))) as server:
        yield server


def come_in(page: Page, served: Server, name: str) -> None:
    sign_in(page, served.address, served.email(name), PASSWORD)


def number_of(page: Page) -> str:
    found = re.search(r"/requests/(\d+)/", page.url)
    assert found
    return found[1]


def test_a_rep_with_a_phone_has_the_answer_while_typing(chromium: Browser, served: Server) -> None:
    with visiting(chromium, width=PHONE) as page:
        come_in(page, served, "rhea")
        page.goto(f"{served.address}/desk/")
        assert_good(page)
        page.get_by_label("Account", exact=True).press_sequentially("Ald")
        expect(page.locator("#accounts option")).to_have_attribute("value", "Alder Works (A1)")
        page.get_by_label("Account", exact=True).fill("Alder Works (A1)")
        page.get_by_label("At list price").fill("100k")
        page.get_by_role("textbox", name="Discount").fill("12")
        page.get_by_role("textbox", name="Discount").blur()
        expect(page.get_by_role("heading", name="Needs a yes from above")).to_be_visible()
        expect(page.get_by_text("Fewer stops a year")).to_be_visible()
        assert "rate=12" in page.url
        assert_good(page)
        page.get_by_role("link", name=re.compile("^10% off")).click()
        expect(page.get_by_role("heading", name="Yes, you may")).to_be_visible()
        page.get_by_role("button", name="Put it on record").click()
        expect(page.get_by_role("heading", name="10% off for Alder Works")).to_be_visible()
        assert_good(page)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_every_core_act_works_without_scripts(
    chromium: Browser, served: Server, width: int
) -> None:
    with visiting(chromium, width=width, script=False) as page:
        come_in(page, served, "rhea")
        page.goto(f"{served.address}/desk/")
        page.get_by_label("Account", exact=True).fill("Alder Works")
        page.get_by_label("At list price").fill("100,000")
        page.get_by_role("textbox", name="Discount").fill("12")
        page.get_by_role("button", name="Try").click()
        expect(page.get_by_role("heading", name="Needs a yes from above")).to_be_visible()
        assert_fits(page)
        page.get_by_label("Note").fill("they sign on Friday")
        page.get_by_role("button", name="Ask for approval").click()
        expect(page.get_by_text("waits for approval")).to_be_visible()
        number = number_of(page)
        assert_fits(page)
    with visiting(chromium, width=width, script=False) as page:
        come_in(page, served, "mona")
        page.goto(f"{served.address}/desk/approvals/")
        page.locator(f"a[href='/desk/requests/{number}/']").click()
        expect(page.get_by_text("they sign on Friday")).to_be_visible()
        page.get_by_label("Comment").fill("go ahead")
        page.get_by_role("button", name="Approve").click()
        expect(page.locator(".page-head").get_by_text("approved")).to_be_visible()
    with visiting(chromium, width=width, script=False) as page:
        come_in(page, served, "rhea")
        page.goto(f"{served.address}/desk/requests/{number}/")
        expect(page.get_by_text("go ahead")).to_be_visible()
        page.get_by_role("link", name="Show the customer").click()
        expect(page.get_by_text("88,000")).to_be_visible()
        assert_fits(page)


def test_an_approver_counters_and_the_rep_takes_it(chromium: Browser, served: Server) -> None:
    with visiting(chromium) as page:
        come_in(page, served, "rolf")
        page.goto(f"{served.address}/desk/?account=A1&amount=100k&rate=18")
        page.get_by_role("button", name="Ask for approval").click()
        number = number_of(page)
    with visiting(chromium, dark=True) as page:
        come_in(page, served, "milo")
        page.goto(f"{served.address}/desk/requests/{number}/")
        page.get_by_text("Counter with other terms").click()
        assert_good(page)
        page.get_by_label("Discount, %").fill("17")
        page.get_by_label("Term in months").fill("36")
        page.get_by_role("button", name="Counter").click()
        expect(page.get_by_text("Countered.", exact=False).first).to_be_visible()
    with visiting(chromium, width=PHONE) as page:
        come_in(page, served, "rolf")
        page.goto(f"{served.address}/desk/requests/{number}/")
        assert_good(page)
        page.get_by_role("link", name="Take the counter").click()
        page.get_by_role("button", name="Ask for approval").click()
        expect(page.locator(".page-head").get_by_text("approved")).to_be_visible()


@pytest.mark.parametrize(("width", "dark"), [(WIDE, False), (PHONE, True)])
def test_every_page_can_be_read_by_everybody(
    chromium: Browser, served: Server, width: int, dark: bool
) -> None:
    paths = (
        "",
        "?account=A1&amount=100k&rate=50",
        "?account=nobody",
        "customer/?account=A1&amount=9&rate=1",
        "requests/?whose=all",
        "approvals/",
        "away/",
        "recurring/",
    )
    with visiting(chromium, width=width, dark=dark) as page:
        come_in(page, served, "mona")
        for path in paths:
            page.goto(f"{served.address}/desk/{path}")
            assert_good(page)
