"""`counterpoise backup`, `restore` and `upgrade`, by the real command beside a room that works."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from counterpoise.books import Workspace
from counterpoise.books.snapshot import current_snapshot
from counterpoise.web.backup import BackupError, back_up
from tests.web.conftest import copy_unreviewed
from tests.web.served import serving
from tests.web.work.killing import script

_PEOPLE = """
import json, sys
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(sys.argv[1]))
from counterpoise.web.audit.verifying import verify
from counterpoise.web.people.models import User
if len(sys.argv) > 2:
    User.objects.create_user(sys.argv[2], "a long password", name="New", side="sales")
print(json.dumps({"people": sorted(User.objects.values_list("email", flat=True)),
                  "is_whole": verify().is_whole}))
"""


@pytest.fixture
def room(served_workspace: Path, tmp_path: Path) -> Path:
    return copy_unreviewed(served_workspace, tmp_path / "room")


def _run(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "counterpoise.cli", *map(str, command)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_comes_back_as_it_was_while_it_works(room: Path, tmp_path: Path) -> None:
    saved, keys = tmp_path / "saved.tar.gz", tmp_path / "keys.tar.gz"
    draft = room / "agreement.yaml"
    before = draft.read_text(encoding="utf-8")
    with serving(room):
        done = _run("-w", room, "backup", saved, "--keys", keys)
        assert done.returncode == 0, done.stderr
        script(_PEOPLE, room, "new@example.com")
        draft.write_text("agreement: counterpoise/v1\n", encoding="utf-8")
        extra = room / "agreements" / "2030-01-01-later.yaml"
        extra.write_text("later", encoding="utf-8")
        done = _run("-w", room, "restore", saved)
        assert done.returncode == 0, done.stderr
        found = script(_PEOPLE, room)
    assert "new@example.com" not in found["people"]
    assert "lead@example.com" in found["people"]
    assert found["is_whole"]
    assert draft.read_text(encoding="utf-8") == before
    assert not extra.exists()
    assert list((room / "replaced").glob("*/agreements/2030-01-01-later.yaml"))


def test_comes_up_on_another_machine(room: Path, tmp_path: Path) -> None:
    saved, keys = tmp_path / "saved.tar.gz", tmp_path / "keys.tar.gz"
    assert _run("-w", room, "backup", saved, "--keys", keys).returncode == 0
    other = tmp_path / "other"
    assert _run("new", other).returncode == 0
    done = _run("-w", other, "restore", saved, "--keys", keys)
    assert done.returncode == 0, done.stderr
    assert "--keys" not in done.stderr
    found = script(_PEOPLE, other)
    assert "lead@example.com" in found["people"]
    assert found["is_whole"]
    assert current_snapshot(Workspace.open(other)) == current_snapshot(Workspace.open(room))
    assert Workspace.open(other).currency == Workspace.open(room).currency


def test_holds_no_keys_and_opens_to_its_owner_alone(room: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.tar.gz"
    done = _run("-w", room, "backup", saved)
    assert "It holds no keys" in done.stderr
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    with tarfile.open(saved) as archive:
        names = archive.getnames()
    assert not [name for name in names if "key" in name or "secrets" in name]
    assert "books/current" in names
    done = _run("-w", room, "backup", saved)
    assert (done.returncode, "is there already" in done.stderr) == (3, True)


def test_names_the_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="there is no folder"):
        back_up(Workspace(tmp_path, "EUR", "UTC"), tmp_path / "gone" / "saved.tar.gz")


def test_refuses_what_is_no_backup(room: Path, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine", encoding="utf-8")
    done = _run("-w", room, "restore", tmp_path / "letter")
    assert (done.returncode, "cannot be read as a backup" in done.stderr) == (3, True)


def test_upgrades_once_and_never_down(room: Path) -> None:
    done = _run("-w", room, "upgrade")
    assert done.returncode == 0, done.stderr
    assert "The database: as it should be" in done.stderr
    stamp = room / ".counterpoise.json"
    stamp.write_text(json.dumps({"form": 99, "version": "99.0"}), encoding="utf-8")
    for command in (["upgrade"], ["serve"], ["worker"]):
        done = _run("-w", room, *command)
        assert done.returncode == 3, done.stderr
        assert "a newer Counterpoise" in done.stderr
