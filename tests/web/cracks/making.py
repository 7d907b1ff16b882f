"""Reviews that found what a test says they found."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from counterpoise.books import Workspace
from counterpoise.watch.watching import crack_id
from counterpoise.web.cracks.measuring import Taken, take_in
from counterpoise.web.results import reading
from counterpoise.web.results.evidence import mark_of
from counterpoise.web.results.keeping import CRACKS, REVIEW, ROWS, latest_key, reviews_dir
from counterpoise.web.results.reading import KeptReview

KINDS = ("discount_drift", "lead_quality", "leakage")
MONDAY = dt.datetime(2026, 7, 6, 9, 0, tzinfo=dt.UTC)
"""A Monday morning on which the reviews of tests are made."""

FIRST = dt.date(2026, 6, 30)

PICTURE = {
    "axis": "peers",
    "measure": "average discount",
    "expected": 0.06,
    "marks": [
        {"label": "X1", "value": 0.11, "low": 0.09, "high": 0.13, "n": 80, "is_subject": True},
        {"label": "X2", "value": 0.06, "low": 0.05, "high": 0.07, "n": 90, "is_subject": False},
    ],
}


@dataclass(frozen=True)
class Row:
    """A row behind a crack."""

    row_id: str
    owner_id: str | None
    part: float
    kind: str = "deal"
    deal_id: str | None = None
    campaign_id: str | None = None


@dataclass(frozen=True)
class Seen:
    """A crack that a review found, or measured without finding it."""

    kind: str
    subject_type: str
    subject_id: str
    side: str = "sales"
    stake: float = 20_000.0
    rows: tuple[Row, ...] = ()

    @property
    def variant(self) -> str:
        """Return the variant of the subject."""
        return {"person": "rep"}.get(self.subject_type, self.subject_type)

    @property
    def id(self) -> str:
        """Return the identity."""
        return crack_id(self.kind, self.variant, self.subject_type, self.subject_id)

    def told(self) -> dict[str, Any]:
        """Return it as a review keeps it."""
        is_person = self.subject_type == "person"
        name = mark_of(self.subject_id) if is_person else self.subject_id
        return {
            "id": self.id,
            "kind": self.kind,
            "variant": self.variant,
            "side": self.side,
            "subject": {"type": self.subject_type, "id": self.subject_id, "name": name},
            "says": f"{name} gives 5 points more discount than colleagues.",
            "observed": 0.11,
            "expected": 0.06,
            "low": 0.09,
            "high": 0.13,
            "n": 80,
            "q_value": 0.002,
            "stake": self.stake,
            "stake_formula": "points above × list value",
            "since": "2026-01-05",
            "next_step": f"Go through three deals with {name}.",
            "asks": "Does anyone give deeper discounts than peers?",
            "unit": "points",
            "group": "",
            "picture": PICTURE,
            "other_view": {
                "says": "A competitor was named on 45%.",
                "figures": [["of all", "40%"]],
            },
            "rows": len(self.rows),
            "rows_kept": len(self.rows),
        }


def review(
    workspace: Workspace,
    *seen: Seen,
    as_of: dt.date = FIRST,
    snapshot: str = "",
    watched: Iterable[str] = KINDS,
    measured_by: str = "",
    no_longer: Iterable[Seen] = (),
) -> KeptReview:
    """Let the room show a review that found these, and return it."""
    key = latest_key(workspace)
    assert key is not None
    folder = reviews_dir(workspace) / key
    watched = list(watched)
    told = {
        "questions": 90,
        "watched": watched,
        "cracks": [each.told() for each in seen],
        "no_longer": [{**each.told(), "q_value": 0.4, "observed": 0.07} for each in no_longer],
    }
    (folder / CRACKS).write_text(json.dumps(told), encoding="utf-8")
    _carry(folder, seen, [kind for kind in KINDS if kind not in watched])
    _write_rows(folder / f"{ROWS}.parquet", seen)
    reading._opened.cache_clear()
    kept = reading.latest()
    assert kept is not None
    return replace(
        kept,
        as_of=as_of,
        snapshot=snapshot or kept.snapshot,
        measured_by=measured_by or kept.measured_by,
    )


def measured(
    workspace: Workspace, *seen: Seen, at: dt.datetime = MONDAY, **how: Any
) -> Taken | None:
    """Let the room take in a review that found these."""
    return take_in(review(workspace, *seen, **how), at)


def _carry(folder: Path, seen: Iterable[Seen], silent: Iterable[str]) -> None:
    """Let the review carry what the watch found, in its own form."""
    carried = json.loads((folder / REVIEW).read_text(encoding="utf-8"))
    beside = {"asks", "unit", "group", "picture", "other_view", "rows", "rows_kept"}
    cracks = []
    for each in seen:
        told = {name: value for name, value in each.told().items() if name not in beside}
        cracks.append(json.loads(json.dumps(told).replace("\\u27e6", "").replace("\\u27e7", "")))
    carried["cracks"] = cracks
    carried["not_watched"] = [{"kind": kind, "why": "the books hold no deals"} for kind in silent]
    (folder / REVIEW).write_text(json.dumps(carried), encoding="utf-8")


def _write_rows(file: Path, seen: Iterable[Seen]) -> None:
    names = ("crack_id", "place", "kind", "row_id", "deal_id", "owner_id", "campaign_id")
    types = [pa.string(), pa.int32(), *[pa.string()] * 5, pa.float64(), pa.string()]
    schema = pa.schema(list(zip((*names, "part", "shown"), types, strict=True)))
    rows = [
        {
            "crack_id": each.id,
            "place": place,
            "kind": row.kind,
            "row_id": row.row_id,
            "deal_id": row.deal_id,
            "owner_id": row.owner_id,
            "campaign_id": row.campaign_id,
            "part": row.part,
            "shown": json.dumps({"day": "2026-05-04", "list_amount": 1000.0, "rate": 0.2}),
        }
        for each in seen
        for place, row in enumerate(each.rows)
    ]
    file.unlink()  # it is shared with other tests
    pq.write_table(pa.Table.from_pylist(rows, schema), file)
