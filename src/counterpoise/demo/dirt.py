"""A handful of rows as real exports have them: an import must flag them or set them aside."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Dirt:
    """Rows of a table that break a rule, and what an import should make of them."""

    rule: str
    table: str
    rows: int
    example: str
    effect: str


def soil(folder: Path) -> tuple[Dirt, ...]:
    """Append the rows to the CSV files of an export, and say what they are."""
    deals = folder / "deals.csv"
    header, first, second = _head(deals)
    extra = _Rows(header, first)
    broken = [
        extra.like(
            deal_id="D90000001", closed_at="2024-01-08T10:00:00", created_at="2024-02-08T10:00:00"
        ),
        extra.like(deal_id="D90000002", outcome="wonn"),
        extra.like(deal_id="D90000003", currency="CHF"),
        extra.like(deal_id="D90000004", created_at="31.02.2024"),
    ]
    _append(deals, [*broken, second])
    lines_header, line, _ = _head(folder / "deal_lines.csv")
    lines = _Rows(lines_header, line)
    misspelt = [
        lines.like(line_no=str(90 + at), product_id="X0O7", quantity="1") for at in range(2)
    ]
    _append(folder / "deal_lines.csv", misspelt)
    return (
        Dirt("closed_before_created", "deals", 1, "D90000001", "flagged"),
        Dirt("unknown_outcome", "deals", 1, "D90000002", "flagged or set aside"),
        Dirt("no_exchange_rate", "deals", 1, "D90000003", "set aside when converted"),
        Dirt("unparseable_date", "deals", 1, "D90000004", "flagged or set aside"),
        Dirt("duplicate_key", "deals", 1, second[0], "the same row twice"),
        Dirt("orphan_key", "deal_lines", 2, "X0O7", "unknown product; X007 is nearest"),
    )


class _Rows:
    def __init__(self, header: list[str], model: list[str]) -> None:
        self._model = dict(zip(header, model, strict=True))

    def like(self, **changes: str) -> list[str]:
        """Return the model row with some values changed."""
        return list((self._model | changes).values())


def _head(path: Path) -> tuple[list[str], list[str], list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        return next(reader), next(reader), next(reader)


def _append(path: Path, rows: list[list[str]]) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
