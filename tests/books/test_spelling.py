"""The nearest word, and the word that a stray key stands for."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.books.spelling import Spellings, distance, nearest, unknown


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("segmnt", "segment"),
        ("Segment", "segment"),
        ("net amount", "net_amount"),
        ("ouctome", "outcome"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_finds_the_nearest(word: str, found: str | None) -> None:
    assert nearest(word, ["industry", "segment", "net_amount", "outcome"]) == found


def test_takes_the_first_of_words_equally_near() -> None:
    assert nearest("cat", ["bat", "hat"]) == "bat"


def test_is_fast_among_thousands() -> None:
    words = [
        f"{stem}_{number}" for stem in ("region", "segment", "quarter") for number in range(2000)
    ]
    began = time.perf_counter()
    assert nearest("segmnet_1234", words) == "segment_1234"
    assert time.perf_counter() - began < 1


def test_lists_the_known_words_when_they_are_few_and_none_is_near() -> None:
    assert unknown("side", "x", ["sales"]) == "unknown side 'x'; known: 'sales'"
    assert unknown("field", "x", [str(n) * 9 for n in range(9)]) == "unknown field 'x'"


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("GTXPro", "GTX Pro"),
        ("gtx pro", "GTX Pro"),
        ("MG Specail", "MG Special"),
        ("MG Specal", "MG Special"),
        ("123", "00123"),
        ("GTX Plus", None),
        ("X9", None),
        ("R3", None),
        ("A18", None),
    ],
)
def test_finds_what_a_stray_key_stands_for(value: str, meant: str | None) -> None:
    known = Spellings(["GTX Pro", "GTX Plus Basic", "MG Special", "R1", "R2", "A17", "00123"])
    assert known.meant(value) == meant


def test_suggests_nothing_when_two_known_words_are_as_near() -> None:
    assert Spellings(["north-west", "North West"]).meant("northwest") is None
    assert Spellings(["Martin Berg", "Marten Berg"]).meant("Martan Berg") is None


def test_does_not_touch_the_case_of_a_record_id() -> None:
    assert Spellings(["0015e00000BCDxA"]).meant("0015e00000BCDxa") is None


WORDS = st.text(alphabet="abcd", max_size=8)


@given(one=WORDS, other=WORDS)
def test_distance_is_the_same_both_ways_and_nothing_only_between_equals(
    one: str, other: str
) -> None:
    there = distance(one, other, 8)
    assert there == distance(other, one, 8)
    assert (there == 0) == (one == other)


@given(word=st.text(alphabet="abcdefgh", min_size=5, max_size=12), data=st.data())
def test_distance_counts_one_for_one_slip(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 2))
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    assert distance(word[:place] + word[place + 1 :], word, 3) == 1
    assert distance(word[:place] + "x" + word[place:], word, 3) == 1
    assert distance(swapped, word, 3) == (swapped != word)
