"""Let Ctrl-C stop long work at once, even while the engine is busy with one query.

The engine looks at signals only between queries when it runs in the main thread. So the work runs
in a thread of its own, and the main thread waits for it and passes the interrupt on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from counterpoise.books.progress import Progress

if TYPE_CHECKING:
    import duckdb

_Result = TypeVar("_Result")
_LOOK_EVERY = 0.1  # seconds


class Interruption:
    """What stops the work: connections with a query to break off, and a word to the progress."""

    def __init__(self) -> None:
        self._connections: list[duckdb.DuckDBPyConnection] = []
        self.is_asked = False

    def watch(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Break off what this connection runs when the work is to stop."""
        self._connections.append(connection)

    def break_off(self) -> None:
        """Break off the queries that run now."""
        import duckdb

        for connection in self._connections:
            try:
                connection.interrupt()
            except duckdb.ConnectionException:
                continue  # closed already


class StoppingProgress:
    """Progress that stops the work between two steps once that was asked for."""

    def __init__(self, progress: Progress, interruption: Interruption) -> None:
        self._progress = progress
        self._interruption = interruption

    def start(self, title: str, total: int | None = None) -> None:
        """Begin a step."""
        self._stop_if_asked()
        self._progress.start(title, total)

    def advance(self, amount: int = 1) -> None:
        """Count finished parts."""
        self._stop_if_asked()
        self._progress.advance(amount)

    def done(self) -> None:
        """End the step."""
        self._progress.done()

    def _stop_if_asked(self) -> None:
        if self._interruption.is_asked:
            raise KeyboardInterrupt


class _Work(threading.Thread):
    """Work in a thread; what it raises is kept."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(name="counterpoise-import", daemon=True)
        self._work = work
        self.failure: BaseException | None = None
        self.ended = threading.Event()  # an interrupt of `join` would take the thread for ended

    def run(self) -> None:
        try:
            self._work()
        except BaseException as failure:  # noqa: BLE001 - raised again by the thread that waits
            self.failure = failure
        finally:
            self.ended.set()


def run_interruptibly(work: Callable[[], _Result], interruption: Interruption) -> _Result:
    """Run `work` and return its result; an interrupt of the main thread asks it to stop.

    Raises:
        KeyboardInterrupt: when it was interrupted, once the work has ended and cleaned up.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()  # nobody interrupts another thread
    results: list[_Result] = []
    thread = _Work(lambda: results.append(work()))
    thread.start()
    while not thread.ended.is_set():
        try:
            thread.ended.wait(_LOOK_EVERY)
        except KeyboardInterrupt:
            if interruption.is_asked:
                raise  # asked twice: do not wait for the end
            interruption.is_asked = True
        if interruption.is_asked:
            interruption.break_off()
    if thread.failure is not None and interruption.is_asked:
        raise KeyboardInterrupt from thread.failure
    if thread.failure is not None:
        raise thread.failure
    return results[0]
