"""`counterpoise decide`: the desk's answer to one request, or to one a line."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
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
    from counterpoise.books import Books, Workspace
    from counterpoise.desk import Decision
    from counterpoise.desk.promotion_decision import PromotionDecision


_LINE_END = re.compile(r"\r\n|\r|\n")
"""What ends a line of JSON; other breaks, such as U+2028, may stand within its texts."""


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
    answers = [*_answers(opened, _lines(_text(file), file))]  # all of them, or the refusal alone
    for at, answer in enumerate(answers):
        if json:
            write(_json(answer))
            continue
        if at:
            out().print()
        _print(answer)


def _json(answer: Decision | PromotionDecision) -> str:
    from counterpoise.desk import Decision, decision_json
    from counterpoise.desk.promotion_decision import promotion_json

    return decision_json(answer) if isinstance(answer, Decision) else promotion_json(answer)


def _print(answer: Decision | PromotionDecision) -> None:
    from counterpoise.desk import Decision
    from counterpoise.report import print_decision
    from counterpoise.report.promotion_decision import print_promotion

    if isinstance(answer, Decision):
        print_decision(answer, out())
    else:
        print_promotion(answer, out())


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
    lines = [(at, line) for at, line in enumerate(_LINE_END.split(text), 1) if line.strip()]
    if not lines:
        raise RequestFileError(
            f"{name}: holds no request; write one such as "
            '{"deal": {"list_amount": 1000, "net_amount": 900}, "asked_by": "rep"}'
        )
    first = lines[0][1].strip()
    if len(lines) > 1 and first.startswith("{") and first.endswith("}"):
        return [Line(line, f"{name}, line {at}") for at, line in lines]
    return [Line(text)]


def _answers(workspace: Workspace, lines: list[Line]) -> Iterator[Decision | PromotionDecision]:
    from counterpoise.books.snapshot import current_snapshot

    if current_snapshot(workspace) is None:
        yield from _decide_all(workspace, lines, None)
        return
    from counterpoise.books import Books

    with Books.open(workspace) as books:
        yield from _decide_all(workspace, lines, books)


def _decide_all(
    workspace: Workspace, lines: list[Line], books: Books | None
) -> Iterator[Decision | PromotionDecision]:
    """Answer line by line, and name the line that is refused."""
    from counterpoise.desk import NO_BOOKS, NoAgreementError, RequestError
    from counterpoise.desk import answer as answer_one
    from counterpoise.desk.promotion_books import NO_PROMOTIONS, SnapshotPromotions
    from counterpoise.desk.promotion_deciding import answer_promotion
    from counterpoise.desk.promotion_request import is_about_a_promotion
    from counterpoise.desk.reading import parse_json
    from counterpoise.desk.snapshot_facts import SnapshotFacts

    facts = SnapshotFacts(books) if books else NO_BOOKS
    on_deal = SnapshotPromotions(books) if books else NO_PROMOTIONS
    agreements, now = the_agreements(workspace), now_in(workspace)
    for line in lines:
        try:
            content = parse_json(line.text)
            if is_about_a_promotion(content):
                yield answer_promotion(content, agreements, facts, on_deal, now=now)
            else:
                yield answer_one(content, agreements, facts, now=now)
        except (NoAgreementError, RequestError) as error:
            if not line.place:
                raise
            raise RequestFileError(f"{line.place}: {error}") from error
