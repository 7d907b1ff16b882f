"""`counterpoise administrator` and `audit verify`."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from counterpoise.books import Workspace

MAC = "[0-9a-f]{64}"


def counterpoise(workspace: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "-m", "counterpoise.cli", "-w", str(workspace), *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Make a workspace with an administrator; return it with what the command said."""
    root = Workspace.create(tmp_path_factory.mktemp("commands") / "workspace").root
    said = counterpoise(root, "administrator", "Ada@Example.com")
    assert said.returncode == 0, said.stderr
    return root, said.stdout, said.stderr


@pytest.fixture
def workspace(named: tuple[Path, str, str], tmp_path: Path) -> Path:
    """Return a copy of the workspace."""
    return Path(shutil.copytree(named[0], tmp_path / "workspace"))


def test_an_administrator_is_named_and_gets_a_link(named: tuple[Path, str, str]) -> None:
    _, stdout, stderr = named
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/account/invitation/\S+/\n", stdout)
    assert "ada@example.com is an administrator" in stderr


def test_what_is_no_address_is_refused(workspace: Path) -> None:
    said = counterpoise(workspace, "administrator", "nonsense")
    assert said.returncode == 3
    assert "'nonsense' is no mail address" in said.stderr


def test_a_whole_trail_is_told_with_its_head(workspace: Path) -> None:
    said = counterpoise(workspace, "audit", "verify")
    assert said.returncode == 0, said.stderr
    assert re.fullmatch(f"2:{MAC}\n", said.stdout)
    again = counterpoise(workspace, "audit", "verify", "--head", said.stdout)
    assert again.returncode == 0, again.stderr


def test_a_head_that_leads_beyond_the_end_is_told(workspace: Path) -> None:
    said = counterpoise(workspace, "audit", "verify", "--head", f"5:{'a' * 64}")
    assert said.returncode == 3
    assert "entries 3 to 5 are missing from the end" in said.stderr


def test_a_tampered_trail_is_told_by_its_entry(workspace: Path) -> None:
    with sqlite3.connect(workspace / "counterpoise.sqlite3") as database:
        database.execute("DROP TRIGGER audit_entry_unchanged")
        database.execute("UPDATE audit_entry SET actor_id = 9 WHERE sequence = 1")
    database.close()
    said = counterpoise(workspace, "audit", "verify")
    assert said.returncode == 3
    assert "entry 1 does not carry the code of what it says" in said.stderr
    assert "the trigger audit_entry_unchanged is gone" in said.stderr
