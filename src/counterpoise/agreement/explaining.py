"""The agreement in plain sentences, each with the clause that says so, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from counterpoise.agreement.contract import (
    Block,
    Grants,
    Listed,
    Paragraphs,
    Sentence,
    opening_of,
    parts_of,
)
from counterpoise.agreement.document import Agreement
from counterpoise.agreement.layout import bullet, paragraph, table
from counterpoise.agreement.wording import role_text


def explain(agreement: Agreement) -> str:
    """Return the agreement as Markdown in plain sentences, each with its clause."""
    parts = [f"# {agreement.title}"]
    parts += [paragraph(_cited(sentence)) for sentence in opening_of(agreement)]
    for part in parts_of(agreement):
        parts.append(f"## {part.title}")
        for block in part.blocks:
            parts += _laid_out(block)
    return "\n\n".join(parts) + "\n"


def _cited(sentence: Sentence) -> str:
    return f"{sentence.says} (`{sentence.clause}`)" if sentence.clause else sentence.says


def _laid_out(block: Block) -> Iterator[str]:
    match block:
        case Paragraphs(sentences):
            yield from (paragraph(_cited(each)) for each in sentences)
        case Listed(sentences, is_ranked):
            yield _bullets(sentences, is_ranked=is_ranked)
        case Grants(whos, rows):
            cells = [[row.name, *(cell or "–" for cell in row.cells)] for row in rows]
            yield table(["", *map(role_text, whos)], cells)
            yield _bullets(tuple(row.applies for row in rows))
        case _:
            assert_never(block)


def _bullets(sentences: tuple[Sentence, ...], *, is_ranked: bool = False) -> str:
    marks = (f"{place}." if is_ranked else "-" for place in range(1, len(sentences) + 1))
    return "\n".join(
        bullet(_cited(each), mark) for each, mark in zip(sentences, marks, strict=True)
    )
