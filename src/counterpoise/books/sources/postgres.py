"""Read the tables of a PostgreSQL database."""

from dataclasses import dataclass

import duckdb

from counterpoise.books.quoting import literal, quoted
from counterpoise.books.sources.address import Address

_ATTACHED = "database_read"
_SECRET = "database_access"  # noqa: S105 -- the name of DuckDB's record, not its content
_CONNECTION_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout")
_PATIENCE_SECONDS = "15"


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL database."""

    address: Address
    extension = "postgres_scanner"

    @property
    def schema(self) -> str:
        """Return the schema whose tables are read."""
        return self.address.options.get("schema", "public")

    def attach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Connect for reading; the password is in no text that an error could repeat."""
        known = {
            "host": self.address.host,
            "port": str(self.address.port or ""),
            "user": self.address.user,
            "database": self.address.database,
            "password": self.address.password() or "",
        }
        listed = ", ".join(f"{name} {literal(value)}" for name, value in known.items() if value)
        connection.execute(f"CREATE TEMPORARY SECRET {_SECRET} (TYPE postgres, {listed})")
        connection.execute(
            f"ATTACH {literal(self._options())} AS {_ATTACHED} "
            f"(TYPE postgres, SECRET {_SECRET}, READ_ONLY)"
        )

    def table_names(self, connection: duckdb.DuckDBPyConnection) -> list[str]:
        """Return the tables of the schema that this user may read; parts of a table are none."""
        asked = (
            "SELECT c.relname FROM pg_catalog.pg_class c "
            "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition "
            f"AND n.nspname = {literal(self.schema)} "
            "AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1"
        )
        return [row[0] for row in connection.execute(f"FROM {_asked(asked)}").fetchall()]

    def query(self, connection: duckdb.DuckDBPyConnection, table: str) -> str:
        """Return the query for a table's rows in DuckDB's types.

        A NUMERIC without a scale is text here, because it has no counterpart that keeps all its
        digits.
        """
        asked = (
            "SELECT a.attname, a.atttypid = 'numeric'::regtype AND a.atttypmod = -1 "
            "FROM pg_catalog.pg_attribute a "
            "JOIN pg_catalog.pg_class c ON c.oid = a.attrelid "
            "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
            f"WHERE n.nspname = {literal(self.schema)} AND c.relname = {literal(table)} "
            "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
        )
        columns = connection.execute(f"FROM {_asked(asked)}").fetchall()
        place = f"{quoted(self.schema)}.{quoted(table)}"
        if not any(is_open for _, is_open in columns):
            return f"SELECT * FROM {_ATTACHED}.{place}"
        listed = ", ".join(
            f"{quoted(name)}::text AS {quoted(name)}" if is_open else quoted(name)
            for name, is_open in columns
        )
        return f"SELECT * FROM {_asked(f'SELECT {listed} FROM {place}')}"

    def _options(self) -> str:
        options = {"connect_timeout": _PATIENCE_SECONDS}
        options.update(
            {
                name: value
                for name, value in self.address.options.items()
                if name in _CONNECTION_OPTIONS
            }
        )
        return " ".join(f"{name}={_in_quotes(value)}" for name, value in options.items())


def _asked(query: str) -> str:
    """Return a query that PostgreSQL answers, as a relation."""
    return f"postgres_query({literal(_ATTACHED)}, {literal(query)})"


def _in_quotes(value: str) -> str:
    r"""Return a value as a connection string has it.

    >>> print(_in_quotes("it's"))
    'it\'s'
    """
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
