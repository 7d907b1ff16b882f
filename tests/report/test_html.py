"""The page: whole in itself, safe against what the books say, and fit for every screen."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.cli.running import done

VOID = {"meta", "img", "link", "br", "hr", "input"}


class Structure(HTMLParser):
    """Read a page and hold every end to its beginning."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "review.html"
    done("-w", company, "review", "--html", file, "--by", "employees")
    return file


@pytest.fixture(scope="module")
def structure(page: Path) -> Structure:
    read = Structure()
    read.feed(page.read_text(encoding="utf-8"))
    assert read.open == []
    return read


def test_loads_nothing_and_runs_nothing(structure: Structure, page: Path) -> None:
    assert {tag for tag, _ in structure.tags} & {"script", "link", "iframe", "object"} == set()
    for _, attributes in structure.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("src", "href"):
            assert (attributes.get(name) or "data:").startswith("data:")
    assert "://" not in re.sub(r'src="data:[^"]*"', "", page.read_text(encoding="utf-8"))


def test_its_policy_lets_nothing_else_in(structure: Structure) -> None:
    policies = [each.get("content") for tag, each in structure.tags if "http-equiv" in each]
    assert len(policies) == 1
    assert policies[0] is not None
    assert policies[0].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policies[0]


def test_shows_what_the_books_say_as_text(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_ranks_no_persons(page: Path) -> None:
    assert "By owner" not in page.read_text(encoding="utf-8")


def test_names_every_region_picture_and_heading(structure: Structure) -> None:
    for tag, attributes in structure.tags:
        if tag == "img":
            assert attributes["alt"]
        if attributes.get("role") in {"img", "region"}:
            assert attributes["aria-label"]
    assert [tag for tag, _ in structure.tags].count("h1") == 1


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_opens_quietly_and_fits(chromium: Browser, page: Path, width: int, scheme: str) -> None:
    shown = chromium.new_page(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    said: list[str] = []
    asked: list[str] = []
    shown.on("console", lambda message: said.append(message.text))
    shown.on("pageerror", lambda error: said.append(str(error)))
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(page.as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.evaluate("getComputedStyle(document.body).maxWidth") == "1024px"
    assert shown.locator("h1").inner_text() == "Review as of 2026-05-20"
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    shown.close()


@pytest.mark.browser
def test_prints_on_white_paper(chromium: Browser, page: Path) -> None:
    shown = chromium.new_page(color_scheme="dark")
    shown.goto(page.as_uri())
    shown.emulate_media(media="print")
    background = shown.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert background == "rgb(255, 255, 255)"
    shown.close()
