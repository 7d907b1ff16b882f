"""Snapshots: found by name, kept by count, put in use in one step."""

import datetime as dt
from pathlib import Path

import pytest

from counterpoise.books.lock import ImportRunningError, import_lock
from counterpoise.books.manifest import Manifest, ManifestError, SourceFacts, TableFacts
from counterpoise.books.problems import Problem, Rule, Suggestion
from counterpoise.books.schema import Kind
from counterpoise.books.snapshot import (
    ImportRecord,
    SnapshotError,
    clear_litter,
    current_snapshot,
    find_snapshot,
    import_records,
    lock_file,
    making,
    prune,
    publish,
    record_import,
    snapshot_names,
    snapshots_dir,
    switch_to,
)
from counterpoise.books.workspace import Workspace

MANIFEST = Manifest(
    snapshot="abc",
    source=SourceFacts("f1", "canonical", "export"),
    currency="USD",
    time_zone="UTC",
    tables={"deals": TableFacts(5, 1, {"New Logo": Kind.NUMBER}, ("deal_id", "outcome"))},
    foreign_currencies=("EUR",),
    problems=(Problem(Rule.ORPHAN_KEY, "deals", 1, "deals.csv:2: deal_id D1", "none", "owner_id"),),
    suggestions=(Suggestion("deal_lines", "product_id", "GTXPro", "GTX Pro", 3, "products"),),
)


def add(workspace: Workspace, name: str, day: int) -> None:
    with making(workspace) as folder:
        made = folder / "made"
        made.mkdir()
        (made / "deals.parquet").write_text(name)
        publish(workspace, made, name)
    switch_to(workspace, name)
    at = dt.datetime(2026, 1, day, tzinfo=dt.UTC)
    record_import(workspace, ImportRecord(at, name, "export"))


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    for day, name in enumerate(("aa11", "aa22", "bb33"), 1):
        add(workspace, name, day)
    return workspace


def test_a_manifest_reads_as_it_was_written(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    assert Manifest.read(tmp_path) == MANIFEST


def test_a_manifest_of_another_version_is_refused(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    file = tmp_path / "manifest.json"
    file.write_text(file.read_text().replace('"schema_version": 1', '"schema_version": 99'))
    with pytest.raises(ManifestError, match="import the source again"):
        Manifest.read(tmp_path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "counterpoise/snapshot/v1"}'])
def test_a_broken_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ManifestError, match="is no manifest of a snapshot"):
        Manifest.read(tmp_path)


def test_lists_snapshots_the_last_import_first(filled: Workspace) -> None:
    assert snapshot_names(filled) == ("bb33", "aa22", "aa11")


@pytest.mark.parametrize(
    ("name", "found"),
    [("current", "bb33"), ("previous", "aa22"), ("bb", "bb33"), ("aa11", "aa11")],
)
def test_finds_a_snapshot_by(filled: Workspace, name: str, found: str) -> None:
    assert find_snapshot(filled, name) == snapshots_dir(filled) / found


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("aa", r"the start of 2 snapshots \(aa22, aa11\)"),
        ("bb34", "unknown snapshot 'bb34'; the nearest is 'bb33'"),
        ("", "unknown snapshot ''"),
    ],
)
def test_refuses_a_name_that_is_no_single_snapshots(
    filled: Workspace, name: str, says: str
) -> None:
    with pytest.raises(SnapshotError, match=says):
        find_snapshot(filled, name)


def test_says_what_to_do_before_the_first_import(workspace: Workspace) -> None:
    assert current_snapshot(workspace) is None
    with pytest.raises(SnapshotError, match="nothing is imported yet; run `counterpoise import"):
        find_snapshot(workspace)


def test_says_that_nothing_was_before_the_first(workspace: Workspace) -> None:
    add(workspace, "aa11", 1)
    with pytest.raises(SnapshotError, match="no snapshot before aa11"):
        find_snapshot(workspace, "previous")


def test_prunes_the_oldest_imports(filled: Workspace) -> None:
    assert prune(filled, keep=2) == ("aa11",)
    assert snapshot_names(filled) == ("bb33", "aa22")
    assert [path.name for path in snapshots_dir(filled).iterdir() if path.name[0] == "."] == []


def test_prune_keeps_the_one_in_use_however_old(filled: Workspace) -> None:
    switch_to(filled, "aa11")
    assert prune(filled, keep=1) == ("bb33", "aa22")
    assert snapshot_names(filled) == ("aa11",)


def test_prune_keeps_at_least_one(filled: Workspace) -> None:
    with pytest.raises(SnapshotError, match="keep at least one"):
        prune(filled, keep=0)
    assert len(snapshot_names(filled)) == 3


def test_prune_waits_for_no_import(filled: Workspace) -> None:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    with import_lock(lock_file(filled), at), pytest.raises(ImportRunningError):
        prune(filled, keep=1)
    assert len(snapshot_names(filled)) == 3


def test_what_was_not_published_goes(workspace: Workspace) -> None:
    with making(workspace) as folder:
        (folder / "deals.parquet").write_text("half")
    assert list(workspace.books_dir.iterdir()) == []


def test_clears_what_a_crash_left(filled: Workspace) -> None:
    litter = snapshots_dir(filled) / ".making-4711-x"
    litter.mkdir()
    (litter / "deals.parquet").write_text("half")
    (filled.books_dir / ".current.4711.making").write_text("aa")
    clear_litter(filled)
    assert snapshot_names(filled) == ("bb33", "aa22", "aa11")
    assert not litter.exists()
    assert sorted(path.name for path in filled.books_dir.iterdir()) == [
        "current",
        "imports.jsonl",
        "snapshots",
    ]


def test_passes_over_a_torn_record(filled: Workspace) -> None:
    with (filled.books_dir / "imports.jsonl").open("a") as stream:
        stream.write('{"at": "2026-01-')
    assert [each.snapshot for each in import_records(filled)] == ["aa11", "aa22", "bb33"]
