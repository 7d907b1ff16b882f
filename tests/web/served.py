"""A room that is served by the real command."""

from __future__ import annotations

import contextlib
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from counterpoise.books import Workspace
from tests.postgres import free_port

PASSWORD = "let me in, please"
"""The password of everybody in the cast."""

_PATIENCE = 240  # seconds


@dataclass(frozen=True)
class Server:
    """A room that is served: where it is, and what everybody's password is."""

    address: str
    workspace: Workspace
    process: subprocess.Popen[str]
    password: str = PASSWORD

    def email(self, part: str) -> str:
        """Return the address by which a member of the cast signs in."""
        return f"{part}@example.com"


@contextmanager
def serving(root: Path, *, port: int | None = None, workers: int = 1) -> Iterator[Server]:
    """Serve a workspace by the real command, by as many web workers, until the block ends."""
    port = port or free_port()
    _set_workers(Workspace.open(root).settings_file, workers)
    command = (sys.executable, "-m", "counterpoise.cli", "-w", str(root), "serve")
    log = root.with_name(f"served-at-{port}.log")
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [*command, "--port", str(port)], stderr=stream, text=True, start_new_session=True
        )
    try:
        _wait_until_open(process, log)
        yield Server(f"http://127.0.0.1:{port}", Workspace.open(root), process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(60)


def wait_for_jobs(root: Path, *kinds: str) -> None:
    """Wait until the worker of a served workspace did a job of each kind and has none left."""
    until = time.monotonic() + _PATIENCE
    while not _is_idle(root, set(kinds)):
        assert time.monotonic() < until, f"no worker did {' and '.join(kinds)} to the end"
        time.sleep(0.25)


def _is_idle(root: Path, kinds: set[str]) -> bool:
    with contextlib.closing(sqlite3.connect(root / "counterpoise.sqlite3", timeout=30)) as database:
        jobs = database.execute("SELECT kind, state FROM work_job").fetchall()
    done = {kind for kind, state in jobs if state == "done"}
    return kinds <= done and not {"waiting", "running"} & {state for _, state in jobs}


def _set_workers(settings: Path, workers: int) -> None:
    said = re.sub(r"(?m)^workers = \d+\n", "", settings.read_text(encoding="utf-8"))
    table = "[room]\n"
    before, _, after = said.partition(table)
    settings.write_text(f"{before}{table}workers = {workers}\n{after}", encoding="utf-8")


def _wait_until_open(process: subprocess.Popen[str], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while "is open at" not in log.read_text(encoding="utf-8"):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < until, f"the room did not open: {log.read_text()}"
        time.sleep(0.05)
