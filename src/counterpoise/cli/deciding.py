"""`counterpoise decide`: the desk's answer to one request, or to one a line."""

from __future__ import annotations

import sys
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
    from counterpoise.desk import Decision, Request


class RequestFileError(CounterpoiseError):
    """The file with requests cannot be read, or a line of it is refused."""


def decide(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="JSON, or JSON lines.")] = "-",
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Answer requests under the agreement."""
    from counterpoise.desk import decision_json

    opened = the_workspace(workspace)
    answers = _answers(opened, _requests(_text(file), file, opened))
    if json:
        write("\n".join(decision_json(answer) for answer in answers))
    else:
        from counterpoise.report import print_decision

        console = out()
        for answer in answers:
            print_decision(answer, console)


def _text(file: str) -> str:
    try:
        written = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return written.decode("utf-8-sig")
    except OSError as error:
        raise RequestFileError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RequestFileError(f"{file}: is not UTF-8 text; save it as UTF-8") from error


def _requests(text: str, name: str, workspace: Workspace) -> list[Request]:
    """Read the whole text as one request, or else every line as one."""
    from counterpoise.desk import RequestError, read_request

    now = now_in(workspace)
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise RequestFileError(
            f"{name}: holds no request; write one such as "
            '{"deal": {"list_amount": 1000, "net_amount": 900}, "asked_by": "rep"}'
        )
    if not _is_lines(lines):
        return [read_request(text, now)]
    requests = []
    for at, line in lines:
        try:
            requests.append(read_request(line, now))
        except RequestError as error:
            raise RequestFileError(f"{name}, line {at}: {error}") from error
    return requests


def _is_lines(lines: list[tuple[int, str]]) -> bool:
    """Tell JSON lines from one request that is spread over lines."""
    first = lines[0][1].strip()
    return len(lines) > 1 and first.startswith("{") and first.endswith("}")


def _answers(workspace: Workspace, requests: list[Request]) -> list[Decision]:
    from counterpoise.books.snapshot import current_snapshot
    from counterpoise.desk import NO_BOOKS
    from counterpoise.desk import decide as decide_one

    agreements = the_agreements(workspace)
    if current_snapshot(workspace) is None:
        return [decide_one(request, agreements, NO_BOOKS) for request in requests]
    from counterpoise.books import Books
    from counterpoise.desk.snapshot_facts import SnapshotFacts

    with Books.open(workspace) as books:
        facts = SnapshotFacts(books)
        return [decide_one(request, agreements, facts) for request in requests]
