"""Check that keys point at rows that are there; suggest and apply spellings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from counterpoise.books.accepted import Accepted
from counterpoise.books.checks.examination import Examination, reference_columns
from counterpoise.books.problems import Problem, Rule, Suggestion
from counterpoise.books.quoting import literal, literals, quoted
from counterpoise.books.schema import TABLES
from counterpoise.books.spelling import Spellings
from counterpoise.books.staged import ROW, Staged

_MOST_ORPHANS = 200
"""Spellings that suggestions are sought for, the most frequent first."""

_MOST_KNOWN = 50_000
"""Keys of a table above which they are taken for numbers and not for names."""

_EFFECTS = {
    "deals": "the rows belong to no deal in the books and change no figure of one",
    "people": "the rows stay in use; role, team and region of the person are unknown",
    "accounts": "the rows stay in use; what is known of accounts is unknown for them",
    "products": "the rows stay in use; family, list price and cost of the product are unknown",
}
_EFFECT = "the rows stay in use; the facts that they point at are unknown"


@dataclass(frozen=True)
class _Reference:
    """A column that points at the key of another table."""

    child: str
    column: str
    parent: str

    @property
    def key(self) -> str:
        return TABLES[self.parent].key[0]

    @property
    def is_orphan(self) -> str:
        """Return SQL that tells whether a row of the child points at nothing."""
        name = f"{quoted(self.child)}.{quoted(self.column)}"
        known = (
            f"SELECT 1 FROM {quoted(self.parent)} AS known WHERE known.{quoted(self.key)} = {name}"
        )
        return f"({name} IS NOT NULL AND NOT EXISTS ({known}))"


def check_references(examination: Examination) -> Iterator[Problem]:
    """Count keys that point at nothing; the spelling that was likely meant becomes a suggestion."""
    spellings: dict[str, Spellings] = {}
    for child in examination.tables.values():
        if not child.rows:
            continue
        inside, outside = _references(examination, child)
        yield from _without_table(examination, child, outside)
        yield from _orphans(examination, child, inside, spellings)


def respell(
    examination: Examination, staged: Staged, accepted: Accepted, path: Path
) -> tuple[Staged, Problem | None]:
    """Replace accepted spellings that point at nothing by the keys that they stand for.

    Returns:
        The table, rewritten at `path` where anything was replaced, and a word about it.
    """
    inside, _ = _references(examination, staged)
    respelt = {each: accepted[each.parent] for each in inside if accepted.get(each.parent)}
    conditions = {
        each: f"({each.is_orphan} AND {quoted(each.column)} IN ({literals(words)}))"
        for each, words in respelt.items()
    }
    if not conditions or not staged.rows:
        return staged, None
    hit = " OR ".join(conditions.values())
    rows, first = examination.row(
        f"SELECT count(*), min({ROW}) FROM {quoted(staged.name)} WHERE {hit}"
    )
    if not rows:
        return staged, None
    columns = tuple(each.column for each in respelt)
    example = examination.example(staged.name, first, columns)
    _rewrite(examination, staged, {e: (conditions[e], respelt[e]) for e in respelt}, path)
    effect = "the spellings that were accepted are read as the keys that they stand for"
    problem = Problem(
        Rule.ACCEPTED_SPELLING, staged.name, rows, example, effect, ", ".join(columns)
    )
    return replace(staged, path=path), problem


def _rewrite(
    examination: Examination,
    staged: Staged,
    respelt: Mapping[_Reference, tuple[str, Mapping[str, str]]],
    path: Path,
) -> None:
    items = []
    for each, (condition, words) in respelt.items():
        name = quoted(each.column)
        whens = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in words.items())
        items.append(
            f"CASE WHEN {condition} THEN CASE {name} {whens} END ELSE {name} END AS {name}"
        )
    query = f"SELECT * EXCLUDE ({ROW}) REPLACE ({', '.join(items)}) FROM {quoted(staged.name)}"
    examination.write(query, path, len(staged.columns))


def _references(
    examination: Examination, child: Staged
) -> tuple[list[_Reference], list[_Reference]]:
    """Return the references of a table to tables that are there, and to those that are not."""
    found = [
        _Reference(child.name, column.name, column.references)
        for column in reference_columns(child)
        if column.references is not None
    ]
    there = [each for each in found if examination.has(each.parent)]
    return there, [each for each in found if each not in there]


def _without_table(
    examination: Examination, child: Staged, references: list[_Reference]
) -> Iterator[Problem]:
    for each in references:
        rows, first = examination.row(
            f"SELECT count({quoted(each.column)}), min({ROW}) FILTER ({quoted(each.column)} "
            f"IS NOT NULL) FROM {quoted(child.name)}"
        )
        if rows:
            example = examination.example(child.name, first, (each.column,))
            effect = f"there is no table {each.parent}: {_EFFECTS.get(each.parent, _EFFECT)}"
            yield Problem(Rule.MISSING_TABLE, child.name, rows, example, effect, each.column)


def _orphans(
    examination: Examination,
    child: Staged,
    references: list[_Reference],
    spellings: dict[str, Spellings],
) -> Iterator[Problem]:
    if not references:
        return
    flags = ", ".join(f"{each.is_orphan} AS o{place}" for place, each in enumerate(references))
    counts = ", ".join(
        f"count_if(o{place}), min({ROW}) FILTER (o{place})" for place in range(len(references))
    )
    found = examination.row(
        f"SELECT {counts} FROM (SELECT {ROW}, {flags} FROM {quoted(child.name)})"
    )
    for each, rows, first in zip(references, found[::2], found[1::2], strict=True):
        if rows:
            suggested = list(_suggestions(examination, each, spellings))
            examination.suggestions += suggested
            example = examination.example(child.name, first, (each.column,))
            effect = _EFFECTS.get(each.parent, _EFFECT) + _may_mean(suggested)
            yield Problem(Rule.ORPHAN_KEY, child.name, rows, example, effect, each.column)


def _suggestions(
    examination: Examination, reference: _Reference, spellings: dict[str, Spellings]
) -> Iterator[Suggestion]:
    parent, child, column = reference.parent, reference.child, reference.column
    if examination.tables[parent].rows > _MOST_KNOWN:
        return
    if parent not in spellings:
        known = examination.rows(
            f"SELECT DISTINCT {quoted(reference.key)} FROM {quoted(parent)} "
            f"WHERE {quoted(reference.key)} IS NOT NULL"
        )
        spellings[parent] = Spellings(word for (word,) in known)
    orphans = examination.rows(
        f"SELECT {quoted(column)}, count(*) FROM {quoted(child)} WHERE {reference.is_orphan} "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST_ORPHANS}"
    )
    for value, rows in orphans:
        meant = spellings[parent].meant(value)
        if meant is not None:
            yield Suggestion(child, column, value, meant, rows, parent)


def _may_mean(suggested: list[Suggestion]) -> str:
    if not suggested:
        return ""
    first, *more = suggested
    others = f" and {len(more)} more" if more else ""
    return f"; {first.value!r} may stand for {first.suggestion!r}{others}: accept it with --accept"
