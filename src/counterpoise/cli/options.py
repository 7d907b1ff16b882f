"""Options that several commands take, and the workspace that they name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from counterpoise.agreement import Agreements
    from counterpoise.books import Workspace

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "-w",
        "--workspace",
        envvar="COUNTERPOISE_WORKSPACE",
        metavar="DIR",
        help="The workspace; by default this folder.",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

_named: list[Path] = []


def remember_workspace(path: Path | None) -> None:
    """Keep the workspace that stands before the sub-command."""
    _named[:] = [path] if path else []


def the_workspace(path: Path | None) -> Workspace:
    """Open the workspace that a command names, else the one before it, else this folder.

    Raises:
        WorkspaceError: If it is none.
    """
    from counterpoise.books import Workspace

    return Workspace.open(path or (_named[0] if _named else Path()))


def the_agreements(workspace: Workspace) -> Agreements:
    """Load every version of the workspace's agreement, and hold it against the settings.

    Raises:
        VersionsError: If the versions contradict each other or the workspace.
        AgreementError: If one of them cannot be read.
    """
    from counterpoise.agreement import check_company, load_agreements

    agreements = load_agreements(workspace.root)
    for version in agreements.versions:
        check_company(version.agreement, workspace.currency, workspace.time_zone)
    return agreements


def parse_day(text: str) -> dt.date:
    """Read a day from the command line.

    Raises:
        BadParameter: If it is no ISO date.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day; write it like 2026-06-30") from None


def now_in(workspace: Workspace) -> dt.datetime:
    """Return the wall time of a workspace, to the second."""
    from zoneinfo import ZoneInfo

    return dt.datetime.now(ZoneInfo(workspace.time_zone)).replace(tzinfo=None, microsecond=0)
