"""What a review's watch leaves behind for pages: each crack with its evidence and its rows.

Names of people stand in sentences as marks (`⟦P7⟧`), so that a page decides who reads a name, who
a pseudonym, and who none; and so that a person can be forgotten.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from counterpoise.desk.decision import plain
from counterpoise.watch import Found, Watched, Watching, all_kinds
from counterpoise.web.results.keeping import CRACKS, ROWS

MOST_ROWS = 2_000
"""Rows that are kept of one crack: those that weigh most."""

PERSON = "person"

_SCHEMA = pa.schema(
    [
        ("crack_id", pa.string()),
        ("place", pa.int32()),
        ("kind", pa.string()),
        ("row_id", pa.string()),
        ("deal_id", pa.string()),
        ("owner_id", pa.string()),
        ("campaign_id", pa.string()),
        ("part", pa.float64()),
        ("shown", pa.string()),
    ]
)
_OF_A_DEAL = {
    "approval_id": "approvals",
    "customization_id": "customizations",
    "offer_id": "offers",
    "adjustment_id": "adjustments",
}
"""Tables whose rows are of a deal, by their own key."""


def mark_of(person_id: str) -> str:
    """Return what stands for a person's name in a kept sentence.

    >>> mark_of("P7")
    '⟦P7⟧'
    """
    return f"⟦{person_id}⟧"


def write_evidence(watching: Watching, folder: Path) -> None:
    """Write what the watch found, with its evidence, and the rows behind it."""
    watched = watching.watched
    named = _marker(watched.names["owner"]) if watched and watching.found else str
    cracks, rows = [], []
    for found in watching.found:
        assert watched is not None  # nothing is found where nothing is watched
        kept, count = _rows(watched, found, watching.rows_of(found))
        cracks.append(_crack(watched, found, named) | {"rows": count, "rows_kept": len(kept)})
        rows += kept
    silent = {each.kind for each in watching.not_watched}
    told = {
        "questions": watching.questions,
        "watched": [name for name in all_kinds() if name not in silent],
        "cracks": cracks,
        "no_longer": [vars(each) for each in watching.no_longer],
    }
    text = json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / CRACKS).write_text(text + "\n", encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(rows, _SCHEMA), folder / f"{ROWS}.parquet")


def _crack(watched: Watched, found: Found, named: Callable[[str], str]) -> dict[str, Any]:
    crack, kind, tested = found.crack, found.kind, found.tested
    subject = crack.subject
    if subject.type == PERSON:
        subject = dataclasses.replace(subject, name=mark_of(subject.id))
        tested = dataclasses.replace(tested, subject=subject)
    view = kind.other_view(watched, tested)
    return {
        **vars(crack),
        "subject": vars(subject),
        "since": crack.since.isoformat(),
        "says": named(kind.says(watched, tested)),
        "next_step": named(kind.next_step(watched, tested)),
        "asks": kind.asks,
        "unit": kind.unit.value,
        "group": tested.group,
        "picture": _picture(found),
        "other_view": {
            "says": named(view.says),
            "figures": [[named(label), named(value)] for label, value in view.figures],
        },
    }


def _picture(found: Found) -> dict[str, Any]:
    picture = found.tested.picture
    return {
        "axis": picture.axis.value,
        "measure": picture.measure,
        "expected": picture.expected,
        "marks": [dataclasses.asdict(mark) for mark in picture.marks],
    }


def _marker(names: Mapping[str, str]) -> Callable[[str], str]:
    """Return what puts marks in the place of whole names."""
    ids = {name: id_ for id_, name in names.items() if " " in name.strip()}
    if not ids:
        return str
    longest_first = sorted(ids, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
    return lambda text: pattern.sub(lambda met: mark_of(ids[met[0]]), text)


def _rows(watched: Watched, found: Found, rows: ir.Table) -> tuple[list[dict[str, Any]], int]:
    """Return the rows behind a crack that weigh most, and how many there are.

    Their money is brought to the crack's stake, which they add to.
    """
    key = rows.columns[0]
    money = rows.stake_part.cast("float64")
    sums = rows.aggregate(n=rows.count(), part=ibis.ifelse(money > 0, money, 0.0).sum())
    (whole,) = watched.books.run(sums).to_pylist()
    scale = float(found.crack.stake) / whole["part"] if whole["part"] else 0.0
    first = rows.order_by([ibis.desc("stake_part"), key]).limit(MOST_ROWS)
    owned = watched.books.run(_with_owner(watched, first, key)).to_pylist()
    owned.sort(key=lambda row: (-float(row["stake_part"] or 0.0), str(row[key])))
    kept = [
        {
            "crack_id": found.crack.id,
            "place": place,
            "kind": key.removesuffix("_id"),
            "row_id": str(row[key]),
            "deal_id": row.get("deal_id"),
            "owner_id": row["row_owner"],
            "campaign_id": row["row_campaign"],
            "part": float(row["stake_part"] or 0.0) * scale,
            "shown": json.dumps(dict(_shown(row, key)), ensure_ascii=False),
        }
        for place, row in enumerate(owned)
    ]
    return kept, int(whole["n"])


def _shown(row: Mapping[str, Any], key: str) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if name not in {key, "stake_part", "row_owner", "row_campaign"}:
            yield name, plain(value)


def _with_owner(watched: Watched, rows: ir.Table, key: str) -> ir.Table:
    """Say of each row whose it is: the owner of its deal, lead or request, and the campaign."""
    books = watched.books
    if key == "lead_id":
        leads = books.table("leads")
        own = leads.select(own_key="lead_id", row_owner="owner_id", row_campaign="campaign_id")
        return rows.left_join(own, rows[key] == own.own_key).drop("own_key")
    if key == "request_id":
        own = books.table("tool_requests").select(own_key=key, row_owner="owner_id")
        joined = rows.left_join(own, rows[key] == own.own_key).drop("own_key")
        return joined.mutate(row_campaign=ibis.null("string"))
    if key in _OF_A_DEAL and "deal_id" not in rows.columns:
        of_deal = books.table(_OF_A_DEAL[key]).select(deal_key=key, deal_id="deal_id")
        rows = rows.left_join(of_deal, rows[key] == of_deal.deal_key).drop("deal_key")
    rows = rows.mutate(row_campaign=ibis.null("string"))
    if "deal_id" not in rows.columns:
        return rows.mutate(row_owner=ibis.null("string"))
    deals = watched.judged.select(own_key="deal_id", row_owner="owner_id")
    return rows.left_join(deals, rows.deal_id == deals.own_key).drop("own_key")
