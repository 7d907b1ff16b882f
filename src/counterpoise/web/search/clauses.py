"""Clauses of the agreement that stands, by their address or by what they say."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from counterpoise.agreement import Agreement, AgreementError, VersionsError
from counterpoise.agreement.contract import Block, Grants, Sentence, opening_of, parts_of
from counterpoise.web import asking, house
from counterpoise.web.places import Hit

_LONGEST = 110


def find_clauses(words: str, limit: int) -> list[Hit]:
    """Return the clauses that hold every word, those whose address does first."""
    try:
        known = house.agreements()
    except (AgreementError, VersionsError):
        return []
    version = known.on(asking.now().date()) or known.latest
    if version is None:
        return []
    terms = words.casefold().split()
    found = {each.clause: each for each in _sentences(version.agreement) if _holds(each, terms)}
    ordered = sorted(found.values(), key=lambda each: not _has(each.clause, terms))
    page = reverse("agreements:read")
    return [
        Hit(_short(each.says), each.clause, f"{page}#{each.clause}", "clause")
        for each in ordered[:limit]
    ]


def _sentences(agreement: Agreement) -> Iterator[Sentence]:
    found = [*opening_of(agreement)]
    for part in parts_of(agreement):
        for block in part.blocks:
            found += _of_block(block)
    return (each for each in found if each.clause)


def _of_block(block: Block) -> list[Sentence]:
    if isinstance(block, Grants):
        return [
            Sentence(f"{row.name}: {row.applies.says}", row.applies.clause) for row in block.rows
        ]
    return list(block.sentences)


def _holds(sentence: Sentence, terms: list[str]) -> bool:
    return _has(f"{sentence.clause} {sentence.says}", terms)


def _has(text: str, terms: list[str]) -> bool:
    told = text.casefold()
    return all(term in told for term in terms)


def _short(text: str) -> str:
    plain = text.replace("**", "")
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1].rstrip() + "…"
