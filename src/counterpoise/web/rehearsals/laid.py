"""Past deals laid out for candidates: placed once by the worker, kept beside the review, read here.

No page asks the books: what placing says of every deal stands in Parquet files in the folder of
the review, and answering a candidate of the same shape is arithmetic on them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq

from counterpoise.agreement import Agreement, Agreements
from counterpoise.agreement.fields import Fields, Scope
from counterpoise.books import Books, Progress
from counterpoise.books.durable import replace_text
from counterpoise.books.facts import View
from counterpoise.books.schema import Kind
from counterpoise.desk.replay import always
from counterpoise.desk.rules import Rules
from counterpoise.ledger.names import group_names
from counterpoise.rehearse.candidates import Replaying
from counterpoise.rehearse.past import Past
from counterpoise.rehearse.placed import shape_of
from counterpoise.web.results.reading import KeptReview

FORM = 1
"""Moves on when other columns are laid out, so that a newer program lays its own."""

FOLDER = f"rehearsal-{FORM}"
ABOUT = "about.json"
_THEN = "then"


@dataclass(frozen=True)
class Files:
    """The files of one review, in a folder inside its own."""

    folder: Path

    @classmethod
    def of(cls, kept: KeptReview) -> Files:
        """Return the files of a review."""
        return cls(kept.folder / FOLDER)

    def has(self, agreement: Agreement) -> bool:
        """Tell whether deals are laid out for agreements of this shape."""
        return (self.folder / ABOUT).is_file() and self.rows(shape_name(agreement)).is_file()

    @property
    def then(self) -> Path:
        """Return the file of deals under the agreements of their days."""
        return self.rows(_THEN)

    def rows(self, name: str) -> Path:
        """Return the file of deals."""
        return self.folder / f"{name}.parquet"

    def lines(self, name: str) -> Path:
        """Return the file of lines."""
        return self.folder / f"{name}.lines.parquet"


def shape_name(agreement: Agreement) -> str:
    """Return a short name of all that placing asks of an agreement, the rates aside."""
    return hashlib.sha256(repr(shape_of(agreement)).encode()).hexdigest()[:16]


def lay_out(
    books: Books,
    agreements: Agreements,
    base: Agreement,
    kept: KeptReview,
    progress: Progress,
) -> None:
    """Place past deals by the agreements of their days and by the shape of one, and keep that."""
    files = Files.of(kept)
    files.folder.mkdir(exist_ok=True)
    past = Past(View(books, kept.as_of), agreements)
    progress.start("Laying past deals out", total=2)
    if not (files.folder / ABOUT).is_file():
        _write(files, _THEN, past, Rules(agreements), past.rows_then)
        replace_text(files.folder / ABOUT, _about(books, agreements))
    progress.advance()
    name = shape_name(base)
    if not files.rows(name).is_file():
        _write(files, name, past, Rules(always(base)), past.rows_under)
    progress.done()


@dataclass
class LaidPast(Past):
    """Past deals as they were laid out, read from files."""

    files: Files | None = None
    attributes: Mapping[str, Mapping[str, Kind]] | None = None

    @cached_property
    def fields(self) -> Fields:
        """Return the fields that conditions may name."""
        return Fields(Scope.DEAL, self.attributes)

    def rows_then(self, rules: Rules) -> pa.Table:
        """Return what is told of each deal, and where it stands under the agreement of its day."""
        return pq.read_table(self._files.rows(_THEN))

    def rows_under(self, rules: Rules) -> pa.Table:
        """Return where deals stand under an agreement on every day."""
        return pq.read_table(self._files.rows(self._name(rules)))

    def line_rows(self, rules: Rules) -> pa.Table:
        """Return where lines stand that are judged by themselves."""
        name = _THEN if rules.agreements == self.agreements else self._name(rules)
        return pq.read_table(self._files.lines(name))

    @property
    def _files(self) -> Files:
        assert self.files is not None
        return self.files

    def _name(self, rules: Rules) -> str:
        return shape_name(rules.versions[0].agreement)


def read(kept: KeptReview, agreements: Agreements) -> Replaying:
    """Return past deals as they were laid out beside a review."""
    files = Files.of(kept)
    about = json.loads((files.folder / ABOUT).read_text(encoding="utf-8"))
    attributes = {
        table: {name: Kind(kind) for name, kind in kinds.items()}
        for table, kinds in about["attributes"].items()
    }
    no_books = cast("View", _NoBooks(kept.as_of))
    past = LaidPast(no_books, agreements, files=files, attributes=attributes)
    made = Replaying(past)
    made.__dict__["names"] = about["names"]
    return made


@dataclass(frozen=True)
class _NoBooks:
    """Stands where a view of the books would: whatever asks it is a defect."""

    as_of: dt.date


def _about(books: Books, agreements: Agreements) -> str:
    told = {
        "attributes": {
            table: {name: str(kind.value) for name, kind in kinds.items()}
            for table, kinds in books.all_attributes.items()
        },
        "names": {name: dict(keys) for name, keys in group_names(books, agreements).items()},
    }
    return json.dumps(told, ensure_ascii=False) + "\n"


def _write(
    files: Files, name: str, past: Past, rules: Rules, rows: Callable[[Rules], pa.Table]
) -> None:
    """Write lines, then deals: who finds the deals finds everything."""
    if rules.judging_lines:
        _replace(files.lines(name), past.line_rows(rules))
    _replace(files.rows(name), rows(rules))


def _replace(file: Path, rows: pa.Table) -> None:
    making = file.with_name(f".{os.getpid()}-{file.name}")
    pq.write_table(rows, making)
    making.replace(file)
