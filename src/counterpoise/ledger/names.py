"""What the keys of groupings are called, by the books and the agreements."""

from __future__ import annotations

from collections.abc import Mapping

from counterpoise.agreement.versions import Agreements
from counterpoise.books.books import Books

_NAMED = {
    "owner": ("people", "person_id"),
    "product": ("products", "product_id"),
    "campaign": ("campaigns", "campaign_id"),
}


def group_names(books: Books, agreements: Agreements) -> Mapping[str, Mapping[str, str]]:
    """Return the names of keys by grouping; a grouping that is not there names itself."""
    found = {grouping: _names(books, *where) for grouping, where in _NAMED.items()}
    personas = {
        persona.id: persona.name
        for version in agreements.versions
        for persona in version.agreement.personas
        if persona.name
    }
    return found | {"persona": personas}


def _names(books: Books, table: str, key: str) -> dict[str, str]:
    rows = books.table(table)
    named = rows.filter(rows.name.notnull()).select(key, "name")
    return {row[key]: row["name"] for row in books.run(named).to_pylist()}
