"""`counterpoise administrator` and `audit verify`: who runs the room, and what was done in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli.console import err, out
from counterpoise.cli.options import WorkspaceOption, the_workspace
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    from counterpoise.web.audit.verifying import Verification

audit_app = typer.Typer(no_args_is_help=True, help="Look at the trail of what was done.")


class TamperedError(CounterpoiseError):
    """The trail is not what was written."""

    def __init__(self, found: Verification) -> None:
        said = "\n".join(f"  {finding.says}" for finding in found.findings)
        super().__init__(
            f"the audit trail is not what was written ({found.entries} entries read):\n{said}\n"
            "Keep the database as it is, and compare it with a backup"
        )


def administrator(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="By which they sign in.")],
    name: Annotated[str, typer.Option(help="How pages name them.")] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Make somebody an administrator, and print a link that lets them in once."""
    from counterpoise.web.setup import set_up

    set_up(the_workspace(workspace))
    from counterpoise.web.people.inviting import administrator as make
    from counterpoise.web.profile.links import LASTS

    made = make(email, name)
    err().print(
        f"{made.user.email} is an administrator. This link lets them choose a password, once, "
        f"for {LASTS.days} days, where the room is served (change host and port to yours):",
        soft_wrap=True,
    )
    out().print(made.link, soft_wrap=True)


@audit_app.command("verify")
def verify(
    head: Annotated[
        list[str] | None,
        typer.Option("--head", metavar="N:MAC", help="A head from a digest; may be repeated."),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Tell whether the trail is whole; where not, say which entries."""
    from counterpoise.web.setup import set_up

    set_up(the_workspace(workspace))
    from counterpoise.web.audit.heads import Head
    from counterpoise.web.audit.verifying import verify as look

    found = look([Head.parse(text) for text in head or ()])
    if not found.is_whole:
        raise TamperedError(found)
    err().print(f"{found.entries} entries, as they were written.", soft_wrap=True)
    if found.head:
        out().print(str(found.head), soft_wrap=True)
