"""Won revenue beside the CRM's own report: the figure of a person, and what the books say."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from counterpoise.books import Books
from counterpoise.books.facts import View, latest_day
from counterpoise.ledger.won_revenue import Explanation, WonRevenue, explain, won_revenue
from counterpoise.web import house
from counterpoise.web.audit.entries import record
from counterpoise.web.balance.models import RevenueCheck
from counterpoise.web.people.models import User
from counterpoise.web.results.figures import turn
from counterpoise.web.results.reading import latest

_KEEP_SECONDS = 24 * 3600


def check_revenue(user: User, snapshot: str, reported: Decimal) -> None:
    """Keep what a person read off the CRM's report."""
    with transaction.atomic():
        RevenueCheck.objects.create(
            snapshot=snapshot, reported=reported, checked_at=timezone.now(), checked_by=user
        )
        record(user, "revenue.compared", f"snapshot:{snapshot}", {"reported": str(reported)})


def last_check(snapshot: str) -> RevenueCheck | None:
    """Return the last figure that was typed in for a snapshot."""
    return RevenueCheck.objects.filter(snapshot=snapshot).select_related("checked_by").first()


def explanation(snapshot: str, reported: Decimal) -> Explanation:
    """Explain a report's figure by the books.

    Raises:
        LockHeldError: If too many questions wait.
    """
    name = f"won-revenue:{snapshot}"
    found: WonRevenue | None = caches["pages"].get(name)
    if found is None:
        with turn(), Books.open(house.workspace(), snapshot) as books:
            found = won_revenue(View(books, _as_of(books)))
        caches["pages"].set(name, found, _KEEP_SECONDS)
    return explain(found, reported)


def _as_of(books: Books) -> dt.date:
    """Return the day of the review that pages show, so that figures are the same everywhere."""
    kept = latest()
    if kept is not None and kept.snapshot == books.manifest.snapshot:
        return kept.as_of
    today = timezone.now().astimezone(ZoneInfo(books.workspace.time_zone)).date()
    return latest_day(books, today)
