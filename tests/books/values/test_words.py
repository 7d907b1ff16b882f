"""Yes, no and words of closed sets."""

import duckdb
import pytest

from counterpoise.books.quoting import literal
from counterpoise.books.values.words import boolean, word


def value(expression: str) -> object:
    with duckdb.connect() as engine:
        row = engine.execute(f"SELECT {expression}").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [("TRUE", True), ("y", True), ("1", True), ("No", False), ("0.0", False), ("maybe", None)],
)
def test_reads_yes_and_no(text: str, meaning: bool | None) -> None:
    assert value(boolean(literal(text))) is meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("rebate", "rebate"),
        ("Credit Note", "credit_note"),
        ("CREDIT-NOTE", "credit_note"),
        ("refund", None),
    ],
)
def test_reads_words_in_any_case(text: str, meaning: str | None) -> None:
    assert value(word(literal(text), ("rebate", "credit_note"))) == meaning
