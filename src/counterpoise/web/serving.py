"""Serve the room: processes that answer pages, and one that works."""

from __future__ import annotations

import contextlib
import logging
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
from typing import Any

from counterpoise.books import Workspace
from counterpoise.errors import CounterpoiseError
from counterpoise.web.setup import PARENT, set_up

logger = logging.getLogger(__name__)

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


class NotOpenedError(CounterpoiseError):
    """The processes that answer pages die before they answer any."""

    def __init__(self) -> None:
        super().__init__("the room does not open; what its processes say above tells why")


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

    restore_agreements()
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


def restore_agreements() -> None:
    """Write the files of ratified agreements that a crash, or a hand, took away."""
    from counterpoise.web.agreements.shelf import restore_files

    try:
        restore_files()
    except (CounterpoiseError, OSError):
        logger.exception("the files of ratified agreements are not complete")


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
    """Serve until asked to stop, also when processes that answer pages die again and again."""
    multiprocessing.set_start_method("spawn", force=True)
    named = f"[{host}]" if ":" in host else host
    opening = _Opening(f"http://{named}:{port}/", tell)
    while True:
        server = _server(host, port, workers)
        server.on_startup(opening.watch)
        with contextlib.suppress(SystemExit):  # it leaves when one that was just started dies
            server.serve()
        if server.interrupt_signal:
            return
        if not opening.is_open:
            raise NotOpenedError
        time.sleep(_WAIT)
        if server.interrupt_signal:
            return


def _server(host: str, port: int, workers: int) -> Any:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    return Granian(
        "counterpoise.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,  # one answers pages while the other asks the engine
        backpressure=64,
        websockets=False,
        log_level=LogLevels.critical,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=_GRACE,
    )


class _Opening:
    """Tells where the room is, once, when it answers."""

    def __init__(self, address: str, tell: Callable[[str], None]) -> None:
        self._address = address
        self._tell = tell
        self._is_watching = False
        self.is_open = False

    def watch(self) -> None:
        """Begin to look whether the room answers."""
        if not self._is_watching:
            self._is_watching = True
            threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        while not _answers(f"{self._address}health"):
            time.sleep(_LOOK_EVERY)
        self.is_open = True
        self._tell(self._address)


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
