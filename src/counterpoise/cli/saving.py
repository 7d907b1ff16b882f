"""`counterpoise backup`, `restore` and `upgrade`: keeping a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli.console import err
from counterpoise.cli.options import WorkspaceOption, the_workspace

if TYPE_CHECKING:
    from counterpoise.books import Workspace

KeysOption = Annotated[
    Path | None,
    typer.Option("--keys", metavar="FILE", help="A file of its own for the keys; keep it apart."),
]

_OTHER_KEYS = (
    "The keys here are not those of the backup: `audit verify` cannot confirm its entries, and "
    "second factors must be set up anew. Restore it again with --keys FILE to have them back."
)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    keys: KeysOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Save settings, agreements, books and the room's database, while the room works."""
    found = _ready(workspace)
    from counterpoise.web.backup import back_up

    back_up(found, file, keys)
    rest = f"The keys are in {keys}; keep it apart." if keys else "It holds no keys; see --keys."
    err().print(f"Wrote {file}. {rest}", soft_wrap=True)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `backup` wrote.")],
    keys: KeysOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Put a workspace back as a backup holds it, while the room works."""
    found = _ready(workspace)
    from counterpoise.web.backup import restore as put_back

    done = put_back(found, file, keys)
    err().print(f"Restored {found.root} as it was on {done.made_at}.", soft_wrap=True)
    if not done.keys_fit:
        err().print(_OTHER_KEYS, soft_wrap=True)


def upgrade(workspace: WorkspaceOption = None) -> None:
    """Bring a workspace up to this version; one of a newer version is refused."""
    found = the_workspace(workspace)
    from counterpoise.web.setup import configure
    from counterpoise.web.upgrade import refuse_newer
    from counterpoise.web.upgrade import upgrade as bring_up

    refuse_newer(found)
    configure(found)
    for said in bring_up(found):
        err().print(said[0].upper() + said[1:], soft_wrap=True)


def _ready(workspace: Path | None) -> Workspace:
    found = the_workspace(workspace)
    from counterpoise.web.setup import set_up

    set_up(found)
    return found
