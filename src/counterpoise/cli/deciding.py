"""`counterpoise decide`: the desk's answer to one request, or to one a line."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli.console import out, write
from counterpoise.cli.options import (
    JsonOption,
    WorkspaceOption,
    now_in,
    the_agreements,
    the_workspace,
)
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    from counterpoise.books import Workspace
    from counterpoise.desk import BookFacts, Decision


class RequestFileError(CounterpoiseError):
    """The file with requests cannot be read, or a line of it is refused."""


@dataclass(frozen=True)
class Line:
    """A request as it is written, and where; nothing where it stands alone."""

    text: str
    place: str = ""


def decide(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="JSON, or JSON lines.")] = "-",
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Answer requests under the agreement."""
    opened = the_workspace(workspace)
    answers = _answers(opened, _lines(_text(file), file))
    if json:
        from counterpoise.desk import decision_json

        write("\n".join(decision_json(answer) for answer in answers))
        return
    from counterpoise.report import print_decision

    console = out()
    for at, answer in enumerate(answers):
        if at:
            console.print()
        print_decision(answer, console)


def _text(file: str) -> str:
    try:
        written = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return written.decode("utf-8-sig")
    except OSError as error:
        raise RequestFileError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RequestFileError(f"{file}: is not UTF-8 text; save it as UTF-8") from error


def _lines(text: str, name: str) -> list[Line]:
    """Take the whole text as one request, or else every line as one."""
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise RequestFileError(
            f"{name}: holds no request; write one such as "
            '{"deal": {"list_amount": 1000, "net_amount": 900}, "asked_by": "rep"}'
        )
    first = lines[0][1].strip()
    if len(lines) > 1 and first.startswith("{") and first.endswith("}"):
        return [Line(line, f"{name}, line {at}") for at, line in lines]
    return [Line(text)]


def _answers(workspace: Workspace, lines: list[Line]) -> list[Decision]:
    from counterpoise.books.snapshot import current_snapshot
    from counterpoise.desk import NO_BOOKS

    if current_snapshot(workspace) is None:
        return _decide_all(workspace, lines, NO_BOOKS)
    from counterpoise.books import Books
    from counterpoise.desk.snapshot_facts import SnapshotFacts

    with Books.open(workspace) as books:
        return _decide_all(workspace, lines, SnapshotFacts(books))


def _decide_all(workspace: Workspace, lines: list[Line], facts: BookFacts) -> list[Decision]:
    from counterpoise.desk import RequestError
    from counterpoise.desk import answer as answer_one

    agreements, now = the_agreements(workspace), now_in(workspace)
    decisions = []
    for line in lines:
        try:
            decisions.append(answer_one(line.text, agreements, facts, now=now))
        except RequestError as error:
            if not line.place:
                raise
            raise RequestFileError(f"{line.place}: {error}") from error
    return decisions
