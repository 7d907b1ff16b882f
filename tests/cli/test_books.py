"""`counterpoise new`, `import`, `compare-snapshots` and `prune`."""

from pathlib import Path

import pytest

from tests.cli.running import EXPORT, done, listing, run, write_export


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """Return a workspace with two snapshots: D1 was sold for 950, then for 900."""
    workspace = tmp_path / "company"
    done("new", workspace)
    export = write_export(tmp_path / "export")
    done("-w", workspace, "import", export)
    later = EXPORT["deals.csv"].replace("1000,950", "1000,900")
    (export / "deals.csv").write_text(later, encoding="utf-8")
    done("-w", workspace, "import", export)
    return workspace


def test_new_makes_an_agreement_that_can_be_used(tmp_path: Path) -> None:
    ran = run("new", tmp_path / "made", "--currency", "EUR", "--time-zone", "Europe/Zagreb")
    assert (ran.code, ran.out) == (0, "")
    assert f"counterpoise -w {tmp_path / 'made'} import" in ran.err
    said = done("agreement", "check", tmp_path / "made" / "agreement.yaml")
    assert "can be used" in said


def test_new_leaves_a_workspace_that_is_there_alone(company: Path) -> None:
    before = listing(company)
    ran = run("new", company)
    assert (ran.code, ran.out) == (3, "")
    assert listing(company) == before


def test_new_refuses_a_zone_that_there_is_not(tmp_path: Path) -> None:
    ran = run("new", tmp_path / "made", "--time-zone", "Europe/Zagrab")
    assert ran.code == 3
    assert "Europe/Zagreb" in ran.err
    assert not (tmp_path / "made").exists()


def test_import_shows_tables_and_problems(tmp_path: Path) -> None:
    done("new", tmp_path / "made")
    export = write_export(tmp_path / "export")
    deals = EXPORT["deals.csv"].replace("D5,A1,E1", "D5,A1,E7")
    (export / "deals.csv").write_text(deals, encoding="utf-8")
    said = done("-w", tmp_path / "made", "import", export, "--adapter", "canonical")
    assert "deals        5" in said
    assert "1 problem, shown in the review too" in said
    assert "orphan key, deals.owner_id, 1 row: the rows stay in use" in said
    again = done("-w", tmp_path / "made", "import", export)
    assert "the snapshot in use already" in again.replace("\n", " ")


def test_an_unknown_adapter_is_refused_with_the_nearest(company: Path) -> None:
    ran = run("-w", company, "import", company.parent / "export", "--adapter", "salesfroce")
    assert (ran.code, ran.out) == (3, "")
    assert "salesforce" in ran.err


def test_compare_snapshots_says_why_a_quarter_is_another(moved: Path) -> None:
    said = done("-w", moved, "compare-snapshots", "previous", "current")
    assert "net amount, 1 deal" in said
    assert "−50" in said
    assert "D1 in 2026-Q1: net amount 950" in said


def test_prune_says_what_it_removed_and_keeps_what_is_in_use(moved: Path) -> None:
    before = done("-w", moved, "review", "--json")
    ran = run("-w", moved, "prune", "--keep", "1")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("Removed 1 snapshot.\n")
    assert done("-w", moved, "review", "--json") == before
    assert run("-w", moved, "prune").err == "Nothing to remove.\n"
