"""Read the tables of a PostgreSQL database."""

from dataclasses import dataclass

import duckdb

from counterpoise.books.quoting import literal, quoted
from counterpoise.books.sources.address import Address

_ATTACHED = "database_read"
_SECRET = "database_access"  # noqa: S105 -- the name of DuckDB's record, not its content
_CONNECTION_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout")
_PATIENCE_SECONDS = "15"
_MOST_DIGITS = 38


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

        A NUMERIC without a scale has no counterpart there: it gets the scale that its values
        need, or becomes text where one is too long or no number.
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
        scaleless = [name for name, is_scaleless in columns if is_scaleless]
        if not scaleless:
            return f"SELECT * FROM {_ATTACHED}.{place}"
        evidence = ", ".join(map(_digits, scaleless))
        found = connection.execute(f"FROM {_asked(f'SELECT {evidence} FROM {place}')}").fetchone()
        types = ", ".join(
            f"CAST({quoted(name)} AS {_decimal(digits)}) AS {quoted(name)}"
            for name, digits in zip(scaleless, found or (), strict=True)
        )
        listed = ", ".join(
            f"{quoted(name)}::text AS {quoted(name)}" if is_scaleless else quoted(name)
            for name, is_scaleless in columns
        )
        return f"SELECT * REPLACE ({types}) FROM {_asked(f'SELECT {listed} FROM {place}')}"

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


def _digits(column: str) -> str:
    """Return an aggregate over a NUMERIC: the most digits before and after the point, as text."""
    c = quoted(column)
    return (
        f"CASE WHEN bool_or({c} IN ('NaN', 'Infinity', '-Infinity')) THEN '' ELSE concat("
        f"coalesce(max(length(trunc(abs({c}))::text)), 1), ' ', coalesce(max(scale({c})), 0)) END "
        f"AS {c}"
    )


def _decimal(digits: str) -> str:
    """Return the type that holds so many digits exactly.

    >>> _decimal("5 2"), _decimal("30 10"), _decimal("")
    ('DECIMAL(38,2)', 'VARCHAR', 'VARCHAR')
    """
    before, _, after = digits.partition(" ")
    if not digits or int(before) + int(after) > _MOST_DIGITS:
        return "VARCHAR"
    return f"DECIMAL({_MOST_DIGITS},{after})"


def _asked(query: str) -> str:
    """Return a query that PostgreSQL answers, as a relation."""
    return f"postgres_query({literal(_ATTACHED)}, {literal(query)})"


def _in_quotes(value: str) -> str:
    r"""Return a value as a connection string has it.

    >>> print(_in_quotes("it's"))
    'it\'s'
    """
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
