"""Read yes and no, and words of closed sets."""

from __future__ import annotations

from collections.abc import Sequence

from counterpoise.books.quoting import literals

YES = ("true", "t", "yes", "y", "1", "1.0")
NO = ("false", "f", "no", "n", "0", "0.0")


def boolean(x: str) -> str:
    """Return SQL that reads yes and no as people write them, and NULL where there is neither."""
    word = f"lower({x})"
    yes, no = literals(YES), literals(NO)
    return f"CASE WHEN {word} IN ({yes}) THEN true WHEN {word} IN ({no}) THEN false END"


def word(x: str, words: Sequence[str]) -> str:
    """Return SQL that reads one of the words, ignoring case, blanks and hyphens; else NULL."""
    loose = f"replace(replace(lower({x}), ' ', '_'), '-', '_')"
    return (
        f"CASE WHEN {x} IN ({literals(words)}) THEN {x} "
        f"WHEN {loose} IN ({literals(words)}) THEN {loose} END"
    )
