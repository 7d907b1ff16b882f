"""Using a tool: once a day, on deals that open, and whether it helped."""

import datetime as dt

import pytest

from counterpoise.ledger.helping import Helping
from counterpoise.web.audit.models import Entry
from counterpoise.web.tools import using
from counterpoise.web.tools.editing import ToolError
from counterpoise.web.tools.helped import helped_deals
from counterpoise.web.tools.models import Tool, Use
from counterpoise.web.tools.rights import NoDealError, NotYoursError
from tests.web.desk.asking import Cast
from tests.web.desk.company import NOW

DAY = dt.timedelta(days=1)


def test_a_use_counts_once_a_day(people: Cast, card: Tool) -> None:
    first = using.use(people.rhea, card.tool_id, "D1", now=NOW)
    again = using.use(people.rhea, card.tool_id, "D1", helped=True, now=NOW)
    later = using.use(people.rhea, card.tool_id, "D1", now=NOW + DAY)
    assert first.pk == again.pk != later.pk
    assert (again.person_id, again.helped_at, later.helped_at) == ("R1", NOW, None)
    assert sorted(
        Entry.objects.filter(act__in=["tool.used", "tool.helped"]).values_list("act", flat=True)
    ) == [
        "tool.helped",
        "tool.used",
        "tool.used",
    ]


def test_an_imported_tool_is_used_without_a_deal(people: Cast) -> None:
    assert using.use(people.rhea, "T1", now=NOW).deal_id == ""


def test_refuses_what_is_not_there_or_does_not_open(people: Cast, card: Tool) -> None:
    with pytest.raises(ToolError):
        using.use(people.rhea, "T9", "D1", now=NOW)
    for deal in ("D2", "D9", "D\x00"):
        with pytest.raises(NoDealError):
            using.use(people.rhea, card.tool_id, deal, now=NOW)
    with pytest.raises(NotYoursError):
        using.use(people.kira, card.tool_id, now=NOW)
    assert not Use.objects.exists()


def test_a_slip_is_taken_back_on_its_day_by_whose_it_is(people: Cast, card: Tool) -> None:
    made = using.use(people.rhea, card.tool_id, "D1", now=NOW)
    assert not using.take_back(people.rolf, made.pk, NOW)
    assert not using.take_back(people.rhea, made.pk, NOW + DAY)
    assert using.take_back(people.rhea, made.pk, NOW)
    assert not Use.objects.exists()


def test_that_it_helped_is_said_once_and_later_too(people: Cast, card: Tool) -> None:
    made = using.use(people.rhea, card.tool_id, "D1", now=NOW)
    assert not using.helped(people.rolf, made.pk, NOW)
    assert using.helped(people.rhea, made.pk, NOW + DAY)
    assert not using.helped(people.rhea, made.pk, NOW + DAY)


def test_whoever_used_a_tool_and_whose_it_is_helped_the_deal(people: Cast, card: Tool) -> None:
    using.use(people.rhea, card.tool_id, "D1", now=NOW)
    using.use(people.rhea, card.tool_id, now=NOW + DAY)
    owner = card.owner or card.made_by
    assert helped_deals(people.rhea, 9) == {Helping.TOOL_USED: {"D1"}, Helping.TOOL_MADE: set()}
    assert helped_deals(owner, 9) == {Helping.TOOL_USED: set(), Helping.TOOL_MADE: {"D1"}}
    assert not any(helped_deals(people.rolf, 9).values())
