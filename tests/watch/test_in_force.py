"""Which version binds on which days of the window, and whether it binds."""

from __future__ import annotations

import datetime as dt

from counterpoise.agreement import parse_agreement
from counterpoise.agreement.versions import Agreements, Status
from counterpoise.watch.in_force import bound_nobody, stretches
from tests.watch.fact_books import agreed, in_memory

TEXT = """
agreement: counterpoise/v1
title: Test
in_force: {from: FROM, until: UNTIL, measured_against: MARK}
roles: {rep: {side: sales, default: true}, marketer: {side: marketing}}
"""


def text(from_: str, until: str, *, marked: bool = False) -> str:
    mark = "true" if marked else "false"
    return TEXT.replace("FROM", from_).replace("UNTIL", until).replace("MARK", mark)


def day(text_: str) -> dt.date:
    return dt.date.fromisoformat(text_)


PAST = text("2025-01-01", "2025-06-30")
FORMER = text("2025-07-15", "2025-12-31")
PRESENT = text("2026-01-01", "2026-12-31")


def test_cuts_each_version_to_the_window_and_leaves_out_others() -> None:
    versions = Agreements.of(parse_agreement(each) for each in (PAST, FORMER, PRESENT))
    found = [(each.first, each.last) for each in stretches(in_memory(versions, []))]
    assert found == [
        (day("2025-07-15"), day("2025-12-31")),
        (day("2026-01-01"), day("2026-06-30")),
    ]


def test_measures_a_stretch_by_its_own_version() -> None:
    versions = Agreements.of(parse_agreement(each) for each in (FORMER, PRESENT))
    watched = in_memory(versions, [])
    former = next(stretches(watched)).period(watched)
    assert former.agreement is versions.versions[0].agreement
    assert (former.first, former.last) == (day("2025-07-15"), day("2025-12-31"))


def test_says_nothing_where_both_sides_signed() -> None:
    assert bound_nobody(in_memory(agreed(PRESENT), [])) == ""


def test_says_that_a_draft_is_not_signed() -> None:
    assert "nobody has signed it yet" in bound_nobody(in_memory(agreed(PRESENT, Status.AS_IF), []))


def test_says_that_the_past_is_only_measured() -> None:
    marked = text("2025-07-01", "2025-12-31", marked=True)
    versions = Agreements.of(parse_agreement(each) for each in (marked, PRESENT))
    assert "which bound nobody then" in bound_nobody(in_memory(versions, []))
