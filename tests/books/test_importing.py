"""The whole import, from a source to the snapshot in use."""

import datetime as dt
import gzip
import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from counterpoise.books.adapters import UnrecognisedSourceError
from counterpoise.books.evidence import UndecidedDatesError
from counterpoise.books.finishing import NoRowsError
from counterpoise.books.importing import DiskFullError, UnwritableBooksError, import_books
from counterpoise.books.manifest import Manifest
from counterpoise.books.problems import Rule
from counterpoise.books.schema import TABLES, Kind
from counterpoise.books.snapshot import find_snapshot, import_records, snapshot_names
from counterpoise.books.workspace import Workspace
from counterpoise.errors import CounterpoiseError
from tests.books.conftest import Find, Import, Rows, Write, deals, nothing_changes, tree

MARCH = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)


class TestSnapshot:
    def test_has_every_canonical_column_in_order_and_of_its_type(
        self, workspace: Workspace, imported: Import
    ) -> None:
        imported(deals="Region,deal_id,outcome,created_at,Seats\nWest,D1,open,2026-01-01,5")
        file = find_snapshot(workspace) / "deals.parquet"
        with duckdb.connect() as engine:
            types = engine.execute(f"DESCRIBE FROM read_parquet('{file}')").fetchall()
        found = {str(row[0]): str(row[1]) for row in types}
        assert list(found) == [*TABLES["deals"].names, "attr__Region", "attr__Seats"]
        assert found["closed_at"] == "TIMESTAMP"
        assert found["net_amount"] == "DECIMAL(18,4)"
        assert found["term_months"] == "BIGINT"
        assert found["attr__Region"] == "VARCHAR"
        assert found["attr__Seats"] == "DECIMAL(18,4)"

    def test_says_in_its_manifest_what_it_holds(
        self, workspace: Workspace, imported: Import
    ) -> None:
        report = imported(
            deals="deal_id,outcome,created_at,Seats\nD1,open,2026-01-01,5\nD1,open,2026-01-01,5"
        )
        manifest = Manifest.read(find_snapshot(workspace))
        assert manifest.snapshot == report.snapshot == find_snapshot(workspace).name
        assert (manifest.currency, manifest.time_zone) == ("USD", "Europe/Zagreb")
        assert manifest.source.adapter == report.adapter == "canonical"
        table = manifest.tables["deals"]
        assert (table.rows, table.set_aside) == (1, 1)
        assert table.attributes == {"Seats": Kind.NUMBER}
        assert table.columns_present == ("deal_id", "outcome", "created_at")
        facts = json.loads((find_snapshot(workspace) / "manifest.json").read_text())
        assert facts["schema"] == "counterpoise/snapshot/v1"
        assert facts["tables"]["deals"]["attributes"] == {"Seats": "number"}
        assert facts["problems"][0]["rule"] == "duplicate_key"

    def test_is_the_same_for_the_same_input(
        self, workspace: Workspace, write: Write, tmp_path: Path
    ) -> None:
        source = write(deals=deals("D1,open,2026-01-01,,1"))
        first = import_books(workspace, source, now=lambda: MARCH)
        with nothing_changes(workspace):
            second = import_books(workspace, source)
        assert (first.unchanged, second.unchanged) == (False, True)
        assert first.snapshot == second.snapshot
        assert second.tables == first.tables
        other = Workspace.create(tmp_path / "other", currency="USD", time_zone="Europe/Zagreb")
        assert import_books(other, source).snapshot == first.snapshot
        assert tree(find_snapshot(other)) == tree(find_snapshot(workspace))

    def test_is_another_for_other_rows_settings_or_spellings(
        self, write: Write, tmp_path: Path
    ) -> None:
        source = write(deals=deals("D1,open,2026-01-01,,1"))
        euro = Workspace.create(tmp_path / "euro", currency="EUR")
        zagreb = Workspace.create(tmp_path / "zagreb", time_zone="Europe/Zagreb")
        seen = {import_books(euro, source).snapshot, import_books(zagreb, source).snapshot}
        source = write(deals=deals("D1,open,2026-01-01,,2"))
        seen.add(import_books(zagreb, source).snapshot)
        assert len(seen) == 3

    def test_comes_back_into_use_when_its_input_does(
        self, workspace: Workspace, imported: Import
    ) -> None:
        one, other = deals("D1,open,2026-01-01,,1"), deals("D1,open,2026-01-01,,2")
        first = imported(deals=one)
        second = imported(deals=other)
        third = imported(deals=one)
        assert third.snapshot == first.snapshot == find_snapshot(workspace).name
        assert not third.unchanged
        assert find_snapshot(workspace, "previous").name == second.snapshot
        assert [each.snapshot for each in import_records(workspace)] == [
            first.snapshot,
            second.snapshot,
            first.snapshot,
        ]

    def test_is_made_anew_when_it_is_damaged(
        self, workspace: Workspace, imported: Import, rows: Rows
    ) -> None:
        table = deals("D1,open,2026-01-01,,1")
        imported(deals=table)
        whole = tree(find_snapshot(workspace))
        (find_snapshot(workspace) / "manifest.json").write_text("{")
        (find_snapshot(workspace) / "deals.parquet").unlink()
        assert imported(deals=table).unchanged
        assert tree(find_snapshot(workspace)) == whole

    def test_remembers_when_it_was_imported_outside_itself(
        self, workspace: Workspace, write: Write
    ) -> None:
        source = write(deals=deals("D1,open,2026-01-01,,1"))
        import_books(workspace, source, now=lambda: MARCH)
        (record,) = import_records(workspace)
        assert (record.at, record.source) == (MARCH, str(source))

    @pytest.mark.parametrize(
        ("rows_of_deals", "says"),
        [
            ((), "no row of deals can be used"),
            (
                (",won,2026-01-01,,1", ",won,2026-01-02,,1"),
                "deals: missing_key in 2 of them, the rows are set aside",
            ),
        ],
    )
    def test_is_not_made_of_tables_without_a_row_to_use(
        self,
        workspace: Workspace,
        imported: Import,
        write: Write,
        rows_of_deals: tuple[str, ...],
        says: str,
    ) -> None:
        imported(deals=deals("D1,open,2026-01-01,,1"))
        source = write("emptied", deals=deals(*rows_of_deals), people="person_id\nP1")
        with nothing_changes(workspace), pytest.raises(NoRowsError) as refusal:
            import_books(workspace, source)
        assert str(source) in str(refusal.value)
        assert says in str(refusal.value)

    def test_is_made_where_one_table_has_rows_to_review(self, imported: Import) -> None:
        report = imported(deals=deals(), leads="lead_id,created_at\nL1,2026-01-01")
        assert (report.tables["deals"].rows, report.tables["leads"].rows) == (0, 1)


class TestSources:
    def test_may_be_typed_parquet(
        self, workspace: Workspace, tmp_path: Path, rows: Rows, found: Find
    ) -> None:
        source = tmp_path / "parquet"
        source.mkdir()
        with duckdb.connect() as engine:
            engine.execute("SET TimeZone = 'UTC'")
            engine.execute(
                "COPY (SELECT * FROM (VALUES "
                "(1.0::DOUBLE, ' won ', DATE '2026-01-01', TIMESTAMPTZ '2026-02-01 12:00:00+00', "
                " 12.5::DOUBLE, 24.0::FLOAT, true, 7::TINYINT), "
                "(2.0, 'open', DATE '2026-01-02', NULL, 'nan', 1.5, false, NULL)) AS t(deal_id, "
                "outcome, created_at, closed_at, net_amount, term_months, Strategic, Seats)) "
                f"TO '{source / 'deals.parquet'}'"
            )
        report = import_books(workspace, source)
        assert rows("deals", "deal_id", "outcome", "closed_at", "net_amount", "term_months") == [
            ("1", "won", dt.datetime(2026, 2, 1, 13), Decimal("12.5"), 24),
            ("2", "open", None, None, None),
        ]
        assert rows("deals", "attr__Strategic", "attr__Seats") == [("true", 7), ("false", None)]
        problems = found(report, Rule.UNPARSEABLE_NUMBER)
        assert [problem.column for problem in problems] == ["net_amount", "term_months"]

    def test_give_the_same_books_as_csv_and_as_parquet(
        self, workspace: Workspace, write: Write, tmp_path: Path, rows: Rows
    ) -> None:
        source = write(
            deals=deals("D1,won,2026-01-01T10:00:00,2026-02-01,12.5", "D2,open,2026-01-02,,")
        )
        import_books(workspace, source)
        as_csv = rows("deals")
        import_books(workspace, find_snapshot(workspace) / "deals.parquet")
        assert rows("deals") == as_csv

    def test_keep_lines_that_are_no_rows(
        self, workspace: Workspace, write: Write, rows: Rows, found: Find
    ) -> None:
        source = write(
            deals=deals(
                "D1,open,2026-01-01,,1", "D2,open,2026-01-01,,1,too,many", "D3,open,soon,,1"
            )
        )
        report = import_books(workspace, source)
        (unreadable,) = found(report, Rule.UNREADABLE_LINE)
        assert (unreadable.table, unreadable.rows) == ("deals", 1)
        assert unreadable.example.startswith("deals.csv:3: ")
        (unparseable,) = found(report, Rule.UNPARSEABLE_DATE)
        assert unparseable.example.startswith("deals.csv:4: ")
        assert (report.tables["deals"].rows, report.tables["deals"].set_aside) == (2, 1)
        ((table, file, line, rule, row),) = rows("set_aside")
        assert (table, file, line, rule) == ("deals", "deals.csv", 3, Rule.UNREADABLE_LINE)
        assert "D2,open,2026-01-01,,1,too,many" in row

    def test_are_cited_by_line_past_blank_lines_and_cells_of_several_lines(
        self, workspace: Workspace, write: Write, rows: Rows, found: Find
    ) -> None:
        source = write(
            deals="deal_id,outcome,created_at,name\n"
            'D1,open,2026-01-01,"two\nlines"\n'
            "\n"
            "D2,open,2026-01-01,one,too many\n"
            "D3,maybe,2026-01-01,one\n"
            "D4,open,soon,one"
        )
        report = import_books(workspace, source)
        (unknown,) = found(report, Rule.UNKNOWN_OUTCOME)
        (unparseable,) = found(report, Rule.UNPARSEABLE_DATE)
        assert unknown.example == "deals.csv:6: deal_id D3, outcome maybe"
        assert unparseable.example == "deals.csv:7: deal_id D4, created_at soon"
        assert [row[1:4] for row in sorted(rows("set_aside"), key=lambda row: row[2])] == [
            ("deals.csv", 5, "unreadable_line"),
            ("deals.csv", 6, "unknown_outcome"),
        ]

    def test_may_be_wide(self, workspace: Workspace, write: Write) -> None:
        names = [f"Field {number}" for number in range(400)]
        values = ["$1,234.5" if number % 2 else f"word {number}" for number in range(400)]
        source = write(
            deals=f"deal_id,outcome,created_at,{','.join(names)}\n"
            + "\n".join(
                f"D{row},open,2026-01-01," + ",".join(f'"{value}"' for value in values)
                for row in range(20)
            )
        )
        report = import_books(workspace, source)
        kinds = list(report.tables["deals"].attributes.values())
        assert (kinds.count(Kind.NUMBER), kinds.count(Kind.TEXT)) == (200, 200)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("deals.csv", b""),
            ("people.csv", b"person_id\nR1\n"),
            ("deals.csv", b"deal_id,outcome\nD1,won\n"),
            ("deals.csv", bytes(range(256)) * 20),
            ("deals.csv", b",".join(b"c%d" % n for n in range(100_000)) + b"\n"),
            ("deals.parquet", b"PAR1 but not really"),
            ("deals.xlsx", b"PK\x03\x04 but not really"),
            ("deals.csv.gz", gzip.compress(b"deal_id,outcome\n", mtime=0)[:-9]),
            ("notes.txt.bak", b"hello"),
        ],
    )
    def test_that_cannot_be_used_change_nothing(
        self, workspace: Workspace, tmp_path: Path, name: str, content: bytes
    ) -> None:
        source = tmp_path / "bad"
        source.mkdir()
        (source / name).write_bytes(content)
        with nothing_changes(workspace), pytest.raises(CounterpoiseError):
            import_books(workspace, source)

    def test_that_are_not_there_change_nothing(self, workspace: Workspace, tmp_path: Path) -> None:
        with nothing_changes(workspace), pytest.raises(CounterpoiseError, match="nowhere"):
            import_books(workspace, tmp_path / "nowhere")

    def test_without_deals_leads_or_sell_through_say_what_was_found(
        self, workspace: Workspace, write: Write
    ) -> None:
        source = write(people="person_id\nR1", things="a\n1")
        with pytest.raises(UnrecognisedSourceError, match="tables found: people, things"):
            import_books(workspace, source)

    def test_that_are_bad_leave_the_former_snapshot_in_use(
        self, workspace: Workspace, write: Write
    ) -> None:
        first = import_books(workspace, write(deals=deals("D1,open,2026-01-01,,1")))
        bad = write(deals=deals("D1,open,1/2/2026,,1"))
        with nothing_changes(workspace), pytest.raises(UndecidedDatesError):
            import_books(workspace, bad)
        assert find_snapshot(workspace).name == first.snapshot


class TestTroubleWithTheDisk:
    @pytest.mark.parametrize(
        ("failure", "error"),
        [
            (OSError(28, "No space left on device"), DiskFullError),
            (PermissionError(13, "Permission denied"), UnwritableBooksError),
            (duckdb.IOException("Could not write: No space left on device"), DiskFullError),
        ],
    )
    @pytest.mark.parametrize("step", ["finishing.write_tables", "importing.publish"])
    def test_is_told_in_plain_words_and_changes_nothing(
        self,
        workspace: Workspace,
        write: Write,
        monkeypatch: pytest.MonkeyPatch,
        step: str,
        failure: Exception,
        error: type[CounterpoiseError],
    ) -> None:
        def fail(*_: object) -> None:
            raise failure

        source = write(deals=deals("D1,open,2026-01-01,,1"))
        monkeypatch.setattr(f"counterpoise.books.{step}", fail)
        with (
            nothing_changes(workspace),
            pytest.raises(error, match="The books are as they were"),
        ):
            import_books(workspace, source)


def test_tells_how_far_it_is(workspace: Workspace, write: Write) -> None:
    steps: list[str] = []

    class Told:
        def start(self, title: str, total: int | None = None) -> None:
            steps.append(title)

        def advance(self, amount: int = 1) -> None:
            pass

        def done(self) -> None:
            pass

    import_books(workspace, write(deals=deals("D1,open,2026-01-01,,1")), progress=Told())
    assert steps == [
        "Reading deals.csv",
        "Mapping with canonical",
        "Typing",
        "Checking",
        "Writing",
    ]


def test_keeps_every_snapshot(workspace: Workspace, imported: Import) -> None:
    for number in range(3):
        imported(deals=deals(f"D1,open,2026-01-01,,{number}"))
    assert len(snapshot_names(workspace)) == 3
