"""One at a time: a lock that the operating system drops when its holder dies."""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from counterpoise.errors import CounterpoiseError

_LOOK_EVERY = 0.05  # seconds


class ImportRunningError(CounterpoiseError):
    """Another import holds the books."""

    def __init__(self, path: Path) -> None:
        holder = _holder(path)
        super().__init__(
            f"{path.parent}: another import is running{holder}; wait for it to end, "
            "or stop it, and import again"
        )


class LockHeldError(CounterpoiseError):
    """Another process holds what this one waits for."""

    def __init__(self, path: Path, patience: float) -> None:
        super().__init__(
            f"{path}: another process still holds it after {patience:.0f} s; "
            "wait for it to end, or stop it"
        )


@contextmanager
def import_lock(path: Path, now: datetime) -> Iterator[None]:
    """Hold the lock file at `path` while the block runs.

    The file names the holder and goes away with the lock. After a crash it may stay; it then
    locks nothing.

    Raises:
        ImportRunningError: when another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    stream = _acquire(path)
    try:
        _write_holder(stream, now)
        yield
    finally:
        _release(path, stream)


@contextmanager
def waiting_lock(path: Path, patience: float = 600.0) -> Iterator[None]:
    """Hold the lock file at `path` while the block runs, waiting for others to be done.

    Raises:
        LockHeldError: when another process still holds it after that many seconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + patience
    while (stream := _attempt(path)) is None:
        if time.monotonic() > until:
            raise LockHeldError(path, patience)
        time.sleep(_LOOK_EVERY)
    try:
        yield
    finally:
        _release(path, stream)


@contextmanager
def one_of(paths: Sequence[Path], patience: float) -> Iterator[None]:
    """Hold one of several lock files while the block runs, waiting until one is free.

    Raises:
        LockHeldError: when all are still held after that many seconds.
    """
    paths[0].parent.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + patience
    while (found := next(_free(paths), None)) is None:
        if time.monotonic() > until:
            raise LockHeldError(paths[0], patience)
        time.sleep(_LOOK_EVERY)
    try:
        yield
    finally:
        _release(*found)


def _free(paths: Sequence[Path]) -> Iterator[tuple[Path, IO[str]]]:
    for path in paths:
        stream = _attempt(path)
        if stream is not None:
            yield path, stream


def _acquire(path: Path) -> IO[str]:
    stream = _attempt(path)
    if stream is None:
        raise ImportRunningError(path)
    return stream


def _attempt(path: Path) -> IO[str] | None:
    """Lock the file, or return None where another process holds it."""
    while True:
        stream = path.open("a+", encoding="utf-8")
        if not _try_lock(stream):
            stream.close()
            return None
        if _is_same_file(path, stream):
            return stream
        stream.close()  # its holder removed it between our opening and our locking


def _is_same_file(path: Path, stream: IO[str]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(stream.fileno()))
    except FileNotFoundError:
        return False


def _write_holder(stream: IO[str], now: datetime) -> None:
    stream.truncate(0)
    stream.write(json.dumps({"process": os.getpid(), "since": now.isoformat()}))
    stream.flush()


def _holder(path: Path) -> str:
    with suppress(OSError, ValueError, KeyError, TypeError):
        holder = json.loads(path.read_text(encoding="utf-8"))
        return f" since {holder['since']} (process {holder['process']})"
    return ""


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # Windows forbids others to read locked bytes, so none that we write is locked

    def _try_lock(stream: IO[str]) -> bool:
        stream.seek(_FAR)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(path: Path, stream: IO[str]) -> None:
        stream.close()
        with suppress(OSError):
            path.unlink()

else:
    import fcntl

    def _try_lock(stream: IO[str]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _release(path: Path, stream: IO[str]) -> None:
        path.unlink(missing_ok=True)  # before unlocking: who locks it next sees that it is gone
        stream.close()
