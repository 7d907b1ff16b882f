"""A form that is stored as it was shown changes nothing; one cell that is changed changes that."""

from collections.abc import Callable, Mapping

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.agreement import Agreement, fingerprint, parse_agreement, write_agreement
from counterpoise.agreement.editing import Sheet
from counterpoise.web.agreements.forms.sections import SECTIONS, Section, Shape
from counterpoise.web.agreements.forms.table import Table
from counterpoise.web.agreements.models import Draft
from tests.agreement.strategies import agreements
from tests.web.agreements.texts import TEXT

BASE = TEXT.format(start="2027-01-01")


def sent(table: Table) -> dict[str, str]:
    """Return what a browser sends of a table as it is shown."""
    data = {f"who-{at}": who for at, who in enumerate(table.whos)}
    for at, row in enumerate(table.rows):
        data[f"row-{at}"] = "" if row.was is None else str(row.was)
        data |= {cell.name: cell.text.replace("\n", "\r\n") for cell in table.cells(at)}
    return data


def stored(section: Section, text: str, change: Mapping[str, str] | None = None) -> str:
    sheet = Sheet.open(text)
    data = sent(Table.stored(section, sheet)) | dict(change or {})
    Table.sent(section, data).put(sheet)
    return sheet.write()


@pytest.mark.parametrize("section", SECTIONS.values(), ids=lambda section: section.name)
def test_leaves_a_text_as_it_was(section: Section) -> None:
    assert stored(section, BASE) == BASE


@settings(max_examples=40)
@given(agreements(), st.sampled_from(list(SECTIONS.values())))
def test_keeps_the_fingerprint_of_what_is_not_changed(
    agreement: Agreement, section: Section
) -> None:
    text = stored(section, write_agreement(agreement))
    assert fingerprint(parse_agreement(text)) == fingerprint(agreement)


@settings(max_examples=40)
@given(agreements(), st.sampled_from([s for s in SECTIONS.values() if s.shape is Shape.ROWS]))
def test_writes_rows_anew_with_the_same_meaning(agreement: Agreement, section: Section) -> None:
    """Rows that are taken out and put in again mean what they meant."""
    text = write_agreement(agreement)
    sheet = Sheet.open(text)
    data = sent(Table.stored(section, sheet))
    anew = {key: "" if key.count("-") == 1 and key[:3] == "row" else v for key, v in data.items()}
    Table.sent(section, anew).put(sheet)
    assert fingerprint(parse_agreement(sheet.write())) == fingerprint(agreement)


def test_changes_the_cell_alone() -> None:
    text = stored(SECTIONS["discounts.limits"], BASE, {"row-0-up_to-0": "11%"})
    kept = "up_to: {rep: 10%, sales_manager: 20%}"
    assert text == BASE.replace(kept, "up_to: {rep: 11%, sales_manager: 20%}")


def test_takes_a_grant_out_and_gives_one_to_a_pair() -> None:
    section = SECTIONS["discounts.limits"]
    sheet = Sheet.open(BASE)
    table = Table.stored(section, sheet).with_pair("rep +sales_manager")
    data = sent(table) | {"row-1-up_to-0": "", "row-1-up_to-4": "30%"}
    Table.sent(section, data).put(sheet)
    row = parse_agreement(sheet.write()).discounts.limits[1]
    assert {who: str(rate) for who, rate in row.up_to.items()} == {
        "sales_manager": "0.15",
        "revenue_lead": "0.25",
        "rep + sales_manager": "0.3",
    }


def test_moves_a_row_with_what_stands_in_it() -> None:
    section = SECTIONS["discounts.limits"]
    sheet = Sheet.open(BASE)
    Table.sent(section, sent(Table.stored(section, sheet).after("up-1"))).put(sheet)
    limits = parse_agreement(sheet.write()).discounts.limits
    assert [row.id for row in limits] == ["standard", "enterprise"]


def test_takes_every_row_out() -> None:
    section = SECTIONS["discounts.levers"]
    sheet = Sheet.open(BASE)
    Table.sent(section, sent(Table.stored(section, sheet).after("remove-0"))).put(sheet)
    assert sheet.section("discounts.levers") is None


def test_renames_a_role_in_its_place() -> None:
    section = SECTIONS["roles"]
    text = stored(section, BASE, {"row-0-id": "seller"})
    assert next(iter(Sheet.open(text).section("roles"))) == "seller"


def test_clears_a_value_and_the_section_that_it_leaves_empty() -> None:
    text = stored(SECTIONS["handoff"], BASE, {"row-0-approvals.respond_within": ""})
    assert Sheet.open(text).section("approvals") is None


@settings(max_examples=25)
@given(st.data())
def test_writes_what_is_typed_whatever_it_is(data: st.DataObject) -> None:
    section = data.draw(st.sampled_from(list(SECTIONS.values())))
    table = Table.stored(section, Sheet.open(BASE))
    typed = st.text(max_size=40)
    names = [cell.name for at in range(len(table.rows)) for cell in table.cells(at)]
    change = data.draw(st.dictionaries(st.sampled_from([*names, "row-0"]), typed, max_size=4))
    written = stored(section, BASE, change)
    assert Sheet.open(written).write() == written


@settings(max_examples=25)
@given(st.data())
def test_reads_any_form(data: st.DataObject) -> None:
    section = data.draw(st.sampled_from(list(SECTIONS.values())))
    keys = st.sampled_from(
        [
            "row-0",
            "row-1",
            "row-0-id",
            "row-1-when",
            "who-0",
            "who-1",
            "row-0-up_to-0",
            "row-0-title",
        ]
    )
    form = data.draw(st.dictionaries(keys, st.text(max_size=20)))
    act = data.draw(st.sampled_from(["add", "up-0", "down-1", "remove-0", "up-", "x", "remove-9"]))
    sheet = Sheet.open(BASE)
    table = Table.sent(section, form).after(act)
    table.put(sheet)
    assert isinstance(sheet.write(), str)


def test_answers_any_post_without_failing(signed_in: Callable[[str], Client], draft: Draft) -> None:
    client = signed_in("manager")

    @settings(max_examples=25)
    @given(
        st.sampled_from(list(SECTIONS)),
        st.dictionaries(
            st.sampled_from(
                ["act", "revision", "pair", "row-0", "row-0-id", "row-1", "who-0", "row-0-when"]
            ),
            st.text(max_size=12) | st.sampled_from(["store", "check", "add", "pair", "1", "0"]),
        ),
    )
    def posts(name: str, form: dict[str, str]) -> None:
        answer = client.post(f"/agreement/drafts/{draft.pk}/edit/{name}/", form)
        assert answer.status_code in {200, 302, 400, 409}

    posts()
