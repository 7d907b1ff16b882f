"""A promotion calendar under another agreement: counts by hand, and an effect of known truth."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import ibis
import numpy as np
import pytest
from rich.console import Console

from benchmarks.calendars import hold
from benchmarks.trade_panels import Offers, make_panel, offers_of, write_books
from counterpoise.agreement import Agreements, parse_agreement
from counterpoise.books import Books, Workspace
from counterpoise.ledger.within import Refused
from counterpoise.rehearse import rehearse
from counterpoise.rehearse.calendar import CalendarRehearsal, GivenWay, rehearse_calendar
from counterpoise.rehearse.calendar_effect import CalendarEffect, alike
from counterpoise.rehearse.giving_way import Way
from counterpoise.rehearse.rehearsal_json import rehearsal_json
from counterpoise.report import print_rehearsal
from tests.ledger.test_lift import END
from tests.postgres import Server

AGREEMENT = """
agreement: counterpoise/v1
title: Test
in_force: {{from: 2024-01-01, until: 2026-12-31}}
company: {{kind: consumer_goods}}
roles:
  account_manager: {{side: sales, default: true}}
  brand_manager: {{side: marketing}}
promotions: {{limits: [{rows}], otherwise: refused}}
"""
OPEN = "{id: all, up_to: {account_manager: 50%}}"
NOT_P00 = "{id: none, when: {product_id: P00}, up_to: {account_manager: 0%}}"
BOTH = "account_manager + brand_manager"
ASK_P01 = (
    "{id: ask, when: {product_id: P01}, "
    f"up_to: {{account_manager: 0%, brand_manager: 0%, {BOTH}: 50%}}}}"
)


@dataclass(frozen=True)
class Alike:
    """As much of a lift as cuts are asked about."""

    effects: tuple[str, ...]
    refused: dict[str, str]


def agreed(*rows: str) -> Agreements:
    """Return an agreement with these limits on promotions."""
    return Agreements.single(parse_agreement(AGREEMENT.format(rows=", ".join(rows))))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Offers]:
    panel = make_panel(13, (12, 4, 104))
    truth = offers_of(panel)
    folder = tmp_path_factory.mktemp("calendar") / "space"
    write_books(panel, folder, truth, np.full(len(truth.ids), 50.0))
    return folder, truth


@pytest.fixture(scope="module")
def books(made: tuple[Path, Offers]) -> Iterator[Books]:
    with Books.open(Workspace.open(made[0])) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(books: Books) -> CalendarRehearsal:
    candidate = agreed(NOT_P00, ASK_P01, OPEN).versions[0].agreement
    return rehearse_calendar(books, agreed(OPEN), candidate, END)


def test_counts_the_verdicts_that_change_and_the_spend_that_they_free(
    found: CalendarRehearsal, made: tuple[Path, Offers]
) -> None:
    product = made[1].product
    refused, asked = int((product == 0).sum()), int((product == 1).sum())
    replay = found.replay
    assert replay.promotions == len(product)
    assert replay.changed == {
        ("granted", "granted"): len(product) - refused - asked,
        ("granted", "needs_approval"): asked,
        ("granted", "refused"): refused,
    }
    assert (replay.verdicts_changed, replay.newly_refused) == (refused + asked, refused)
    assert replay.approvals == {BOTH: asked}
    assert (replay.freed, replay.allowed) == (50.0 * refused, 0.0)


def test_the_effect_holds_what_the_refused_promotions_truly_brought(
    found: CalendarRehearsal, made: tuple[Path, Offers]
) -> None:
    effect, truth = found.effect, made[1]
    assert isinstance(effect, CalendarEffect)
    own = truth.product == 0
    assert effect.promotions == int(own.sum())
    assert effect.units.high < 0  # they sold more with them
    margin = -(truth.earned[own] - 50.0).sum()
    assert effect.margin.low < margin < effect.margin.high


def test_refuses_an_effect_where_nothing_is_newly_refused(books: Books) -> None:
    candidate = agreed(ASK_P01, OPEN).versions[0].agreement
    told = rehearse_calendar(books, agreed(OPEN), candidate, END)
    assert isinstance(told.effect, Refused)
    assert "0 of the promotions" in told.effect.why


def test_cuts_fewer_weeks_and_later_ones_have_their_true_effect() -> None:
    # ways and freed spend are held against another road, week by week, inside
    for each in hold(7, (12, 12, 104)):
        assert each.covers, each


def test_nobody_knows_what_a_shallower_cut_does_where_all_were_alike(books: Books) -> None:
    own = Alike(effects=("depth",), refused={})
    for depths, why in (([0.2, 0.2, 0.2], "about as deep"), ([0.1, 0.2, 0.3], "")):
        assert why in alike(books, own, ibis.memtable({"depth": depths}))
    assert "ever recorded" in alike(books, Alike((), {}), ibis.memtable({"depth": [0.2]}))


def test_says_what_becomes_of_a_promotion_and_why() -> None:
    day = dt.date(2026, 3, 2)
    told = GivenWay("M", "A", "P", day, day, "granted", None, Way.MOVED, 0.3, 0.2, None, 2, 0.0)
    deep, soon = "30% was too deep", "too soon after another"
    assert told.says == f"{deep}: it runs at 20%; {soon}: it starts 2 weeks later"
    stops = replace(told, way=Way.NOT_RUN, limit=0.0)
    assert stops.says == (
        f"{deep}: none is allowed; {soon}: 2 weeks later does not fit; it does not run"
    )
    short = replace(told, way=Way.SHORTENED, limit=None, weeks_kept=1, weeks_later=0)
    assert short.says == "too many weeks on deal: it runs for 1"


def test_a_rehearsal_tells_of_promotions_too(books: Books) -> None:
    candidate = agreed(NOT_P00, ASK_P01, OPEN).versions[0].agreement
    whole = rehearse(books, agreed(OPEN), candidate, END)
    told = json.loads(rehearsal_json(whole))["promotions"]
    assert whole.calendar is not None
    assert told["verdicts_changed"] == whole.calendar.replay.verdicts_changed > 0
    assert told["approvals"] == {BOTH: whole.calendar.replay.approvals[BOTH]}
    assert told["newly_refused"] == {"not_run": whole.calendar.replay.newly_refused}
    assert len(told["told"]) == 20
    assert told["told"][0]["clause"] == "promotions.limits.none"
    assert told["effect"]["status"] == "estimated"
    assert told["effect"]["units"]["low"] < told["effect"]["units"]["estimate"] < 0
    said = StringIO()
    print_rehearsal(whole, Console(file=said, width=100))
    assert "Had those newly refused given way" in said.getvalue()
    assert "none is allowed; it does not run" in said.getvalue()
    assert "account manager + brand manager would be asked" in said.getvalue()


@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_is_the_same_on_postgresql(
    made: tuple[Path, Offers], books: Books, postgres: Server
) -> None:
    shallow = "{id: shallow, when: {product_id: P00}, up_to: {account_manager: 15%}}"
    apart = "{id: apart, when: {product_id: P01}, up_to: {account_manager: 50%}, gap_weeks: 8}"
    candidate = agreed(shallow, apart, OPEN).versions[0].agreement
    here = rehearse_calendar(books, agreed(OPEN), candidate, END)
    assert isinstance(here.effect, CalendarEffect)
    assert set(here.replay.ways) == {Way.CUT, Way.MOVED, Way.NOT_RUN}
    engine = ibis.connect(postgres.url)
    with Books.open(Workspace.open(made[0])) as elsewhere:
        elsewhere.__dict__["engine"] = engine
        there = rehearse_calendar(elsewhere, agreed(OPEN), candidate, END)
        del elsewhere.__dict__["engine"]
    engine.disconnect()
    assert there.replay == here.replay
    assert isinstance(there.effect, CalendarEffect)
    for name in ("units", "margin"):
        one, other = getattr(there.effect, name), getattr(here.effect, name)
        assert (one.low, one.high) == pytest.approx((other.low, other.high))
