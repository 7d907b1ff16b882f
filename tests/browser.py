"""The system's Chromium, and what every page must hold in it."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    expect,
    sync_playwright,
)

WIDE, PHONE = 1280, 390
_HEIGHT = {WIDE: 900, PHONE: 844}
_SERIOUS = ("serious", "critical")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_PATIENCE = 120_000
"""Milliseconds for a page or for what a page shows; a busy machine takes its time."""
expect.set_options(timeout=_PATIENCE / 2)

_HTML = "text/html; charset=utf-8"
_SCRIPTS = re.compile(r"<script\b.*?</script>|</?noscript>", re.DOTALL)
_HEARS_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => console.error(
  `policy: ${event.violatedDirective} refused ${event.blockedURI} ${event.sourceFile ?? ""}`
));
"""
_FORGET = """() => {
  if (location.protocol.startsWith("http")) { localStorage.clear(); sessionStorage.clear(); }
}"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Chromium, or skip the test where it is not installed."""
    if program() is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    # Playwright keeps a loop running in this thread, which Django takes for a view that waits.
    with pytest.MonkeyPatch.context() as patch, started() as browser:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield browser
        _LEFT.clear()


def program() -> str | None:
    """Return the path of the system's Chromium, None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def started() -> Iterator[Browser]:
    """Run Chromium until the block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=list(_ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Complaints:
    """What a browser said against a page while it was open."""

    said: list[str] = field(default_factory=list)

    def of_console(self, message: ConsoleMessage) -> None:
        """Keep an error or a warning; an answer that refuses on purpose is neither."""
        if message.type in {"error", "warning"} and "the server responded with" not in message.text:
            self.said.append(f"{message.type}: {message.text}")

    def of_script(self, error: Error) -> None:
        """Keep what a script failed on."""
        self.said.append(f"script: {error}")

    def of_request(self, request: Request) -> None:
        """Keep a request that leaves the machine."""
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname != "127.0.0.1":
            self.said.append(f"left the machine: {request.url}")

    @contextmanager
    def about(self, page: Page) -> Iterator[None]:
        """Listen to a page until the block ends."""
        heard = (
            ("console", self.of_console),
            ("pageerror", self.of_script),
            ("request", self.of_request),
        )
        for event, hear in heard:
            page.on(event, hear)  # type: ignore[call-overload]
        try:
            yield
        finally:
            for event, hear in heard:
                page.remove_listener(event, hear)


@contextmanager
def visiting(
    browser: Browser, *, width: int = WIDE, dark: bool = False, script: bool = True
) -> Iterator[Page]:
    """Open a page; fail at the end if it broke its policy, left the machine or complained."""
    complaints = Complaints()
    with _borrowed(browser, is_phone=width == PHONE, script=script) as page:
        _look(page, width, dark=dark)
        with complaints.about(page):
            yield page
    assert not complaints.said, "\n".join(complaints.said)


_LEFT: dict[tuple[bool, bool], list[Page]] = {}
"""Pages that earlier visits left, by whether they are on a phone and run scripts.

To begin in a page of its own takes a visit as long as all that it then does.
"""


@contextmanager
def _borrowed(browser: Browser, *, is_phone: bool, script: bool) -> Iterator[Page]:
    """Lend a page that nobody is in, and that keeps nothing of who was; keep none that failed."""
    left = _LEFT.setdefault((is_phone, script), [])
    page = left.pop() if left else _opened(browser, is_phone=is_phone, script=script)
    with ExitStack() as failed:
        failed.callback(page.context.close)
        yield page
        try:
            _leave(page)
        except Error:  # it was on its way elsewhere
            return
        failed.pop_all()
    left.append(page)


def _opened(browser: Browser, *, is_phone: bool, script: bool) -> Page:
    context = browser.new_context(
        java_script_enabled=script, has_touch=is_phone, is_mobile=is_phone
    )
    context.set_default_timeout(_PATIENCE)
    context.add_init_script(_HEARS_VIOLATIONS)
    return context.new_page()


def _look(page: Page, width: int, *, dark: bool) -> None:
    """Give a page the size and the colours of a visit."""
    page.set_viewport_size({"width": width, "height": _HEIGHT.get(width, 900)})
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    page.emulate_media(media="null", color_scheme=scheme, reduced_motion="reduce")


def _leave(page: Page) -> None:
    """Forget who was in a page and what it kept."""
    page.evaluate(_FORGET)
    page.goto("about:blank")
    page.context.clear_cookies()


_COOKIES: dict[tuple[str, str], list[Any]] = {}
"""What those hold who signed in before, by the room's address and the person's."""


def sign_in(page: Page, address: str, email: str, password: str) -> None:
    """Sign a person in, the first time by the page for it; the test opens the page it is about.

    What asks for a password that was given lately needs `sign_in_anew`.
    """
    if cookies := _COOKIES.get((address, email)):
        page.context.add_cookies(cookies)
        return
    sign_in_anew(page, address, email, password)
    _COOKIES[address, email] = page.context.cookies()


def sign_in_anew(page: Page, address: str, email: str, password: str) -> None:
    """Sign a person in by the page for it."""
    page.goto(f"{address}/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("form:has(input[name=password]) button").first.click()
    page.wait_for_selector(".places, .dock", state="attached")


def assert_good(page: Page) -> None:
    """Fail if axe finds something serious, or if the page is wider than the screen."""
    assert_accessible(page)
    assert_fits(page)


def assert_accessible(page: Page) -> None:
    """Fail if axe finds something serious or critical; a page needs its scripts for it to run."""
    found = Axe().run(page).response["violations"]
    serious = [_said(each) for each in found if each["impact"] in _SERIOUS]
    assert not serious, "\n".join(serious)


def assert_good_without_scripts(page: Page) -> None:
    """Fail like `assert_good` for a page that runs no scripts.

    Axe needs them, so it runs on the same document in another page, in which nothing of this one's
    runs.
    """
    assert_fits(page)
    plain = _SCRIPTS.sub("", page.content())
    browser, size = page.context.browser, page.viewport_size
    assert browser is not None
    assert size is not None
    with _borrowed(browser, is_phone=False, script=True) as other:
        _look(other, size["width"], dark=False)
        other.route(page.url, lambda route: route.fulfill(body=plain, content_type=_HTML))
        other.goto(page.url)
        assert_accessible(other)
        other.unroute_all()


def assert_fits(page: Page) -> None:
    """Fail if a page has to be scrolled sideways."""
    page.wait_for_load_state()
    whole, seen = page.locator("html").evaluate("html => [html.scrollWidth, html.clientWidth]")
    assert whole <= seen, f"{page.url} is {whole} px wide on a screen of {seen}"


def _said(violation: dict[str, object]) -> str:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    where = "; ".join(f"{node['target'][0]} {node['html'][:120]}" for node in nodes[:4])
    return f"{violation['id']} ({violation['impact']}): {where}"
