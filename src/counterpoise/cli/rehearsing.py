"""`counterpoise rehearse`: another agreement, tried on the company's own past."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli.console import ProgressBars, out, write
from counterpoise.cli.options import (
    JsonOption,
    WorkspaceOption,
    now_in,
    parse_day,
    the_agreements,
    the_workspace,
)
from counterpoise.rehearse.results import Assumptions, Behaviour

if TYPE_CHECKING:
    from counterpoise.agreement import Agreements
    from counterpoise.books import Books
    from counterpoise.rehearse import Rehearsal, Replaying


def rehearse(  # noqa: PLR0913  (a parameter is an option)
    candidate: Annotated[Path, typer.Argument(metavar="CANDIDATE", help="An agreement.")],
    behaviour: Annotated[
        Behaviour,
        typer.Option(
            metavar="WAY",
            help="How sellers mend an offer that is not let through: within_authority, escalate.",
        ),
    ] = Behaviour.WITHIN_AUTHORITY,
    attest_recording: Annotated[
        bool,
        typer.Option(
            "--attest-recording",
            help="You vouch that a rate is on record or not by how the deal ended, and by that "
            "alone.",
        ),
    ] = False,
    as_of: Annotated[
        dt.date | None,
        typer.Option(
            metavar="DATE",
            parser=parse_day,
            help="See the books as of the end of this day; by default that of the last event.",
        ),
    ] = None,
    json: JsonOption = False,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD", help="Group by a further field too, such as attr.tier."),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Try another agreement on past deals: answers, approvals, wins and margin."""
    from counterpoise.agreement.reading import read_with_lines
    from counterpoise.books import Books
    from counterpoise.rehearse import check_candidate, rehearse_on

    opened, reading = the_workspace(workspace), read_with_lines(candidate)
    agreements = the_agreements(opened)
    with ProgressBars() as progress, Books.open(opened) as books:
        check_candidate(books, reading)
        progress.start("Reading past deals")
        replaying = _read(books, agreements, as_of, tuple(by or ()))
        assumed = Assumptions(behaviour, recording_attested=attest_recording)
        found = _shown(books, rehearse_on(replaying, reading.agreement, assumed, progress))
    _print(found, as_json=json)


def _read(
    books: Books, agreements: Agreements, as_of: dt.date | None, by: tuple[str, ...]
) -> Replaying:
    """Read the deals closed by a day, by default that of the latest past event."""
    from counterpoise.books.facts import latest_day
    from counterpoise.rehearse import Replaying

    day = as_of or latest_day(books, now_in(books.workspace).date())
    return Replaying.of(books, agreements, day, by)


def _shown(books: Books, found: Rehearsal) -> Rehearsal:
    """Return the rehearsal with people as the workspace has them shown."""
    from counterpoise.books import PeopleShown

    if books.workspace.people is PeopleShown.NAMES:
        return found
    from counterpoise.books.keys import read_key
    from counterpoise.rehearse import with_owners_as
    from counterpoise.watch.pseudonyms import KEY, Pseudonyms

    people = Pseudonyms.of(books, read_key(books.workspace.secrets_dir, KEY))
    return with_owners_as(found, people.person)


def _print(found: Rehearsal, *, as_json: bool) -> None:
    if as_json:
        from counterpoise.rehearse.rehearsal_json import rehearsal_json

        write(rehearsal_json(found))
        return
    from counterpoise.report import print_rehearsal

    print_rehearsal(found, out())
