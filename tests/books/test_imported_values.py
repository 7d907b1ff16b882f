"""What an import reads out of headers and cells."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from counterpoise.books.evidence import UndecidedDatesError
from counterpoise.books.importing import import_books
from counterpoise.books.problems import Rule
from counterpoise.books.schema import Kind
from counterpoise.books.workspace import Workspace
from tests.books.conftest import Find, Import, Rows, Write, deals, nothing_changes

UNTOLD = (
    "nothing tells day from month in created_at: deals.csv:2: created_at '1/2/2026' "
    "and deals.csv:3: created_at '3/4/2026'"
)
MIXED = (
    "created_at mixes orders: 1 rows have the day first (deals.csv:2: created_at '13/2/2026'), "
    "1 rows have the year first (deals.csv:3: created_at '99/2/13')"
)


class TestHeaders:
    def test_with_a_name_twice_are_told_with_both_columns(
        self, imported: Import, rows: Rows, found: Find
    ) -> None:
        header = "deal_id,outcome,created_at,net_amount,Net_Amount"
        report = imported(deals=deals("D1,open,2026-01-01,90,80", header=header))
        assert rows("deals", "net_amount", "attr__Net_Amount_2") == [(90, 80)]
        (problem,) = found(report, Rule.DUPLICATE_COLUMN)
        assert (problem.table, problem.rows) == ("deals", 1)
        assert problem.example == "deals.csv: two columns are called Net_Amount"
        assert problem.effect == (
            "the first is used as net_amount, the other is kept as attr.Net_Amount_2; "
            "leave one out of the export, or rename it"
        )

    def test_without_a_name_twice_are_not(self, imported: Import, found: Find) -> None:
        header = "deal_id,outcome,created_at,Size,,"
        report = imported(deals=deals("D1,open,2026-01-01,5,a,b", header=header))
        assert found(report, Rule.DUPLICATE_COLUMN) == []


class TestValues:
    def test_are_read_by_the_evidence_of_their_column(self, imported: Import, rows: Rows) -> None:
        report = imported(
            deals=deals(
                'D1,won,1/12/2025,31/12/2025 14:00,"1.234,50 €"',
                "D2,won,13/11/2025,1/2/2026,250 €",
            )
        )
        assert report.problems == ()
        assert rows("deals", "created_at", "closed_at", "net_amount") == [
            (dt.datetime(2025, 12, 1), dt.datetime(2025, 12, 31, 14), Decimal("1234.50")),
            (dt.datetime(2025, 11, 13), dt.datetime(2026, 2, 1), Decimal(250)),
        ]

    def test_borrow_the_order_of_dates_from_another_column(
        self, imported: Import, rows: Rows
    ) -> None:
        imported(deals=deals("D1,won,1/2/2026,13/2/2026,1", "D2,won,3/2/2026,4/2/2026,1"))
        assert rows("deals", "created_at") == [
            (dt.datetime(2026, 2, 1),),
            (dt.datetime(2026, 2, 3),),
        ]

    def test_convert_times_with_an_offset_to_the_zone_of_the_workspace(
        self, imported: Import, rows: Rows
    ) -> None:
        imported(deals=deals("D1,won,2026-01-01T23:30:00Z,2026-07-01T12:00:00-04:00,1"))
        assert rows("deals", "created_at", "closed_at") == [
            (dt.datetime(2026, 1, 2, 0, 30), dt.datetime(2026, 7, 1, 18, 0))
        ]

    def test_that_are_blank_are_unknown(self, imported: Import, rows: Rows) -> None:
        imported(
            deals="deal_id,name,outcome,created_at\nD1,  ,open,2026-01-01\nD2,NULL,open,2026-01-01"
        )
        assert rows("deals", "name") == [(None,), (None,)]

    def test_that_look_like_thousands_are_taken_for_thousands_and_told(
        self, imported: Import, rows: Rows, found: Find
    ) -> None:
        report = imported(deals=deals('D1,open,2026-01-01,,"1,234"', 'D2,open,2026-01-01,,"5,000"'))
        assert rows("deals", "net_amount") == [(1234,), (5000,)]
        (problem,) = found(report, Rule.ASSUMED_THOUSANDS)
        assert (problem.rows, problem.example) == (2, "deals.csv:2: net_amount '1,234'")

    def test_with_a_point_before_three_digits_follow_another_column(
        self, imported: Import, rows: Rows, found: Find
    ) -> None:
        report = imported(
            deals="deal_id,outcome,created_at,net_amount,list_amount\n"
            'D1,open,2026-01-01,1.234,"1200,5"\nD2,open,2026-01-01,2.500,"2000,25"'
        )
        assert rows("deals", "net_amount") == [(1234,), (2500,)]
        assert report.problems == ()

    def test_with_a_point_before_three_digits_are_fractions_otherwise_and_told(
        self, imported: Import, rows: Rows, found: Find
    ) -> None:
        report = imported(deals=deals("D1,open,2026-01-01,,1.234", "D2,open,2026-01-01,,2.501"))
        assert rows("deals", "net_amount") == [(Decimal("1.234"),), (Decimal("2.501"),)]
        (problem,) = found(report, Rule.ASSUMED_DECIMALS)
        assert problem.rows == 2

    def test_of_attributes_are_numbers_only_when_all_are(
        self, imported: Import, rows: Rows
    ) -> None:
        report = imported(
            deals="deal_id,outcome,created_at,Seats,Zip,Share,Size,Empty\n"
            'D1,open,2026-01-01,"1,234",00123,18%,5,\nD2,open,2026-01-01,7,10000,2%,many,'
        )
        assert report.tables["deals"].attributes == {
            "Seats": Kind.NUMBER,
            "Zip": Kind.TEXT,
            "Share": Kind.NUMBER,
            "Size": Kind.TEXT,
            "Empty": Kind.TEXT,
        }
        assert rows("deals", "attr__Seats", "attr__Zip", "attr__Share") == [
            (1234, "00123", Decimal("0.18")),
            (7, "10000", Decimal("0.02")),
        ]

    def test_far_down_a_column_are_evidence_too(
        self, imported: Import, rows: Rows, found: Find
    ) -> None:
        lines = [f"D{number},open,2026-01-01,,{number},{number}" for number in range(30_000)]
        lines[29_000] = 'D29000,open,31.1.2026,,"1.234,5",many'
        header = "deal_id,outcome,created_at,closed_at,net_amount,Size"
        report = imported(deals=deals(*lines, header=header))
        assert report.problems == ()
        assert report.tables["deals"].attributes == {"Size": Kind.TEXT}
        assert rows("deals", "created_at", "net_amount", "attr__Size")[29_000] == (
            dt.datetime(2026, 1, 31),
            Decimal("1234.5"),
            "many",
        )

    @pytest.mark.parametrize(
        ("created", "says"),
        [
            (("1/2/2026", "3/4/2026"), UNTOLD),
            (("13/2/2026", "99/2/13"), MIXED),
        ],
    )
    def test_refuse_dates_whose_order_cannot_be_told(
        self, workspace: Workspace, write: Write, created: tuple[str, str], says: str
    ) -> None:
        source = write(deals=deals(f"D1,open,{created[0]},,", f"D2,open,{created[1]},,"))
        with nothing_changes(workspace), pytest.raises(UndecidedDatesError) as error:
            import_books(workspace, source)
        assert says in str(error.value)
        assert 'date_order = "dmy" or "mdy" under [conventions]' in str(error.value)

    def test_are_read_in_the_only_order_that_fits_where_orders_are_mixed(
        self, imported: Import, rows: Rows, found: Find
    ) -> None:
        written = ("13/2/2026", "2/14/2026", "3/4/2026", "5/5/2026")
        report = imported(deals=deals(*(f"D{at},open,{day},," for at, day in enumerate(written))))
        (mixed,) = found(report, Rule.MIXED_DATE_ORDERS)
        assert (mixed.rows, mixed.column) == (3, "created_at")
        assert mixed.effect.startswith(
            "1 have the day first and 1 the month, each is read so; 1 could be either"
        )
        assert rows("deals", "created_at") == [
            (dt.datetime(2026, 2, 13),),
            (dt.datetime(2026, 2, 14),),
            (None,),
            (dt.datetime(2026, 5, 5),),
        ]

    def test_follow_the_conventions_of_the_adapter(
        self, workspace: Workspace, write: Write, rows: Rows, tmp_path: Path
    ) -> None:
        adapter = tmp_path / "mine"
        adapter.mkdir()
        (adapter / "adapter.toml").write_text(
            'name = "mine"\ntitle = "Mine"\ntakes_canonical = true\n'
            '[conventions]\ndate_order = "mdy"\ndecimal = ","\ntime_zone = "UTC"\n'
        )
        source = write(deals=deals("D1,won,1/2/2026 10:00,2026-07-01T10:00:00,1.234"))
        report = import_books(workspace, source, adapter=adapter)
        assert report.problems == ()
        assert rows("deals", "created_at", "closed_at", "net_amount") == [
            (dt.datetime(2026, 1, 2, 11), dt.datetime(2026, 7, 1, 12), Decimal(1234))
        ]
