"""Cracks in Chromium: wide and on a phone, light and dark, with scripts and without."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import PHONE, WIDE, assert_good, sign_in, visiting
from tests.web.conftest import MAKE_CAST
from tests.web.ledger.conftest import linked
from tests.web.served import PASSWORD, Server, serving

pytestmark = pytest.mark.browser

LAY_CRACKS = f"""
{MAKE_CAST}
from django.utils import timezone
from counterpoise.web.cracks.models import Crack
from counterpoise.web.people.models import User
from tests.web.cracks.making import Row, Seen, measured
person = User.objects.get(email="rep@example.com").person_id
rows = (Row("D00000001", person, 12_000.0), Row("D00000002", None, 8_000.0))
measured(
    workspace,
    Seen("discount_drift", "person", person, rows=rows),
    Seen("leakage", "team", "North", stake=9_000.0, rows=rows),
    Seen("lead_quality", "campaign", "C0001", side="marketing", stake=30_000.0),
)
Crack.objects.update(shown_at=timezone.now())
"""


@pytest.fixture(scope="module")
def served(reviewed_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the reviewed company with its cast and three cracks."""
    root = tmp_path_factory.mktemp("served-cracks") / "room"
    shutil.copytree(reviewed_workspace, root, copy_function=linked)
    checkout = str(Path(__file__).resolve().parents[3])
    paths = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), checkout)))
    subprocess.run(
        [sys.executable, "-c", LAY_CRACKS, str(root)],
        check=True,
        timeout=240,
        env={**os.environ, "PYTHONPATH": paths},
    )
    with serving(root) as server:
        yield server


def come_in(page: Page, served: Server, part: str) -> None:
    sign_in(page, served.address, served.email(part), PASSWORD)


def open_first(page: Page, served: Server, words: str) -> None:
    page.goto(f"{served.address}/cracks/")
    page.get_by_role("link", name=words).first.click()


@pytest.mark.parametrize(("width", "dark"), [(WIDE, True), (PHONE, False)])
def test_every_page_is_good(chromium: Browser, served: Server, width: int, dark: bool) -> None:
    with visiting(chromium, width=width, dark=dark) as page:
        come_in(page, served, "lead")
        for path in ("/cracks/", "/cracks/?order=side&state=all", "/cracks/since/", "/"):
            page.goto(served.address + path)
            assert_good(page)
        open_first(page, served, "North gives")
        expect(page.locator("figure.chart svg").first).to_be_visible()
        assert_good(page)
        open_first(page, served, "Somebody in")
        assert_good(page)


def test_acts_without_scripts_on_a_phone(chromium: Browser, served: Server) -> None:
    with visiting(chromium, width=PHONE, script=False) as page:
        come_in(page, served, "lead")
        page.goto(f"{served.address}/cracks/?side=marketing")
        page.locator(".crack-says a").first.click()
        page.get_by_label("Your answer").fill("The audience was bought in.")
        page.get_by_role("button", name="Answer").click()
        expect(page.get_by_text("The audience was bought in.")).to_be_visible()
        page.get_by_role("button", name="Assign").click()
        expect(page.get_by_text("Given an owner")).to_be_visible()
        expect(page.locator(".crack-tags .state")).to_have_text("healing")


def test_opens_a_persons_crack_by_a_button(chromium: Browser, served: Server) -> None:
    with visiting(chromium) as page:
        come_in(page, served, "manager")
        open_first(page, served, "Somebody in")
        page.get_by_role("button", name="Open it").click()
        expect(page.get_by_role("heading", name="The evidence")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).not_to_contain_text("Somebody")
        assert_good(page)
