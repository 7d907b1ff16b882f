"""What the watch leaves for pages: rows with their money and whose they are, and no names."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq
import pytest

from counterpoise.agreement import load_agreements
from counterpoise.agreement.document import Side
from counterpoise.books import Books, Workspace
from counterpoise.books.facts import View
from counterpoise.desk.judged import judged_deals
from counterpoise.ledger.crack import Crack
from counterpoise.watch import Found, Kind, OtherView, Watched, Watching, all_kinds, kind
from counterpoise.watch.deals import DEAL_FIELDS
from counterpoise.watch.picture import Axis, Mark, Picture
from counterpoise.web.results.evidence import write_evidence
from counterpoise.web.results.keeping import CRACKS, ROWS

AS_OF = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def watched(company_workspace: Path) -> Iterator[Watched]:
    """Return the company as of a day."""
    with Books.open(Workspace.open(company_workspace)) as books:
        agreements = load_agreements(company_workspace)
        latest = agreements.latest
        assert latest is not None
        judged = books.keep(judged_deals(books, agreements, AS_OF, DEAL_FIELDS), "judged")
        yield Watched(View(books, AS_OF), agreements, latest.agreement, judged)


def found_of(watched: Watched, person: str, rows: Any, stake: str) -> Found:
    """Return a finding about a person with these rows."""
    tested = kind.Tested(
        variant="rep",
        subject=watched.person(person),
        side=Side.SALES,
        observed=0.1,
        expected=0.05,
        low=0.09,
        high=0.11,
        n=50,
        p=0.001,
        stake=Decimal(stake),
        stake_formula="points × list",
        since=dt.date(2026, 1, 1),
        picture=Picture(Axis.PEERS, (Mark(person, 0.1, is_subject=True),), 0.05, "rate"),
    )
    other = next(id_ for id_ in watched.names["owner"] if id_ != person)
    asked = replace(
        all_kinds()["discount_drift"],
        says=lambda _, found: f"{found.subject.name} gives more.",
        next_step=lambda all_, found: (
            f"Ask {all_.names['owner'][other]}, not {found.subject.name}."
        ),
        rows=lambda *_: rows,
        other_view=lambda *_: OtherView("They were busy.", (("Busy", "yes"),)),
    )
    crack = Crack(
        id="discount_drift-rep-x",
        kind="discount_drift",
        variant="rep",
        side="sales",
        subject=tested.subject,
        says="",
        observed=0.1,
        expected=0.05,
        low=0.09,
        high=0.11,
        n=50,
        q_value=0.01,
        stake=float(stake),
        stake_formula=tested.stake_formula,
        since=tested.since,
        next_step="",
    )
    assert isinstance(asked, Kind)
    return Found(crack, asked, tested)


def written(watched: Watched, found: Found, folder: Path) -> tuple[dict[str, Any], list[Any]]:
    write_evidence(Watching(watched, (found,), (), 40), folder)
    told = json.loads((folder / CRACKS).read_text())
    return told, pq.read_table(folder / f"{ROWS}.parquet").to_pylist()


def test_brings_the_rows_to_the_stake_and_says_whose_they_are(
    watched: Watched, tmp_path: Path
) -> None:
    deals = watched.judged.filter(watched.judged.owner_id.notnull())
    owner = watched.books.run(deals.select("owner_id").limit(1)).to_pylist()[0]["owner_id"]
    own = deals.filter(deals.owner_id == owner)
    rows = own.select("deal_id", "day", "list_amount", stake_part=ibis.literal(2.0))
    told, kept = written(watched, found_of(watched, owner, rows, "9000"), tmp_path)
    (crack,) = told["cracks"]
    assert crack["rows"] == crack["rows_kept"] == len(kept) > 1
    assert sum(row["part"] for row in kept) == pytest.approx(9_000)
    assert {row["owner_id"] for row in kept} == {owner}
    assert [row["place"] for row in kept] == list(range(len(kept)))
    assert set(json.loads(kept[0]["shown"])) == {"day", "list_amount"}


def test_keeps_marks_in_the_place_of_names(watched: Watched, tmp_path: Path) -> None:
    person = next(iter(watched.names["owner"]))
    rows = watched.judged.select("deal_id", stake_part=ibis.literal(1.0)).limit(3)
    told, _ = written(watched, found_of(watched, person, rows, "9000"), tmp_path)
    text = json.dumps(told, ensure_ascii=False)
    assert f"⟦{person}⟧ gives more." in text
    assert all(name not in text for name in watched.names["owner"].values())
    assert told["questions"] == 40


def test_says_whose_leads_and_approvals_are(watched: Watched, tmp_path: Path) -> None:
    person = next(iter(watched.names["owner"]))
    for table, key in (("leads", "lead_id"), ("approvals", "approval_id")):
        rows = watched.books.table(table).select(key, stake_part=ibis.literal(1.0)).limit(20)
        _, kept = written(watched, found_of(watched, person, rows, "5000"), tmp_path)
        assert {row["kind"] for row in kept} == {key.removesuffix("_id")}
        assert any(row["owner_id"] for row in kept)


def test_keeps_nothing_where_nothing_was_asked(tmp_path: Path) -> None:
    write_evidence(Watching(None, (), (), 0), tmp_path)
    told = json.loads((tmp_path / CRACKS).read_text())
    assert told["cracks"] == []
    assert pq.read_table(tmp_path / f"{ROWS}.parquet").num_rows == 0
