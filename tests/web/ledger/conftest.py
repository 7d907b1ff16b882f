"""The company's room with its review kept."""

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest
from pytest_django import Settings

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Silent, Workspace
from counterpoise.books.facts import latest_day
from counterpoise.web.results.keeping import keep_review
from tests.sharing import made_once

MADE_AT = dt.datetime(2026, 7, 1, 6, 0, tzinfo=dt.UTC)
TODAY = dt.date(2100, 1, 1)


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
def room_workspace(reviewed_workspace: Path, tmp_path: Path, settings: Settings) -> Workspace:
    """Return a copy of the reviewed workspace that the room shows during the test."""
    root = tmp_path / "room"
    shutil.copytree(reviewed_workspace, root, copy_function=linked)
    settings.COUNTERPOISE_WORKSPACE = str(root)
    settings.SECRETS_DIR = tmp_path / "secrets"
    return Workspace.open(root)


def linked(source: str, target: str) -> str:
    """Link what never changes, copy the rest."""
    if source.endswith((".parquet", ".sqlite3")):
        os.link(source, target)
        return target
    return shutil.copy2(source, target)
