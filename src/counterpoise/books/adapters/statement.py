"""What an adapter's SQL may say: one SELECT over its own tables, without side doors.

The parser of the engine itself reads the text, so that what is checked is what runs. Running is
fenced a second time: the source's connection is locked before any adapter's SQL sees it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from counterpoise.books.adapters.failure import cause_of
from counterpoise.books.adapters.macros import MACROS
from counterpoise.books.adapters.manifest import AdapterFileError
from counterpoise.books.adapters.spelling import did_you_mean
from counterpoise.books.quoting import literal

TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})

_QUERIES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_RELATIONS = frozenset({"BASE_TABLE", "SUBQUERY", "JOIN", "EXPRESSION_LIST", "EMPTY", "PIVOT"})
_PARSED_AWAY = frozenset({"unnest", "coalesce", "row", "grouping", "grouping_id", "ifnull"})
_BUILT_IN_MACROS = frozenset(
    {"date_add", "days_in_month", "fdiv", "fmod", "geomean", "list_any_value", "list_append"}
    | {"list_avg", "list_bool_and", "list_bool_or", "list_count", "list_first", "list_last"}
    | {"list_max", "list_median", "list_min", "list_mode", "list_prepend", "list_product"}
    | {"list_reverse", "list_string_agg", "list_sum", "array_to_string", "nullif", "round_even"}
    | {"split_part", "wavg", "weighted_avg"}
)
_NOT_FOR_ADAPTERS = frozenset(
    {"getenv", "current_setting", "getvariable", "version", "parse_duckdb_log_message"}
    | {"json_serialize_plan", "json_serialize_sql", "json_deserialize_sql"}
)
_CLOCK_FUNCTIONS = frozenset({"current_localtime", "current_localtimestamp", "today", "ago"})
_CLOCK_WORDS = frozenset(
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"}
    | {"current_catalog", "current_schema", "current_role", "current_user", "session_user", "user"}
)


@dataclass(frozen=True)
class Statement:
    """The SQL of one table, checked."""

    sql: str
    tables: frozenset[str]
    """Which of the adapter's tables it reads."""
    rows_of: str | None
    """The table whose `source_row` it passes on, so that problems can name lines of its file."""


@dataclass(frozen=True)
class _Known:
    tables: frozenset[str]
    columns: frozenset[str]


def check_statement(
    sql: str, file: str, tables: frozenset[str], columns: frozenset[str]
) -> Statement:
    """Return the statement of a TABLE.sql if an adapter may run it.

    `tables` and `columns` are all that the adapter declares.

    Raises:
        AdapterFileError: It is not a single SELECT, or reaches for what is not its own.
    """
    tree = _parse(sql, file)
    known = _Known(_folded(tables), _folded(columns))
    try:
        troubles = [f"{trouble}{_at(sql, place)}" for trouble, place in _query(tree, known)]
    except RecursionError as error:
        raise AdapterFileError(file, ["nested too deeply"]) from error
    if troubles:
        raise AdapterFileError(file, list(dict.fromkeys(troubles)))
    read = frozenset(name for name in tables if name.casefold() in set(_names_read(tree)))
    return Statement(sql, read, _rows_of(tree, file, tables))


def _parse(sql: str, file: str) -> Any:
    if "\0" in sql:
        raise AdapterFileError(file, ["holds a NUL character"])
    cursor = _parser().cursor()  # no parameters below: they would make the engine load pandas
    try:
        kinds = [one.type.name for one in cursor.extract_statements(sql)]
        answer = cursor.execute(f"SELECT json_serialize_sql({literal(sql)})").fetchone()
        tree = json.loads(answer[0]) if answer else {}
    except duckdb.Error as error:
        raise AdapterFileError(file, [cause_of(error)]) from error
    except RecursionError as error:
        raise AdapterFileError(file, ["nested too deeply"]) from error
    found = " and ".join(kinds) or "nothing"
    if len(kinds) != 1 or tree.get("error") or len(tree.get("statements", ())) != 1:
        said = tree.get("error_message") or ""
        why = (
            f" ({cause_of(ValueError(said))})"
            if said and not said.startswith("Only SELECT")
            else ""
        )
        raise AdapterFileError(file, [f"must be a single SELECT; found {found}{why}"])
    return tree["statements"][0]["node"]


def _query(tree: Any, known: _Known) -> Iterator[tuple[str, int]]:
    """Walk everything below, with the names of CTEs in force where they stand."""
    if isinstance(tree, list):
        for one in tree:
            yield from _query(one, known)
    elif isinstance(tree, dict):
        yield from _node(tree, known)
        if "cte_map" in tree:
            if tree.get("cte_name"):
                known = _with(known, tree["cte_name"])
            for entry in tree["cte_map"]["map"]:
                yield from _query(entry["value"], known)
                known = _with(known, entry["key"])
        for key, value in tree.items():
            if key == "function" and _is(tree, "TABLE_FUNCTION"):
                yield from _query(value["children"], known)  # its name has been judged
            elif key != "cte_map":
                yield from _query(value, known)


def _node(node: Mapping[str, Any], known: _Known) -> Iterator[tuple[str, int]]:
    place = int(node.get("query_location") or 0)
    if "cte_map" in node and node["type"] not in _QUERIES:
        yield f"{node['type']} is not a SELECT", place
    if node.get("sample"):
        yield "a sample differs from run to run; adapters may not take one", place
    if "class" in node:
        yield from ((trouble, place) for trouble in _expression(node, known))
    elif "sample" in node and "alias" in node:
        yield from ((trouble, place) for trouble in _relation(node, known))


def _relation(node: Mapping[str, Any], known: _Known) -> Iterator[str]:
    kind = node["type"]
    if kind == "TABLE_FUNCTION":
        name = node["function"].get("function_name", "")
        if name not in TABLE_FUNCTIONS:
            yield f"the table function {name}() is not open to adapters"
    elif kind == "BASE_TABLE":
        name = node["table_name"]
        qualified = [one for one in (node["catalog_name"], node["schema_name"], name) if one]
        if len(qualified) > 1:
            yield f"{'.'.join(qualified)} is outside the adapter's source"
        elif name.casefold() not in known.tables:
            yield (
                f"{name!r} is no table of the adapter (they stand in adapter.toml)"
                f"{did_you_mean(name, known.tables)}"
            )
    elif kind not in _RELATIONS:
        yield f"{kind.lower().replace('_', ' ')} is not open to adapters"


def _expression(node: Mapping[str, Any], known: _Known) -> Iterator[str]:
    match node["class"]:
        case "PARAMETER":
            yield "a parameter has no value here"
        case "FUNCTION" | "WINDOW":
            yield from _function(node)
        case "COLUMN_REF" if len(node["column_names"]) == 1:
            name = node["column_names"][0].casefold()
            if name in _CLOCK_WORDS and name not in known.columns:
                yield f"{name} differs from run to run; the same source must give the same rows"


def _function(node: Mapping[str, Any]) -> Iterator[str]:
    name = node["function_name"].casefold()
    if node["class"] == "WINDOW" and node["type"] != "WINDOW_AGGREGATE":
        return
    if node.get("catalog") or node.get("schema") not in ("", "main"):
        yield f"the function {name}() is written with a schema; write its name alone"
    elif name in _passing() or (name == "age" and len(node["children"]) == 1):
        yield f"{name}() differs from run to run; the same source must give the same rows"
    elif name not in _allowed():
        yield f"the function {name}() is not open to adapters{did_you_mean(name, MACROS)}"


def _with(known: _Known, name: str) -> _Known:
    return _Known(known.tables | {name.casefold()}, known.columns)


def _names_read(tree: Any) -> Iterator[str]:
    return (str(one["table_name"]).casefold() for one in _nodes(tree) if _is(one, "BASE_TABLE"))


def _rows_of(tree: Any, file: str, tables: frozenset[str]) -> str | None:
    """Return the table after FROM whose rows the statement passes on, if it does."""
    references = [
        one["column_names"]
        for one in _nodes(tree)
        if one.get("class") == "COLUMN_REF" and one["column_names"][-1].casefold() == "source_row"
    ]
    if not references:
        return None
    first = tree.get("from_table") or {}
    while _is(first, "JOIN"):
        first = first["left"]
    name = str(first.get("table_name", "")).casefold()
    own = [one for one in tables if _is(first, "BASE_TABLE") and one.casefold() == name]
    called = {name, str(first.get("alias", "")).casefold()}
    if not own or any(len(one) > 1 and one[-2].casefold() not in called for one in references):
        raise AdapterFileError(
            file, ["source_row must be that of the first table after FROM, one of the adapter's"]
        )
    return own[0]


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    for one in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(one)


def _is(node: Mapping[str, Any], kind: str) -> bool:
    return "class" not in node and node.get("type") == kind


def _folded(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _at(sql: str, place: int) -> str:
    return f" (line {sql.count(chr(10), 0, place) + 1})" if 0 < place <= len(sql) else ""


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "enable_external_access": "false",
            "lock_configuration": "true",
        }
    )


@cache
def _allowed() -> frozenset[str]:
    steady = _functions("stability = 'CONSISTENT' AND function_type IN ('scalar', 'aggregate')")
    ours = frozenset(MACROS)
    return (steady | _BUILT_IN_MACROS | _PARSED_AWAY | ours) - _NOT_FOR_ADAPTERS


@cache
def _passing() -> frozenset[str]:
    return _functions("stability <> 'CONSISTENT'") | _CLOCK_FUNCTIONS


def _functions(condition: str) -> frozenset[str]:
    found = (
        _parser()
        .cursor()
        .execute(f"SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE {condition}")
    )
    return frozenset(name for (name,) in found.fetchall())
