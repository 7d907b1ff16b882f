"""The evidence of a crack as a reader sees it: picture, first rows, the other side's view.

It is read while the books are open, and stands by itself afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis

from counterpoise.ledger.crack import Crack
from counterpoise.watch.kind import OtherView, Unit
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.watch.watched import Watched
from counterpoise.watch.watching import Found, Watching

STAKE_PART = "stake_part"
"""The column with the money a quarter of a row."""

_PERSON = "person"
_NAMED_BY = {"campaign": "campaign", "product": "product", "persona": "persona"}


@dataclass(frozen=True)
class Rows:
    """The rows behind a crack that weigh most, of `count` in all."""

    columns: tuple[str, ...]
    cells: tuple[tuple[Any, ...], ...]
    count: int


@dataclass(frozen=True)
class Evidence:
    """What stands behind a crack. The picture's marks carry names, colleagues none."""

    crack: Crack
    unit: Unit
    picture: Picture
    other_view: OtherView
    rows: Rows


def evidence_of(watching: Watching, most_rows: int = 8) -> tuple[Evidence, ...]:
    """Read the evidence of every crack, most money first.

    Args:
        watching: What the watch found; its books are open.
        most_rows: How many rows of each, those that weigh most.
    """
    watched = watching.watched
    if watched is None:
        return ()
    return tuple(
        Evidence(
            crack=each.crack,
            unit=each.kind.unit,
            picture=named_picture(watched, each),
            other_view=each.kind.other_view(watched, each.tested),
            rows=_rows(watching, watched, each, most_rows),
        )
        for each in watching.found
    )


def named_picture(watched: Watched, found: Found) -> Picture:
    """Return a finding's picture with names for ids; of people only the subject is named."""
    picture, subject = found.tested.picture, found.crack.subject
    if picture.axis is not Axis.PEERS:
        return picture
    names = _names(watched, subject.type)

    def named(mark: Mark) -> Mark:
        if mark.is_subject:
            return replace(mark, label=subject.name)
        if names is None:
            return replace(mark, label="")
        return replace(mark, label=names.get(mark.label, mark.label.replace("_", " ")))

    return replace(picture, marks=tuple(map(named, picture.marks)))


def _names(watched: Watched, subject_type: str) -> Mapping[str, str] | None:
    """Return the names of peers by id; None where nobody but the subject is to be named."""
    if subject_type == _PERSON:
        return None
    grouping = _NAMED_BY.get(subject_type)
    return watched.names[grouping] if grouping else {}


def _rows(watching: Watching, watched: Watched, found: Found, most: int) -> Rows:
    table = watching.rows_of(found)
    key = table.columns[0]
    heaviest = table.order_by([ibis.desc(STAKE_PART), key]).limit(most)
    rows = watched.books.run(heaviest)
    count = watched.books.run(table.aggregate(rows=table.count())).to_pylist()[0]["rows"]
    columns = tuple(rows.column_names)
    cells = tuple(tuple(row.values()) for row in rows.to_pylist())
    return Rows(columns, cells, int(count))
