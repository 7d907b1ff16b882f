"""An import that is killed, interrupted or doubled leaves the former snapshot in use."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from counterpoise.books.importing import import_books
from counterpoise.books.lock import ImportRunningError
from counterpoise.books.snapshot import find_snapshot, snapshots_dir
from counterpoise.books.workspace import Workspace
from tests.books.conftest import Rows, Write, deals

# The child stops in the middle of the step named: it says so and sleeps until it is ended.
CHILD = """
import signal, sys, time
from pathlib import Path
from counterpoise.books import examining, finishing, importing, reading, snapshot, staging
from counterpoise.books.workspace import Workspace

signal.signal(signal.SIGINT, signal.default_int_handler)  # not so in what a shell put behind
root, source, module, step, when = sys.argv[1:]
home = getattr(sys.modules["counterpoise.books"], module)
function = getattr(home, step)

def stop():
    print("here", flush=True)
    time.sleep(60)

def wrapped(*arguments, **options):
    if when == "before":
        stop()
    result = function(*arguments, **options)
    if when == "after":
        stop()
    return result

setattr(home, step, wrapped)
importing.import_books(Workspace.open(root), source)
"""

STEPS = [
    ("reading", "stage", "before"),
    ("reading", "stage", "after"),
    ("examining", "examine", "after"),
    ("finishing", "_write_table", "after"),
    ("finishing", "write_tables", "after"),
    ("snapshot", "sync_tree", "before"),
    ("importing", "publish", "after"),
    ("snapshot", "replace_text", "before"),
    ("importing", "switch_to", "after"),
]
SWITCHED = ("importing", "switch_to", "after")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


def start(workspace: Workspace, source: Path, step: tuple[str, str, str]) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(workspace.root), str(source), *step],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    said = child.stdout.readline()
    assert said == "here\n", child.communicate()
    return child


def litter(workspace: Workspace) -> list[Path]:
    hidden = [path for path in snapshots_dir(workspace).iterdir() if path.name.startswith(".")]
    return hidden + list(workspace.books_dir.glob(".*"))


@pytest.mark.parametrize("step", STEPS, ids=" ".join)
def test_killed(workspace: Workspace, write: Write, rows: Rows, step: tuple[str, str, str]) -> None:
    first = import_books(workspace, write(deals=deals("D1,open,2026-01-01,,1")))
    source = write(deals=deals("D1,open,2026-01-01,,2"))
    with start(workspace, source, step) as child:
        child.kill()
    if step != SWITCHED:
        assert find_snapshot(workspace).name == first.snapshot
        assert rows("deals", "net_amount") == [(1,)]

    again = import_books(workspace, source)
    assert again.unchanged == (step == SWITCHED)
    assert rows("deals", "net_amount") == [(2,)]
    assert litter(workspace) == []
    assert not (workspace.books_dir / "import.lock").exists()


@pytest.mark.parametrize("step", STEPS[:5], ids=" ".join)
def test_interrupted(workspace: Workspace, write: Write, step: tuple[str, str, str]) -> None:
    first = import_books(workspace, write(deals=deals("D1,open,2026-01-01,,1")))
    source = write(deals=deals("D1,open,2026-01-01,,2"))
    before = sorted(workspace.books_dir.rglob("*"))
    with start(workspace, source, step) as child:
        child.send_signal(signal.SIGINT)
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)  # it sleeps: the second interrupt does not wait
        _, said = child.communicate(timeout=20)
    assert child.returncode != 0
    assert "KeyboardInterrupt" in said
    assert find_snapshot(workspace).name == first.snapshot
    import_books(workspace, write(deals=deals("D1,open,2026-01-01,,1")))
    assert sorted(workspace.books_dir.rglob("*")) == before


SLOW = """
import signal, sys
from counterpoise.books.importing import import_books
from counterpoise.books.workspace import Workspace

class Told:
    def start(self, title, total=None):
        print(title, flush=True)
    def advance(self, amount=1):
        pass
    def done(self):
        pass

signal.signal(signal.SIGINT, signal.default_int_handler)
import_books(Workspace.open(sys.argv[1]), sys.argv[2], progress=Told())
"""


def test_interrupted_in_the_middle_of_a_query(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "deals.csv"
    with source.open("w") as stream:
        stream.write("deal_id,outcome,created_at,net_amount\n")
        # Amounts that are not plainly written are read by evidence, which takes its time.
        stream.writelines(f'D{n},open,2026-01-01,"$1,{n % 1000:03}.5"\n' for n in range(600_000))
    before = sorted(workspace.root.rglob("*"))
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(workspace.root), str(source)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        while child.stdout.readline() != "Typing\n":
            assert child.poll() is None
        time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=30)
    assert "KeyboardInterrupt" in said
    assert child.returncode == -signal.SIGINT
    assert sorted(workspace.root.rglob("*")) == before


def test_doubled(workspace: Workspace, write: Write) -> None:
    first = import_books(workspace, write(deals=deals("D1,open,2026-01-01,,1")))
    source = write(deals=deals("D1,open,2026-01-01,,2"))
    with start(workspace, source, ("examining", "examine", "after")) as child:
        with pytest.raises(ImportRunningError, match=rf"running since .* \(process {child.pid}\)"):
            import_books(workspace, source)
        assert child.poll() is None
        assert find_snapshot(workspace).name == first.snapshot
        child.kill()


def test_on_a_full_disk(workspace: Workspace, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    source = tmp_path / "deals.csv"
    source.write_text(
        "deal_id,outcome,created_at,name\n"
        + "".join(f"D{n},open,2026-01-01,{os.urandom(20).hex()}\n" for n in range(60_000))
    )
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))\n{SLOW}"
    before = sorted(workspace.root.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-c", code, str(workspace.root), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert resource is not None
    assert done.returncode == 1
    assert "no room left" in done.stderr.splitlines()[-1]
    assert sorted(workspace.root.rglob("*")) == before
