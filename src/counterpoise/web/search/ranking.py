"""Which hits come first: an id as written, then what begins so, then what has such a word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from counterpoise.web.places import Hit

_ORDER = ("deal", "account", "person", "clause", "request")


@dataclass(frozen=True)
class HitGroup:
    """The hits of one kind, the best first."""

    kind: str
    title: str
    hits: tuple[Hit, ...]


def ranked(hits: Iterable[Hit], words: str) -> list[HitGroup]:
    """Group hits by kind; the kind with the best hit comes first.

    >>> hits = [Hit("Alder spares", "D12", "/b", "deal"), Hit("Acme", "A1", "/a", "account")]
    >>> [group.title for group in ranked(hits, "a1")]
    ['Accounts', 'Deals']
    """
    best = sorted(hits, key=lambda hit: (_place(hit), _rank(hit, words), hit.label, hit.url))
    groups = [
        HitGroup(kind, kind.capitalize() + "s" if kind != "person" else "People", tuple(found))
        for kind, found in groupby(best, key=lambda hit: hit.kind)
    ]
    return sorted(groups, key=lambda group: (_rank(group.hits[0], words), _place(group.hits[0])))


def _place(hit: Hit) -> tuple[int, str]:
    return (_ORDER.index(hit.kind) if hit.kind in _ORDER else len(_ORDER), hit.kind)


def _rank(hit: Hit, words: str) -> int:
    """Return 0 for an exact id or name, 1 for a beginning, 2 for a word, 3 for the rest."""
    wanted = words.strip().casefold()
    label, detail = hit.label.casefold(), hit.detail.casefold()
    ids = re.split(r"[\s·,]+", detail)
    if wanted == label or wanted in ids:
        return 0
    if label.startswith(wanted) or any(each.startswith(wanted) for each in ids):
        return 1
    told = re.findall(r"\w+", label)
    terms = wanted.split()
    return 2 if all(any(word.startswith(term) for word in told) for term in terms) else 3
