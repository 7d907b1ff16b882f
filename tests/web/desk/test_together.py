"""People who act at the same instant, in processes of their own, on both databases."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from counterpoise.books import Workspace
from tests.postgres import Server
from tests.web.desk.together import ROUNDS, THREADS

_PATIENCE = 120  # seconds
_PROCESSES = 4
_DATABASE = "desk-"
_PREPARE = """
import sys
from pathlib import Path
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(Path(sys.argv[1])))
from tests.web.desk.asking import asked, make_people
people = make_people()
for number in range(int(sys.argv[3])):
    asked(people.rhea, sys.argv[2])
from counterpoise.web.people.models import User
for name in range(4):
    for number in range(8):
        User.objects.create_user(
            f"asker-{name}-{number}@example.com", name="Asker", side="sales", role="rep"
        )
"""
_LOOK = """
import json, sys
from pathlib import Path
from counterpoise.books import Workspace
from counterpoise.web.setup import set_up
set_up(Workspace.open(Path(sys.argv[1])))
from counterpoise.web.audit.models import Entry
from counterpoise.web.audit.verifying import verify
from counterpoise.web.desk.models import Answer, Request
acts = Entry.objects.exclude(act="request.asked").order_by("sequence")
print(json.dumps({
    "states": list(Request.objects.order_by("pk").values_list("state", flat=True)),
    "answers": list(Answer.objects.order_by("pk").values_list("request_id", flat=True)),
    "said": list(acts.values_list("subject", flat=True)),
    "entries": Entry.objects.count(),
    "findings": [found.says for found in verify().findings],
}))
"""

MakeRoom = Callable[..., Path]
pytestmark = pytest.mark.slow


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def migrated_room(
    request: pytest.FixtureRequest,
    root: Path,
    desk_company: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Make a room on one of the databases where nothing is asked for, for nobody to change."""
    room = tmp_path_factory.mktemp("migrated") / "room"
    shutil.copytree(desk_company, room)
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        address = server.url.rpartition("/")[0] + f"/{_new_database(server)}"
        with Workspace.open(room).settings_file.open("a") as settings:
            settings.write(f'[room]\ndatabase = "{address}"\n')
    _finish(_run(root, "-m", "counterpoise.cli", "-w", str(room), "upgrade"))
    return room


@pytest.fixture
def make_room(
    request: pytest.FixtureRequest, root: Path, migrated_room: Path, tmp_path: Path
) -> MakeRoom:
    """Return a maker of rooms on one of the databases, where something is asked for."""

    def make(rate: str, rounds: int = ROUNDS) -> Path:
        room = tmp_path / "room"
        shutil.copytree(migrated_room, room)
        settings = Workspace.open(room).settings_file
        said = settings.read_text()
        if found := re.search(rf"{_DATABASE}\d+", said):
            own = _new_database(request.getfixturevalue("postgres"), found[0])
            settings.write_text(said.replace(found[0], own))
        _finish(_run(root, "-c", _PREPARE, str(room), rate, str(rounds)))
        return room

    return make


def test_one_of_two_approvers_wins_and_the_other_is_told(root: Path, make_room: MakeRoom) -> None:
    room = make_room("0.12")
    told = _meet(root, room, "mona", "milo")
    for turn in range(ROUNDS):
        assert sorted([told["mona"][turn], told["milo"][turn]]) == ["AlreadySettledError", "done"]
    found = _look(root, room)
    expected = ["approved" if each == "done" else "refused" for each in told["mona"]]
    assert found["states"] == expected
    assert len(found["answers"]) == len(set(found["answers"])) == ROUNDS
    assert len(found["said"]) == len(set(found["said"])) == ROUNDS
    assert found["findings"] == []


def test_both_of_a_pair_count_at_the_same_instant(root: Path, make_room: MakeRoom) -> None:
    room = make_room("0.25")
    told = _meet(root, room, "mona", "kira")
    assert told == {"mona": ["done"] * ROUNDS, "kira": ["done"] * ROUNDS}
    found = _look(root, room)
    assert found["states"] == ["approved"] * ROUNDS
    assert len(found["answers"]) == 2 * ROUNDS


def test_thirty_two_people_ask_at_once(root: Path, make_room: MakeRoom) -> None:
    room = make_room("0.12", 0)
    names = [str(name) for name in range(_PROCESSES)]
    askers = [_run(root, "-m", "tests.web.desk.together", str(room), "ask", name) for name in names]
    _signal(room, askers, names, 0)
    asked = _PROCESSES * THREADS * 3
    assert sum(_finish(each).split().count("open") for each in askers) == asked
    found = _look(root, room)
    assert found["states"] == ["open"] * asked
    assert (found["entries"], found["findings"]) == (asked, [])


def _meet(root: Path, room: Path, *names: str) -> dict[str, list[str]]:
    """Let people answer every request at the same instant."""
    met = [_run(root, "-m", "tests.web.desk.together", str(room), "answer", name) for name in names]
    for turn in range(ROUNDS):
        _signal(room, met, names, turn)
    return {name: _finish(each).split() for name, each in zip(names, met, strict=True)}


def _signal(
    room: Path,
    processes: list["subprocess.Popen[str]"],
    names: tuple[str, ...] | list[str],
    turn: int,
) -> None:
    """Give the signal once everybody is ready."""
    until = time.monotonic() + _PATIENCE
    while not all((room / f"{name}-{turn}").exists() for name in names):
        for each in processes:
            assert each.poll() in (None, 0), _finish(each)
        assert time.monotonic() < until
        time.sleep(0.005)
    (room / f"go-{turn}").touch()


def _look(root: Path, room: Path) -> dict[str, list[object]]:
    found: dict[str, list[object]] = json.loads(_finish(_run(root, "-c", _LOOK, str(room))))
    return found


def _finish(process: "subprocess.Popen[str]") -> str:
    shown, said = process.communicate(timeout=_PATIENCE)
    assert process.returncode == 0, said
    return shown


def _run(root: Path, *command: str) -> "subprocess.Popen[str]":
    inherited = {
        name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"
    }
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=root,
        env={**inherited, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _new_database(server: Server, template: str = "template1") -> str:
    """Make a database like another, and return its name."""
    import psycopg

    name = f"{_DATABASE}{time.monotonic_ns()}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name
