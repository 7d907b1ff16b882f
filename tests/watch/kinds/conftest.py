"""What tests of kinds share: a company whose facts part from what was agreed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterpoise.watch import Watching, watch, watching
from tests.sharing import made_once
from tests.watch.fact_books import fact_kinds, make_fact_company, open_fact_company, watched_of
from tests.watch.fit_books import fit_folder

__all__ = ["fit_folder"]


@pytest.fixture(scope="session")
def fact_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a company with one fault of every kind of plain facts. Read it only."""
    return made_once(tmp_path_factory, "fact_company", make_fact_company)


@pytest.fixture(scope="session")
def fact_company(fact_folder: Path) -> Iterator[Watching]:
    """Watch that company for the kinds of plain facts. Its books are open."""
    books, agreements = open_fact_company(fact_folder)
    with books:
        watched = watched_of(books, agreements)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(watching, "all_kinds", fact_kinds)
            found = watch(watched)
        yield found


@pytest.fixture(scope="session")
def fact_subjects(fact_folder: Path) -> dict[str, str]:
    """Return the id of whom each fault of that company befalls, by kind."""
    truth = json.loads((fact_folder / "truth.json").read_text(encoding="utf-8"))
    return {each["kind"]: each["subject"]["id"] for each in truth["faults"]}
