"""The company's room with its review kept, and past deals laid out for what counts today."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django import Settings

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Silent, Workspace
from counterpoise.web.rehearsals.laid import lay_out
from counterpoise.web.results.reading import latest
from tests.sharing import made_once
from tests.web.ledger.conftest import linked, reviewed_workspace

__all__ = ["reviewed_workspace"]


@pytest.fixture(scope="session")
def laid_workspace(reviewed_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the company's workspace with past deals laid out, for nobody to change."""

    def make(folder: Path) -> None:
        root = folder / "room"
        shutil.copytree(reviewed_workspace, root, copy_function=linked)
        agreements = load_agreements(root)
        assert agreements.latest is not None
        with override_settings(COUNTERPOISE_WORKSPACE=str(root)):
            kept = latest()
            assert kept is not None
            with Books.open(Workspace.open(root), kept.snapshot) as books:
                lay_out(books, agreements, agreements.latest.agreement, kept, Silent())

    return made_once(tmp_path_factory, "laid", make) / "room"


@pytest.fixture
def room_workspace(laid_workspace: Path, tmp_path: Path, settings: Settings) -> Workspace:
    """Return a copy of that workspace that the room shows during the test."""
    root = tmp_path / "room"
    shutil.copytree(laid_workspace, root, copy_function=linked)
    settings.COUNTERPOISE_WORKSPACE = str(root)
    settings.SECRETS_DIR = tmp_path / "secrets"
    return Workspace.open(root)
