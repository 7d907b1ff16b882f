"""`counterpoise new`: an empty workspace with a commented agreement."""

from __future__ import annotations

from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from counterpoise.cli.console import err


class Starter(StrEnum):
    """What kind of company the first draft is written for."""

    INDUSTRIAL = "industrial"
    CONSUMER = "consumer"

    @property
    def file(self) -> str:
        """Return the name of the draft."""
        return "consumer_goods.yaml" if self is Starter.CONSUMER else "starter.yaml"


def new(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    currency: Annotated[str, typer.Option(help="The currency of every figure.")] = "USD",
    time_zone: Annotated[str, typer.Option(help="The zone of every day.")] = "UTC",
    kind: Annotated[
        Starter, typer.Option(help="Whom the first draft of the agreement is for.")
    ] = Starter.INDUSTRIAL,
) -> None:
    """Make an empty workspace with a commented agreement."""
    from counterpoise.books import Workspace

    workspace = Workspace.create(directory, currency, time_zone)
    starter = files("counterpoise.cli").joinpath(kind.file).read_text(encoding="utf-8")
    text = starter.replace("{currency}", currency).replace("{time_zone}", time_zone)
    workspace.agreement_file.write_text(text, encoding="utf-8")
    err().print(
        f"Made {directory}. Next: counterpoise -w {directory} import YOUR_EXPORT\n"
        f"The draft of the agreement is {directory / 'agreement.yaml'}.",
        soft_wrap=True,
    )
