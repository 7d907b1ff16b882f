"""What the worker does by the clock: put back files of ratified agreements that are missing."""

from __future__ import annotations

import datetime as dt

from counterpoise.web.agreements import shelf
from counterpoise.web.work.chores import chore


@chore(every=dt.timedelta(minutes=1))
def restore_ratified(now: dt.datetime) -> None:  # noqa: ARG001 - chores are told the time
    """Write what a crash between signing and writing left unwritten."""
    shelf.restore_files()
