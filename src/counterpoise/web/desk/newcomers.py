"""Customers whom the books do not know yet: asked about by name, found again by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from counterpoise.books.lookup import Row
from counterpoise.web.live import live

NAME = "account.name"
"""The fact under which a request names a customer who has no id yet."""

_LEGAL_FORMS = frozenset(
    "ab ag as bv co company corp corporation doo dd gmbh inc incorporated kg limited llc llp ltd "
    "nv oy plc pty sa sarl sas se sl spa srl".split()
)
_MOST_COMPARED = 50


def name_written(written: Mapping[str, Any]) -> str:
    """Return the name that a request gives its customer, or nothing.

    >>> name_written({"deal": {"account.name": " Alder "}}), name_written({"deal": {}})
    ('Alder', '')
    """
    deal = written.get("deal") or {}
    nested = deal.get("account")
    named = deal.get(NAME) or (nested.get("name") if isinstance(nested, Mapping) else None)
    return str(named or "").strip()


def accounts_named(name: str) -> list[Row]:
    """Return the accounts of that name, however it is spelt."""
    wanted = plain_name(name)
    if not wanted:
        return []
    alike = live().find_accounts(wanted.partition(" ")[0], _MOST_COMPARED)
    alike += live().find_accounts(wanted, _MOST_COMPARED)
    found = {row["account_id"]: row for row in alike if plain_name(row["name"] or "") == wanted}
    return [found[each] for each in sorted(found)]


def plain_name(name: str) -> str:
    """Return a name without case, accents, marks and legal form, so that spellings compare.

    >>> plain_name("Müller & Söhne GmbH"), plain_name("MULLER, SOHNE"), plain_name("A.B. Co., Ltd.")
    ('muller sohne', 'muller sohne', 'a b')
    """
    bare = unicodedata.normalize("NFKD", name).casefold()
    letters = (each for each in bare if not unicodedata.combining(each) and each not in "'’")
    words = "".join(each if each.isalnum() else " " for each in letters).split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)
