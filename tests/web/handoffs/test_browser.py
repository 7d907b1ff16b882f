"""Hand-offs in Chromium: each act of each role, wide and on a phone, with scripts and without."""

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
import datetime as dt
from django.utils import timezone
from counterpoise.web.handoffs.answering import Verdict, judge, respond
from counterpoise.web.handoffs.states import LeadEvent
from tests.web.handoffs.making import make_people, typed
people = make_people()
for user in vars(people).values():
    user.set_password({PASSWORD!r})
    user.save()
now, day = timezone.now(), dt.timedelta(days=1)
late = typed(people.kira, "Late", "A1", now - 9 * day)
made = [typed(people.kira, f"Lead {{number}}", "A1", now - day / 24) for number in range(3)]
respond(people.rita, made[0].pk, "Called.")
back = typed(people.kira, "Back", "A2", now - 3 * day)
judge(people.rolf, back.pk, Verdict(LeadEvent.REJECTED, "no budget", "Next year perhaps."))
"""


@pytest.fixture(scope="module")
def served(
    root: Path, lead_company: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Serve the small company with everybody's account and a few leads."""

    def make(folder: Path) -> None:
        room = shutil.copytree(lead_company, folder / "room")
        command = [sys.executable, "-c", _PREPARE, str(room)]
        subprocess.run(command, check=True, cwd=root, timeout=240)

    ready = made_once(tmp_path_factory, "served-leads", make) / "room"
    room = tmp_path_factory.mktemp("served-leads") / "room"
    with serving(Path(shutil.copytree(ready, room))) as server:
        yield server


def come_in(page: Page, served: Server, name: str, where: str = "/handoffs/") -> None:
    sign_in(page, served.address, served.email(name), PASSWORD)
    page.goto(served.address + where)


@pytest.mark.parametrize(("width", "dark"), [(WIDE, False), (PHONE, True)])
def test_every_page_is_good(chromium: Browser, served: Server, width: int, dark: bool) -> None:
    with visiting(chromium, width=width, dark=dark) as page:
        come_in(page, served, "lena")
        assert_good(page)
        for where in ("?board=marketing&tab=returned", "pass/", "teams/"):
            page.goto(f"{served.address}/handoffs/{where}")
            assert_good(page)
        page.goto(f"{served.address}/handoffs/?board=marketing&tab=returned")
        page.locator(".handoff-says a").first.click()
        assert_good(page)


def test_marketing_passes_and_sales_answers_on_a_phone_without_scripts(
    chromium: Browser, served: Server
) -> None:
    with visiting(chromium, width=PHONE, script=False) as page:
        come_in(page, served, "kira", "/handoffs/pass/")
        page.get_by_label("Tick Alder Works").check()
        page.get_by_role("button", name="Pass the ticked leads").click()
        expect(page.get_by_text("1 lead is with sales now")).to_be_visible()
        page.goto(f"{served.address}/handoffs/pass/")
        page.get_by_role("textbox", name="Account").fill("Alder Work")
        page.get_by_role("button", name="Pass", exact=True).click()
        expect(page.get_by_text("the nearest is 'Alder Works (A1)'")).to_be_visible()
        page.get_by_role("textbox", name="Account").fill("Alder Works")
        page.get_by_label("Who and what").fill("Ada about pumps")
        page.get_by_role("button", name="Pass", exact=True).click()
        expect(page.get_by_text("owner of the account").first).to_be_visible()
        where = page.url.removeprefix(served.address)
    with visiting(chromium, width=PHONE, script=False) as page:
        come_in(page, served, "rita", where)
        page.get_by_role("button", name="I have responded").click()
        expect(page.get_by_text("Your response is on record")).to_be_visible()
        page.get_by_label("Reject", exact=True).check()
        page.get_by_label("Reason to reject").select_option("wrong persona")
        page.get_by_role("button", name="Judge").click()
        expect(page.get_by_text(re.compile("This account meets"))).to_be_visible()
        page.get_by_label(re.compile("Reject although")).check()
        page.get_by_role("button", name="Judge").click()
        expect(page.get_by_text("Marketing reads why")).to_be_visible()
        assert_fits(page)
    with visiting(chromium, width=PHONE, script=False) as page:
        come_in(page, served, "kira", where)
        page.get_by_label("What is different now").fill("They make pumps after all.")
        page.get_by_role("button", name="Pass again").click()
        expect(page.get_by_text("It was here before")).to_be_visible()


def test_leads_are_judged_together_and_given_to_another(chromium: Browser, served: Server) -> None:
    with visiting(chromium) as page:
        come_in(page, served, "mona", "/handoffs/?tab=overdue")
        page.locator(".handoff-says a").first.click()
        page.get_by_text("Give it to another").click()
        page.get_by_label("Give it to").select_option("Rhea Rook")
        page.get_by_role("button", name="Give", exact=True).click()
        expect(page.get_by_text("given by hand").first).to_be_visible()
        page.goto(f"{served.address}/handoffs/?tab=answered")
        page.locator(".handoff-line input").first.check()
        page.get_by_text("Judge the ticked leads together").click()
        page.get_by_label("Verdict").select_option("rejected")
        page.get_by_role("button", name="Judge").click()
        expect(page.get_by_text("A rejection gives a reason; choose one.")).to_be_visible()
        page.goto(f"{served.address}/handoffs/?tab=answered")
        page.locator(".handoff-line input").first.check()
        page.get_by_text("Judge the ticked leads together").click()
        page.get_by_role("button", name="Judge").click()
        expect(page.get_by_text("1 lead: accepted.")).to_be_visible()


def test_a_file_is_brought(chromium: Browser, served: Server, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("account,score\nA2,70\nBirch,80\n")
    with visiting(chromium) as page:
        come_in(page, served, "kira", "/handoffs/pass/")
        page.get_by_label("CSV file").set_input_files(file)
        page.get_by_role("button", name="Pass all of it").click()
        expect(page.get_by_text("Row 3: no account is called 'Birch'")).to_be_visible()
        assert_good(page)
        file.write_text("account,score\nA2,70\n")
        page.get_by_label("CSV file").set_input_files(file)
        page.get_by_role("button", name="Pass all of it").click()
        expect(page.get_by_text("1 lead is with sales now")).to_be_visible()
