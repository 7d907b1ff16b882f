"""Run what the documentation shows: commands, their output, Python, files and data.

A fenced block is run by its language: `console` (lines after `$` are commands, the rest is what
they print, where `...` stands for anything), `python`, `yaml`, `toml`, `json`. Blocks of one page
run in order in one empty folder in which `examples` is the checkout's. A comment on the line
before a block changes what happens:

- `<!-- illustrative: WHY -->`: the block is not run;
- `<!-- file: NAME -->`: the block is written to that file;
- `<!-- exits: N -->`: the commands end with that exit code.

`python -m scripts.pages PAGE...` writes what the commands print now into the pages; a folder
stands for all pages in it.
"""

from __future__ import annotations

import difflib
import doctest
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from counterpoise.agreement import parse_agreement
from counterpoise.errors import CounterpoiseError

ROOT = Path(__file__).resolve().parent.parent

_FENCE = re.compile(
    r"(?:^<!--[ ]*(?P<mark>\w+):[ ]*(?P<says>[^\n]*?)[ ]*-->\n\s*)?"
    r"^(?P<indent>[ ]*)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_FREE = ("text", "")  # these show something and claim nothing
_PROGRESS = re.compile(r"^.* …\n", re.MULTILINE)  # told only when something takes long
_CHECKER = doctest.OutputChecker()
_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class PageError(AssertionError):
    """Raised when a page shows what is not so."""

    def __init__(self, block: Block, says: str) -> None:
        super().__init__(f"{block.page}:{block.line}: {says}")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page, with the mark before it."""

    page: Path
    line: int
    language: str
    text: str
    mark: str = ""
    says: str = ""


@dataclass(frozen=True)
class Step:
    """A command in a console block and what the page says it prints."""

    command: str
    output: str


@dataclass
class Desk:
    """The folder and the names in which the blocks of one page run."""

    folder: Path
    names: dict[str, object] = field(default_factory=dict)


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page in order."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        yield Block(
            page,
            text.count("\n", 0, found.start("text")),
            found["language"],
            found["text"],
            found["mark"] or "",
            found["says"] or "",
        )


def steps(text: str) -> list[Step]:
    r"""Split a console block into commands and their output.

    >>> steps("$ echo a\na\n$ true\n")
    [Step(command='echo a', output='a\n'), Step(command='true', output='')]
    """
    found: list[Step] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(Step(line[2:], ""))
        elif found and not found[-1].output and found[-1].command.endswith("\\"):
            found[-1] = Step(f"{found[-1].command}\n{line}", "")
        elif found:
            found[-1] = replace(found[-1], output=f"{found[-1].output}{line}\n")
    return found


def run_page(page: Path) -> None:
    """Run every block of a page, or raise `PageError`."""
    with tempfile.TemporaryDirectory() as name:
        desk = _desk(Path(name))
        for block in blocks(page):
            run_block(block, desk)


def run_block(block: Block, desk: Desk) -> None:
    """Run one block by its language and mark, or raise `PageError`."""
    if block.mark == "illustrative":
        return
    if block.mark == "file":
        target = desk.folder / block.says
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(block.text, encoding="utf-8")
    elif block.language in _FREE:
        return
    elif block.language == "console":
        for step in steps(block.text):
            printed = run_step(step, block, desk)
            if not _CHECKER.check_output(step.output or "\n", printed or "\n", _FLAGS):
                raise PageError(block, f"$ {step.command}\nthe command prints now:\n{printed}")
    elif block.language == "python":
        exec(compile(block.text, f"{block.page}:{block.line}", "exec"), desk.names)  # noqa: S102
    else:
        _read_data(block)


def run_step(step: Step, block: Block, desk: Desk) -> str:
    """Run one command in the page's folder and return what it prints."""
    expected = int(block.says) if block.mark == "exits" else 0
    done = subprocess.run(
        ["/bin/sh", "-c", _recipe(step.command)],
        cwd=desk.folder,
        env=_environment(),
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != expected:
        raise PageError(block, f"$ {step.command}\nexits {done.returncode}:\n{done.stdout}")
    return _PROGRESS.sub("", done.stdout)


def update(page: Path) -> None:
    """Write what the commands of a page print now into the page."""
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        desk = _desk(Path(name))
        for block in blocks(page):
            if block.language != "console" or block.mark in ("illustrative", "file"):
                run_block(block, desk)
                continue
            shown = "".join(_as_run(step, block, desk) for step in steps(block.text))
            text = text.replace(f"```console\n{block.text}```", f"```console\n{shown}```", 1)
    page.write_text(text, encoding="utf-8")


def _as_run(step: Step, block: Block, desk: Desk) -> str:
    printed = run_step(step, block, desk)
    if _CHECKER.check_output(step.output or "\n", printed or "\n", _FLAGS):
        printed = step.output
    lines = _abridged(step.output.splitlines(), [line.rstrip() for line in printed.splitlines()])
    return "\n".join([f"$ {step.command}", *lines]) + "\n"


def _abridged(shown: list[str], printed: list[str]) -> list[str]:
    """Return what is printed now, left out where the page left it out.

    >>> _abridged(["a", "...", "total 3", "..."], ["b", "c", "total 4", "d"])
    ['b', '...', 'total 4', '...']
    """
    if "..." not in shown or shown == printed:
        return printed
    lines: list[str] = []
    at = 0
    for part in "\n".join(shown).split("..."):
        wanted = part.strip("\n").splitlines()
        if lines or at:
            lines.append("...")
            close = difflib.get_close_matches(wanted[0], printed[at:], 1) if wanted else []
            at = printed.index(close[0], at) if close else at
        lines += printed[at : at + len(wanted)]
        at += len(wanted)
    return lines


def _desk(folder: Path) -> Desk:
    if (ROOT / "examples").is_dir():
        (folder / "examples").symlink_to(ROOT / "examples")
    return Desk(folder)


def _recipe(command: str) -> str:
    """Return what `make TARGET` would run once everything is installed, or the command itself.

    The demo ends before it serves, which it would do for ever.
    """
    if not command.startswith("make "):
        return command
    plan = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", *command.split()[1:]],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=True,
    )
    recipe = plan.stdout.strip().splitlines()[-1].replace(".venv/bin/", "")
    return f"{recipe} --no-serve" if "counterpoise demo" in recipe else recipe


def _environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if name != "COUNTERPOISE_WORKSPACE"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{own.get('PATH', '')}"
    return own | {
        "PATH": path,
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "LC_ALL": "C.UTF-8",
    }


def _read_yaml(text: str) -> object:
    is_agreement = re.search("^agreement:", text, re.MULTILINE)
    return parse_agreement(text) if is_agreement else YAML(typ="safe").load(text)


def _read_call(text: str) -> object:
    """Read a call of the API: method and address, headers, then JSON; the API's tests send it."""
    head, _, body = text.strip().partition("\n\n")
    method, _, address = head.splitlines()[0].partition(" ")
    if method not in {"GET", "POST"} or not address.startswith("/api/"):
        raise ValueError(f"{head.splitlines()[0]!r} is no call such as `GET /api/v1/token`")
    return json.loads(body) if body.strip() else None


_READERS: dict[str, Callable[[str], object]] = {
    "http": _read_call,
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": _read_yaml,
}


def _read_data(block: Block) -> None:
    if block.language not in _READERS:
        raise PageError(block, f"no way to check {block.language!r}; mark it as illustrative")
    try:
        _READERS[block.language](block.text)
    except (ValueError, YAMLError, CounterpoiseError) as error:
        raise PageError(block, str(error)) from error


def main(names: list[str]) -> None:
    """Update the named pages, and the pages in named folders."""
    for path in map(Path, names):
        for page in sorted(path.rglob("*.md")) if path.is_dir() else [path]:
            update(page.resolve())


if __name__ == "__main__":
    main(sys.argv[1:])
