"""The library: imported tools and the room's as one, made and changed by marketing."""

import datetime as dt

import pytest

from counterpoise.web.audit.models import Entry
from counterpoise.web.tools import editing
from counterpoise.web.tools.library import card_of, cards, offered_cards
from counterpoise.web.tools.models import Tool
from counterpoise.web.tools.rights import NotYoursError
from tests.web.desk.asking import Cast, token
from tests.web.desk.company import NOW
from tests.web.tools.making import FIELDS, made

TODAY = NOW.date()


def test_imported_tools_stand_beside_those_of_the_room(people: Cast, card: Tool) -> None:
    assert [(each.title, each.is_imported) for each in cards()] == [
        ("Downtime calculator", True),
        ("Pump case", False),
        ("Valve guide", True),
    ]


def test_what_the_room_adds_to_an_imported_tool_stands_with_it(people: Cast) -> None:
    fields = {"title": "Valve guide", "product_family": "Valves", "sentence": "It seals."}
    editing.change(people.kira, "T2", 0, editing.Written(fields), NOW)
    found = card_of("T2")
    assert found is not None
    assert (found.title, found.sentence, found.is_imported) == ("Valve guide", "It seals.", True)
    assert len(cards()) == 2


def test_a_form_makes_one_tool(people: Cast) -> None:
    same, written = token(), editing.Written(FIELDS)
    one = editing.make(people.kira, written, same, NOW)
    two = editing.make(people.kira, written, same, NOW)
    assert one == two
    assert Entry.objects.filter(act="tool.made").count() == 1
    other = editing.make(people.kira, editing.Written({**FIELDS, "title": "Another"}), same, NOW)
    assert (other.title, other == one) == ("Another", False)


def test_refuses_makers_of_sales_and_changes_nothing(people: Cast) -> None:
    with pytest.raises(NotYoursError):
        made(people.rhea)
    with pytest.raises(NotYoursError):
        editing.change(people.mona, "T1", 0, editing.Written(FIELDS), NOW)
    with pytest.raises(NotYoursError):
        editing.retire(people.rhea, "T1", back=False)
    assert not Tool.objects.exists()


def test_nobody_overwrites_what_they_have_not_read(people: Cast, card: Tool) -> None:
    editing.change(people.kira, card.tool_id, 1, editing.Written({"title": "Case one"}), NOW)
    with pytest.raises(editing.ChangedMeanwhileError, match="Case one"):
        editing.change(people.lena, card.tool_id, 1, editing.Written({"title": "Case two"}), NOW)
    card.refresh_from_db()
    assert (card.title, card.revision) == ("Case one", 2)


@pytest.mark.parametrize(
    ("until", "is_offered", "ends_soon"),
    [
        (None, True, False),
        (TODAY - dt.timedelta(days=1), False, False),
        (TODAY, True, True),
        (TODAY + dt.timedelta(days=14), True, True),
        (TODAY + dt.timedelta(days=15), True, False),
    ],
)
def test_a_tool_is_offered_until_its_last_day(
    people: Cast, until: dt.date | None, is_offered: bool, ends_soon: bool
) -> None:
    tool = made(people.kira, expires_on=until)
    found = card_of(tool.tool_id)
    assert found is not None
    assert found.ends_soon(TODAY) is ends_soon
    assert (found in offered_cards(TODAY)) is is_offered


def test_a_retired_tool_stays_and_is_not_offered(people: Cast) -> None:
    assert editing.retire(people.kira, "T1", back=False, now=NOW)
    assert [each.tool_id for each in offered_cards(TODAY)] == ["T2"]
    assert editing.retire(people.kira, "T1", back=True, now=NOW)
    assert not editing.retire(people.kira, "T1", back=True, now=NOW)
    assert {each.tool_id for each in offered_cards(TODAY)} == {"T1", "T2"}
