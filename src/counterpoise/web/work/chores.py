"""Chores: small work by the clock. A feature names them in its `chores.py`.

Several workers may run; who moves the time of a chore on does it. A worker that dies amid a
chore leaves it for the next time, so a chore looks at what is to be done, not at what changed.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from counterpoise.web.work.models import ChoreRun

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chore:
    """Work to do every so often; it is told the time."""

    name: str
    every: dt.timedelta
    run: Callable[[dt.datetime], None]


_CHORES: dict[str, Chore] = {}


def chore(every: dt.timedelta) -> Callable[[Callable[[dt.datetime], None]], Callable[..., None]]:
    """Name a function as a chore to do every so often: `def remind(now: datetime) -> None`."""

    def named(run: Callable[[dt.datetime], None]) -> Callable[[dt.datetime], None]:
        name = f"{run.__module__}.{run.__name__}".removeprefix("counterpoise.web.")
        _CHORES[name] = Chore(name, every, run)
        return run

    return named


def do_chores(now: dt.datetime) -> list[str]:
    """Do the chores that are due, and return their names."""
    from counterpoise.web.work.jobs import import_everywhere

    import_everywhere("chores")
    return [each.name for each in _CHORES.values() if _claimed(each, now) and _did(each, now)]


def _claimed(found: Chore, now: dt.datetime) -> bool:
    """Tell whether a chore is due and this process is the one that does it."""
    last = ChoreRun.objects.filter(name=found.name).first()
    if last is None:
        try:
            with transaction.atomic():
                ChoreRun.objects.create(name=found.name, begun_at=now)
        except IntegrityError:
            return False
        return True
    if now - last.begun_at < found.every:
        return False
    mine = ChoreRun.objects.filter(name=found.name, begun_at=last.begun_at)
    return mine.update(begun_at=now) == 1


def _did(found: Chore, now: dt.datetime) -> bool:
    try:
        found.run(now)
    except Exception:  # one that fails must not keep the others from being done
        logger.exception("chore failed", extra={"chore": found.name})
        return False
    return True
