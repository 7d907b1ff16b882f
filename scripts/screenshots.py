"""Take the pictures of the room's main pages: a made-up company, served and opened in Chromium."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser import PHONE, WIDE, program, sign_in, started, visiting
from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs/pictures"
DEALS = os.environ.get("DEALS", "20000")
_PASSWORD = "only for the pictures"  # noqa: S105 - of accounts that end with the script
_PATIENCE = 300  # seconds

_QUESTION = "?account={account}&amount=60000&f.product_family=Cascade&rate={rate}"
_ON_RECORD = (14, 26)
"""Rates that a rep asks for beforehand: one is the manager's to answer, one the lead's."""

_SEEN_BY = {"desk": "rep", "books": "analyst", "settings": "analyst"}

_PREPARE = f"""
import json, sys
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(sys.argv[1]))
from django.urls import reverse
from counterpoise.web import house
from counterpoise.web.live import live
from counterpoise.web.people.cast import make_cast
from counterpoise.web.places import places
cast = make_cast(live(), house.agreements().latest.agreement, lambda: {_PASSWORD!r})
accounts = (live().account(f"A{{number:06d}}") for number in range(1, 100_000))
large = (each for each in accounts if each and each["segment"] == "Enterprise")
print(json.dumps({{
    "account": next(large)["account_id"],
    "cast": {{member.part: member.user.email for member in cast}},
    "places": {{place.label.lower(): reverse(place.url_name) for place in places()}},
}}))
"""


@dataclass(frozen=True)
class Picture:
    """A picture to take: of which page, for whom, how wide, and in the dark or not."""

    name: str
    path: str
    part: str
    width: int
    dark: bool = False
    opens: str = ""
    """The link on the page that leads to what is taken; the page itself without one."""

    @property
    def file(self) -> Path:
        """Return where the picture goes."""
        size = "phone" if self.width == PHONE else "wide"
        return PICTURES / f"{self.name}-{size}{'-dark' if self.dark else ''}.png"


def pictures_of(prepared: dict[str, Any]) -> Iterator[Picture]:
    """Yield every main page and one crack, wide and on a phone, and the home page in the dark."""
    for name, path in prepared["places"].items():
        part = _SEEN_BY.get(name, "lead")
        asked = path
        if name == "desk":
            asked += _QUESTION.format(account=prepared["account"], rate=_ON_RECORD[0])
        if name == "rehearsal":
            asked += "try/?r0=8"
        for width in (WIDE, PHONE):
            yield Picture(name, asked, part, width)
            if name == "balance":
                yield Picture(name, asked, part, width, dark=True)
            if name == "talk":
                first = ".joint-next .button-primary"
                yield Picture("joint", f"{asked}reviews/", part, width, opens=first)
            if name == "cracks":
                yield Picture("crack", asked, part, width, opens=".crack-lines a")


def prepare(workspace: Path) -> dict[str, Any]:
    """Make a company with a cast, and return who they are and where the pages are."""
    command = str(Path(sys.executable).with_name("counterpoise"))
    made = [command, "demo", str(workspace), "--deals", DEALS, "--no-serve"]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    prepared = [sys.executable, "-c", _PREPARE, str(workspace)]
    told = subprocess.run(prepared, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


@contextmanager
def served(workspace: Path) -> Iterator[str]:
    """Serve the room by the real command until the block ends, and give its address."""
    command = str(Path(sys.executable).with_name("counterpoise"))
    port = free_port()
    log = workspace.with_name("serve.log")
    with log.open("w") as stream:
        serving = [command, "-w", str(workspace), "serve", "--port", str(port)]
        process = subprocess.Popen(serving, stderr=stream)
    try:
        until = time.monotonic() + _PATIENCE
        while "is open at" not in log.read_text():
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"the room did not open:\n{log.read_text()}")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def wait_for_review(page: Page, address: str) -> None:
    """Wait until the worker has made the first review."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        page.goto(f"{address}/")
        if page.locator(".balance").count():
            return
        time.sleep(1)
    sys.exit("no review was made")


def ask(browser: Browser, address: str, prepared: dict[str, Any]) -> None:
    """Put requests on record, so that something waits for an answer."""
    desk = f"{address}{prepared['places']['desk']}"
    with visiting(browser) as page:
        page.set_default_timeout(_PATIENCE * 1000)
        sign_in(page, address, prepared["cast"]["rep"], _PASSWORD)
        for rate in _ON_RECORD:
            page.goto(desk + _QUESTION.format(account=prepared["account"], rate=rate))
            page.get_by_role("button", name="Ask for approval").click()
            page.wait_for_url("**/requests/**")


def plan(browser: Browser, address: str, prepared: dict[str, Any]) -> None:
    """Plan the first joint review, once there is something to speak of."""
    with visiting(browser) as page:
        page.set_default_timeout(_PATIENCE * 1000)
        sign_in(page, address, prepared["cast"]["lead"], _PASSWORD)
        wait_for_review(page, address)
        page.goto(f"{address}{prepared['places']['talk']}reviews/")
        page.get_by_role("button", name="Plan the first one").click()
        page.get_by_role("link", name="Read the agenda").wait_for()


def take(browser: Browser, address: str, picture: Picture, email: str) -> None:
    """Take one picture; a page that breaks its policy fails."""
    with visiting(browser, width=picture.width, dark=picture.dark) as page:
        page.set_default_timeout(_PATIENCE * 1000)
        sign_in(page, address, email, _PASSWORD)
        wait_for_review(page, address)
        page.goto(f"{address}{picture.path}")
        if picture.opens:
            page.goto(f"{address}{page.locator(picture.opens).first.get_attribute('href')}")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=picture.file)
    sys.stdout.write(
        f"{picture.file.relative_to(ROOT)}: {picture.file.stat().st_size // 1024} KiB\n"
    )


def main() -> None:
    """Take all pictures, or those whose names are given."""
    if program() is None:
        sys.exit("the pictures need Chromium (Debian: apt-get install chromium)")
    wanted = set(sys.argv[1:])
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name) / "halden"
        prepared = prepare(workspace)
        with served(workspace) as address, started() as browser:
            ask(browser, address, prepared)
            plan(browser, address, prepared)
            for picture in pictures_of(prepared):
                if not wanted or picture.name in wanted:
                    take(browser, address, picture, prepared["cast"][picture.part])


if __name__ == "__main__":
    main()
