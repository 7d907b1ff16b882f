"""How seldom a process looks for objects that only refer to each other."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 50_000
"""New objects after which it looks."""


def look_seldom_for_cycles() -> None:
    """Look for cycles of unused objects seldom, and not at all when the process ends.

    Queries are many small objects that stay: to look at them over and over takes a quarter of a
    review, and to look at all that is loaded before leaving, a third of a short command.
    """
    gc.set_threshold(_SELDOM)
    atexit.register(gc.freeze)


@contextmanager
def no_look_for_cycles() -> Iterator[None]:
    """Make many objects that stay without a look at them: half of the time that making them takes.

    >>> with no_look_for_cycles():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looks:
            gc.enable()
