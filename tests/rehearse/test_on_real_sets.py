"""Rehearsals on real exports: refused for the right reason, and of use all the same."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

from counterpoise.agreement import Agreement, load_agreements
from counterpoise.agreement.drafting import draft, gather_evidence
from counterpoise.books import Books, Workspace, import_books
from counterpoise.books.facts import latest_day
from counterpoise.rehearse import Rehearsal, Replaying, rehearse_on
from counterpoise.rehearse.results import EffectStatus

TODAY = dt.date(2026, 1, 1)
RECORD = (
    "From now on record the last price put to the customer on every deal, lost ones too, as the "
    "deal's net amount or as an offer."
)


def _halved(agreement: Agreement) -> Agreement:
    limits = tuple(
        row.model_copy(update={"up_to": {who: most / 2 for who, most in row.up_to.items()}})
        for row in agreement.discounts.limits
    )
    discounts = agreement.discounts.model_copy(update={"limits": limits})
    return agreement.model_copy(update={"discounts": discounts})


def _rehearsed(root: Path, source: Path, folder: Path) -> Rehearsal:
    """Halve the limits of the agreement that is drafted from the books, and rehearse that."""
    workspace = Workspace.create(folder)
    adapter = root / "examples" / "adapters" / source.name
    import_books(workspace, source, adapter=adapter, accept=True)
    with Books.open(workspace) as books:
        day = latest_day(books, TODAY)
        text = draft(gather_evidence(books, day))
        workspace.agreement_file.write_text(text, encoding="utf-8")
        agreements = load_agreements(workspace.root)
        assert agreements.latest is not None
        replaying = Replaying.of(books, agreements, day)
        return rehearse_on(replaying, _halved(agreements.latest.agreement))


def test_lost_offers_of_maven_are_not_recorded(root: Path, shared: Path, tmp_path: Path) -> None:
    found = _rehearsed(root, shared / "data" / "maven_crm_sales", tmp_path / "company")
    effect = found.effect
    assert effect.status is EffectStatus.REFUSED
    # 4,238 won and 2,473 lost opportunities; a lost one is written with the value 0.
    assert effect.why.startswith(
        "Lost offers are not recorded: 0 of 2,473 lost deals say what price was offered, against "
        "4,238 of 4,238 won ones."
    )
    assert effect.record_from_now_on == (RECORD,)
    assert found.replay.changed.deals > 0
    assert found.break_even.cut > Decimal(0)
    assert found.break_even.deals > 0


def test_discounts_of_b2b_martech_stand_on_live_negotiations(
    root: Path, shared: Path, tmp_path: Path
) -> None:
    found = _rehearsed(root, shared / "data" / "b2b_martech_discounts", tmp_path / "company")
    effect = found.effect
    assert effect.status is EffectStatus.REFUSED
    # Where no discount was entered, list and net are the same: won in 9 of 100, else in 77.
    assert effect.why.startswith(
        'A rate of exactly 0 seems to stand for "not recorded": 9.7% of 877 deals at list are won,'
    )
    assert effect.record_from_now_on == (RECORD, "Leave the rate empty where nobody knows it.")
    assert found.replay.changed.deals > 0
    assert found.break_even.cut > Decimal(0)
