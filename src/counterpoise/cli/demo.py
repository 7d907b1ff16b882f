"""`counterpoise demo`: a made-up company from export to report, and its room."""

from __future__ import annotations

import datetime as dt
import shlex
import shutil
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from counterpoise.cli.console import ProgressBars, err, out
from counterpoise.cli.options import parse_day
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    from counterpoise.books import Workspace
    from counterpoise.web.people.cast import Member

_COMPANY = "company"
_MARK = Path(_COMPANY, "truth.json")
_LOOPBACK = "127.0.0.1"
_YEARS = range(1970, 2100)


class CompanyKind(StrEnum):
    """What the made-up company sells through."""

    INDUSTRIAL = "industrial"
    CONSUMER = "consumer"


class DemoFolderError(CounterpoiseError):
    """The demo's folder holds something else."""

    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"{directory}: is not empty and no demo company; name another folder for the demo"
        )


def _parse_end(text: str) -> dt.date:
    """Read the last day of a company's books.

    Raises:
        BadParameter: If it is no ISO date, or of a time of which no calendar tells.
    """
    day = parse_day(text)
    if day.year not in _YEARS:
        expected = f"{_YEARS[0]} to {_YEARS[-1]}"
        raise typer.BadParameter(f"{text} is too far from here; give a day of {expected}")
    return day


def demo(  # noqa: PLR0913  (a parameter is an option)
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to make it.")] = Path(
        "demo-company"
    ),
    deals: Annotated[
        int, typer.Option(min=100, help="How many deals an industrial company has.")
    ] = 20_000,
    kind: Annotated[
        CompanyKind,
        typer.Option(help="Drives sold to industry in deals, or brands sold through retailers."),
    ] = CompanyKind.INDUSTRIAL,
    seed: Annotated[int, typer.Option(help="The same seed makes the same company.")] = 1,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="End when the report is written.")
    ] = False,
    until: Annotated[
        dt.date | None,
        typer.Option(
            parser=_parse_end,
            metavar="DAY",
            help="The last day in its books; by default yesterday where the room opens, and "
            "2026-06-30 with --no-serve.",
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="The port at which the room opens.")
    ] = 8000,
) -> None:
    """Make a company with known faults, import it, review it, and open the room on loopback."""
    from counterpoise.cli.reviewing import the_review
    from counterpoise.report import print_review, write_html

    _clear(directory)
    is_consumer = kind is CompanyKind.CONSUMER
    day = until or (None if no_serve else _yesterday())
    workspace = _made(directory, None if is_consumer else deals, seed, day)
    made = the_review(workspace, None)
    print_review(made.review, out())
    page = directory / "review.html"
    write_html(made.review, page, made.evidence)
    where = shlex.quote(str(directory))
    err().print(
        f"\nThe same with charts: open {page} in a browser.\n"
        f"What is wrong with this company on purpose: {directory / _MARK}\n"
        f"Go on: counterpoise -w {where} review --help",
        soft_wrap=True,
    )
    if not no_serve:
        _open_room(workspace, port)


def _open_room(workspace: Workspace, port: int) -> None:
    """Make one account a role, say who they are, fill the room, and serve it."""
    from counterpoise.cli.serving import show_opened
    from counterpoise.web import serving
    from counterpoise.web.setup import set_up

    serving.refuse_taken(_LOOPBACK, port)
    set_up(workspace)
    _fill()
    serving.serve(workspace, _LOOPBACK, port, show_opened)


def _fill() -> None:
    """Let people in, review the books for them, and let the room begin as if they had used it."""
    from django.utils import timezone

    from counterpoise.web import house
    from counterpoise.web.example import fill_room, hand_over
    from counterpoise.web.live import live
    from counterpoise.web.people.cast import make_cast
    from counterpoise.web.results.jobs import review_now

    latest = house.agreements().latest
    if latest is None:
        return
    cast, now = make_cast(live(), latest.agreement), timezone.now()
    with ProgressBars() as progress:
        hand_over(cast, now)
        review_now(progress)
        progress.start("Filling the room")
        fill_room(cast, latest.agreement, now)
    _show(cast)


def _show(cast: list[Member]) -> None:
    """Write a line an account; a terminal breaks it rather than cut a password."""
    console = err()
    console.print("\nOne account a role:")
    for member in cast:
        role = member.user.role or ("administrator" if member.user.is_administrator else "")
        who = f"{member.user.name}, {role}" if role else member.user.name
        line = f"  {member.user.email:<22} {member.password:<29} {who}"
        console.print(line, soft_wrap=True, highlight=False)


def _clear(directory: Path) -> None:
    """Make room: a demo made before is made anew, anything else stays."""
    if not directory.exists() or not any(directory.iterdir()):
        return
    if not (directory / _MARK).is_file():
        raise DemoFolderError(directory)
    shutil.rmtree(directory)


def _yesterday() -> dt.date:
    """Return the last day that is over where the company is."""
    from counterpoise.demo.world import TIME_ZONE

    return dt.datetime.now(ZoneInfo(TIME_ZONE)).date() - dt.timedelta(days=1)


def _made(directory: Path, deals: int | None, seed: int, until: dt.date | None) -> Workspace:
    """Make the company, lay its signed agreements into a workspace, and import its export.

    Args:
        directory: Where to make it.
        deals: How many deals it has; a company that sells through retailers has None.
        seed: Decides everything that is drawn.
        until: The last day in its books, where it is not the usual one.
    """
    from counterpoise.agreement import read_agreement, save_ratified
    from counterpoise.books import Books, Workspace, build_lookup, import_books
    from counterpoise.demo import Recipe, make_company
    from counterpoise.demo.consumer import ConsumerRecipe, make_consumer_company
    from counterpoise.demo.world import CURRENCY, TIME_ZONE

    with ProgressBars() as progress:
        workspace = Workspace.create(directory, CURRENCY, TIME_ZONE)
        folder = directory / _COMPANY
        if deals is None:
            sold = ConsumerRecipe.until(until) if until else ConsumerRecipe()
            company = make_consumer_company(folder, seed=seed, recipe=sold, progress=progress)
        else:
            recipe = replace(Recipe.until(until) if until else Recipe(), dirty=True)
            company = make_company(folder, deals=deals, seed=seed, recipe=recipe, progress=progress)
        for file in company.ratified:
            save_ratified(workspace.agreements_dir, read_agreement(file))
        shutil.copyfile(company.agreement_file, workspace.agreement_file)
        import_books(workspace, company.export, progress=progress)
        with Books.open(workspace) as books:
            build_lookup(books)
    return workspace
