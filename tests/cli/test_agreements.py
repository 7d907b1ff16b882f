"""`counterpoise agreement`: check, explain, compare and draft."""

from pathlib import Path

import pytest

from tests.cli.running import AGREEMENT, done, listing, run


@pytest.fixture
def written(tmp_path: Path) -> Path:
    file = tmp_path / "agreement.yaml"
    file.write_text(AGREEMENT, encoding="utf-8")
    return file


def test_check_says_what_is_forgotten(written: Path) -> None:
    said = done("agreement", "check", written)
    assert said.startswith(f"{written}: can be used, with ")
    assert "binds one side only" in said


def test_check_refuses_a_broken_clause_by_file_line_and_nearest_word(written: Path) -> None:
    written.write_text(AGREEMENT.replace("up_to:", "upto:"), encoding="utf-8")
    ran = run("agreement", "check", written)
    assert (ran.code, ran.out) == (3, "")
    assert "agreement.yaml:11: discounts.limits.standard.upto" in ran.err
    assert "up_to" in ran.err


def test_check_holds_an_agreement_against_its_workspace(company: Path, written: Path) -> None:
    written.write_text(AGREEMENT.replace("USD", "EUR"), encoding="utf-8")
    ran = run("agreement", "check", written, "-w", company)
    assert (ran.code, ran.out) == (3, "")
    assert "EUR" in ran.err
    assert "USD" in ran.err


def test_explain_says_every_limit(written: Path) -> None:
    said = done("agreement", "explain", written)
    assert "# First half" in said
    assert "15%" in said
    assert "`discounts.limits.standard`" in said


def test_compare_of_the_same_says_so(written: Path) -> None:
    assert done("agreement", "compare", written, written).startswith("The two mean the same.")


def test_compare_tells_which_past_deals_would_have_met_another_verdict(
    golden_company: Path, tmp_path: Path
) -> None:
    # Closed are all 21 but the open one. A rep's 10 % (standard) now covers D3 (10 %, net 9,000),
    # D6 (9 %, 54,600), D8 (6.67 %, 28,000) and D16 (10 %, 9,000): 100,600 net, of concessions
    # 1,000 + 5,400 + 4,000 + 1,000. It also covers D10 (10 %, whoever the owner is, 9,000) and D11
    # (9.5 %, whatever the term is, 9,050). D4 (12 %) still needs a manager.
    old = golden_company / "agreement.yaml"
    new = tmp_path / "new.yaml"
    text = old.read_text(encoding="utf-8")
    assert text.count("rep: 5%") == 1
    new.write_text(text.replace("rep: 5%", "rep: 10%"), encoding="utf-8")
    said = done("agreement", "compare", old, new, "-w", golden_company)
    assert said.splitlines() == [
        "discounts.limits.standard.up_to.rep: changed, looser for rep",
        "  was  rep up to 5%",
        "  is   rep up to 10%",
        "",
        "Of 20 past deals, 6 would have met another verdict; together they are worth",
        "118,650 USD net. Nothing is assumed about what customers or sellers would have",
        "done.",
        "",
        "was                        is       deals      net  conceded",
        "approval by sales_manager  granted      4  100,600    11,400",
        "unjudged                   granted      2   18,050     1,950",
    ]


def test_draft_can_be_read_and_checked(company: Path, tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    before = listing(company)
    ran = run("-w", company, "agreement", "draft", "--out", file)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"Wrote {file}. Nobody has agreed to it yet: read it with both sides.\n"
    assert listing(company) == before
    assert done("-w", company, "agreement", "draft") == file.read_text(encoding="utf-8")
    assert done("-w", company, "agreement", "check", file).startswith(f"{file}: can be used")


def test_draft_overwrites_nothing(company: Path, written: Path) -> None:
    ran = run("-w", company, "agreement", "draft", "--out", written)
    assert ran.code == 3
    assert "is there already" in ran.err
    assert written.read_text(encoding="utf-8") == AGREEMENT
