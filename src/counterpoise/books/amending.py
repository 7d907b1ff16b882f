"""Rows that the room knows, laid beside those of a snapshot.

Most are rows of their own. A lead stands once: where it was handed over in the room, that row says
what became of it, and the snapshot's row says the rest.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

_PREFIX = "also__"

AMENDED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "leads": (
        "lead_id",
        (
            "handed_over_at",
            "owner_id",
            "first_response_at",
            "verdict",
            "verdict_at",
            "rejection_reason",
        ),
    )
}
"""By table: its key, and the columns that a row of the room decides, also where they are empty."""


def laid_beside(table: ir.Table, rows: ir.Table, name: str) -> ir.Table:
    """Return a table of a snapshot with further rows of the same columns.

    Args:
        table: The snapshot's rows.
        rows: The room's, with the same columns.
        name: The canonical table that both are of.
    """
    if name not in AMENDED:
        return table.union(rows)
    key, decided = AMENDED[name]
    told = rows.rename({_PREFIX + column: column for column in rows.columns})
    joined = table.left_join(told, table[key] == told[_PREFIX + key])
    is_told = joined[_PREFIX + key].notnull()
    columns = {
        column: ibis.ifelse(is_told, joined[_PREFIX + column], joined[column])
        if column in decided
        else ibis.coalesce(joined[column], joined[_PREFIX + column])
        for column in table.columns
    }
    new = rows.anti_join(table, rows[key] == table[key])
    return joined.select(**columns).union(new.select(*table.columns))
