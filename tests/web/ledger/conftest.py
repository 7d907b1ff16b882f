"""The company's room with its review kept."""

import shutil
from pathlib import Path

import pytest
from pytest_django import Settings

from counterpoise.books import Workspace
from tests.web.conftest import MADE_AT, TODAY, linked, reviewed_workspace

__all__ = ["MADE_AT", "TODAY", "linked", "reviewed_workspace"]


@pytest.fixture
def room_workspace(reviewed_workspace: Path, tmp_path: Path, settings: Settings) -> Workspace:
    """Return a copy of the reviewed workspace that the room shows during the test."""
    root = tmp_path / "room"
    shutil.copytree(reviewed_workspace, root, copy_function=linked)
    settings.COUNTERPOISE_WORKSPACE = str(root)
    settings.SECRETS_DIR = tmp_path / "secrets"
    return Workspace.open(root)
