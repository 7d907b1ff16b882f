from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.agreement import (
    AgreementError,
    Problem,
    parse_agreement,
    read_agreement,
)
from counterpoise.agreement.reading import parse_with_lines
from counterpoise.agreement.source import LARGEST_FILE

HEAD = """agreement: counterpoise/v1
title: Test
in_force: {from: 2026-01-01}
roles:
  rep: {side: sales}
  lead: {side: both}
"""


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(AgreementError) as caught:
        parse_agreement(text, "a.yaml")
    return caught.value.problems


def problem(text: str) -> Problem:
    (only,) = problems(text)
    return only


def test_reads_the_worked_example(shared: Path) -> None:
    agreement = read_agreement(shared / "golden" / "agreement.yaml")
    assert agreement.title == "Golden"
    assert agreement.ladder == ("rep", "sales_manager", "product_marketing", "revenue_lead")
    assert str(agreement.discounts.limits[0].up_to["rep"]) == "0.1"


def test_a_text_that_was_read_before_is_named_by_its_own_file(tmp_path: Path) -> None:
    assert parse_agreement(HEAD, "a.yaml") is parse_agreement(HEAD, "b.yaml")
    for name in ("a.yaml", "b.yaml"):
        file = tmp_path / name
        file.write_text(f"{HEAD}goalz: {{}}\n", encoding="utf-8")
        with pytest.raises(AgreementError, match=name) as caught:
            read_agreement(file)
        assert {each.file for each in caught.value.problems} == {str(file)}


def test_lists_every_problem_at_once_with_line_clause_and_nearest_word() -> None:
    text = HEAD + (
        "goals:\n"
        "  - {id: g, metric: price_realisation, at_least: 92%, shared: true}\n"
        "discounts:\n"
        "  limits:\n"
        "    - {id: all, when: {segmnt: SMB}, up_to: {repp: 5%, lead: 120%}}\n"
        "  levrs: []\n"
    )
    found = {(each.line, each.clause): each.says for each in problems(text)}
    assert set(found) == {
        (8, "goals.g.metric"),
        (11, "discounts.limits.all.when.segmnt"),
        (11, "discounts.limits.all.up_to.repp"),
        (11, "discounts.limits.all.up_to.lead"),
        (12, "discounts.levrs"),
    }
    assert "'price_realization'" in found[8, "goals.g.metric"]
    assert "'segment'" in found[11, "discounts.limits.all.when.segmnt"]
    assert "'rep'" in found[11, "discounts.limits.all.up_to.repp"]
    assert "'levers'" in found[12, "discounts.levrs"]


def test_the_error_says_file_line_and_clause_of_each_problem() -> None:
    with pytest.raises(AgreementError) as caught:
        parse_agreement(HEAD + "disounts: {}\n", "deals/a.yaml")
    assert str(caught.value) == (
        "deals/a.yaml cannot be used, it has one problem:\n"
        "  deals/a.yaml:7: disounts: unknown key 'disounts'; the nearest is 'discounts'"
    )


@pytest.mark.parametrize(
    ("body", "clause", "says"),
    [
        ("goals:\n", "goals", "nothing is written here"),
        ("goals: {}\n", "goals", "a list belongs here, each entry after a dash or all in [ ]"),
        ("discounts: [1]\n", "discounts", "keys with values belong here"),
        ("personas: [x]\n", "personas[1]", "keys with values belong here"),
        ("review: {every: fortnight}\n", "review.every", "unknown word 'fortnight'; known: 'day'"),
        ("company: {fiscal_year_starts: 13}\n", "company.fiscal_year_starts", "13 is above 12"),
        ("company: {fiscal_year_starts: x}\n", "company.fiscal_year_starts", "not a whole number"),
        ("pulse: {smallest_group: 1}\n", "pulse.smallest_group", "1 is below 3"),
        ("watch: {false_alarms: 10}\n", "watch.false_alarms", "write ten percent as 10% or 0.10"),
        ("watch: {material: .nan}\n", "watch.material", "'.nan' is not a number"),
        ("watch: {material: .inf}\n", "watch.material", "'.inf' is not a number"),
        (
            "discounts: {limits: [{id: a}]}\n",
            "discounts.limits.a",
            "'up_to' is missing; write it like up_to: {rep: 10%}",
        ),
        (
            "discounts: {limits: [{id: a, up_to: {}}]}\n",
            "discounts.limits.a.up_to",
            "nobody is named",
        ),
        (
            "discounts: {limits: [{id: a b, up_to: {rep: 1%}}]}\n",
            "discounts.limits.a b.id",
            "cannot be cited",
        ),
        (
            "discounts: {limits: [{id: a, up_to: {rep + lead: 1%, lead + rep: 2%}}]}\n",
            "discounts.limits.a.up_to",
            "the same group",
        ),
        (
            "discounts: {limits: [{id: a, when: Retail, up_to: {rep: 1%}}]}\n",
            "discounts.limits.a.when",
            "not a condition",
        ),
        (
            "goals: [{id: g, metric: win_rate, at_least: 3%, at_most: 4%}]\n",
            "goals.g",
            "one of the two",
        ),
        ("approvals: {respond_within: soon}\n", "approvals.respond_within", "length of time"),
        ("title2: x\n", "title2", "the nearest is 'title'"),
    ],
)
def test_says_in_plain_words_what_is_wrong(body: str, clause: str, says: str) -> None:
    found = problem(HEAD + body)
    assert (found.clause, found.line) == (clause, 7)
    assert says in found.says


@pytest.mark.parametrize("flag", ["yes", "no", "on", "off", "True", "1"])
def test_takes_yes_no_and_off_for_text(flag: str) -> None:
    text = HEAD.replace("rep: {side: sales}", f"rep: {{side: sales, default: {flag}}}")
    assert problem(text).says == f"'{flag}' is neither true nor false"


def test_keeps_words_and_hours_that_older_yaml_would_change() -> None:
    text = HEAD + (
        "company: {working_time: {hours: 09:00-17:00}}\n"
        "personas: [{id: norway, when: {country: no, industry: [off, yes]}}]\n"
    ).replace("country", "segment")
    persona = parse_agreement(text).personas[0]
    assert str(persona.when) == "segment: no; industry: off, yes"


def test_shows_the_first_fifty_of_very_many_problems() -> None:
    rows = "".join(f"    - {{id: r{n}, up_to: {{nobody: 5%}}}}\n" for n in range(60))
    with pytest.raises(AgreementError) as caught:
        parse_agreement(HEAD + "discounts:\n  limits:\n" + rows)
    assert len(caught.value.problems) == 60
    assert str(caught.value).endswith("\n  and 10 more")


def test_reads_decimals_exactly() -> None:
    text = HEAD + "discounts: {limits: [{id: a, up_to: {rep: 0.1}}], lever_cap: 0.3}\n"
    discounts = parse_agreement(text).discounts
    assert str(discounts.limits[0].up_to["rep"]) == "0.1"
    assert str(discounts.lever_cap) == "0.3"


def test_says_that_a_duplicate_key_is_written_twice_with_both_lines() -> None:
    found = problem(HEAD + "discounts:\n  lever_cap: 5%\n  lever_cap: 6%\n")
    assert found.line == 9
    assert found.clause == "discounts.lever_cap"
    assert found.says == "'lever_cap' is written twice, in line 8 and in line 9; keep one"


def test_says_which_entries_have_one_id() -> None:
    rows = "".join(f"    - {{id: a, up_to: {{rep: {n}%}}}}\n" for n in (1, 2))
    found = problem(HEAD + "discounts:\n  limits:\n" + rows)
    assert (found.line, found.clause) == (10, "discounts.limits[2]")
    assert "entry 1 is called 'a' too" in found.says


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "the file is empty"),
        ("# nothing\n", 1, "the file is empty"),
        ("- a\n- b\n", 1, "a list stands here"),
        ("agreement\n", 1, "a single text stands here"),
        ("a: b\n---\nc: d\n", 2, "a second document starts here"),
        ("a: !!python/object:os.system x\n", 1, "is not allowed; take it out"),
        ("a: !secret x\n", 1, "the tag !secret is not allowed"),
        ("a: 1\n\tb: 2\n", 2, "indent with spaces, not with tabs"),
        ("a: >= 5\n", 1, 'write tests in quotes, like ">= 50000"'),
        ("a: [50..1000)\nb: 1\n", 2, "write ranges in quotes"),
        ("a: -\n", 1, "a dash that stands for anything needs quotes"),
        ("a: 'x\nb: 1\n", 3, "a quote is opened and never closed (it starts in line 1)"),
        ("a: @x\n", 1, "write the text in quotes"),
        ("a: b: c\n", 1, "a text with ': ' needs quotes"),
        ("a: 1\nb: \x01\n", 2, "the character U+0001 does not belong in a text file"),
        ("? [a]\n: b\n", 1, "a key must be a plain word"),
        ("a: &x {b: 1}\nc: {<<: *x}\n", 2, "merge keys (<<) are not read"),
        ("a: *x\n", 1, "*x refers to nothing"),
    ],
)
def test_refuses_what_an_agreement_may_not_be(text: str, line: int, says: str) -> None:
    found = problem(text)
    assert says in found.says
    assert found.line == line


def test_refuses_a_document_that_refers_to_itself() -> None:
    found = problem("a: 1\nb: &loop\n  c: [*loop]\n")
    assert found.line == 3
    assert found.says == "*loop refers to the part it stands in (line 2)"


def test_refuses_a_document_that_grows_when_it_is_read() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "more than 50,000 entries" in problem("\n".join(lines)).says


def test_lets_one_part_refer_to_another() -> None:
    text = HEAD + (
        "protected: [{id: p, when: &orion {product_family: Orion}, up_to: {lead: 1%}}]\n"
        "values: [{id: v, says: quiet, when: *orion}]\n"
    )
    agreement = parse_agreement(text)
    assert agreement.values[0].when == agreement.protected[0].when


def test_refuses_sections_that_nest_without_end() -> None:
    assert "deep inside each other" in problem("a: " + "[" * 5000).says


@pytest.mark.timeout(5)
def test_refuses_a_large_file_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "agreement.yaml"
    path.write_text("title: " + "x" * 50_000_000)
    with pytest.raises(AgreementError, match="the file has 50,000,007 bytes") as caught:
        read_agreement(path)
    assert "at most 2,000,000" in str(caught.value)


@pytest.mark.timeout(30)
def test_refuses_a_long_text_given_as_such() -> None:
    assert "Is it the right file?" in problem("title: " + "x" * LARGEST_FILE).says


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"title: Z\xfcrich\n", 1, "not UTF-8"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        ("title: x\n".encode("utf-16"), 1, "the file is UTF-16"),
        (b"PK\x03\x04\x00\xff\x00", 1, "the file is binary"),
    ],
)
def test_refuses_what_is_not_utf_8(tmp_path: Path, content: bytes, line: int, says: str) -> None:
    path = tmp_path / "agreement.yaml"
    path.write_bytes(content)
    with pytest.raises(AgreementError) as caught:
        read_agreement(path)
    (found,) = caught.value.problems
    assert found.line == line
    assert says in found.says


def test_reads_a_file_with_byte_order_mark_and_carriage_returns(tmp_path: Path) -> None:
    path = tmp_path / "agreement.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
    assert read_agreement(path).title == "Test"


def test_says_when_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match="there is no such file"):
        read_agreement(tmp_path / "none.yaml")
    with pytest.raises(AgreementError, match="this is a folder"):
        read_agreement(tmp_path)


def test_finds_what_refers_to_nothing_beside_what_cannot_be_read() -> None:
    text = HEAD + (
        "personas: [{id: maker, when: {industry: Steel}, values: [uptime]}]\n"
        "values: [{id: uptime}]\n"
        "discounts:\n"
        "  floor: {margin: high, decides: leed}\n"
    )
    found = {each.clause for each in problems(text)}
    # The value is declared, although it cannot be read: naming it is no second problem.
    assert found == {"values.uptime", "discounts.floor.margin"}


def test_an_unreadable_role_is_still_on_the_ladder() -> None:
    text = HEAD.replace("rep: {side: sales}", "rep: {side: sale}") + (
        "discounts: {limits: [{id: a, up_to: {rep: 5%}}]}\n"
    )
    assert [each.clause for each in problems(text)] == ["roles.rep.side"]


def test_knows_where_clauses_stand() -> None:
    reading = parse_with_lines(HEAD + "discounts:\n  limits:\n    - {id: a, up_to: {rep: 5%}}\n")
    assert reading.line_of("discounts.limits.a.up_to.rep") == 9
    assert reading.line_of("discounts.limits.a.when") == 9
    assert reading.line_of("discounts.lever_cap") == 7
    assert reading.line_of("handoff.reasons") is None


def reads_or_refuses(text: str) -> bool:
    """Tell that a text is read, or refused with problems that say something."""
    try:
        parse_agreement(text)
    except AgreementError as error:
        return bool(error.problems) and all(each.says for each in error.problems)
    return True


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_problems(text: str) -> None:
    assert reads_or_refuses(text)


_LINES = st.sampled_from(
    [
        "discounts:",
        "  limits:",
        "    - {id: a, up_to: {rep: 5%}}",
        "    - {id: b, when: {segment: [A, B]}, up_to: {lead: x}}",
        "  lever_cap: 5%",
        "goals: []",
        "goals: &g [*g]",
        "personas:",
        "  - {id: p, when: {employees: '> 5'}}",
        "roles: {}",
        "promises: {sales: [{id: x}]}",
        "company: null",
        "exceptions: 5",
        "customizations: {limits: [[]]}",
    ]
)


@given(st.lists(_LINES, max_size=6))
def test_any_mixture_of_lines_is_read_or_refused_with_problems(lines: list[str]) -> None:
    assert reads_or_refuses(HEAD + "\n".join(lines))


@settings(deadline=None)
@given(st.data())
def test_any_slip_in_a_good_agreement_is_read_or_refused_with_problems(
    root: Path, data: st.DataObject
) -> None:
    text = (root / "examples" / "agreements" / "industrial.yaml").read_text()
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 30))
    slip = data.draw(
        st.sampled_from(["", "x", ":", "- ", "{", "]", "\n", "5", "null", "#", "&a ", '"'])
    )
    assert reads_or_refuses(text[:start] + slip + text[start + length :])
