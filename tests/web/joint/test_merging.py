"""Two who write at once: neither loses a paragraph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.web.joint.merging import merge

TEXTS = st.lists(st.sampled_from("abcd"), max_size=6).map("\n".join)
NEW = st.lists(st.sampled_from(["x1", "x2", "x3"]), max_size=3)


@pytest.mark.parametrize(
    ("base", "earlier", "later", "merged"),
    [
        ("", "ours", "theirs", "ours\ntheirs"),
        ("", "same", "same", "same"),
        ("a\nb\nc", "a\nB\nc", "a\nb\nC", "a\nB\nC"),
        ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
        ("a\nb", "a, changed\nb", "b", "a, changed\nb"),
        ("a", "a\nours", "a\ntheirs", "a\nours\ntheirs"),
        ("a\nb", "", "", ""),
    ],
)
def test_keeps_what_both_wrote(base: str, earlier: str, later: str, merged: str) -> None:
    assert merge(base, earlier, later) == merged


@given(TEXTS, TEXTS)
def test_who_changed_nothing_changes_nothing(base: str, other: str) -> None:
    assert merge(base, other, base) == "\n".join(other.splitlines())
    assert merge(base, base, other) == "\n".join(other.splitlines())
    assert merge(base, other, other) == "\n".join(other.splitlines())


@given(TEXTS, TEXTS, TEXTS, NEW, NEW)
def test_no_new_paragraph_is_lost(
    base: str, earlier: str, later: str, ours: list[str], theirs: list[str]
) -> None:
    first = "\n".join([*ours, earlier])
    second = "\n".join([later, *(f"t{line}" for line in theirs)])
    merged = merge(base, first, second).splitlines()
    for line in {*first.splitlines(), *second.splitlines()} - set(base.splitlines()):
        assert line in merged


@pytest.mark.timeout(20)
def test_notes_of_thousands_of_lines_are_merged_at_once() -> None:
    base, ours = "\n".join("ab" * 3_000), "\n".join("ba" * 3_000)
    merged = merge(base, f"{base}\nours", f"theirs\n{base}").splitlines()
    assert (merged[0], merged[-1], len(merged)) == ("theirs", "ours", 6_002)
    assert len(merge(base, ours, base.replace("a", "c")).splitlines()) >= 6_000
