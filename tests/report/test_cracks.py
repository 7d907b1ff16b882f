"""Cracks as people read them: both sides, by money, with what may be chance said plainly."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from counterpoise.agreement import load_agreements
from counterpoise.books import Books, Workspace
from counterpoise.ledger import (
    Crack,
    NotWatched,
    Review,
    SideStake,
    Subject,
    WatchState,
    review,
    with_cracks,
)
from counterpoise.report.cracks import cracks_parts, silent_parts
from counterpoise.report.html import html
from counterpoise.report.pictures import mark_rows, picture_of
from counterpoise.report.sheets import sheet_of
from counterpoise.watch.evidence import Evidence, Rows
from counterpoise.watch.kind import OtherView, Unit
from counterpoise.watch.picture import Axis, Mark, Picture

CRACK = Crack(
    id="discount_drift-rep-1",
    kind="discount_drift",
    variant="rep",
    side="sales",
    subject=Subject("person", "P1", "Ana <Horvat>"),
    says="Ana <Horvat> gives 5 points more discount than colleagues on the same mix.",
    observed=0.10,
    expected=0.05,
    low=0.09,
    high=0.11,
    n=126,
    q_value=0.01,
    stake=26_916.87,
    stake_formula="points above what is expected × list value",
    since=dt.date(2025, 7, 1),
    next_step="Go through the three deepest deals.",
)
SMALL = replace(CRACK, id="leakage-rep-1", kind="leakage", says="Leaks.", stake=7_000.0)
CAMPAIGN = replace(
    CRACK,
    id="persona_miss-campaign-1",
    kind="persona_miss",
    side="marketing",
    subject=Subject("campaign", "C1", "Spring"),
    says="Spring reaches people outside the personas.",
    stake=12_000.0,
)
PEERS = Picture(
    Axis.PEERS,
    (
        Mark("", 0.05, 0.04, 0.06, 100),
        Mark("Ana <Horvat>", 0.10, 0.09, 0.11, 126, is_subject=True),
        Mark("", 0.06, 0.05, 0.07, 90),
    ),
    0.055,
    "average discount",
)
EVIDENCE = Evidence(
    crack=CRACK,
    unit=Unit.POINTS,
    picture=PEERS,
    other_view=OtherView("A competitor was named on 45% of their deals.", (("here", "45%"),)),
    rows=Rows(
        ("deal_id", "day", "list_amount", "rate", "clause", "stake_part"),
        (("D1", dt.date(2026, 1, 15), Decimal(416_760), 0.155, None, 4_829.4),),
        126,
    ),
)


def _state(*sides: SideStake, stake: float = 0.0) -> WatchState:
    return WatchState(412, Decimal("0.1"), Decimal(5000), stake, sides)


@pytest.fixture(scope="module")
def bare(company: Path) -> Review:
    workspace = Workspace.open(company)
    with Books.open(workspace) as books:
        return review(books, load_agreements(workspace.root), dt.date(2026, 5, 20))


@pytest.fixture(scope="module")
def both(bare: Review) -> Review:
    state = _state(
        SideStake("marketing", 1, 12_000.0), SideStake("sales", 2, 30_000.0), stake=42_000.0
    )
    silent = [NotWatched(kind, "the books hold no leads") for kind in ("lead_quality", "tool_gap")]
    return with_cracks(bare, [CRACK, CAMPAIGN, SMALL], silent, state)


def _said(review: Review) -> str:
    text = StringIO()
    console = Console(file=text, width=80, no_color=True)
    for part in (*cracks_parts(review), *silent_parts(review)):
        console.print(part)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def test_says_nothing_of_a_watch_that_was_not_kept(bare: Review) -> None:
    assert _said(bare) == ""


def test_shows_both_sides_by_money(both: Review) -> None:
    assert _said(both) == (
        """\
Cracks
3 cracks, worth 42,000 USD a quarter together. What several share counts once.
412 questions asked. Of what is named, at most 1 in 10 may be chance; what is
worth less than 5,000 USD a quarter is left out.
Sales, 30,000 a quarter
26,917  Ana <Horvat> gives 5 points more discount than colleagues on the same
        mix. Since 2025-07-01.
        → Go through the three deepest deals.
 7,000  Leaks. Since 2025-07-01.
        → Go through the three deepest deals.
Marketing, 12,000 a quarter
12,000  Spring reaches people outside the personas. Since 2025-07-01.
        → Go through the three deepest deals.
What is not watched
· Lead quality and tool gap: the books hold no leads"""
    )


def test_says_of_a_side_that_nothing_was_found(bare: Review) -> None:
    state = _state(SideStake("sales", 1, 26_916.87), stake=26_916.87)
    said = _said(with_cracks(bare, [CRACK], [], state))
    assert "One crack, worth 26,917 USD a quarter." in said
    assert "Marketing: nothing found." in said


def test_is_calm_where_nothing_was_found(bare: Review) -> None:
    said = _said(with_cracks(bare, [], [], _state()))
    assert said == (
        "Cracks\n"
        "412 questions asked, and nothing stands out beyond chance that is worth 5,000\n"
        "USD a quarter or more."
    )


def test_says_once_why_nothing_is_watched(bare: Review) -> None:
    silent = [NotWatched(kind, "nothing is agreed") for kind in ("leakage", "tool_gap")]
    assert _said(with_cracks(bare, [], silent)) == "Nothing is watched: nothing is agreed."


def test_leaves_the_rest_of_a_side_to_the_json(bare: Review) -> None:
    many = [replace(CRACK, id=str(at)) for at in range(6)]
    state = _state(SideStake("sales", 6, 1.0), stake=1.0)
    assert "2 more in --json" in _said(with_cracks(bare, many, [], state))


def test_a_page_shows_each_crack_with_its_evidence(both: Review) -> None:
    page = html(both, [EVIDENCE])
    assert page.count('<article class="crack"') == 3
    assert "Ana &lt;Horvat&gt; gives 5 points more" in page
    assert "Ana <Horvat>" not in page
    for said in (
        "10.0% observed; 5.0% expected; 95% interval of this one 9.0% to 11.0%; 126 cases",
        "A competitor was named on 45% of their deals.",
        "points above what is expected × list value",
        "The 1 that weigh most of 126 rows",
        "Go through the three deepest deals.",
    ):
        assert said in page


def test_a_page_without_cracks_is_calm(bare: Review) -> None:
    page = html(with_cracks(bare, [], [NotWatched("tool_gap", "no tools")], _state()))
    assert "412 questions asked, and nothing stands out" in page
    assert "Tool gap: no tools" in page
    assert "nothing found" not in page


def test_writes_rows_as_people_read_them() -> None:
    sheet = sheet_of(EVIDENCE)
    assert [(head.name, head.is_word) for head in sheet.heads] == [
        ("deal id", True),
        ("day", False),
        ("list amount", False),
        ("rate", False),
        ("clause", False),
        ("a quarter", False),
    ]
    assert list(sheet.rows[0]) == ["D1", "2026-01-15", "416,760", "15.5%", "–", "4,829"]


def test_the_table_names_nobody_but_the_subject_highest_first() -> None:
    rows = mark_rows(EVIDENCE)
    assert [(row.label, row.value, row.interval, row.is_subject) for row in rows] == [
        ("Ana <Horvat>", "10.0%", "9.0% to 11.0%", True),
        ("a peer", "6.0%", "5.0% to 7.0%", False),
        ("a peer", "5.0%", "4.0% to 6.0%", False),
    ]


def _drawn(picture: Picture) -> tuple[str, str]:
    chart = picture_of(replace(EVIDENCE, picture=picture))
    assert chart is not None
    return chart.says, base64.b64decode(chart.source.partition(",")[2]).decode()


def test_draws_the_subject_apart_by_shape_and_word() -> None:
    says, svg = _drawn(PEERS)
    assert says == "Ana <Horvat> among 2 peers, average discount: 10.0%; 5.5% is expected"
    assert "Ana &lt;Horvat&gt;" in svg
    assert svg.count('aria-roledescription="point"') == 3
    assert "stroke-dasharray" in svg


def test_draws_few_peers_by_name() -> None:
    marks = (Mark("Spring", 0.3, 0.2, 0.4, 50, is_subject=True), Mark("Fair", 0.1, 0.0, 0.2, 60))
    _, svg = _drawn(Picture(Axis.PEERS, marks, 0.1, "share outside"))
    assert "Spring" in svg
    assert "Fair" in svg


def test_draws_time_and_bins() -> None:
    days = tuple(
        Mark(f"2026-0{month}-01", 0.05 * month, 0.04, 0.4, 30, is_subject=month > 2)
        for month in range(1, 5)
    )
    says, svg = _drawn(Picture(Axis.TIME, days, 0.05, "average discount"))
    assert says == (
        "Ana <Horvat> over time, average discount; what is judged is filled; 5.0% is expected"
    )
    assert "2026-01-01" in svg
    bins = tuple(
        Mark(f"{at / 200}", 10.0 + at, n=10 + at, is_subject=at == 29) for at in range(20, 31)
    )
    says, svg = _drawn(Picture(Axis.BINS, bins, None, "deals by rate"))
    assert says == "Ana <Horvat>, deals by rate; where they pile up is filled"
    assert "▼" in svg
    assert "10.0%" in svg


def test_draws_nothing_for_a_single_mark() -> None:
    assert picture_of(replace(EVIDENCE, picture=Picture(Axis.PEERS, PEERS.marks[:1]))) is None
