"""An adapter's SQL is one SELECT over its own tables; what reaches further is refused unread."""

from __future__ import annotations

import pytest

from counterpoise.books.adapters.manifest import AdapterFileError
from counterpoise.books.adapters.statement import Statement, check_statement

_TABLES = frozenset({"orders", "lines"})
_COLUMNS = frozenset({"id", "total", "status", "day"})


def _check(sql: str) -> Statement:
    return check_statement(sql, "deals.sql", _TABLES, _COLUMNS)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id AS deal_id FROM orders",
        "select * from ORDERS; -- a comment and nothing after it",
        "FROM orders SELECT id WHERE total IS NOT NULL",
        "WITH won AS (SELECT id FROM orders) SELECT * FROM won JOIN lines USING (id)",
        "WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM a) SELECT x FROM b",
        "SELECT id FROM orders UNION ALL SELECT id FROM lines",
        "SELECT count(*), sum(as_money(total)) OVER (PARTITION BY id) FROM orders GROUP BY ALL",
        "SELECT row_number() OVER (ORDER BY id), lag(total) OVER (ORDER BY id) FROM orders",
        "SELECT CASE WHEN total LIKE '1%' THEN coalesce(total, 'x') END FROM orders",
        "SELECT unnest(string_split(status, ';')) FROM orders",
        "SELECT x FROM orders, unnest([1, 2]) AS t(x), range(3), generate_series(1, 2)",
        "SELECT regexp_extract(status, '(a)', 1), split_part(status, ' ', 1) FROM orders",
        "SELECT list_transform([1], lambda x: x + 1), [x FOR x IN [1]], {'a': 1}.a FROM orders",
        "SELECT date_trunc('month', as_day(day)) + INTERVAL 1 DAY FROM orders",
        "SELECT EXTRACT(year FROM as_day(day)) FROM orders",
        "SELECT as_instant(day) AT TIME ZONE 'UTC', CAST(total AS INTEGER) FROM orders",
        "SELECT (SELECT max(total) FROM lines WHERE lines.id = orders.id) FROM orders",
        "SELECT DISTINCT ON (id) id, arg_max(total, day) FROM orders GROUP BY id LIMIT 5",
        "SELECT * FROM (VALUES (1, 'a')) AS t(n, word)",
        "WITH RECURSIVE up AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM up WHERE n < 9) FROM up",
        "SELECT o.* EXCLUDE (id), unnest(o.attributes) FROM orders AS o ANTI JOIN lines USING (id)",
    ],
)
def test_a_select_over_the_adapters_tables_may_run(sql: str) -> None:
    assert _check(sql).sql == sql


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        # Statements that are no SELECT, alone or behind one.
        ("COPY (SELECT 1) TO 'stolen.csv'", "single SELECT; found COPY"),
        ("COPY orders FROM 'other.csv'", "single SELECT; found COPY"),
        ("ATTACH 'other.db'", "single SELECT; found ATTACH"),
        ("INSTALL httpfs", "single SELECT; found LOAD"),
        ("LOAD httpfs", "single SELECT; found LOAD"),
        ("PRAGMA database_list", "single SELECT"),
        ("SET memory_limit = '1TB'", "single SELECT; found SET"),
        ("RESET memory_limit", "single SELECT; found SET"),
        ("CALL pragma_version()", "single SELECT; found CALL"),
        ("CREATE TABLE t AS SELECT 1", "single SELECT; found CREATE"),
        ("INSERT INTO orders VALUES (1)", "single SELECT; found INSERT"),
        ("DELETE FROM orders", "single SELECT; found DELETE"),
        ("DROP SCHEMA source CASCADE", "single SELECT; found DROP"),
        ("USE memory", "single SELECT; found SET"),
        ("EXPORT DATABASE 'out'", "single SELECT; found EXPORT"),
        ("EXPLAIN ANALYZE SELECT 1", "single SELECT; found EXPLAIN"),
        ("EXECUTE theirs", "single SELECT; found EXECUTE"),
        ("VACUUM", "single SELECT; found VACUUM"),
        ("SELECT 1; SELECT 2", "single SELECT; found SELECT and SELECT"),
        ("SELECT 1 FROM orders;\n/* hidden */ COPY orders TO 'x'", "SELECT and COPY"),
        ("SELECT 1 -- ;\n; ATTACH 'x'", "found SELECT and ATTACH"),
        ("SELECT 1\0; ATTACH 'x'", "holds a NUL character"),
        ("", "single SELECT; found nothing"),
        ("-- nothing but a comment", "found nothing"),
        ("SELEC id FROM orders", "syntax error"),
        ("SELECT 1 FROM", "syntax error"),
        # Files.
        ("SELECT * FROM 'other.csv'", "'other.csv' is no table of the adapter"),
        ('SELECT * FROM "/etc/passwd"', "'/etc/passwd' is no table of the adapter"),
        ("SELECT * FROM read_csv('/etc/passwd')", "the table function read_csv() is not open"),
        ("SELECT * FROM read_csv_auto('x')", "read_csv_auto() is not open"),
        ("SELECT * FROM read_text('/etc/passwd')", "read_text() is not open"),
        ("SELECT * FROM read_blob('/etc/passwd')", "read_blob() is not open"),
        ("SELECT * FROM read_json('x.json')", "read_json() is not open"),
        ("SELECT * FROM glob('/*')", "glob() is not open"),
        ("SELECT * FROM parquet_scan('x.parquet')", "parquet_scan() is not open"),
        ("SELECT * FROM parquet_metadata('x.parquet')", "parquet_metadata() is not open"),
        ("SELECT * FROM sniff_csv('/etc/passwd')", "sniff_csv() is not open"),
        ("SELECT * FROM sqlite_scan('x.db', 't')", "sqlite_scan() is not open"),
        ("SELECT * FROM postgres_query('x', 'y')", "postgres_query() is not open"),
        ("SELECT (SELECT content FROM read_text('/etc/passwd')) FROM orders", "read_text()"),
        ("SELECT * FROM orders WHERE id IN (FROM '/etc/passwd')", "'/etc/passwd' is no table"),
        ("SELECT * FROM orders JOIN LATERAL (SELECT * FROM glob('*')) ON true", "glob()"),
        ("WITH x AS (SELECT * FROM read_text('y')) SELECT * FROM x", "read_text()"),
        ("SELECT * FROM orders UNION ALL FROM 'other.csv'", "'other.csv' is no table"),
        ("SELECT ARRAY(SELECT content FROM read_text('x')) FROM orders", "read_text()"),
        ("SELECT sum((SELECT 1 FROM 'x.csv')) OVER () FROM orders", "'x.csv' is no table"),
        ("SELECT * FROM orders ORDER BY (SELECT 1 FROM 'x.csv')", "'x.csv' is no table"),
        ("SELECT * FROM orders LIMIT (SELECT 1 FROM 'x.csv')", "'x.csv' is no table"),
        # A name that a CTE made elsewhere does not make a file a table.
        ('SELECT * FROM (WITH "x.csv" AS (SELECT 1) FROM "x.csv"), \'x.csv\'', "'x.csv' is no"),
        ('WITH "x.csv" AS (SELECT * FROM \'x.csv\') SELECT * FROM "x.csv"', "'x.csv' is no"),
        ("WITH a AS (FROM b), b AS (SELECT 1) SELECT * FROM a", "'b' is no table"),
        # The environment, settings, other schemas, what the program keeps.
        ("SELECT getenv('HOME') FROM orders", "the function getenv() is not open"),
        ("SELECT GETENV('HOME') FROM orders", "getenv() is not open"),
        ("SELECT main.getenv('HOME') FROM orders", "getenv() is not open"),
        ("SELECT system.main.getenv('HOME')", "is written with a schema"),
        ("SELECT current_setting('memory_limit')", "current_setting() is not open"),
        ("SELECT getvariable('x')", "getvariable() is not open"),
        ("SELECT version()", "version() is not open"),
        ("SELECT * FROM query('SELECT 1')", "query() is not open"),
        ("SELECT * FROM query_table('orders')", "query_table() is not open"),
        ("SELECT * FROM duckdb_settings()", "duckdb_settings() is not open"),
        ("SELECT * FROM duckdb_secrets()", "duckdb_secrets() is not open"),
        ("SELECT * FROM duckdb_tables()", "duckdb_tables() is not open"),
        ("SELECT * FROM pragma_database_list()", "pragma_database_list() is not open"),
        ("SELECT * FROM json_execute_serialized_sql('{}')", "json_execute_serialized_sql()"),
        ("SELECT * FROM information_schema.tables", "information_schema.tables is outside"),
        ("SELECT * FROM sqlite_master", "'sqlite_master' is no table"),
        ("SELECT * FROM source.orders", "source.orders is outside the adapter's source"),
        ("SELECT * FROM mapped.deals", "mapped.deals is outside"),
        ("SELECT * FROM memory.main.orders", "memory.main.orders is outside"),
        ("DESCRIBE orders", "show ref is not open"),
        ("SHOW TABLES", "show ref is not open"),
        ("SUMMARIZE orders", "show ref is not open"),
        ("SELECT * FROM (SHOW ALL TABLES)", "show ref is not open"),
        # A variable of the program itself.
        ("SELECT * FROM frame", "'frame' is no table"),
        ("SELECT $1 FROM orders", "a parameter has no value here"),
        # What differs from run to run.
        ("SELECT random() FROM orders", "random() differs from run to run"),
        ("SELECT uuid() FROM orders", "uuid() differs from run to run"),
        ("SELECT now() FROM orders", "now() differs from run to run"),
        ("SELECT current_date FROM orders", "current_date differs from run to run"),
        ("SELECT today() FROM orders", "today() differs from run to run"),
        ("SELECT * FROM orders TABLESAMPLE 10%", "a sample differs from run to run"),
        ("SELECT * FROM orders USING SAMPLE 3", "a sample differs from run to run"),
        ("SELECT age(as_day(day)) FROM orders", "age() differs from run to run"),
        ("SELECT nextval('s')", "nextval() differs"),
        ("SELECT pg_sleep(5)", "pg_sleep() is not open"),
        ("SELECT write_log('x')", "write_log() differs"),
    ],
)
def test_what_reaches_further_is_refused(sql: str, says: str) -> None:
    with pytest.raises(AdapterFileError) as caught:
        _check(sql)
    assert str(caught.value).startswith("deals.sql: ")
    assert says in str(caught.value)


def test_a_wrong_table_is_named_with_the_nearest_and_the_line() -> None:
    with pytest.raises(AdapterFileError) as caught:
        _check("SELECT *\nFROM ordrs")
    assert "'ordrs' is no table of the adapter" in str(caught.value)
    assert "did you mean orders?" in str(caught.value)
    assert str(caught.value).endswith("(line 2)")


def test_every_trouble_is_said_at_once() -> None:
    with pytest.raises(AdapterFileError) as caught:
        _check("SELECT getenv('A'), random() FROM 'x.csv'")
    assert len(caught.value.troubles) == 3


def test_a_column_named_like_a_clock_is_a_column() -> None:
    columns = frozenset({"current_date"})
    checked = check_statement("SELECT current_date FROM orders", "f", _TABLES, columns)
    assert checked.tables == {"orders"}


@pytest.mark.parametrize("opening", ["SELECT (", "SELECT abs("])
def test_a_statement_nested_without_end_is_refused(opening: str) -> None:
    closing = ")" * 5000
    with pytest.raises(AdapterFileError):
        _check(opening * 5000 + "SELECT 1" + closing)


def test_it_is_known_which_tables_are_read() -> None:
    assert _check("WITH lines AS (SELECT 1) SELECT * FROM orders").tables == {"orders"}


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("SELECT id, source_row FROM orders", "orders"),
        ("SELECT o.source_row FROM orders o LEFT JOIN lines ON true", "orders"),
        ("SELECT id FROM orders", None),
    ],
)
def test_rows_are_those_of_the_first_table_after_from(sql: str, table: str | None) -> None:
    assert _check(sql).rows_of == table


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT lines.source_row FROM orders LEFT JOIN lines ON true",
        "SELECT source_row FROM (SELECT * FROM orders)",
        "SELECT source_row FROM orders UNION ALL SELECT source_row FROM lines",
    ],
)
def test_rows_of_anything_else_are_refused(sql: str) -> None:
    with pytest.raises(AdapterFileError, match="first table after FROM"):
        _check(sql)
