"""What tests of the room share: a company, a cast, clients that are signed in, and a server."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from counterpoise.agreement import load_agreements, read_agreement, save_ratified
from counterpoise.books import Books, Lookup, Silent, Workspace, build_lookup, import_books
from counterpoise.books.facts import latest_day
from counterpoise.demo import Recipe, make_company
from counterpoise.demo.world import CURRENCY, TIME_ZONE
from counterpoise.web.migrating import building_what_changes
from counterpoise.web.people.cast import Member, make_cast
from counterpoise.web.results.keeping import LATEST, keep_review
from tests.sharing import made_once
from tests.web.flushing import flush_past_the_guards
from tests.web.served import PASSWORD, Server, serving, wait_for_jobs

__all__ = ["flush_past_the_guards"]

DEALS = 1_500
MADE_AT = dt.datetime(2026, 7, 1, 6, 0, tzinfo=dt.UTC)
TODAY = dt.date(2100, 1, 1)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest) -> None:
    """Make the test database as a new room's is made."""
    with building_what_changes():
        request.getfixturevalue("django_db_setup")


@pytest.fixture(scope="session")
def company_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a demo company, import it once and return its workspace, for nobody to change."""
    return made_once(tmp_path_factory, "company", _make_company) / "workspace"


def _make_company(folder: Path) -> None:
    workspace = Workspace.create(folder / "workspace", CURRENCY, TIME_ZONE)
    company = make_company(folder / "company", deals=DEALS, seed=1, recipe=Recipe(dirty=True))
    for file in company.ratified:
        save_ratified(workspace.agreements_dir, read_agreement(file))
    shutil.copyfile(company.agreement_file, workspace.agreement_file)
    import_books(workspace, company.export)
    with Books.open(workspace) as books:
        build_lookup(books)


@pytest.fixture(scope="session")
def reviewed_workspace(company_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the company's workspace with a review, for nobody to change."""

    def make(folder: Path) -> None:
        root = folder / "room"
        shutil.copytree(company_workspace, root, copy_function=linked)
        with Books.open(Workspace.open(root)) as books:
            day = latest_day(books, TODAY)
            keep_review(books, load_agreements(root), day, MADE_AT, Silent())

    return made_once(tmp_path_factory, "reviewed", make) / "room"


@pytest.fixture
def room_workspace(company_workspace: Path, tmp_path: Path, settings: Settings) -> Workspace:
    """Return a copy of the company's workspace that the room shows during the test."""
    root = tmp_path / "room"
    shutil.copytree(company_workspace, root, copy_function=linked)
    settings.COUNTERPOISE_WORKSPACE = str(root)
    return Workspace.open(root)


def linked(source: str, target: str) -> str:
    """Link what never changes, copy the rest."""
    if source.endswith((".parquet", ".sqlite3")):
        os.link(source, target)
        return target
    return shutil.copy2(source, target)


@pytest.fixture
def review_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what is measured beside a review, where a test asks for the review."""
    from counterpoise.web.results import measures

    monkeypatch.setattr(measures, "MEASURES", ())


@pytest.fixture
def cast(db: None, room_workspace: Workspace) -> dict[str, Member]:
    """Make one account a role from the company, by the names of their parts."""
    return _cast_of(room_workspace)


def _cast_of(workspace: Workspace) -> dict[str, Member]:
    with Books.open(workspace) as books:
        lookup = Lookup.open(workspace, books.manifest.snapshot)
    agreement = load_agreements(workspace.root).latest
    assert agreement is not None
    made = make_cast(lookup, agreement.agreement, lambda: PASSWORD)
    return {member.part: member for member in made}


@pytest.fixture
def client_of(cast: dict[str, Member]) -> Callable[[str], Client]:
    """Return a client in which a member of the cast is signed in: `client_of("rep")`."""

    def signed_in(part: str) -> Client:
        client = Client()
        client.force_login(cast[part].user)
        return client

    return signed_in


@pytest.fixture(scope="session")
def served_workspace(reviewed_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a workspace with a cast, whose review a worker took in; servers start from copies."""

    def make(folder: Path) -> None:
        root = folder / "room"
        shutil.copytree(reviewed_workspace, root, copy_function=linked)
        (root / "reviews" / LATEST).unlink()  # the worker finds it, and shows it
        subprocess.run([sys.executable, "-c", MAKE_CAST, str(root)], check=True, timeout=240)
        with serving(root):
            wait_for_jobs(root, "review", "lay_out_deals")

    return made_once(tmp_path_factory, "served", make) / "room"


def copy_unreviewed(served_workspace: Path, root: Path) -> Path:
    """Copy such a workspace without its review, for a worker to make."""
    return shutil.copytree(served_workspace, root, ignore=shutil.ignore_patterns("reviews"))


MAKE_CAST = f"""
import sys
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
workspace = Workspace.open(sys.argv[1])
set_up(workspace)
from counterpoise.web import house
from counterpoise.web.live import live
from counterpoise.web.migrating import building_what_changes
from counterpoise.web.people.cast import make_cast
make_cast(live(), house.agreements().latest.agreement, lambda: {PASSWORD!r})
"""


@pytest.fixture(scope="session")
def server(served_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the company's room for browser tests; they share it, so each minds its own deals."""
    root = tmp_path_factory.mktemp("served") / "room"
    with serving(Path(shutil.copytree(served_workspace, root)), workers=2) as served:
        yield served
