"""What lapses soon: exceptions that end, and agreements that end with nothing after them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from counterpoise.agreement import Agreements, Version
from counterpoise.agreement.wording import say_day

AHEAD = dt.timedelta(days=30)


@dataclass(frozen=True)
class Lapse:
    """A clause, its last day, and what is so afterwards."""

    clause: str
    last_on: dt.date
    says: str
    fingerprint: str


def lapsing(agreements: Agreements, today: dt.date) -> list[Lapse]:
    """Return what lapses within the days ahead, the soonest first."""
    version = agreements.on(today)
    found = [] if version is None else [*_agreement(agreements, version), *_exceptions(version)]
    soon = [lapse for lapse in found if today <= lapse.last_on <= today + AHEAD]
    return sorted(soon, key=lambda lapse: (lapse.last_on, lapse.clause))


def _agreement(agreements: Agreements, version: Version) -> Iterator[Lapse]:
    force, day = version.agreement.in_force, dt.timedelta(days=1)
    if version.until is not None and agreements.on(version.until + day) is None:
        says = f"After {say_day(version.until)} nothing is agreed. Propose what comes next."
        yield Lapse("in_force", version.until, says, version.fingerprint)
    elif force.until and version.until is None:
        says = (
            f"It was meant to end on {say_day(force.until)}; it goes on until both sides sign a "
            "new one."
        )
        yield Lapse("in_force", force.until, says, version.fingerprint)


def _exceptions(version: Version) -> Iterator[Lapse]:
    for row in version.agreement.exceptions:
        last = min(row.until, version.until or row.until)
        if row.from_ <= last:
            what = f" ({row.says})" if row.says else ""
            says = f"The exception {row.id}{what} ends on {say_day(last)}."
            yield Lapse(f"exceptions.{row.id}", last, says, version.fingerprint)
