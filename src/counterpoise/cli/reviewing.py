"""`counterpoise review`: where value was held and where it was given away."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli.console import ProgressBars, err, out, write
from counterpoise.cli.options import (
    JsonOption,
    WorkspaceOption,
    now_in,
    parse_day,
    the_agreements,
    the_workspace,
)

if TYPE_CHECKING:
    from counterpoise.books import Workspace
    from counterpoise.ledger import Review


def review(
    as_of: Annotated[
        dt.date | None,
        typer.Option(
            metavar="DATE",
            parser=parse_day,
            help="See the books as of the end of this day; by default that of the last event.",
        ),
    ] = None,
    json: JsonOption = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page for a browser.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="Group by a further field too, such as attr.tier."),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Show where value was held and where it was given away."""
    from counterpoise.ledger import review_json

    found = the_review(the_workspace(workspace), as_of, tuple(by or ()))
    if html:
        from counterpoise.report import write_html

        write_html(found, html)
        err().print(f"Wrote {html}. Open it in a browser.", soft_wrap=True)
    if json:
        write(review_json(found))
    elif not html:
        from counterpoise.report import print_review

        print_review(found, out())


def the_review(workspace: Workspace, as_of: dt.date | None, fields: tuple[str, ...] = ()) -> Review:
    """Review a workspace as of a day, by default that of the latest past event."""
    from counterpoise import ledger
    from counterpoise.books import Books
    from counterpoise.books.facts import latest_day

    agreements = the_agreements(workspace)
    with ProgressBars() as progress, Books.open(workspace) as books:
        progress.start("Reviewing")
        day = as_of or latest_day(books, now_in(workspace).date())
        return ledger.review(books, agreements, day, fields)
