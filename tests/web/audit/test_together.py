"""Many processes record at once, on both databases, and the trail stays whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from counterpoise.books import Workspace
from tests.postgres import Server

_WRITERS = 4
_ACTS = 12
_LOOK = """
import json, sys
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(sys.argv[1]))
from counterpoise.web.audit import heads
from counterpoise.web.audit.entries import head
from counterpoise.web.audit.verifying import verify
found = verify()
print(json.dumps([found.entries, [f.says for f in found.findings], str(head()), str(heads.kept())]))
"""


def test_the_trail_is_whole_on_sqlite(root: Path, tmp_path: Path) -> None:
    _record_together(root, Workspace.create(tmp_path / "workspace"))


@pytest.mark.postgres
@pytest.mark.thorough
def test_the_trail_is_whole_on_postgresql(root: Path, tmp_path: Path, postgres: Server) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    with workspace.settings_file.open("a") as settings:
        settings.write(f'[room]\ndatabase = "{_new_database(postgres, "together")}"\n')
    _record_together(root, workspace)


def _record_together(root: Path, workspace: Workspace) -> None:
    _finish(_run(root, "-m", "counterpoise.cli", "-w", str(workspace.root), "upgrade"))
    writers = [
        _run(root, "-m", "tests.web.audit.recording", str(workspace.root), str(name), str(_ACTS))
        for name in range(_WRITERS)
    ]
    for writer in writers:
        _finish(writer)
    shown = _finish(_run(root, "-c", _LOOK, str(workspace.root)))
    entries, findings, head, kept = json.loads(shown)
    assert findings == []
    assert entries == _WRITERS * _ACTS * 2 // 3
    assert head == kept


def _finish(process: subprocess.Popen[str]) -> str:
    shown, said = process.communicate()
    assert process.returncode == 0, said
    return shown


def _run(root: Path, *command: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(root)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _new_database(server: Server, name: str) -> str:
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.url.rpartition("/")[0] + f"/{name}"
