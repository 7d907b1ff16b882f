"""What makes the database itself refuse to change, remove or misplace an entry."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from counterpoise.web.guarding import read_triggers, words_of

_SQLITE = {
    "audit_entry_unchanged": """
        CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END""",
    "audit_entry_kept": """
        CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'an audit entry is never removed'); END""",
    # It also stops INSERT OR REPLACE, which removes a row without asking the trigger above.
    "audit_entry_next": """
        CREATE TRIGGER audit_entry_next BEFORE INSERT ON audit_entry
        WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM audit_entry)
        BEGIN SELECT RAISE(ABORT, 'an audit entry follows the last one'); END""",
}
_POSTGRESQL = {
    "audit_entry_unchanged": """
        CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()""",
    "audit_entry_next": """
        CREATE TRIGGER audit_entry_next BEFORE INSERT ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION audit_entry_follow()""",
}
_REFUSE = "BEGIN RAISE EXCEPTION 'an audit entry is never changed or removed'; END"
_FOLLOW = """
    BEGIN
      IF NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit_entry) THEN
        RAISE EXCEPTION 'an audit entry follows the last one';
      END IF;
      RETURN NEW;
    END"""
_POSTGRESQL_FUNCTIONS = tuple(
    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {does} $$"
    for name, does in (("audit_entry_refuse", _REFUSE), ("audit_entry_follow", _FOLLOW))
)
_ASKED = """
    SELECT tgname, concat_ws(' ', tgtype, tgqual, nullif(tgattr::text, ''), prosrc)
    FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid = 'audit_entry'::regclass AND tgenabled = 'A'"""
_KEPT = {"audit_entry_unchanged": f"58 {_REFUSE}", "audit_entry_next": f"7 {_FOLLOW}"}
"""What is read back: when PostgreSQL runs a trigger, added up, and what it runs."""


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every guard in place, anew where one is there already."""
    if "audit_entry" not in connection.introspection.table_names():
        return
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for function in _POSTGRESQL_FUNCTIONS:
                cursor.execute(function)
        for name, statement in _of(connection).items():
            cursor.execute(statement)
            if connection.vendor == "postgresql":  # also while rows are replicated
                cursor.execute(f"ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER {name}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take every guard away, for a test that plays the intruder or a rebuild of the table."""
    table = " ON audit_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _of(connection):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{table}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the guards that are not in place, or of which the database holds another than ours."""
    if connection.vendor != "postgresql":
        there, wanted = read_triggers(connection), _SQLITE
    else:
        with connection.cursor() as cursor:
            cursor.execute(_ASKED)
            there = {name: words_of(does) for name, does in cursor.fetchall()}
        wanted = _KEPT
    return sorted(name for name, does in wanted.items() if there.get(name) != words_of(does))


def _of(connection: BaseDatabaseWrapper) -> dict[str, str]:
    return _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
