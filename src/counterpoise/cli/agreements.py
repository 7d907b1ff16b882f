"""`counterpoise agreement`: check, explain, compare and draft."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli.console import ProgressBars, err, out, write
from counterpoise.cli.options import WorkspaceOption, now_in, the_workspace
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    from counterpoise.books import Books, Workspace

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Check, explain, compare and draft agreements.",
)
File = Annotated[Path, typer.Argument(metavar="FILE", help="An agreement.")]


class OutFileError(CounterpoiseError):
    """The draft cannot be written where it was asked for."""


@app.command(short_help="Say what is wrong with an agreement.")
def check(file: File, workspace: WorkspaceOption = None) -> None:
    """Read an agreement and say what is wrong with it or forgotten in it."""
    from counterpoise.agreement.linting import lint
    from counterpoise.agreement.reading import read_with_lines
    from counterpoise.report.layout import points
    from counterpoise.report.wording import counted

    reading = read_with_lines(file)
    opened = _workspace_if_any(workspace, file)
    roles = _check_against(opened, file) if opened else None
    warnings = lint(reading.agreement, roles, line_of=reading.line_of)
    examples = _run_examples(file)
    said = (
        "with " + counted(len(warnings), "warning") if warnings else "and nothing is odd about it"
    )
    console = out()
    console.print(f"{file}: can be used, {said}{examples}.", soft_wrap=True)
    console.print(points(str(warning) for warning in warnings))


@app.command(short_help="Say an agreement in plain sentences.")
def explain(file: File) -> None:
    """Say an agreement in plain sentences, each with its clause."""
    from counterpoise.agreement import read_agreement
    from counterpoise.agreement.explaining import explain as explained

    write(explained(read_agreement(file)))


@app.command(short_help="Compare two agreements by meaning.")
def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="An agreement.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The other.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Compare two agreements by meaning, and by what past deals and promotions would have met."""
    from counterpoise.agreement import read_agreement
    from counterpoise.agreement.comparing import compare as compared
    from counterpoise.report import print_changes, print_replay

    before, after = read_agreement(old), read_agreement(new)
    console = out()
    print_changes(compared(before, after), console)
    opened = _workspace_if_any(workspace, old)
    if opened is None or not _has_books(opened):
        return
    from counterpoise.desk.replay import compare_verdicts

    with ProgressBars() as progress, _open(opened) as books:
        progress.start("Judging the past by both")
        found = compare_verdicts(books, before, after, _last_day(books))
    print_replay(found, opened.currency, console)


@app.command(short_help="Propose an agreement from the books.")
def draft(
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it here.")
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Propose an agreement from the books, every line with its evidence."""
    from counterpoise.agreement.drafting import draft as drafted
    from counterpoise.agreement.drafting import gather_evidence

    opened = the_workspace(workspace)
    with ProgressBars() as progress, _open(opened) as books:
        progress.start("Reading what was done so far")
        text = drafted(gather_evidence(books, _last_day(books)))
    if out_file is None:
        write(text)
        return
    if out_file.exists():
        raise OutFileError(f"{out_file}: is there already; name a new file for the draft")
    try:
        out_file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutFileError(f"{out_file}: cannot be written: {error.strerror}") from error
    said = f"Wrote {out_file}. Nobody has agreed to it yet: read it with both sides."
    err().print(said, soft_wrap=True)


def _workspace_if_any(named: Path | None, near: Path) -> Workspace | None:
    """Return the workspace that is named, or the one in whose folder the agreement lies."""
    from counterpoise.books.workspace import SETTINGS, Workspace

    if named is not None:
        return the_workspace(named)
    for folder in (Path(), near.resolve().parent):
        if (folder / SETTINGS).is_file():
            return Workspace.open(folder)
    return None


def _has_books(workspace: Workspace) -> bool:
    from counterpoise.books.snapshot import current_snapshot

    return current_snapshot(workspace) is not None


def _open(workspace: Workspace) -> Books:
    from counterpoise.books import Books

    return Books.open(workspace)


def _last_day(books: Books) -> dt.date:
    from counterpoise.books.facts import latest_day

    return latest_day(books, now_in(books.workspace).date())


def _check_against(workspace: Workspace, file: Path) -> tuple[str, ...] | None:
    """Hold an agreement against the workspace; return the roles that people have in its books."""
    from counterpoise.agreement import AgreementError, Problem, check_company, read_agreement
    from counterpoise.agreement.coherence import check_fields

    agreement = read_agreement(file)
    check_company(agreement, workspace.currency, workspace.time_zone)
    if not _has_books(workspace):
        return None
    with _open(workspace) as books:
        flaws = check_fields(agreement, books.all_attributes)
        if flaws:
            raise AgreementError(
                tuple(Problem(str(file), None, flaw.clause, flaw.says) for flaw in flaws)
            )
        people = books.table("people")
        roles = books.run(people.select("role").distinct()).column("role").to_pylist()
    return tuple(sorted(role for role in roles if role))


def _run_examples(file: Path) -> str:
    """Run the examples beside an agreement, if there are any, and say how they went."""
    from counterpoise.desk.examples import examples_beside, run_examples

    beside = examples_beside(file)
    if beside is None:
        return ""
    results = run_examples(beside)
    failed = [f"{each.says}: {each.trouble}" for each in results if not each.holds]
    if failed:
        raise ExamplesError(beside, failed)
    return f"; {len(results)} examples hold"


class ExamplesError(CounterpoiseError):
    """The agreement answers otherwise than the examples beside it say."""

    def __init__(self, file: Path, failed: list[str]) -> None:
        listed = "\n".join(f"  {each}" for each in failed)
        super().__init__(f"{file}: {len(failed)} examples do not hold\n{listed}")
