"""What makes the database itself refuse to change what was found and what was done.

Ids of people may be remapped and words erased; what a review measured stays as it was.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_KEPT = {
    "room_cracks_sighting": (
        "crack_id",
        "round_id",
        "is_found",
        "observed",
        "expected",
        "low",
        "high",
        "n",
        "q_value",
        "stake",
        "since",
        "told",
    ),
    "room_cracks_act": ("crack_id", "life", "deed", "at", "actor_id", "until_on", "round_id"),
    "room_cracks_round": ("snapshot", "as_of", "measured_by", "review", "at"),
}
_SAYS = "what a review found and what was done about it is never changed"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION room_cracks_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_SAYS}'; END $$"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every guard in place, anew where one is there already."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and there.issuperset(_KEPT):
            cursor.execute(_FUNCTION)
        for table, columns in _KEPT.items():
            if table in there:
                for statement in _statements(connection.vendor, table, columns):
                    cursor.execute(statement)


def _statements(vendor: str, table: str, columns: tuple[str, ...]) -> tuple[str, str]:
    name, listed = f"{table}_unchanged", ", ".join(columns)
    where = f" ON {table}" if vendor == "postgresql" else ""
    head = f"CREATE TRIGGER {name} BEFORE UPDATE OF {listed} ON {table}"
    body = (
        "FOR EACH ROW EXECUTE FUNCTION room_cracks_refuse()"
        if vendor == "postgresql"
        else f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    )
    return f"DROP TRIGGER IF EXISTS {name}{where}", f"{head} {body}"
