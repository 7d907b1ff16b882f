"""An adapter is a folder of files, and nothing outside of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterpoise.books.adapters import AdapterFileError, UnknownAdapterError, shipped_names
from counterpoise.books.adapters.folder import LARGEST_FILE, locate, read_folder
from tests.books.adapters.workbench import SQL, TOML, write


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    return write(tmp_path / "mine", {"adapter.toml": TOML, "deals.sql": SQL})


def test_the_shipped_adapters_are_known_by_name() -> None:
    assert shipped_names() == ("canonical", "hubspot", "salesforce")


def test_a_folder_is_found_by_its_path_and_by_that_of_its_manifest(adapter: Path) -> None:
    assert locate(adapter) == locate(str(adapter)) == locate(adapter / "adapter.toml") == (adapter,)


def test_an_adapter_may_come_in_variants() -> None:
    assert [one.name for one in locate("hubspot")] == ["export", "warehouse"]
    assert [one.name for one in locate("hubspot/export")] == ["export"]


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownAdapterError, match="'salesfrce'; did you mean salesforce"):
        locate("salesfrce")


def test_a_folder_without_a_manifest_is_no_adapter(tmp_path: Path) -> None:
    with pytest.raises(UnknownAdapterError, match=r"a folder that holds adapter\.toml"):
        locate(tmp_path)


def test_sql_maps_a_canonical_table_or_is_refused(adapter: Path) -> None:
    write(adapter, {"deal.sql": SQL})
    with pytest.raises(AdapterFileError, match="'deal' is no canonical table; did you mean deals"):
        read_folder(adapter)


def test_other_files_are_passed_over(adapter: Path) -> None:
    before = read_folder(adapter)
    write(adapter, {"README.md": "about it", "notes.txt": "more"})
    assert read_folder(adapter) == before


def test_a_folder_without_sql_is_refused(adapter: Path) -> None:
    (adapter / "deals.sql").unlink()
    with pytest.raises(AdapterFileError, match=r"write deals\.sql first"):
        read_folder(adapter)


@pytest.mark.parametrize("name", ["deals.sql", "adapter.toml", "leads.sql"])
def test_a_link_out_of_the_folder_is_refused_unread(adapter: Path, name: str) -> None:
    elsewhere = adapter.parent / "secret"
    elsewhere.write_text("SELECT 'secret'")
    (adapter / name).unlink(missing_ok=True)
    (adapter / name).symlink_to(elsewhere)
    with pytest.raises(AdapterFileError, match="points outside the adapter's folder") as caught:
        read_folder(adapter)
    assert "secret'" not in str(caught.value)


def test_a_folder_that_is_itself_a_link_is_followed(adapter: Path) -> None:
    link = adapter.parent / "link"
    link.symlink_to(adapter, target_is_directory=True)
    assert read_folder(link).sql == {"deals": SQL}


def test_a_folder_named_like_sql_is_refused(adapter: Path) -> None:
    (adapter / "leads.sql").mkdir()
    with pytest.raises(AdapterFileError, match="is not a file"):
        read_folder(adapter)


def test_a_huge_file_is_refused(adapter: Path) -> None:
    write(adapter, {"deals.sql": "-" * (LARGEST_FILE + 1)})
    with pytest.raises(AdapterFileError, match="longer than 1,000,000 bytes"):
        read_folder(adapter)


def test_a_file_in_another_encoding_is_refused(adapter: Path) -> None:
    (adapter / "deals.sql").write_bytes("SELECT 'ž'".encode("cp1250"))
    with pytest.raises(AdapterFileError, match="not UTF-8"):
        read_folder(adapter)


def test_the_fingerprint_is_that_of_the_files_wherever_they_are(adapter: Path) -> None:
    copy = write(adapter.parent / "copy", {"adapter.toml": TOML, "deals.sql": SQL})
    assert read_folder(copy).fingerprint == read_folder(adapter).fingerprint
    assert len(read_folder(adapter).fingerprint) == 64


@pytest.mark.parametrize(
    "change", [{"deals.sql": SQL + " "}, {"leads.sql": SQL}, {"adapter.toml": TOML + "\n"}]
)
def test_any_change_of_a_file_changes_the_fingerprint(
    adapter: Path, change: dict[str, str]
) -> None:
    before = read_folder(adapter).fingerprint
    assert read_folder(write(adapter, change)).fingerprint != before
