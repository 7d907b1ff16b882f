"""The room's work with its database on PostgreSQL."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from counterpoise.books import Workspace
from tests.postgres import Server
from tests.web.work.killing import script

pytestmark = pytest.mark.postgres

_SEED = """
import json, sys
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(sys.argv[1]))
from counterpoise.web.books_room.models import Source
from counterpoise.web.people.models import User
from counterpoise.web.work.jobs import start_job
user = User.objects.create_user("ana@example.com", "a long password", name="Ana", side="both")
source = Source.objects.create(name="Exports", address=sys.argv[2], allowed_by=user)
job = start_job("import", {"source": f"allowed:{source.pk}"}, asked_by=user)
print(json.dumps({"job": job.pk}))
"""
_LOOK = """
import json, sys
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(sys.argv[1]))
from counterpoise.web.audit.models import Entry
from counterpoise.web.audit.verifying import verify
from counterpoise.web.people.models import User
from counterpoise.web.work.models import Job
from counterpoise.web.work.worker import run_waiting
if "work" in sys.argv:
    run_waiting()
if "more" in sys.argv:
    User.objects.create_user("bo@example.com", "a long password", name="Bo", side="sales")
print(json.dumps({
    "people": sorted(User.objects.values_list("email", flat=True)),
    "jobs": [[job.kind, job.state, job.failure] for job in Job.objects.order_by("pk")],
    "acts": list(Entry.objects.order_by("sequence").values_list("act", flat=True)),
    "is_whole": verify().is_whole,
}))
"""


@pytest.fixture
def room(postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a workspace whose room keeps its data on PostgreSQL."""
    workspace = Workspace.create(tmp_path / "room")
    monkeypatch.setenv("ROOM_PASSWORD", postgres.password)
    name = f"work_{secrets.token_hex(4)}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload,unused-ignore]
    address = f"postgresql://{postgres.user}:${{ROOM_PASSWORD}}@{postgres.host}:{postgres.port}"
    with workspace.settings_file.open("a", encoding="utf-8") as stream:
        stream.write(f'[room]\ndatabase = "{address}/{name}"\n')
    return workspace.root


def _look(room: Path, *also: str) -> dict[str, Any]:
    return script(_LOOK, room, *also)


def _run(*command: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "counterpoise.cli", *map(str, command)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stderr


def test_imports_backs_up_and_comes_back(room: Path, tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "deals.csv").write_text(
        "deal_id,outcome,created_at,closed_at,net_amount\nD1,won,2026-01-01,2026-02-01,10\n",
        encoding="utf-8",
    )
    script(_SEED, room, exports)
    found = _look(room, "work")
    assert found["jobs"] == [["import", "done", ""], ["review", "done", ""]]
    assert found["is_whole"]
    saved = tmp_path / "saved.tar.gz"
    _run("-w", room, "backup", saved)
    assert "bo@example.com" in _look(room, "more")["people"]
    _run("-w", room, "restore", saved)
    found = _look(room)
    assert found["people"] == ["ana@example.com"]
    assert found["acts"] == ["books.imported", "room.restored"]
    assert found["is_whole"]
