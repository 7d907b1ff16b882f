"""Holding the whole trail against its key, its order and the heads that left the database."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import connections

from counterpoise.web import guarding
from counterpoise.web.audit import guards, heads
from counterpoise.web.audit.chain import FIRST, Written, chain_key
from counterpoise.web.audit.models import Entry

_AT_ONCE = 5_000
_SHOWN = 100


class Trouble(StrEnum):
    """In which way the trail is not what was written."""

    CHANGED = "changed"
    MISSING = "missing"
    BROKEN = "broken"
    CUT = "cut"
    ANOTHER = "another"
    UNGUARDED = "unguarded"


@dataclass(frozen=True)
class Finding:
    """One trouble, and the entry at which it shows."""

    sequence: int
    trouble: Trouble
    says: str


@dataclass(frozen=True)
class Verification:
    """What a look at the whole trail found."""

    entries: int
    head: heads.Head | None
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Tell whether the trail is what was written."""
        return not self.findings


def verify(given: Sequence[heads.Head] = ()) -> Verification:
    """Read every entry and say where the trail was tampered with, reordered or cut.

    Args:
        given: Heads that left the database earlier, such as those of digests; the one that is
            kept beside the key is looked at anyway.
    """
    findings: list[Finding] = []
    promised = [*_kept(findings), *(("the head that was given", each) for each in given)]
    wanted = {head.count for _, head in promised}
    seen: dict[int, str] = {}
    walk = _Walk()
    for written, mac in _entries():
        findings += walk.step(written, mac)
        if written.sequence in wanted:
            seen[written.sequence] = mac
    for where, head in promised:
        findings += _against(where, head, walk.sequence, seen.get(head.count))
    findings += _unguarded()
    end = heads.Head(walk.sequence, walk.mac) if walk.sequence else None
    return Verification(walk.count, end, tuple(findings[:_SHOWN]))


def ends_by_our_key() -> bool:
    """Tell whether the last entry carries the code that this room's key gives it."""
    last = Entry.objects.order_by("-sequence").first()
    return last is None or hmac.compare_digest(_written(last).mac(chain_key()), last.mac)


class _Walk:
    """The end of the trail as far as it was read."""

    def __init__(self) -> None:
        self.sequence, self.mac, self.count = 0, FIRST, 0
        self._key = chain_key()

    def step(self, written: Written, mac: str) -> Iterator[Finding]:
        """Take the next entry, and yield what is wrong with it."""
        number = written.sequence
        if number != self.sequence + 1:
            yield Finding(number, Trouble.MISSING, _gap(self.sequence + 1, number - 1))
        if not hmac.compare_digest(written.mac(self._key), mac):
            yield Finding(number, Trouble.CHANGED, _changed(number))
        elif number == self.sequence + 1 and written.previous != self.mac:
            yield Finding(
                number,
                Trouble.BROKEN,
                f"entry {number} was written after another entry than the one that now stands "
                f"before it: entry {number - 1} was put in its place",
            )
        self.sequence, self.mac, self.count = number, mac, self.count + 1


def _entries() -> Iterator[tuple[Written, str]]:
    """Yield every entry in its order, some thousands read at once."""
    rows = Entry.objects.order_by("sequence")
    found = list(rows[:_AT_ONCE])
    while found:
        for entry in found:
            yield _written(entry), entry.mac
        found = list(rows.filter(sequence__gt=found[-1].sequence)[:_AT_ONCE])


def _written(entry: Entry) -> Written:
    return Written(
        entry.sequence,
        entry.at,
        entry.actor_id,
        entry.act,
        entry.subject,
        entry.detail,
        entry.previous,
    )


def _kept(findings: list[Finding]) -> list[tuple[str, heads.Head]]:
    """Return the head beside the key; read before the entries, which may only grow meanwhile."""
    try:
        head = heads.kept()
    except heads.HeadError as error:
        findings.append(Finding(0, Trouble.ANOTHER, str(error)))
        return []
    if head is None and Entry.objects.exists():
        says = f"the file {heads.HEAD_FILE} beside the key is gone; a cut of the end cannot show"
        findings.append(Finding(0, Trouble.ANOTHER, says))
    return [("the head kept beside the key", head)] if head else []


def _against(where: str, head: heads.Head, last: int, mac: str | None) -> Iterator[Finding]:
    if head.count > last:
        says = f"{where} counts {head.count} entries: {_gap(last + 1, head.count)} from the end"
        yield Finding(last + 1, Trouble.CUT, says)
    elif head.count and mac is not None and not hmac.compare_digest(mac, head.mac):
        yield Finding(
            head.count,
            Trouble.ANOTHER,
            f"entry {head.count} is not the one of {where}: the trail was written anew up to it",
        )


def _unguarded() -> Iterator[Finding]:
    there = connections["default"]
    for name in (*guards.missing(there), *guarding.missing(there)):
        yield Finding(
            0,
            Trouble.UNGUARDED,
            f"the trigger {name} is gone, or does something else, so that the database no longer "
            "refuses changes; "
            "`counterpoise upgrade` puts it back",
        )


def _changed(number: int) -> str:
    return (
        f"entry {number} does not carry the code of what it says: it was changed, moved here or "
        "written by hand, or the key is not the one that it was written with"
    )


def _gap(first: int, last: int) -> str:
    if last < first:
        return f"an entry numbered {last + 1} stands where none belongs"
    return (
        f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"
    )
