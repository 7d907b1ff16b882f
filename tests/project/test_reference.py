"""The reference pages that are made from the code are as the code is now."""

from pathlib import Path

import pytest

from counterpoise.books.schema import TABLES
from scripts.reference import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_code_is_current(root: Path, name: str) -> None:
    assert (root / name).read_text(encoding="utf-8") == PAGES[name](), "run: make docs"


def test_the_page_on_tables_tells_every_column(root: Path) -> None:
    page = (root / "docs/reference/tables.md").read_text(encoding="utf-8")
    for table in TABLES.values():
        section = page.split(f"## {table.name}\n")[1].split("\n## ")[0]
        assert [name for name in table.names if f"`{name}`" not in section] == []
