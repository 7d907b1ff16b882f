"""Getting a process ready: what takes seconds to load is loaded before it is asked for."""

from __future__ import annotations

import logging
import threading

from counterpoise.errors import CounterpoiseError

logger = logging.getLogger(__name__)


def warm_up() -> threading.Thread:
    """Load the engine and the kept review in a thread of its own, while pages are answered.

    Features let what they ask of every review be worked out too: `warm(kept)` of their
    `warming.py`.
    """
    thread = threading.Thread(target=_warm, name="warming", daemon=True)
    thread.start()
    return thread


def _warm() -> None:
    from counterpoise.web.live import live
    from counterpoise.web.places import offered
    from counterpoise.web.results import figures
    from counterpoise.web.results.reading import latest

    try:
        live().people()
        kept = latest()
        if kept is not None:
            figures.warm(kept)
            for warm in offered("warming", "warm"):
                warm(kept)
    except (CounterpoiseError, OSError):
        logger.warning("warming up failed; pages will say why", exc_info=True)
