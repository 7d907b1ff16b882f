"""`counterpoise review`: where value was held and given away, and what stands out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
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
    from counterpoise.books import Books, Workspace
    from counterpoise.ledger import Review
    from counterpoise.watch.evidence import Evidence


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
    """Show value held and given, and both sides' cracks."""
    from counterpoise.ledger import review_json

    made = the_review(the_workspace(workspace), as_of, tuple(by or ()), with_evidence=bool(html))
    if html:
        from counterpoise.report import write_html

        write_html(made.review, html, made.evidence)
        err().print(f"Wrote {html}. Open it in a browser.", soft_wrap=True)
    if json:
        write(review_json(made.review))
    elif not html:
        from counterpoise.report import print_review

        print_review(made.review, out())


@dataclass(frozen=True)
class Reviewed:
    """A review with its watch; the evidence of its cracks where a page is to show it."""

    review: Review
    evidence: tuple[Evidence, ...] = ()


def the_review(
    workspace: Workspace,
    as_of: dt.date | None,
    fields: tuple[str, ...] = (),
    *,
    with_evidence: bool = True,
) -> Reviewed:
    """Review a workspace as of a day, by default that of the latest past event, and watch it.

    It knows of no cracks that are open: it names what stands out on this day.
    """
    from counterpoise.books import Books
    from counterpoise.books.facts import latest_day
    from counterpoise.watch import review_and_watch
    from counterpoise.watch.evidence import evidence_of

    agreements = the_agreements(workspace)
    with ProgressBars() as progress, Books.open(workspace) as books:
        progress.start("Reviewing")
        day = as_of or latest_day(books, now_in(workspace).date())
        found, watching = review_and_watch(books, agreements, day, fields)
        evidence = evidence_of(watching) if with_evidence else ()
        return _shown(books, Reviewed(found, evidence))


def _shown(books: Books, made: Reviewed) -> Reviewed:
    """Return the review with people as the workspace has them shown."""
    from counterpoise.books import PeopleShown
    from counterpoise.books.keys import read_key
    from counterpoise.watch.pseudonyms import KEY, Pseudonyms

    if books.workspace.people is PeopleShown.NAMES:
        return made
    people = Pseudonyms.of(books, read_key(books.workspace.secrets_dir, KEY))
    return Reviewed(people.review(made.review), tuple(map(people.evidence, made.evidence)))
