"""The documentation shows what is so."""

import re
from pathlib import Path

import pytest

from scripts.pages import ROOT, Block, PageError, blocks, run_page, update

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
_LINK = re.compile(
    r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\""
)


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_what_a_page_shows_runs(page: Path) -> None:
    run_page(page)


def test_a_page_that_shows_another_output_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo two words\nthree words\n```\n")
    with pytest.raises(PageError, match="two words"):
        run_page(page)


def test_a_page_whose_command_fails_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ exit 3\n```\n")
    with pytest.raises(PageError, match="exits 3"):
        run_page(page)


def test_a_page_with_broken_data_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text('```json\n{"a": }\n```\n')
    with pytest.raises(PageError, match=r"page\.md:1"):
        run_page(page)


def test_a_page_can_bring_a_file(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- file: a/b.txt -->\n```text\nhere\n```\n```console\n$ cat a/b.txt\nhere\n```\n"
    )
    run_page(page)


def test_updating_a_page_writes_what_is_printed_and_keeps_what_still_holds(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo new\nold\n$ echo one two three\none ... three\n```\n")
    update(page)
    shown = "```console\n$ echo new\nnew\n$ echo one two three\none ... three\n```\n"
    assert page.read_text() == shown


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = {next(filter(None, found)) for found in _LINK.findall(prose)}
    inside = [target for target in targets if not target.startswith(("https:", "mailto:"))]
    broken = [target for target in inside if not _leads_somewhere(page, target)]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_illustrative_blocks_say_why_they_are_not_run(page: Path) -> None:
    assert [block.line for block in blocks(page) if _is_silent(block)] == []


def _is_silent(block: Block) -> bool:
    return block.mark == "illustrative" and not block.says


def _leads_somewhere(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    goal = (page.parent / path) if path else page
    if not goal.exists():
        return False
    return not anchor or goal.suffix != ".md" or anchor in _anchors(goal)


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    words = (re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings)
    return {re.sub(r"[-\s]+", "-", heading) for heading in words}
