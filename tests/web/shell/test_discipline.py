"""No page and no static file carries what the content policy refuses."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[3] / "src/counterpoise/web"
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
LETTER = WEB / "notices/templates/notices/letter.html"
"""Mail, which no policy of a page reaches and whose readers know styles of elements alone."""
DRAWN = sorted(WEB.rglob("static/**/*.svg"))
STYLES = sorted(WEB.rglob("static/**/*.css"))
SCRIPTS = sorted(WEB.rglob("static/**/*.js"))

_REFUSED = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a handler of htmx": re.compile(r"\s(data-)?hx-on", re.IGNORECASE),
    "hyperscript": re.compile(r"<[^>]*\s_\s*=\s*[\"']"),
    "an address that runs": re.compile(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", re.I),
    "another host": re.compile(r"(src|href|action)\s*=\s*[\"'](https?:)?//", re.IGNORECASE),
}
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)


def _id(file: Path) -> str:
    return str(file.relative_to(WEB))


@pytest.mark.parametrize("file", [*TEMPLATES, *DRAWN], ids=_id)
def test_holds_nothing_that_the_policy_refuses(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    refused = [what for what, pattern in _REFUSED.items() if pattern.search(text)]
    assert refused == (["a style attribute"] if file == LETTER else [])


@pytest.mark.parametrize("file", TEMPLATES, ids=_id)
def test_has_no_script_of_its_own(file: Path) -> None:
    inline = [
        body
        for attributes, body in _SCRIPT.findall(file.read_text(encoding="utf-8"))
        if "src=" not in attributes and "application/json" not in attributes
    ]
    assert inline == []


@pytest.mark.parametrize("file", STYLES, ids=_id)
def test_fetches_nothing_by_its_styles(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "@import" not in text
    assert re.findall(r"url\(\s*[\"']?(?:https?:)?//", text) == []


@pytest.mark.parametrize("file", STYLES, ids=_id)
def test_takes_colours_from_the_tokens(file: Path) -> None:
    if file.name == "tokens.css":
        return
    text = file.read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)", text) == []


@pytest.mark.parametrize("file", SCRIPTS, ids=_id)
def test_makes_no_code_of_text(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert re.findall(r"\beval\(|new Function|innerHTML|setAttribute\(.style", text) == []
