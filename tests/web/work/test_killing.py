"""Processes are killed under load: nothing is lost, nothing is decided twice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from counterpoise.books import Books, Workspace
from tests.web.conftest import copy_unreviewed
from tests.web.served import serving
from tests.web.work.killing import Storm, count, is_answered, kill_pages, run_storm

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]


def test_no_request_is_lost_and_none_decided_twice(served_workspace: Path, tmp_path: Path) -> None:
    root = copy_unreviewed(served_workspace, tmp_path / "storm")
    outcome = run_storm(root, Storm(clients=4, requests=16, kills=3, pause=1.5, seed=7))
    found = count(root)
    assert sorted(outcome.asked) == found["notes"]
    assert len(set(outcome.asked.values())) == found["requests"] == 16
    assert found["decided_twice"] == 0
    assert found["audit_is_whole"]
    assert all(state == "done" or "died" in failure for _, state, failure in found["jobs"])
    workspace = Workspace.open(root)
    with Books.open(workspace) as books:
        assert books.has("deals")
    assert not list((workspace.books_dir / "snapshots").glob(".*"))


def test_a_room_opens_again_when_what_was_just_started_dies(
    served_workspace: Path, tmp_path: Path
) -> None:
    with serving(copy_unreviewed(served_workspace, tmp_path / "twice"), workers=2) as server:
        killed: frozenset[int] = frozenset()
        for _ in range(3):
            killed = kill_pages(server, killed)
        assert is_answered(f"{server.address}/health")
