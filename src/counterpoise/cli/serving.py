"""`counterpoise serve` and `worker`: the room."""

from __future__ import annotations

from typing import Annotated

import typer

from counterpoise.cli.console import err
from counterpoise.cli.options import WorkspaceOption, the_workspace


def serve(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen at.")] = 8000,
    workspace: WorkspaceOption = None,
) -> None:
    """Open the room: serve its pages and run its jobs until stopped."""
    from counterpoise.web import serving

    serving.serve(the_workspace(workspace), host, port, show_opened)


def worker(workspace: WorkspaceOption = None) -> None:
    """Run the room's jobs alone, for installations with several machines."""
    found = the_workspace(workspace)
    from counterpoise.web.setup import set_up

    set_up(found)
    from counterpoise.web.work.worker import run_worker

    run_worker()


def show_opened(address: str) -> None:
    """Say where the room is."""
    err().print(f"The room is open at {address} (Ctrl-C closes it)", soft_wrap=True)
