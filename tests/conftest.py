"""What every test may ask for, and what no test may do."""

import gc
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from counterpoise.books.cycles import look_seldom_for_cycles
from tests.browser import chromium
from tests.ordering import put_long_first
from tests.postgres import postgres
from tests.spark import spark, spark_session

__all__ = ["chromium", "postgres", "spark", "spark_session"]

# The check draws the same examples every time, so that a change is judged by what it changed;
# `--hypothesis-profile=explore` looks for new ones.
_CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("check", _CALM, derandomize=True)
settings.register_profile("again", _CALM, derandomize=True, max_examples=8)
settings.register_profile("explore", _CALM, max_examples=1000)
settings.load_profile("check")

# Many tests start programs, which would each compile all that they import where this is set.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Small matrices: threads that wait for each other cost twentyfold where cores are shared. Read when
# NumPy is loaded, which nothing above does.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

look_seldom_for_cycles()

ROOT = Path(__file__).resolve().parent.parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what only a thorough run asks, and keep no process waiting for the other's."""
    if not os.environ.get("THOROUGH"):
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]
    put_long_first(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    gc.freeze()  # what is collected stays


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with the worked example and the real exports, or skip the test."""
    folder = ROOT.parent / "shared"
    if not (folder / "golden").is_dir():
        pytest.skip(f"the folder {folder} with the worked example and real exports is not here")
    return folder


class NetworkUsedError(AssertionError):
    """Raised when a test tries to leave the machine."""

    def __init__(self, host: object) -> None:
        super().__init__(f"a test tried to reach {host!r}; tests use no network")


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    return name is None or str(name).startswith(("127.", "::1", "localhost"))


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse to look up or connect to any other machine."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not _is_here(address[0]):
            raise NetworkUsedError(address[0])
        connect(self, address)

    def guarded_look_up(host: Any, *args: Any, **options: Any) -> Any:
        if not _is_here(host):
            raise NetworkUsedError(host)
        return look_up(host, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield
