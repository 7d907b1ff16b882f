"""What tests of kinds share: a company whose facts part from what was agreed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from counterpoise.watch import Watching, watch, watching
from tests.sharing import made_once
from tests.watch.fact_books import fact_kinds, make_fact_company, open_fact_company, watched_of


@pytest.fixture(scope="session")
def fact_company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    """Watch a company with one fault of every kind of plain facts. Its books are open."""
    folder = made_once(tmp_path_factory, "fact_company", make_fact_company)
    books, agreements = open_fact_company(folder)
    with books, pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "all_kinds", fact_kinds)
        yield watch(watched_of(books, agreements))


@pytest.fixture(scope="session")
def fact_subjects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the id of whom each fault of that company befalls, by kind."""
    folder = made_once(tmp_path_factory, "fact_company", make_fact_company)
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return {each["kind"]: each["subject"]["id"] for each in truth["faults"]}
