"""Kinds that are asked on another engine, and have to find the same there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Workspace
from counterpoise.books.engines import read_table
from counterpoise.books.facts import View
from counterpoise.ledger.review import standing
from counterpoise.watch import Kind, Tested, Watched
from tests.watch.fact_books import AS_OF, watched_of

Answers = dict[tuple[str, str, str], Tested]


@dataclass(frozen=True)
class Asked:
    """Kinds with what they found on the embedded engine.

    Attributes:
        folder: The workspace.
        file: Its judged deals, for other engines to read.
        kinds: The kinds by name.
        answers: What each found, by kind, variant and subject.
        as_of: The day up to whose end the books are read.
    """

    folder: Path
    file: Path
    kinds: Mapping[str, Kind]
    answers: Answers
    as_of: dt.date = AS_OF

    @classmethod
    def of(
        cls, folder: Path, kinds: Mapping[str, Kind], scratch: Path, as_of: dt.date = AS_OF
    ) -> Asked:
        """Judge the deals once, keep them in a file, and ask every kind on the embedded engine."""
        file = scratch / "judged.parquet"
        with Books.open(Workspace.open(folder)) as books:
            watched = watched_of(books, load_agreements(folder), as_of)
            books.write(watched.judged, file)
            return cls(folder, file, kinds, _answers(kinds, watched), as_of)

    def check(self, engine: Any, shown: Iterable[str] | None = None) -> None:
        """Ask the kinds on an engine, compare what they find, and read the rows of some.

        Args:
            engine: Where the queries run.
            shown: The kinds whose rows are read too; by default all that found something.
        """
        agreements = load_agreements(self.folder)
        books = Books.open(Workspace.open(self.folder))
        books.__dict__["engine"] = engine
        version = standing(agreements, self.as_of)
        assert version is not None
        deals = read_table(engine, self.file, f"elsewhere_{min(self.kinds)}")
        watched = Watched(View(books, self.as_of), agreements, version.agreement, deals)
        found = _answers(self.kinds, watched)
        self._compare(found)
        names = {name for name, _, _ in found}
        for name in names if shown is None else shown:
            worst = max((each for key, each in found.items() if key[0] == name), key=_stake)
            rows = books.run(self.kinds[name].rows(watched, worst))
            stake = pytest.approx(float(worst.stake), rel=0.1)
            assert sum(rows["stake_part"].to_pylist()) == stake, name
            assert self.kinds[name].other_view(watched, worst).figures
        del books.__dict__["engine"]

    def _compare(self, found: Answers) -> None:
        assert set(found) == set(self.answers)
        for key, each in found.items():
            expected = self.answers[key]
            chances = [one.p for one in (each, expected) if one.p is not None]
            assert chances == pytest.approx(chances[::-1], rel=1e-5, abs=1e-30), key
            assert (each.p is None) == (expected.p is None), key
            assert float(each.stake) == pytest.approx(float(expected.stake), abs=0.02), key
            assert each.since == expected.since, key


def _answers(kinds: Mapping[str, Kind], watched: Watched) -> Answers:
    return {
        (name, each.variant, each.subject.id): each
        for name, asked in kinds.items()
        if not asked.missing(watched)
        for each in asked.test(watched)
    }


def _stake(each: Tested) -> float:
    return float(each.stake)
