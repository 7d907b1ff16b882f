from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.agreement import (
    Agreement,
    AgreementError,
    fingerprint,
    parse_agreement,
    write_agreement,
)
from counterpoise.agreement.editing import ClauseError, Sheet
from tests.agreement.strategies import agreements

TEXT = """\
# What both agreed.
agreement: counterpoise/v1
title: Second half
in_force: {from: 2026-07-01}
roles:   # lowest first
  rep: {side: sales}
  lead: {side: both}
discounts:
  limits:
    # big ones first
    - {id: big, when: {segment: Enterprise, list_amount: ">= 5e4"}, up_to: {rep: 0.10, lead: 20%}}
    - id: standard   # the rest
      up_to: {rep: 5%}
      says:
  lever_cap: 05%
"""


def plain(text: str) -> Any:
    return parse_agreement(text.replace(">= 5e4", ">= 50000").replace("      says:\n", ""))


def test_leaves_a_text_as_it_was() -> None:
    assert Sheet.open(TEXT).write() == TEXT.replace("says:\n", "says: null\n")


def test_replaces_a_clause_and_touches_nothing_else() -> None:
    sheet = Sheet.open(TEXT)
    sheet.replace("discounts.limits.standard", "{id: standard, up_to: {rep: 7.50%}}")
    written = sheet.write()
    assert "- {id: standard, up_to: {rep: 7.50%}}" in written
    kept = TEXT.partition("    - id: standard")[0]
    assert written.startswith(kept)
    assert "lever_cap: 05%" in written


def test_replaces_a_single_value() -> None:
    sheet = Sheet.open(TEXT)
    sheet.replace("discounts.limits.big.up_to.rep", "12%")
    assert "up_to: {rep: 12%, lead: 20%}" in sheet.write()


def test_adds_an_entry_to_a_list_that_is_not_there_yet() -> None:
    sheet = Sheet.open(TEXT)
    sheet.add(
        "exceptions",
        'id: acme\nwhen: {account_id: "007"}\nfrom: 2026-07-01\nuntil: 2026-08-01\n'
        "up_to: {rep: 9%}",
    )
    exception = plain(sheet.write()).exceptions[0]
    assert (exception.id, str(exception.when)) == ("acme", "account_id: 007")


def test_takes_out_a_clause_and_the_section_that_it_leaves_empty() -> None:
    sheet = Sheet.open(TEXT)
    sheet.remove("discounts.limits.big")
    sheet.remove("discounts.limits.standard")
    assert sheet.section("discounts.limits") is None
    assert sheet.section("discounts") == {"lever_cap": "05%"}


@pytest.mark.parametrize(
    "address", ["discounts.limits.tiny", "goals", "roles.rep.side.x", "discounts.limits[9]"]
)
def test_names_a_clause_that_is_not_there(address: str) -> None:
    with pytest.raises(ClauseError, match=r"there is no such clause"):
        Sheet.open(TEXT).clause(address)


def test_finds_an_entry_by_its_place() -> None:
    assert Sheet.open(TEXT).clause("discounts.limits[2]")["id"] == "standard"


def test_refuses_what_an_agreement_may_not_use() -> None:
    with pytest.raises(AgreementError, match="written twice"):
        Sheet.open(TEXT + "title: Again\n")
    with pytest.raises(AgreementError, match="tag"):
        Sheet.open(TEXT).replace("title", "!!python/object:os.system x")


def test_changes_one_of_two_parts_that_an_anchor_made_the_same() -> None:
    text = TEXT.replace("up_to: {rep: 5%}", "up_to: &small {rep: 5%}").replace(
        "up_to: {rep: 0.10, lead: 20%}", "up_to: {rep: 0.10}"
    )
    text += "protected:\n  - {id: best, when: {segment: SMB}, up_to: *small}\n"
    sheet = Sheet.open(text)
    sheet.replace("protected.best.up_to.rep", "1%")
    assert sheet.clause("discounts.limits.standard.up_to") == {"rep": "5%"}


@pytest.mark.parametrize("word", ["null", "~", "", "no", "1e3", "- x", "a: b", "# c", "«ü»\tz"])
def test_keeps_any_word_a_word(word: str) -> None:
    sheet = Sheet.open(TEXT)
    sheet.put("title", word)
    assert Sheet.open(sheet.write()).section("title") == word


@given(agreements())
def test_round_trip_keeps_the_fingerprint(agreement: Agreement) -> None:
    text = write_agreement(agreement)
    assert fingerprint(parse_agreement(Sheet.open(text).write())) == fingerprint(agreement)


@given(agreements(), st.text(min_size=1, max_size=30))
def test_a_change_leaves_the_meaning_of_every_other_clause(agreement: Agreement, says: str) -> None:
    sheet = Sheet.open(write_agreement(agreement))
    wanted = says.strip()
    sheet.put("title", wanted)
    try:
        changed = parse_agreement(sheet.write())
    except AgreementError:
        return
    assert changed.title == wanted
    assert fingerprint(changed.model_copy(update={"title": agreement.title})) == fingerprint(
        agreement
    )
