"""An adapter maps a source: its names, its conventions, its limits."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from counterpoise.books.adapters import AdapterFileError, AdapterQueryError, find_adapter
from counterpoise.books.sources import open_source
from tests.books.adapters.workbench import DEALS, SQL, TOML, mapped, write

DECLARE = "columns of the source must be named in adapter.toml"


def _adapter(folder: Path, sql: str, toml: str = TOML, **others: str) -> Path:
    files = {f"{table}.sql": text for table, text in others.items()}
    return write(folder / "mine", {"adapter.toml": toml, "deals.sql": sql} | files)


@pytest.fixture
def deals(tmp_path: Path) -> Path:
    return write(tmp_path / "source", {"deals.csv": DEALS})


def test_sql_sees_its_own_spelling_of_headers_in_any_case(tmp_path: Path, deals: Path) -> None:
    write(deals, {"deals.csv": DEALS.replace("deal_id,outcome", "DEAL ID,Deal outcome")})
    toml = TOML + '[tables.deals.aliases]\noutcome = ["Deal outcome"]\n'
    with mapped(deals, _adapter(tmp_path, SQL, toml)) as answer:
        assert answer.rows("deals", "deal_id", "outcome") == [("D1", "won"), ("D2", "lost")]


def test_a_column_that_may_be_missing_is_null(tmp_path: Path, deals: Path) -> None:
    toml = TOML + 'uses = ["amount"]\n'
    sql = SQL.replace("FROM", ", coalesce(amount, 'none') AS stage FROM")
    with mapped(deals, _adapter(tmp_path, sql, toml)) as answer:
        assert answer.rows("deals", "stage") == [("none",), ("none",)]


def test_a_column_without_any_value_is_left_out(tmp_path: Path, deals: Path) -> None:
    sql = SQL.replace("FROM", ", CAST(NULL AS VARCHAR) AS stage FROM")
    with mapped(deals, _adapter(tmp_path, sql)) as answer:
        assert answer.tables["deals"].columns == ("deal_id", "outcome", "created_at")


def test_a_required_column_may_be_without_any_value(tmp_path: Path, deals: Path) -> None:
    sql = SQL.replace(", created_at", ", NULL AS created_at")
    with mapped(deals, _adapter(tmp_path, sql)) as answer:
        assert "created_at" in answer.tables["deals"].columns


def test_columns_that_are_not_named_become_attributes_as_written(
    tmp_path: Path, deals: Path
) -> None:
    write(deals, {"deals.csv": "deal_id,outcome,created_at,New Logo\nD1,won,2026-01-10,1\n"})
    sql = SQL.replace(" FROM", ", unnest(attributes) FROM")
    with mapped(deals, _adapter(tmp_path, sql)) as answer:
        assert answer.tables["deals"].columns == ("deal_id", "outcome", "created_at", "New Logo")
        assert answer.rows("deals", "New Logo") == [("1",)]


def test_an_attribute_never_takes_a_canonical_name(tmp_path: Path, deals: Path) -> None:
    write(deals, {"deals.csv": "deal_id,outcome,created_at,Stage\nD1,won,2026-01-10,x\n"})
    sql = SQL.replace(" FROM", ", unnest(attributes) FROM")
    with mapped(deals, _adapter(tmp_path, sql)) as answer:
        assert answer.tables["deals"].columns[-1] == "deals.Stage"


def test_columns_to_ignore_become_no_attributes(tmp_path: Path, deals: Path) -> None:
    write(deals, {"deals.csv": "deal_id,outcome,created_at,Home Phone\nD1,won,2026-01-10,1\n"})
    toml = TOML.replace("title", 'ignore = ["*_phone"]\ntitle')
    sql = SQL.replace(" FROM", ", unnest(attributes) FROM")
    with mapped(deals, _adapter(tmp_path, sql, toml)) as answer:
        assert answer.tables["deals"].columns == ("deal_id", "outcome", "created_at")


def test_words_for_nothing_are_null_before_sql_sees_them(tmp_path: Path, deals: Path) -> None:
    write(deals, {"deals.csv": DEALS.replace("won", "#N/A")})
    toml = TOML.replace("[tables", '[conventions]\nnull_words = ["#N/A"]\n[tables')
    sql = SQL.replace("outcome,", "coalesce(outcome, 'open') AS outcome,")
    with mapped(deals, _adapter(tmp_path, sql, toml)) as answer:
        assert answer.rows("deals", "outcome") == [("open",), ("lost",)]


def test_a_typed_source_is_text_to_sql_and_keeps_the_types_of_attributes(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    duckdb.sql(
        "SELECT 'D1' AS deal_id, true AS outcome, 7 AS floors, 'None' AS lift, "
        "TIMESTAMPTZ '2026-01-10 09:00:00+01' AS created_at"
    ).write_parquet(str(source / "deals.parquet"))
    toml = TOML.replace("[tables", '[conventions]\nnull_words = ["None"]\n[tables')
    sql = SQL.replace("outcome,", "upper(outcome) AS outcome, unnest(attributes),")
    with mapped(source, _adapter(tmp_path, sql, toml)) as answer:
        assert answer.rows("deals", "outcome", "created_at", "floors") == [
            ("TRUE", "2026-01-10 08:00:00+00", 7)
        ]
        assert "lift" not in answer.tables["deals"].columns


def test_sql_computes_with_exact_amounts(tmp_path: Path, deals: Path) -> None:
    sql = SQL.replace(" FROM", ", as_money('0.10') * 3 AS net_amount FROM")
    with mapped(deals, _adapter(tmp_path, sql)) as answer:
        assert answer.rows("deals", "net_amount") == [(Decimal("0.3"),)] * 2


def test_a_table_of_an_absent_source_table_is_not_mapped(tmp_path: Path, deals: Path) -> None:
    toml = TOML + '[tables.extra]\noptional = true\nneeds = ["id"]\n'
    leads = "SELECT id AS lead_id, id AS created_at FROM extra"
    with mapped(deals, _adapter(tmp_path, SQL, toml, leads=leads)) as answer:
        assert list(answer.tables) == ["deals"]


def test_a_row_can_be_named_by_its_line(tmp_path: Path, deals: Path) -> None:
    with mapped(
        deals, _adapter(tmp_path, SQL.replace("created_at", "created_at, source_row", 1))
    ) as answer:
        provenance = answer.tables["deals"].provenance
        assert provenance is not None
        assert provenance.name == "deals"
        assert "source_row" not in answer.tables["deals"].columns


@pytest.mark.parametrize(
    "ending", [" WHERE outcome = 'won'", " ORDER BY source_row DESC", " JOIN range(2) ON true"]
)
def test_rows_that_are_not_those_of_the_file_have_no_lines(
    tmp_path: Path, deals: Path, ending: str
) -> None:
    sql = SQL.replace("created_at", "created_at, source_row", 1) + ending
    with mapped(deals, _adapter(tmp_path, sql)) as answer:
        assert answer.tables["deals"].provenance is None


def test_tables_with_canonical_names_may_be_taken_as_they_are(tmp_path: Path, deals: Path) -> None:
    write(deals, {"people.csv": "Person ID,Shoe\nR1,44\n"})
    toml = TOML.replace("title", "takes_canonical = true\ntitle")
    with mapped(deals, _adapter(tmp_path, SQL, toml)) as answer:
        assert answer.rows("people") == [("R1", "44")]
        assert answer.tables["people"].columns == ("person_id", "Shoe")


def test_canonical_tables_are_taken_as_they_are(tmp_path: Path) -> None:
    files = {
        "Deals.csv": "Deal ID,Outcome,Created At,New Logo\nD1,won,2026-01-10,NULL\n",
        "deal_lines.csv": "deal_id,line_no,quantity,net_price\nD1,1,2,9.50\n",
        "notes.csv": "a\n1\n",
    }
    with mapped(write(tmp_path / "source", files)) as answer:
        assert list(answer.tables) == ["deals", "deal_lines"]
        columns = ("deal_id", "outcome", "created_at", "New Logo")
        assert answer.tables["deals"].columns == columns
        assert answer.rows("deals") == [("D1", "won", "2026-01-10", None)]
        assert answer.tables["deals"].provenance is not None


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT deal_id, outcome FROM deals", "gives no column created_at"),
        (
            SQL.replace("outcome", "outcome AS outcme"),
            "gives no column outcome (required; it may be NULL); did you mean outcme?",
        ),
        (SQL.replace("FROM", ", 1 AS stage, 2 AS Stage FROM"), "gives the column 'stage' twice"),
    ],
)
def test_an_answer_without_what_a_table_must_have_is_refused(
    tmp_path: Path, deals: Path, sql: str, says: str
) -> None:
    with pytest.raises(AdapterFileError) as caught, mapped(deals, _adapter(tmp_path, sql)):
        pass
    assert "deals.sql: " in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        (
            SQL.replace("outcome", "outcme AS outcome"),
            f"line 1: there is no column outcme; did you mean outcome?; {DECLARE}",
        ),
        (
            SQL.replace("FROM", ",\n  d.colour\nFROM").replace("deals", "deals AS d"),
            f"line 2: there is no column colour; there are created_at, deal_id, outcome; {DECLARE}",
        ),
        (
            SQL.replace("FROM", ",\n  sum(outcome) OVER () AS stage\nFROM"),
            "line 2: sum does not take (VARCHAR); columns are text, read them with as_money, ",
        ),
        (
            SQL.replace("FROM", ", CAST(outcome AS DATE) AS stage FROM"),
            'line 1: invalid date field format: "won"',
        ),
    ],
)
def test_sql_that_cannot_run_is_told_with_its_line_and_cause(
    tmp_path: Path, deals: Path, sql: str, says: str
) -> None:
    with pytest.raises(AdapterQueryError) as refusal, mapped(deals, _adapter(tmp_path, sql)):
        pass
    place, _, said = str(refusal.value).partition("deals.sql: ")
    assert place.endswith("/mine/")
    assert said.startswith(says)
    assert "LINE" not in said


_ENDLESS = {
    "recursion": "WITH RECURSIVE up AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM up) "
    "SELECT n AS deal_id, 'won' AS outcome, n AS created_at FROM up, deals",
    "cross join": "SELECT a.range AS deal_id, outcome, b.range AS created_at "
    "FROM deals, range(100000000) AS a, range(100000000) AS b",
}


@pytest.mark.parametrize("sql", _ENDLESS.values(), ids=_ENDLESS)
def test_a_query_without_end_is_stopped(tmp_path: Path, deals: Path, sql: str) -> None:
    started = time.monotonic()
    with open_source(deals) as source:
        adapter = find_adapter(source, _adapter(tmp_path, sql))
        with pytest.raises(AdapterQueryError, match=r"still running after 0\.5 seconds"):
            adapter.apply(source, time_limit=0.5)
    assert time.monotonic() - started < 30


def test_a_query_that_needs_too_much_memory_is_stopped(tmp_path: Path, deals: Path) -> None:
    sql = (
        "SELECT deal_id, len(list(n.range)) AS outcome, min(created_at) AS created_at "
        "FROM deals, range(100000000) AS n GROUP BY deal_id"
    )
    with open_source(deals, memory_limit="400MB") as source:
        adapter = find_adapter(source, _adapter(tmp_path, sql))
        with pytest.raises(AdapterQueryError, match=r"deals\.sql: needs more memory"):
            adapter.apply(source, time_limit=60)


def test_an_adapter_that_reaches_out_is_refused_before_anything_is_read(
    tmp_path: Path, deals: Path
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nhidden\n")
    sql = SQL.replace("FROM deals", f"FROM deals, '{secret}'")
    with open_source(deals) as source:
        with pytest.raises(AdapterFileError, match="is no table of the adapter"):
            find_adapter(source, _adapter(tmp_path, sql))
        assert source.connection.execute(
            "SELECT count(*) FROM duckdb_views() WHERE NOT internal "
            "AND schema_name IN ('adapted', 'mapped')"
        ).fetchone() == (0,)


def test_what_passed_the_check_still_cannot_read_a_file(tmp_path: Path, deals: Path) -> None:
    """The second fence: once an adapter has run, its connection reads no other file."""
    secret = tmp_path / "secret.csv"
    secret.write_text("word\nhidden\n")
    with mapped(deals, _adapter(tmp_path, SQL)) as answer:
        connection = answer.source.connection
        for sql in (
            f"SELECT * FROM '{secret}'",
            f"SELECT * FROM read_text('{secret}')",
            f"COPY mapped.deals TO '{tmp_path / 'out.csv'}'",
            f"ATTACH '{tmp_path / 'out.db'}'",
            "SET enable_external_access = true",
            "SET lock_configuration = false",
        ):
            with pytest.raises(
                Exception, match=r"disabled by configuration|locked|only be disabled"
            ):
                connection.execute(sql)
    assert not list(tmp_path.glob("out.*"))


def test_a_variable_of_the_program_is_no_table(tmp_path: Path, deals: Path) -> None:
    frame = pa.table({"deal_id": ["stolen"]})
    assert frame.num_rows == 1
    with (
        mapped(deals, _adapter(tmp_path, SQL)) as answer,
        pytest.raises(duckdb.Error, match="frame"),
    ):
        answer.source.connection.execute("SELECT * FROM frame")


def test_the_same_source_gives_the_same_rows(tmp_path: Path, deals: Path) -> None:
    adapter = _adapter(
        tmp_path, SQL.replace("deal_id,", "deal_id || row_number() OVER () AS deal_id,")
    )
    answers = []
    for _ in range(2):
        with mapped(deals, adapter) as answer:
            answers.append(answer.rows("deals"))
    assert answers[0] == answers[1]
