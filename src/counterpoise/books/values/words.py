"""Read yes and no, and words of closed sets."""

from __future__ import annotations

from collections.abc import Sequence

from counterpoise.books.quoting import is_one_of, let

YES = ("true", "t", "yes", "y", "1", "1.0")
NO = ("false", "f", "no", "n", "0", "0.0")


def boolean(x: str) -> str:
    """Return SQL that reads yes and no as people write them, and NULL where there is neither."""
    word = f"lower({x})"
    yes, no = is_one_of("word", YES), is_one_of("word", NO)
    return let("word", word, f"CASE WHEN {yes} THEN true WHEN {no} THEN false END")


def word(x: str, words: Sequence[str]) -> str:
    """Return SQL that reads one of the words, ignoring case, blanks and hyphens; else NULL."""
    loose = f"replace(replace(lower({x}), ' ', '_'), '-', '_')"
    as_it_is, loosely = is_one_of(x, words), is_one_of("loose", words)
    read = let("loose", loose, f"CASE WHEN {loosely} THEN loose END")
    return f"CASE WHEN {as_it_is} THEN {x} ELSE {read} END"
