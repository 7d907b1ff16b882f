"""Marketers who answer one request at the same instant, on both databases."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from counterpoise.books import Workspace
from tests.postgres import Server
from tests.web.tools.meeting import ROUNDS

pytestmark = pytest.mark.slow


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.thorough),
        pytest.param("postgresql", marks=pytest.mark.postgres),
    ]
)
def room(request: pytest.FixtureRequest, tools_company: Path, tmp_path: Path) -> Path:
    """Return a room whose data is kept in one of the databases."""
    room = Path(shutil.copytree(tools_company, tmp_path / "room"))
    if request.param == "postgresql":
        address = _new_database(request.getfixturevalue("postgres"))
        with Workspace.open(room).settings_file.open("a") as settings:
            settings.write(f'[room]\ndatabase = "{address}"\n')
    return room


def test_one_answer_wins_and_the_others_are_told(root: Path, room: Path) -> None:
    found = _met(root, room)
    for told, state in zip(found["told"], found["states"], strict=True):
        winner = ["answered", "declined", "withdrawn"].index(state)
        assert told[winner] == "done"
        assert set(told) == {"done", "SettledMeanwhileError"}
        assert told.count("done") == 1
    assert found["settled"] == [f"tool_request.{state}" for state in found["states"]]
    assert len(found["states"]) == ROUNDS
    withdrawn = found["states"].count("withdrawn")
    assert found["uses"] == [1, 3]
    assert found["said"] == 2
    assert found["findings"] == []
    assert found["overdue"] == ["1 by a chore", "none by the next"]
    assert found["facts"] == {"tools": 1, "tool_uses": 1, "tool_requests": ROUNDS + 1 - withdrawn}
    assert set(found["pages"]) == {200}


def _met(root: Path, room: Path) -> dict[str, Any]:
    inherited = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.tools.meeting", str(room)],
        cwd=root,
        env={**inherited, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _new_database(server: Server) -> str:
    """Make an empty database, and return its address."""
    import psycopg

    name = f"tools-{time.monotonic_ns()}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server.url.rpartition('/')[0]}/{name}"
