"""Made-up companies, each made once, and plain questions to their files."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from counterpoise.demo import Company, Faults, Recipe, make_company

Ask = Callable[..., list[tuple[Any, ...]]]
Make = Callable[..., Company]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Return a maker of companies that makes none twice."""
    made: dict[tuple[Any, ...], Company] = {}

    def maker(
        deals: int = 6_000,
        seed: int = 1,
        faults: Faults | None = None,
        recipe: Recipe | None = None,
    ) -> Company:
        key = (deals, seed, faults, recipe)
        if key not in made:
            folder: Path = tmp_path_factory.mktemp("company")
            made[key] = make_company(folder, deals=deals, seed=seed, faults=faults, recipe=recipe)
        return made[key]

    return maker


@pytest.fixture(scope="session")
def ask() -> Iterator[Ask]:
    """Return a function that asks SQL of a company's CSV files."""
    engines: dict[Path, duckdb.DuckDBPyConnection] = {}

    def asker(company: Company, question: str) -> list[tuple[Any, ...]]:
        engine = engines.setdefault(company.export, duckdb.connect())
        for path in company.export.glob("*.csv"):
            if re.search(rf"\b{path.stem}\b", question):
                engine.execute(
                    f"create table if not exists {path.stem} as"
                    f" from read_csv('{path}', sample_size=-1, header=true)"
                )
        return engine.execute(question).fetchall()

    yield asker
    for engine in engines.values():
        engine.close()


@pytest.fixture(scope="session")
def blameless(make: Make) -> Company:
    """Return a company without any fault."""
    return make(faults=Faults.none())
