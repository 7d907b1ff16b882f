"""How seldom a process looks for objects that only refer to each other."""

import atexit
import gc

_SELDOM = 50_000
"""New objects after which it looks."""


def look_seldom_for_cycles() -> None:
    """Look for cycles of unused objects seldom, and not at all when the process ends.

    Queries are many small objects that stay: to look at them over and over takes a quarter of a
    review, and to look at all that is loaded before leaving, a third of a short command.
    """
    gc.set_threshold(_SELDOM)
    atexit.register(gc.freeze)
