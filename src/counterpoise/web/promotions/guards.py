"""What makes the database itself refuse to change what was asked and answered about a promotion.

Ids of people may be remapped and words erased; terms, answers and who gave them stay.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_KEPT = {
    "promotions_askedpromotion": (
        "asker_id",
        "asker_role",
        "asked_at",
        "written",
        "decision",
        "verdict",
        "agreement",
        "snapshot",
    ),
    "promotions_promotionanswer": ("step_id", "said", "decided_by_id", "decided_at"),
}
_SAYS = "what was decided about a promotion is never changed"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION promotions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
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
        "FOR EACH ROW EXECUTE FUNCTION promotions_refuse()"
        if vendor == "postgresql"
        else f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    )
    return f"DROP TRIGGER IF EXISTS {name}{where}", f"{head} {body}"
