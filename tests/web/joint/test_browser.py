"""Joint reviews in Chromium: two people write at once, and everything works without scripts."""

import datetime as dt
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import (
    PHONE,
    WIDE,
    assert_fits,
    assert_good,
    assert_good_without_scripts,
    visiting,
)
from tests.web.served import Server
from tests.web.tools.conftest import tools_company
from tests.web.tools.test_browser import come_in, served

__all__ = ["served", "tools_company"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]

_PATIENCE = 30_000  # milliseconds until the other one's page looks again
_REVIEWS = "/talk/reviews/"


def let_lead(served: Server, *names: str) -> None:
    """Let people sign for their side."""
    file = served.workspace.root / "counterpoise.sqlite3"
    with closing(sqlite3.connect(file, timeout=60)) as database, database:
        for name in names:
            email = f"{name}@example.com"
            database.execute("UPDATE people_user SET may_sign = 1 WHERE email = ?", [email])


def begin(page: Page, served: Server) -> str:
    """Plan a review where none is planned, begin it, and return its address."""
    page.goto(served.address + _REVIEWS)
    if page.get_by_role("button", name="Plan the").count():
        page.get_by_role("button", name="Plan the").click()
    page.locator(".joint-next").get_by_role("link").last.click()
    assert_fits(page)
    if page.get_by_role("button", name="Begin").count():
        page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("open now")).to_be_visible()
    return page.url


def in_a_week() -> str:
    return (dt.date.today() + dt.timedelta(days=7)).isoformat()  # noqa: DTZ011 - a day to type


def test_two_write_at_once_and_lose_nothing(chromium: Browser, served: Server) -> None:
    let_lead(served, "mona", "kira")
    with (
        visiting(chromium, width=WIDE, dark=True) as mona,
        visiting(chromium, width=PHONE) as kira,
    ):
        come_in(mona, served, "mona")
        come_in(kira, served, "kira")
        address = begin(mona, served)
        mona.get_by_label("What do you want to speak of?").fill("Prices of valves")
        mona.get_by_role("button", name="Put it on the agenda").click()
        kira.goto(address)
        kira.get_by_role("button", name="I am here").click()
        expect(mona.locator("#present").get_by_text("marketing, is there")).to_be_visible(
            timeout=_PATIENCE
        )
        ours, theirs = (
            page.locator(".joint-point").filter(has_text="Prices of valves")
            for page in (mona, kira)
        )
        ours.get_by_text("Write down").click()
        ours.locator("textarea").first.fill("Prices rise in May.")
        ours.get_by_role("button", name="Note").click()
        expect(theirs.get_by_text("Prices rise in May.")).to_be_visible(timeout=_PATIENCE)
        kira.reload()
        for point, said in ((ours, "in May.\nMona calls Delta."), (theirs, "in June.")):
            if not point.locator("details[open]").count():
                point.get_by_text("Write down").click()
            point.get_by_text("Change the notes").click()
            point.get_by_label("Notes").fill(f"Prices rise {said}")
        theirs.get_by_role("button", name="Keep").click()
        expect(theirs.get_by_text("Prices rise in June.").first).to_be_visible()
        ours.get_by_role("button", name="Keep").click()
        for point in (ours, theirs):
            kept = point.locator(".joint-kept > p")
            expect(kept).to_have_text(
                ["Prices rise in June.", "Mona calls Delta."], timeout=_PATIENCE
            )
        ours.locator("textarea").first.fill("One price list")
        ours.get_by_role("button", name="Decided").click()
        expect(theirs.get_by_text("One price list", exact=True)).to_be_visible(timeout=_PATIENCE)
        assert_good(mona)
        assert_good(kira)
        mona.get_by_role("button", name="Close the minutes").click()
        expect(mona.get_by_text("1 decision, 0 actions")).to_be_visible()
        expect(kira.get_by_text("1 decision, 0 actions")).to_be_visible(timeout=_PATIENCE)
        for path in ("", "calendar/", "rhythm/"):
            mona.goto(f"{served.address}{_REVIEWS}{path}")
            assert_good(mona)


def test_a_review_is_held_on_a_phone_without_scripts(chromium: Browser, served: Server) -> None:
    let_lead(served, "mona", "kira")
    with visiting(chromium, width=PHONE, script=False) as page:
        come_in(page, served, "kira")
        begin(page, served)
        page.get_by_label("What do you want to speak of?").fill("A case for Alder")
        page.get_by_role("button", name="Put it on the agenda").click()
        point = page.locator(".joint-point").filter(has_text="A case for Alder")
        point.get_by_text("Write down").click()
        point.locator("textarea").first.fill("Write the Alder case")
        point.get_by_role("button", name="To do").click()
        point.get_by_label("Who").select_option(label="Rhea, sales")
        point.get_by_label("Until").fill(in_a_week())
        point.get_by_role("button", name="Promise it").click()
        expect(point.locator(".joint-actions").get_by_text("Rhea")).to_be_visible()
        assert_good_without_scripts(page)
        page.get_by_role("button", name="Close the minutes").click()
        expect(page.get_by_text("Nobody of sales is there yet")).to_be_visible()
    with visiting(chromium, width=PHONE, script=False) as page:
        come_in(page, served, "rhea")
        page.goto(served.address)
        page.get_by_role("link", name="Do, as promised: Write the Alder case").click()
        mine = page.get_by_role("listitem").filter(has_text="Write the Alder case")
        mine.get_by_role("button", name="Done").click()
        expect(page.get_by_text("Ticked off.")).to_be_visible()
    with visiting(chromium, width=PHONE, script=False) as page:
        come_in(page, served, "mona")
        page.goto(served.address + _REVIEWS)
        page.get_by_role("link", name="Join", exact=True).click()
        page.get_by_role("button", name="I am here").click()
        page.get_by_role("button", name="Close the minutes").click()
        expect(page.get_by_text("0 decisions, 1 action")).to_be_visible()
        assert_good_without_scripts(page)
