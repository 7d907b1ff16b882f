"""Write what the cracks of made-up companies say: `python -m scripts.crack_examples`.

In one company much goes wrong in sales, in another in marketing; the reference page on cracks
quotes what the watch says of each planted fault that it finds.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis

from benchmarks.watch_company import Bench, Task, open_bench, open_company, planted
from counterpoise.agreement import load_agreements, read_agreement, save_ratified
from counterpoise.books import Books, Workspace, import_books
from counterpoise.books.also import current_also, keep_also
from counterpoise.demo import Faults, Form, Order, all_faults
from counterpoise.demo.consumer import make_consumer_company
from counterpoise.demo.planting import Side
from counterpoise.watch import Found, Watched, all_kinds, review_and_watch, watch
from scripts.cracks import EXAMPLES

SEED = 7


def faults_of(side: Side) -> Faults:
    """Return one fault of every kind that this side, or both together, should act on."""
    return Faults(
        tuple(
            Order(kind, variant)
            for kind, fault in all_faults().items()
            for variant in fault.variants[:1]
            if fault.side_of(variant) in (side, Side.BOTH)
        )
    )


def examples(bench: Bench, side: Side) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each kind that finds what was planted on it, and what it says."""
    with open_company(bench, Task("examples", SEED), faults_of(side)) as company:
        truth = {(each["kind"], each["type"], each["id"]) for each in planted(company.made)}
        if side is Side.MARKETING:
            also = {
                "pulses": pulses_of(company.books),
                "questions": questions_of(company.books),
            }
            owner = ask_for_tools(company.books, also)
            truth |= {("tool_unanswered", "person", owner), ("trust_gap", "company", "company")}
            truth.add(("silence", "side", Side.MARKETING.value))
        watched = company.watched()
        for found in watch(watched).found:
            subject = found.crack.subject
            if (found.crack.kind, subject.type, subject.id) in truth:
                yield found.crack.kind, _told(watched, found)


def consumer_examples(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the same of the company that sells through retail accounts."""
    workspace, truth = make_consumer_books(folder)
    planted_there = {(each["kind"], each["subject"]["id"]) for each in truth["faults"]}
    with Books.open(workspace) as books:
        _, found = review_and_watch(
            books, load_agreements(workspace.root), dt.date.fromisoformat(truth["last_on"])
        )
        for each in reversed(found.found):
            if found.watched and (each.crack.kind, each.crack.subject.id) in planted_there:
                yield each.crack.kind, _told(found.watched, each)


def make_consumer_books(folder: Path, **asked: Any) -> tuple[Workspace, dict[str, Any]]:
    """Make the company that sells through retail accounts and import it; return its truth too."""
    made = make_consumer_company(folder / "made", form=Form.PARQUET, **asked)
    workspace = Workspace.create(folder / "workspace", made.currency, made.time_zone)
    for file in made.ratified:
        save_ratified(workspace.agreements_dir, read_agreement(file))
    shutil.copyfile(made.agreement_file, workspace.agreement_file)
    import_books(workspace, made.export)
    return workspace, dict(made.truth)


def ask_for_tools(books: Books, also: Mapping[str, list[Any]] | None = None) -> str:
    """Lay requests for tools beside the books, as a room does, and return who is slow to answer.

    A request comes every ten days of the last year; two of three are answered after three weeks.
    """
    tools = books.table("tools")
    makers = tools.group_by("owner_id").aggregate(n=tools.count()).order_by(ibis.desc("n"))
    owner: str = books.run(makers.limit(1)).to_pylist()[0]["owner_id"]
    last = books.latest("deals", "closed_at")
    asked = [last - dt.timedelta(days=10 * number + 5) for number in range(36)]
    rows = [
        {
            "request_id": f"Q{number}",
            "asked_at": at,
            "owner_id": owner,
            "answered_at": at + dt.timedelta(days=21 if number % 3 else 1),
            "verdict": "answered",
        }
        for number, at in enumerate(asked)
    ]
    keep_also(books.workspace, {"tool_requests": rows, **(also or {})})
    books.also = current_also(books.workspace)
    return owner


def pulses_of(books: Books) -> list[dict[str, Any]]:
    """Return two pulses of the last year: in the later one the sides part."""
    last = books.latest("deals", "closed_at").date()
    said = {
        60: {"sales": (12, 66), "marketing": (9, 60)},
        30: {"sales": (13, 72), "marketing": (9, 45)},
    }
    return [
        {
            "pulse_id": f"{ago}-{side}",
            "first_on": last - dt.timedelta(days=ago),
            "closed_on": last - dt.timedelta(days=ago - 14),
            "side": side,
            "answers": answers,
            "score": Decimal(score),
            "spread": Decimal(8),
        }
        for ago, sides in said.items()
        for side, (answers, score) in sides.items()
    ]


def questions_of(books: Books) -> list[dict[str, Any]]:
    """Return questions of sales to marketing, one a week; of three, two get no reply in time."""
    last = books.latest("deals", "closed_at")
    asked = [last - dt.timedelta(days=7 * week) for week in range(2, 40)]
    return [
        {
            "question_id": f"Q{number}",
            "asked_at": at,
            "asker_side": Side.SALES.value,
            "owner_side": Side.MARKETING.value,
            "due_at": at + dt.timedelta(days=3),
            "answered_at": at + dt.timedelta(days=2 if number % 3 == 0 else 9),
        }
        for number, at in enumerate(asked)
    ]


def _told(watched: Watched, found: Found) -> dict[str, str]:
    return {
        "says": found.crack.says,
        "next_step": found.crack.next_step,
        "other_view": found.kind.other_view(watched, found.tested).says,
    }


def main() -> None:
    """Write the file."""
    told: dict[str, dict[str, str]] = {}
    with tempfile.TemporaryDirectory() as scratch, open_bench(Path(scratch)) as bench:
        for side in (Side.SALES, Side.MARKETING):
            told |= dict(examples(bench, side))
        told |= dict(consumer_examples(Path(scratch) / "consumer"))
    missing = sorted(set(all_kinds()) - set(told))
    if missing:
        sys.stderr.write(f"not found, and so without an example: {', '.join(missing)}\n")
    EXAMPLES.write_text(
        json.dumps(dict(sorted(told.items())), indent=1, ensure_ascii=False) + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
