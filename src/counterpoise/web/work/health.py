"""Whether the room is well: its database, its worker and its books."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.db import Error, connection

from counterpoise.books.snapshot import current_snapshot
from counterpoise.web import house
from counterpoise.web.work.models import WorkerLife

WORKER_SILENCE = dt.timedelta(seconds=60)


@dataclass(frozen=True)
class Health:
    """How the room is. Without a database it answers nobody; without a worker it only answers."""

    database: str
    worker: str
    books: str

    @property
    def is_well(self) -> bool:
        """Tell whether everything that pages and jobs need is there."""
        return self.database == "ok" and self.worker == "ok"

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"status": "ok" if self.is_well else "failing", **asdict(self)}


def health(now: dt.datetime) -> Health:
    """Look at the database, the worker and the books."""
    books = "ok" if current_snapshot(house.workspace()) else "none"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        alive = WorkerLife.objects.filter(beat_at__gte=now - WORKER_SILENCE).exists()
    except Error:
        return Health("unreachable", "unknown", books)
    return Health("ok", "ok" if alive else "silent", books)
