"""The command's words: every sub-command in one place, each a thin call in a module of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from counterpoise import __version__
from counterpoise.cli import (
    agreements,
    books,
    deciding,
    demo,
    people,
    rehearsing,
    reviewing,
    saving,
    serving,
    workspaces,
)
from counterpoise.cli.options import WorkspaceOption, remember_workspace

app = typer.Typer(
    name="counterpoise",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"counterpoise {__version__}")
        raise typer.Exit


@app.callback()
def counterpoise(
    workspace: WorkspaceOption = None,
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """One agreement that sales and marketing both sign, and that runs."""
    remember_workspace(workspace)


app.command("demo", short_help="Make a company with known faults and review it.")(demo.demo)
app.command("new")(workspaces.new)
app.command("import")(books.import_)
app.command("review")(reviewing.review)
app.command("decide")(deciding.decide)
app.add_typer(agreements.app, name="agreement")
app.command("rehearse", short_help="Try another agreement on past deals.")(rehearsing.rehearse)
app.command("serve", short_help="Open the room: its pages and its jobs.")(serving.serve)
app.command("worker", short_help="Run the jobs of the room alone.")(serving.worker)
app.command("backup", short_help="Save a workspace while its room works.")(saving.backup)
app.command("restore", short_help="Put a workspace back as a backup has it.")(saving.restore)
app.command("upgrade", short_help="Bring a workspace up to this version.")(saving.upgrade)
app.command("administrator", short_help="Let somebody run the room.")(people.administrator)
app.add_typer(people.audit_app, name="audit")
app.command("compare-snapshots")(books.compare_snapshots)
app.command("prune")(books.prune)
