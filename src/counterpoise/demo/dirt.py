"""A handful of rows as real exports have them: an import must flag them or set them aside."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

_MISSPELT = "X-007"
_EARLIER, _LATER = dt.timedelta(days=7, hours=10), dt.timedelta(days=38, hours=10)


@dataclass(frozen=True)
class Dirt:
    """Rows of a table that break a rule, and what an import should make of them."""

    rule: str
    table: str
    rows: int
    example: str
    effect: str


def soil(folder: Path, first_on: dt.date) -> tuple[Dirt, ...]:
    """Append the rows to the CSV files of an export, and say what they are.

    Args:
        folder: Where the export is.
        first_on: The first day of the company, in whose first weeks they are.
    """
    start = dt.datetime.combine(first_on, dt.time())
    earlier, later = ((start + each).isoformat() for each in (_EARLIER, _LATER))
    header, first, second = _head(folder / "deals.csv")
    deals = _Rows(header, first, lead_id="", campaign_id="", list_amount="", net_amount="")
    broken = [
        deals.like(deal_id=_id(1), created_at=later, closed_at=earlier),
        deals.like(deal_id=_id(2), outcome="wonn"),
        deals.like(deal_id=_id(3), currency="CHF"),
        deals.like(deal_id=_id(4), created_at="31.02.2024"),
    ]
    misspelt = [deals.like(deal_id=_id(5)), deals.like(deal_id=_id(6))]
    _append(folder / "deals.csv", [*broken, *misspelt, second])
    header, line, _ = _head(folder / "deal_lines.csv")
    lines = _Rows(header, line, line_no="1", product_id=_MISSPELT)
    _append(folder / "deal_lines.csv", [lines.like(deal_id=_id(5)), lines.like(deal_id=_id(6))])
    return (
        Dirt("closed_before_created", "deals", 1, _id(1), "stays, without a cycle time"),
        Dirt("unknown_outcome", "deals", 1, _id(2), "set aside"),
        Dirt("no_exchange_rate", "deals", 1, _id(3), "set aside"),
        Dirt("unparseable_date", "deals", 1, _id(4), "stays, without its day"),
        Dirt("duplicate_key", "deals", 1, second[0], "the second of two equal rows is set aside"),
        Dirt("orphan_key", "deal_lines", 2, _MISSPELT, "X007 is suggested"),
    )


def _id(number: int) -> str:
    return f"D9000000{number}"


class _Rows:
    def __init__(self, header: list[str], model: list[str], **changes: str) -> None:
        self._model = dict(zip(header, model, strict=True)) | changes

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
