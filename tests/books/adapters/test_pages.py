"""The tutorial builds the adapter that is shipped as an example, and the reference names all."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from counterpoise.books.adapters import AdapterFileError, shipped_names
from counterpoise.books.adapters.macros import MACROS
from counterpoise.books.adapters.manifest import Conventions, Manifest, Recognise, TableSpec
from scripts.pages import blocks
from tests.books.adapters.workbench import mapped, write


def _written(root: Path, folder: Path, until: str = "") -> Path:
    """Write the files that the tutorial shows, up to a heading if one is named."""
    page = root / "docs" / "tutorials" / "write-your-own-adapter.md"
    text = page.read_text(encoding="utf-8")
    last = text.count("\n", 0, text.index(until)) if until else text.count("\n")
    for block in blocks(page):
        if block.mark == "file" and block.line < last:
            target = folder / block.says
            write(target.parent, {target.name: block.text})
    return folder


def test_the_first_version_maps_deals_alone(root: Path, tmp_path: Path) -> None:
    folder = _written(root, tmp_path, until="## 4.")
    with mapped(folder / "export", folder / "mine") as answer:
        assert answer.rows("deals", "deal_id", "outcome", "created_at") == [
            ("OP1", "won", "2026-01-08"),
            ("OP2", "won", "2026-01-12"),
            ("OP3", "lost", "2026-01-20"),
            ("OP4", "won", "2026-02-02"),
            ("OP5", "open", "2026-03-11"),
            ("OP6", "open", None),
        ]


def test_the_last_version_knows_prices_people_and_accounts(root: Path, tmp_path: Path) -> None:
    folder = _written(root, tmp_path, until="## 8.")
    with mapped(folder / "export", folder / "mine") as answer:
        assert answer.rows("deal_lines", "product_id", "net_price")[1:3] == [
            ("VegaPro", "4610"),
            ("Vega Pro", None),
        ]
        assert answer.rows("people", "name", "role", "manager_id")[0] == (
            "Jon Abara",
            "rep",
            "Ines Roth",
        )
        assert ("Ines Roth", "manager") in answer.rows("people", "name", "role")
        assert answer.rows("accounts", "annual_revenue")[0] == (Decimal(84_100_000),)
        assert answer.rows("accounts", "year_established")[0] == ("1991",)


def test_the_last_version_is_the_example_that_is_shipped(root: Path, tmp_path: Path) -> None:
    built = _written(root, tmp_path, until="## 8.") / "mine"
    example = root / "examples" / "adapters" / "maven_crm_sales"
    assert {one.name for one in built.iterdir()} == {one.name for one in example.iterdir()}
    for file in built.glob("*.sql"):
        assert file.read_text() == (example / file.name).read_text()
    tables = ("\n[tables", 1)
    assert (built / "adapter.toml").read_text().split(*tables)[1] == (
        (example / "adapter.toml").read_text().split(*tables)[1]
    )


def test_the_adapter_that_reaches_out_is_refused(root: Path, tmp_path: Path) -> None:
    folder = _written(root, tmp_path)
    with pytest.raises(AdapterFileError, match=r"read_text\(\) is not open to adapters"):  # noqa: SIM117
        with mapped(folder / "export", folder / "mine"):
            pass


def test_the_reference_names_every_key_function_and_adapter(root: Path) -> None:
    text = (root / "docs" / "reference" / "adapters.md").read_text(encoding="utf-8")
    keys = {field.name for field in fields(Manifest)} - {"recognise", "conventions", "tables"}
    keys |= {f"recognise.{field.name}" for field in fields(Recognise)}
    keys |= {f"conventions.{field.name}" for field in fields(Conventions)}
    keys |= {f"tables.NAME.{field.name}" for field in fields(TableSpec)}
    names = keys | {f"{name}(x)" for name in MACROS}
    assert {name for name in names if f"| `{name}` |" not in text} == set()
    assert {name for name in shipped_names() if f"### {name}" not in text} == set()


def test_every_example_is_in_the_list(root: Path) -> None:
    examples = root / "examples" / "adapters"
    text = (examples / "README.md").read_text(encoding="utf-8")
    folders = {one.name for one in examples.iterdir() if one.is_dir()}
    assert {name for name in folders if f"| `{name}` |" not in text} == set()
