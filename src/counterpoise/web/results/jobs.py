"""The job that makes a review, and what tells that one is due."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from counterpoise.books import Books, Progress, Workspace, build_lookup
from counterpoise.books.also import current_also, keep_also
from counterpoise.books.facts import latest_day
from counterpoise.books.snapshot import current_snapshot
from counterpoise.web import house
from counterpoise.web.places import offered
from counterpoise.web.results.keeping import Occasion, keep_review, latest_key
from counterpoise.web.results.reading import latest
from counterpoise.web.work.jobs import Running, active_job, job, start_job

REVIEW = "review"


@job(REVIEW, title="Review the books")
def make_review(running: Running) -> dict[str, str]:
    """Make the look-up database and the review of the books in use, in a worker."""
    return review_now(running)


def review_now(progress: Progress) -> dict[str, str]:
    """Make the look-up database and the review of the books in use, and show it."""
    workspace = house.workspace()
    with Books.open(workspace) as books:
        progress.start("Making the look-up database")
        build_lookup(books)
        progress.done()
        day = latest_day(books, _today(workspace))
        is_open = [each for ids in offered("reviewed", "open_ids") for each in ids()]
        key = keep_review(books, house.agreements(), day, timezone.now(), progress, is_open)
    tell_features()
    return {"key": key, "snapshot": books.manifest.snapshot}


def tell_features() -> None:
    """Let the features take in the review that is shown: `take_in(kept)` of their `reviewed.py`."""
    kept = latest()
    if kept is not None:
        for take_in in offered("reviewed", "take_in"):
            take_in(kept)


def gather_room_facts() -> None:
    """Lay what the features of the room know beside the books: approvals, offers and the like."""
    gathered: dict[str, list[Any]] = {}
    for rows in offered("room_facts", "rows"):
        for table, each in rows().items():
            gathered.setdefault(table, []).extend(each)
    since = {table: day for days in offered("room_facts", "since") for table, day in days().items()}
    keep_also(house.workspace(), gathered, since)


def ask_for_review() -> bool:
    """Ask for a review if books, agreement or day changed since the last; tell whether it did."""
    workspace = house.workspace()
    snapshot = current_snapshot(workspace)
    if snapshot is None or active_job(REVIEW):
        return False
    day = _as_of(workspace, snapshot, _today(workspace))
    also, since = current_also(workspace), workspace.approvals_from
    occasion = Occasion.of(snapshot, house.agreements(), day, also, since)
    if occasion.key == latest_key(workspace):
        return False
    start_job(REVIEW)
    return True


@lru_cache(maxsize=4)
def _as_of(workspace_root: Workspace, snapshot: str, today: dt.date) -> dt.date:
    with Books.open(workspace_root, snapshot) as books:
        return latest_day(books, today)


def _today(workspace: Workspace) -> dt.date:
    return timezone.now().astimezone(ZoneInfo(workspace.time_zone)).date()
