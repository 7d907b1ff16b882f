"""Reading, drafting and signing in Chromium: wide and on a phone, with scripts and without."""

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from counterpoise.agreement import parse_agreement, save_ratified
from counterpoise.books import Workspace
from tests.browser import PHONE, WIDE, assert_fits, assert_good, sign_in_anew, visiting
from tests.web.agreements.texts import PASSWORD, TEXT
from tests.web.served import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_SIGNED = """\
signed:
  - {side: sales, by: Manager, at: 2025-12-01 09:00:00}
  - {side: marketing, by: Marketer, at: 2025-12-02 09:00:00}
"""
_PREPARE = """
import datetime as dt
import sys
from pathlib import Path
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(Path(sys.argv[1])))
from counterpoise.web.agreements import drafts, negotiation, proposals, reading
from counterpoise.web.agreements.models import Origin, PointKind
from tests.web.agreements.texts import TEXT, make_people
people = make_people()
today = reading.today()
to_sign = TEXT.format(start=today).replace("Next year", "From today on")
drafts.start(people["manager"], to_sign, Origin.VERSION)
later = TEXT.format(start=today + dt.timedelta(days=30)).replace("rep: 10%", "rep: 11%")
draft = drafts.start(people["manager"], later, Origin.VERSION)
proposal = proposals.propose(people["manager"], draft, 1, "more room for large deals")
objection = negotiation.Asked(PointKind.OBJECTION, "goals.revenue", says="too high")
negotiation.put_forward(people["marketer"], proposal, [objection])
"""
_PATHS = (
    "",
    "history/",
    "compare/?new=draft-2",
    "drafts/2/",
    "drafts/2/edit/discounts.limits/",
    "drafts/2/text/",
    "proposals/1/",
)


@pytest.fixture(scope="module")
def served(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a room with an agreement in force, one draft to sign and one that is proposed."""
    workspace = Workspace.create(tmp_path_factory.mktemp("served-agreement") / "room")
    former = TEXT.format(start="2026-01-01").replace("Next year", "Until now") + _SIGNED
    save_ratified(workspace.agreements_dir, parse_agreement(former))
    command = [sys.executable, "-c", _PREPARE, str(workspace.root)]
    subprocess.run(command, check=True, cwd=root, timeout=240)
    with serving(workspace.root) as server:
        yield server


def come_in(page: Page, served: Server, name: str) -> None:
    sign_in_anew(page, served.address, served.email(name), PASSWORD)


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_every_page_can_be_read(chromium: Browser, served: Server, width: int) -> None:
    with visiting(chromium, width=width, dark=width == PHONE) as page:
        come_in(page, served, "marketer")
        for path in _PATHS:
            page.goto(f"{served.address}/agreement/{path}")
            assert_good(page)


@pytest.mark.parametrize("paper", [1000, 640])
def test_prints_as_a_contract(chromium: Browser, served: Server, paper: int) -> None:
    with visiting(chromium, dark=True) as page:
        come_in(page, served, "marketer")
        page.goto(f"{served.address}/agreement/")
        page.emulate_media(media="print", color_scheme="dark")
        page.set_viewport_size({"width": paper, "height": 900})
        for part in (".side", ".tabs", ".contents", ".page-head .actions", ".act"):
            assert not any(each.is_visible() for each in page.locator(part).all()), part
        assert_fits(page)
        row = page.locator(".grants tbody tr").first
        assert row.evaluate("each => getComputedStyle(each).display") == "table-row"
        assert re.fullmatch("[0-9a-f]{64}", page.locator(".fingerprint dd").inner_text().strip())
        colours = "each => [getComputedStyle(each).color, getComputedStyle(each).backgroundColor]"
        assert page.locator("html").evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        assert page.pdf(format="A4").count(b"/Type /Page\n") <= 4


def test_says_what_is_wrong_as_one_types(chromium: Browser, served: Server) -> None:
    with visiting(chromium) as page:
        come_in(page, served, "manager")
        page.goto(f"{served.address}/agreement/drafts/2/edit/discounts.limits/")
        page.locator("[name=row-0-when]").press_sequentially(" and more")
        expect(page.locator("#findings")).to_contain_text("1 problem")
        assert_good(page)


def test_drafts_proposes_objects_and_signs_without_scripts(
    chromium: Browser, served: Server
) -> None:
    with visiting(chromium, width=PHONE, script=False) as page:
        come_in(page, served, "manager")
        page.goto(f"{served.address}/agreement/drafts/1/edit/discounts.limits/")
        enterprise = page.get_by_role("group", name="Row 1")
        expect(enterprise.get_by_label("Sales manager", exact=True)).to_have_value("20%")
        enterprise.get_by_label("Sales manager", exact=True).fill("18%")
        page.locator(".bar-acts").get_by_role("button", name="Store").click()
        expect(page.get_by_text("Stored as revision 2.")).to_be_visible()
        page.goto(f"{served.address}/agreement/drafts/1/")
        page.get_by_role("button", name="Propose revision 2").click()
        expect(page.get_by_role("heading", name="Signatures")).to_be_visible()
        assert_fits(page)
        proposal = page.url
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Sign for sales").click()
        expect(page.get_by_text("It takes effect when the other side signs.")).to_be_visible()
    with visiting(chromium, width=PHONE, script=False) as page:
        come_in(page, served, "marketer")
        page.goto(proposal)
        page.get_by_role("link", name=re.compile("^Object to goals.revenue")).click()
        page.get_by_label("Why").fill("a stretch, but we sign")
        page.get_by_role("button", name="Object without another text").click()
        expect(page.locator("#goals\\.revenue")).to_contain_text("a stretch, but we sign")
        assert_fits(page)
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Sign for marketing").click()
        expect(page.get_by_text("Ratified: both sides signed the same wording.")).to_be_visible()
        page.goto(f"{served.address}/agreement/")
        expect(page.get_by_role("heading", name="From today on")).to_be_visible()
        expect(page.locator(".facts .state")).to_have_text("in force")
        expect(page.locator("[id='discounts.limits.enterprise']")).to_contain_text("18%")
    files = served.workspace.agreements_dir.glob("*.yaml")
    days = sorted(dt.date.fromisoformat(file.name[:10]) for file in files)
    assert len(days) == 2
    assert days[0] == dt.date(2026, 1, 1) < days[1]
