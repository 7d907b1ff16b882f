"""Columns of an import that no table knows, and what each may be meant for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rich.text import Text

from counterpoise.books.manifest import TableFacts
from counterpoise.books.schema import TABLES

_MOST_NAMED = 12


def unknown_columns(tables: Mapping[str, TableFacts]) -> list[Text]:
    """Say of each table which columns became attributes, those that may be misnamed first."""
    said = []
    for name, facts in tables.items():
        if not facts.attributes:
            continue
        missing = [c.name for c in TABLES[name].columns if c.name not in facts.columns_present]
        meant = {each: meant_for(each, name, missing) for each in facts.attributes}
        told = [f"{each} (is it {meant[each]}? then name it so)" for each in meant if meant[each]]
        told += [each for each in meant if not meant[each]]
        rest = len(told) - _MOST_NAMED
        more = f" and {rest:,} more" if rest > 0 else ""
        said.append(Text(f"{name}: {', '.join(told[:_MOST_NAMED])}{more}"))
    return said


def meant_for(attribute: str, table: str, missing: Iterable[str]) -> str | None:
    """Return the column that the source lacks and that an attribute's name comes closest to.

    Example:
        >>> meant_for("Manager", "people", ["manager_id", "region"])
        'manager_id'
        >>> meant_for("Deal Name", "deals", ["name", "source"])
        'name'
        >>> meant_for("Churn Risk", "deals", ["name", "source"]) is None
        True
    """
    plain = re.sub(r"\W+", "_", attribute.strip().lower()).strip("_")
    bare = plain.removeprefix(f"{table.removesuffix('s')}_")
    names = {plain, bare, f"{plain}_id", f"{bare}_id", f"{plain}_at", f"{bare}_at"}
    return next((each for each in missing if each in names), None)
