"""Agreements in force: on which days of the window which version binds, and whether it binds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from counterpoise.agreement.versions import Status, Version
from counterpoise.ledger.period import Period
from counterpoise.watch.watched import Watched


@dataclass(frozen=True)
class Stretch:
    """A version and the days of the window on which it is in force, both ends inclusive."""

    version: Version
    first: dt.date
    last: dt.date

    def period(self, watched: Watched) -> Period:
        """Return the stretch as a period of the ledger, measured by its own version."""
        agreement = self.version.agreement
        return Period(watched.view, watched.judged, agreement, self.first, self.last)


def stretches(watched: Watched) -> Iterator[Stretch]:
    """Yield the versions that are in force within the window, earliest first."""
    for version in watched.agreements.versions:
        first = max(version.from_, watched.first)
        last = min(version.until or watched.last, watched.last)
        if first <= last:
            yield Stretch(version, first, last)


def bound_nobody(watched: Watched) -> str:
    """Say that what was measured by bound nobody; "" where both sides had signed it.

    The words follow a sentence about the whole window.
    """
    statuses = {each.version.status for each in stretches(watched)}
    if Status.AS_IF in statuses:
        return " It is measured as if the draft were in force; nobody has signed it yet."
    if Status.MEASURED_AGAINST in statuses:
        return " A part is measured by an agreement made later, which bound nobody then."
    return ""
