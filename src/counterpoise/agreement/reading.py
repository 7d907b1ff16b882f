"""Reading an agreement: its file, every problem in it at once, and the agreement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.messages import Place, flaws_of
from counterpoise.agreement.problems import AgreementError, Flaw, Problem
from counterpoise.agreement.references import Names, find_flaws
from counterpoise.agreement.source import LARGEST_FILE, Source, Tree, compose, decode

_MOST_PRUNINGS = 50
_EMPTY: Mapping[str, Tree] = {
    "agreement": "counterpoise/v1",
    "title": "-",
    "in_force": {"from": "2000-01-01"},
    "roles": {"-": {"side": "both"}},
}


@dataclass(frozen=True)
class Reading:
    """An agreement with the lines of its clauses, for whoever has more to say about it."""

    agreement: Agreement
    source: Source

    def line_of(self, clause: str) -> int | None:
        """Return the line of a clause, or of the nearest clause around it."""
        return self.source.line_of(clause)


def read_agreement(path: Path) -> Agreement:
    """Read an agreement from its file.

    Raises:
        AgreementError: If it cannot be used; the error lists every problem with file, line and
            clause.
    """
    return parse_agreement(_text_of(path), str(path))


def read_with_lines(path: Path) -> Reading:
    """Read an agreement from its file, and remember where its clauses stand.

    Raises:
        AgreementError: If it cannot be used; the error lists every problem with file, line and
            clause.
    """
    return parse_with_lines(_text_of(path), str(path))


def parse_agreement(text: str, name: str = "agreement.yaml") -> Agreement:
    """Read an agreement from its text; `name` stands for the file in problems.

    A text that was read lately is not read again.

    Raises:
        AgreementError: If it cannot be used; the error lists every problem.
    """
    try:
        return _read(text)
    except AgreementError as error:
        named = tuple(replace(problem, file=name) for problem in error.problems)
        raise AgreementError(named) from None


@lru_cache(maxsize=32)
def _read(text: str) -> Agreement:
    return parse_with_lines(text).agreement


def parse_with_lines(text: str, name: str = "agreement.yaml") -> Reading:
    """Read an agreement from its text, and remember where its clauses stand.

    Raises:
        AgreementError: If it cannot be used; the error lists every problem.
    """
    source = compose(text, name)
    if not isinstance(source.tree, dict):
        raise AgreementError((_no_agreement(source),))
    agreement, flaws = _validate(source.tree)
    problems = source.problems + tuple(source.problem(flaw.clause, flaw.says) for flaw in flaws)
    if problems or agreement is None:
        raise AgreementError(problems)
    return Reading(agreement, source)


def _text_of(path: Path) -> str:
    name = str(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            size = path.stat().st_size
            says = f"the file has {size:,} bytes; an agreement has at most {LARGEST_FILE:,}"
            raise AgreementError((Problem(name, None, "", f"{says}. Is it the right file?"),))
        return decode(path.read_bytes(), name)
    except FileNotFoundError:
        says = "there is no such file"
    except IsADirectoryError:
        says = "this is a folder; name the agreement's file in it"
    except OSError as error:
        says = f"the file cannot be read: {error.strerror}"
    raise AgreementError((Problem(name, None, "", says),))


def _no_agreement(source: Source) -> Problem:
    found = {list: "a list stands here", type(None): "the file is empty"}.get(
        type(source.tree), "a single text stands here"
    )
    says = f"{found}; an agreement starts with the line: agreement: counterpoise/v1"
    return Problem(source.file, 1, "", says)


def _validate(tree: dict[str, Tree]) -> tuple[Agreement | None, tuple[Flaw, ...]]:
    try:
        agreement = Agreement.model_validate(tree)
    except ValidationError as error:
        flaws = tuple(flaws_of(error, tree))
        return None, (*flaws, *_flaws_of_the_rest(tree, {flaw.clause for flaw in flaws}))
    return agreement, find_flaws(agreement)


def _flaws_of_the_rest(tree: dict[str, Tree], known: set[str]) -> Iterator[Flaw]:
    """Yield what refers to nothing in the clauses that can be read."""
    rest = _readable(deepcopy(tree))
    if rest is not None:
        flaws = find_flaws(rest, _names(tree, rest))
        yield from (flaw for flaw in flaws if flaw.clause not in known)


def _readable(tree: dict[str, Tree]) -> Agreement | None:
    """Take out what cannot be read until the rest can."""
    for _ in range(_MOST_PRUNINGS):
        try:
            return Agreement.model_validate({**_EMPTY, **tree})
        except ValidationError as error:
            places = {each["loc"] for each in error.errors(include_url=False)}
            for place in sorted(places, key=_latest_first, reverse=True):
                _prune(tree, place)
    return None


def _latest_first(place: Place) -> tuple[tuple[bool, int, str], ...]:
    return tuple(
        (isinstance(part, int), part if isinstance(part, int) else 0, str(part)) for part in place
    )


def _prune(tree: Tree, place: Place) -> None:
    """Take out the value at a place, or the nearest one around it that is there."""
    parents: list[tuple[Tree, str | int]] = []
    for part in place:
        if isinstance(tree, dict) and part in tree:
            parents.append((tree, part))
            tree = tree[str(part)]
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            parents.append((tree, part))
            tree = tree[part]
        else:
            break
    if parents:
        parent, part = parents[-1]
        del parent[part]  # type: ignore[arg-type, union-attr]


def _names(tree: dict[str, Tree], rest: Agreement) -> Names:
    """Collect the names that the whole document declares, readable or not."""
    roles = tree.get("roles")
    return Names(
        tuple(roles) if isinstance(roles, dict) else rest.ladder,
        _ids(tree.get("personas")),
        _ids(tree.get("values")),
    )


def _ids(section: Tree) -> tuple[str, ...]:
    items = section if isinstance(section, list) else []
    found = (item.get("id") for item in items if isinstance(item, dict))
    return tuple(name.strip() for name in found if isinstance(name, str))
