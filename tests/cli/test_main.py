"""Exit codes, streams, and where the workspace is named."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from counterpoise import watch
from counterpoise.books import Workspace
from counterpoise.cli import reviewing
from tests.cli.running import done, listing, run

HEAVY = ("ibis", "duckdb", "pandas", "numpy", "pyarrow", "altair", "pydantic", "rich.console")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["reviw"], "Did you mean 'review'?"),
        (["review", "--jsn"], "--json"),
        (["review", "--as-of", "30.6.2026"], "write it like 2026-06-30"),
        (["import"], "SOURCE"),
        (["prune", "--keep", "0"], "--keep"),
        (["demo", "--deals", "many"], "--deals"),
        (["agreement", "sign"], "sign"),
    ],
    ids=" ".join,
)
def test_misuse_exits_with_2_and_says_how_to_use_it(words: list[str], says: str) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert "Usage: counterpoise" in ran.err


def test_no_command_shows_the_help_on_standard_error() -> None:
    ran = run()
    assert (ran.code, ran.out) == (2, "")
    assert "compare-snapshots" in ran.err


def test_help_is_whole_within_80_columns() -> None:
    for words in ([], ["agreement"], ["demo"], ["review"], ["import"], ["decide"]):
        said = done(*words, "--help")
        assert max(map(len, said.splitlines())) <= 80
        assert "..." not in said.replace("[ARGS]...", "")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from counterpoise.cli.app import app; "
        "app(['--help'], standalone_mode=False); "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_the_version_is_one_line() -> None:
    assert done("--version").startswith("counterpoise ")


@pytest.fixture
def reviewed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Note of which workspaces a review is asked, and stop there."""
    asked: list[Path] = []

    def note(workspace: Workspace, *_: object, **__: object) -> None:
        asked.append(workspace.root.resolve())
        raise KeyboardInterrupt

    monkeypatch.setattr(reviewing, "the_review", note)
    return asked


def test_the_workspace_is_named_before_or_after_the_command_or_by_the_environment(
    company: Path, reviewed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("-w", company, "review", "--json")
    run("review", "--json", "--workspace", company)
    run("review", "--json", COUNTERPOISE_WORKSPACE=str(company))
    monkeypatch.chdir(company)
    run("review", "--json")
    assert reviewed == [company.resolve()] * 4


def test_the_workspace_after_the_command_wins(
    company: Path, reviewed: list[Path], tmp_path: Path
) -> None:
    run("-w", tmp_path, "review", "-w", company)
    assert reviewed == [company.resolve()]


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    ran = run("-w", tmp_path, "review")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith(f"counterpoise: {tmp_path}")
    assert "counterpoise new" in ran.err


def test_a_defect_exits_with_1_and_is_told_as_one(
    company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(watch, "review_and_watch", fail)
    ran = run("-w", company, "review")
    assert (ran.code, ran.out) == (1, "")
    assert "RuntimeError: boom" in ran.err
    assert "Traceback" not in ran.err


def test_a_full_disk_is_no_defect(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/books/deals.parquet")

    monkeypatch.setattr(watch, "review_and_watch", fill)
    ran = run("-w", company, "review")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.endswith(
        "counterpoise: /books/deals.parquet: the disk is full; free some space, then run it again. "
        "What was in use still is\n"
    )


def test_an_interruption_exits_with_130_and_leaves_the_books_as_they_were(
    company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = listing(company)
    monkeypatch.setattr(reviewing, "the_review", interrupt)
    ran = run("-w", company, "review")
    assert (ran.code, ran.out) == (130, "")
    assert ran.err == "counterpoise: stopped; what was in use still is\n"
    assert listing(company) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
@pytest.mark.parametrize("form", ["--json", "--by=segment"])
def test_a_reader_who_leaves_is_no_failure(company: Path, form: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "counterpoise.cli", "-w", str(company), "review", form]
    ran = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (141, "")


def test_only_json_stands_on_standard_output(company: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = run("-w", company, "review", "--json", "--html", page)
    assert json.loads(ran.out)["schema"] == "counterpoise/review/v1"
    assert ran.err == f"Wrote {page}. Open it in a browser.\n"


def test_no_colours_where_nobody_watches(company: Path) -> None:
    assert "\x1b" not in done("-w", company, "review")


def test_no_line_is_wider_than_80_columns_or_ends_in_blanks(company: Path) -> None:
    for line in done("-w", company, "review").splitlines():
        assert len(line) <= 80
        assert line == line.rstrip()
