"""Serve the room: processes that answer pages, and one that works."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from counterpoise.books import Workspace
from counterpoise.errors import CounterpoiseError
from counterpoise.web.setup import PARENT, set_up

_GRACE = 20  # seconds that a process may take to end what it does
_WAIT = 1.0  # seconds before a worker that died is started anew
_LOOK_EVERY = 0.1  # seconds
STATIC = "COUNTERPOISE_STATIC"
"""Names the folder of hashed and compressed static files."""


class AddressTakenError(CounterpoiseError):
    """The address to serve at cannot be had."""

    def __init__(self, host: str, port: int, failure: OSError) -> None:
        super().__init__(
            f"cannot serve at {host}:{port}: {failure.strerror}; choose another with --port"
        )


def serve(workspace: Workspace, host: str, port: int, tell: Callable[[str], None]) -> None:
    """Serve the room of a workspace until asked to stop.

    Args:
        workspace: Whose room.
        host: The address to listen at.
        port: The port to listen at.
        tell: Who is told where the room is, once it answers.

    Raises:
        AddressTakenError: If something else listens there.
    """
    refuse_taken(host, port)
    set_up(workspace)
    from counterpoise.web.options import RoomOptions

    os.environ[STATIC] = str(collect_static(workspace))
    os.environ[PARENT] = str(os.getpid())
    with _Worker(workspace):
        _serve_pages(host, port, RoomOptions.of(workspace).workers, tell)


def collect_static(workspace: Workspace) -> Path:
    """Gather the static files, hashed and compressed, and return their folder.

    They are gathered anew only when one of them changed.
    """
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command
    from django.test.utils import override_settings

    from counterpoise.web.static import fingerprint_of, static_settings

    files = [
        (name, Path(storage.path(name)))
        for finder in get_finders()
        for name, storage in finder.list([])
    ]
    target = workspace.root / "cache" / f"static-{fingerprint_of(files)}"
    if target.is_dir():
        return target
    target.parent.mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".static-", dir=target.parent))
    try:
        with override_settings(**static_settings(made)):
            call_command("collectstatic", interactive=False, verbosity=0)
        made.chmod(0o755)
        if not target.is_dir():
            made.rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    for old in target.parent.glob("static-*"):
        if old != target:
            shutil.rmtree(old, ignore_errors=True)
    return target


def refuse_taken(host: str, port: int) -> None:
    """Refuse an address at which something else listens.

    Raises:
        AddressTakenError: If it is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as failure:
            raise AddressTakenError(host, port, failure) from failure


def _serve_pages(host: str, port: int, workers: int, tell: Callable[[str], None]) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "counterpoise.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,  # one answers pages while the other asks the engine
        backpressure=64,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=_GRACE,
    )
    waiting = threading.Thread(target=_tell_once_open, args=(host, port, tell), daemon=True)
    server.on_startup(waiting.start)
    server.serve()


def _tell_once_open(host: str, port: int, tell: Callable[[str], None]) -> None:
    named = f"[{host}]" if ":" in host else host
    address = f"http://{named}:{port}/"
    while not _answers(f"{address}health"):
        time.sleep(_LOOK_EVERY)
    tell(address)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=_GRACE):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


class _Worker:
    """The process that runs jobs, started anew when it dies."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = threading.Event()
        self._watch = threading.Thread(target=self._keep_running, daemon=True)

    def __enter__(self) -> _Worker:
        self._start()
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._watch.join(_GRACE)

    def _start(self) -> None:
        command = ("-m", "counterpoise.cli", "-w", str(self._workspace.root), "worker")
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, *command], start_new_session=True, stdin=subprocess.DEVNULL
        )

    def _keep_running(self) -> None:
        while self._process and not self._is_over.is_set():
            self._process.wait()
            if not self._is_over.wait(_WAIT):
                self._start()
