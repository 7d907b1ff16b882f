"""What is made once for a whole run, though several processes test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

_FOLDER = "COUNTERPOISE_TESTS_SHARE"


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that the first process to ask for it makes; nobody may change it.

    A run of tests within a test shares it too.
    """
    base = Path(os.environ.setdefault(_FOLDER, str(_base(factory))))
    folder, is_whole = base / name, base / f"{name}.whole"
    with (base / f"{name}.lock").open("w") as lock:
        _wait_for(lock.fileno())
        if not is_whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            is_whole.touch()
    return folder


def _base(factory: pytest.TempPathFactory) -> Path:
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def _wait_for(lock: int) -> None:
    """Wait until no other process holds the lock; where locks are others, processes are apart."""
    try:
        import fcntl
    except ImportError:
        return
    fcntl.flock(lock, fcntl.LOCK_EX)
