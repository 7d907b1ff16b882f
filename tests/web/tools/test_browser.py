"""The tools in Chromium: sellers with a phone, marketers at a desk, with scripts and without."""

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
import datetime as dt
from django.utils import timezone
from counterpoise.web.tools.states import MessageKind
from tests.web.desk.asking import make_people
from tests.web.tools.making import made, sent
people = make_people()
for user in vars(people).values():
    user.set_password({PASSWORD!r})
    user.save()
now = timezone.now()
ends = timezone.localdate() + dt.timedelta(days=5)
made(people.kira, now, proof="Two years at Alder Works: 41 hours of standstill less a year.")
made(people.kira, now, title="Against Delta", competitor="Delta", objection="Delta is cheaper")
made(people.kira, now, title="Speed sheet", objection="It takes too long", expires_on=ends)
long_ago = now - dt.timedelta(days=30)
sent(people.rhea, "They say Delta delivers in a week. What do we answer?", now=long_ago)
sent(people.rolf, "Valves are bought by the plant, not by purchasing.", MessageKind.NOTE, now)
"""


@pytest.fixture(scope="module")
def served(
    root: Path, tools_company: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Serve the small company, with everybody's account, tools and messages."""

    def make(folder: Path) -> None:
        room = shutil.copytree(tools_company, folder / "room")
        command = [sys.executable, "-c", _PREPARE, str(room)]
        subprocess.run(command, check=True, cwd=root, timeout=240)

    ready = made_once(tmp_path_factory, "served-tools", make) / "room"
    room = tmp_path_factory.mktemp("served-tools") / "room"
    with serving(Path(shutil.copytree(ready, room))) as server:
        yield server


def come_in(page: Page, served: Server, name: str) -> None:
    sign_in(page, served.address, served.email(name), PASSWORD)


def path_of(page: Page, served: Server) -> str:
    return page.url.removeprefix(served.address)


@pytest.mark.parametrize(("width", "dark"), [(WIDE, True), (PHONE, False)])
def test_every_page_is_good(chromium: Browser, served: Server, width: int, dark: bool) -> None:
    with visiting(chromium, width=width, dark=dark) as page:
        come_in(page, served, "lena")
        for path in (
            "/tools/",
            "/tools/new/",
            "/tools/requests/",
            "/tools/notes/",
            "/tools/requests/new/",
            "/tools/what-helps/",
            "/ledger/deals/D1/",
            "/desk/?deal=D1&rate=12",
        ):
            page.goto(served.address + path)
            assert_good(page)
        page.goto(f"{served.address}/tools/")
        page.get_by_role("link", name="Pump case").first.click()
        assert_good(page)
        asked = page.get_by_role("link", name="They say Delta delivers")
        page.goto(f"{served.address}/tools/requests/")
        if not asked.count():
            page.goto(f"{served.address}/tools/requests/?show=settled")
        asked.click()
        assert_good(page)


def test_a_seller_uses_a_tool_from_the_desk_with_one_click(
    chromium: Browser, served: Server
) -> None:
    with visiting(chromium, width=PHONE) as page:
        come_in(page, served, "rhea")
        page.goto(f"{served.address}/desk/?deal=D1&rate=12")
        offered = page.get_by_role("group", name="Tools in place of a discount")
        pump = offered.get_by_role("listitem").filter(has_text="Pump case")
        pump.get_by_role("button", name="Use it Pump case").click()
        expect(pump.get_by_text("used today")).to_be_visible()
        assert path_of(page, served).startswith("/desk/")
        pump.get_by_role("button", name="This helped Pump case").click()
        expect(pump.get_by_text("used today, and it helped")).to_be_visible()
        assert_good(page)
        page.goto(f"{served.address}/ledger/deals/D1/")
        used = page.locator(".tools-used").get_by_role("listitem").filter(has_text="Pump case")
        expect(used.get_by_text("helped")).to_be_visible()
        page.get_by_role("button", name="Take back the use of Pump case").click()
        expect(page.get_by_role("button", name="Use it Pump case")).to_be_visible()


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_every_act_of_both_sides_works_without_scripts(
    chromium: Browser, served: Server, width: int
) -> None:
    said = f"They want a sheet for A{width}."
    with visiting(chromium, width=width, script=False) as page:
        come_in(page, served, "rhea")
        page.goto(f"{served.address}/ledger/deals/D1/")
        page.get_by_role("link", name="Ask marketing for a tool").click()
        assert page.get_by_label("Product family").input_value() == "Pumps"
        page.get_by_label("What do you need").fill(said)
        page.get_by_role("button", name="Ask").click()
        expect(page.get_by_text("Asked. Marketing sees it now.")).to_be_visible()
        asked = path_of(page, served)
        assert_fits(page)
        page.goto(f"{served.address}/tools/notes/new/")
        page.get_by_label("What did you hear").fill(said)
        page.get_by_role("button", name="Tell").click()
        told = path_of(page, served)
    with visiting(chromium, width=width, script=False) as page:
        come_in(page, served, "kira")
        page.goto(served.address + asked)
        page.get_by_role("link", name="Make a new tool for it").click()
        page.get_by_label("Title").fill(f"Sheet A{width}")
        page.get_by_label("You say").fill("It fits every pump.")
        page.get_by_label("File").set_input_files(
            {"name": "sheet.txt", "mimeType": "text/plain", "buffer": b"It fits."}
        )
        page.get_by_role("button", name="Put it into the library").click()
        page.get_by_role("button", name="Answer").click()
        expect(page.get_by_text("Answered; who asked is told.")).to_be_visible()
        page.goto(served.address + told)
        page.get_by_label("Your answer").fill("We make one.")
        page.get_by_role("button", name="Answer").click()
        expect(page.get_by_text("We make one.")).to_be_visible()
        assert_fits(page)
    with visiting(chromium, width=width, script=False) as page:
        come_in(page, served, "rhea")
        page.goto(served.address + asked)
        page.get_by_role("link", name=f"Sheet A{width}").click()
        with page.expect_download() as loading:
            page.get_by_role("link", name="sheet.txt").click()
        assert loading.value.suggested_filename == "sheet.txt"
        page.get_by_role("button", name="This helped").click()
        expect(page.get_by_text("Noted: it helped.")).to_be_visible()
        assert_fits(page)


def test_marketing_changes_retires_declines_and_passes_on(
    chromium: Browser, served: Server
) -> None:
    with visiting(chromium, script=False) as page:
        come_in(page, served, "kira")
        page.goto(f"{served.address}/tools/?words=speed")
        page.get_by_role("link", name="Speed sheet").click()
        page.get_by_role("link", name="Change").click()
        page.get_by_label("The proof").fill("Four days on average.")
        page.get_by_role("button", name="Keep").click()
        expect(page.get_by_text("Four days on average.")).to_be_visible()
        page.get_by_role("button", name="Retire").click()
        expect(page.get_by_text("It is not offered any more.")).to_be_visible()
        page.get_by_role("button", name="Offer it again").click()
        expect(page.get_by_text("It is offered again.")).to_be_visible()
        page.goto(f"{served.address}/tools/requests/?show=overdue")
        page.get_by_role("link", name="They say Delta delivers").click()
        page.get_by_role("button", name="Pass it on").click()
        expect(page.get_by_text("Passed on.")).to_be_visible()
        page.get_by_role("heading", name="Decline with a reason").click()
        page.get_by_label("The reason").fill("The speed sheet answers it.")
        page.get_by_role("button", name="Decline").click()
        expect(page.get_by_text("The speed sheet answers it.")).to_be_visible()
