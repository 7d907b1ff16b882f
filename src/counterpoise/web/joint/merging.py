"""Merging what two people wrote into the same notes at once, so that neither loses a paragraph.

Both began from the same text. What one of them changed stands as changed; where both changed the
same paragraph, both versions stand, the earlier first. A paragraph is a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_MOST_COMPARED = 40_000
"""So many pairs of lines are compared one by one; of more, what changed is one edit."""


@dataclass(frozen=True)
class _Edit:
    """Lines `start` to `stop` of the common text become others."""

    start: int
    stop: int
    lines: tuple[str, ...]


def merge(base: str, earlier: str, later: str) -> str:
    r"""Return both changes to a text.

    >>> merge("one\ntwo", "one\ntwo and a half", "zero\none\ntwo")
    'zero\none\ntwo and a half'
    >>> merge("one", "one, said Ada", "one, said Bo")
    'one, said Ada\none, said Bo'

    Args:
        base: What both began from.
        earlier: What stands now.
        later: What the second writer sends.
    """
    lines, first, second = base.splitlines(), earlier.splitlines(), later.splitlines()
    merged: list[str] = []
    at = 0
    for start, stop, ours, theirs in _regions(_edits(lines, first), _edits(lines, second)):
        merged += lines[at:start]
        merged += _both(lines[start:stop], start, ours, theirs)
        at = stop
    return "\n".join([*merged, *lines[at:]])


def _edits(base: list[str], other: list[str]) -> list[_Edit]:
    if len(base) * len(other) > _MOST_COMPARED:
        return _one_edit(base, other)
    found = []
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    for tag, start, stop, from_, until in matcher.get_opcodes():
        if tag == "equal":
            continue
        if stop - start == until - from_:  # line by line, so that neighbours stay apart
            found += [
                _Edit(start + each, start + each + 1, (other[from_ + each],))
                for each in range(stop - start)
            ]
        else:
            found.append(_Edit(start, stop, tuple(other[from_:until])))
    return found


def _one_edit(base: list[str], other: list[str]) -> list[_Edit]:
    """Return all that changed as one edit, between the lines that both begin and end with."""
    begun = _alike(base, other)
    rest, tail = base[begun:], other[begun:]
    ended = _alike(rest[::-1], tail[::-1])
    return [_Edit(begun, len(base) - ended, tuple(tail[: len(tail) - ended]))]


def _alike(one: list[str], other: list[str]) -> int:
    """Return with how many of the same lines two texts begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _regions(
    ours: list[_Edit], theirs: list[_Edit]
) -> Iterator[tuple[int, int, list[_Edit], list[_Edit]]]:
    """Yield the stretches of the common text that somebody changed, with the edits of both."""
    marked = [(edit, 0) for edit in ours] + [(edit, 1) for edit in theirs]
    marked.sort(key=lambda each: (each[0].start, each[0].stop, each[1]))
    group: list[tuple[_Edit, int]] = []
    stop = -1
    for edit, who in marked:
        if group and not _meets(edit, group[0][0].start, stop):
            yield _region(group, stop)
            group = []
        stop = max(stop, edit.stop) if group else edit.stop
        group.append((edit, who))
    if group:
        yield _region(group, stop)


def _meets(edit: _Edit, start: int, stop: int) -> bool:
    """Tell whether an edit concerns the same lines as those before it."""
    return edit.start < stop or edit.start == edit.stop == start == stop


def _region(group: list[tuple[_Edit, int]], stop: int) -> tuple[int, int, list[_Edit], list[_Edit]]:
    sides = [[edit for edit, who in group if who == side] for side in (0, 1)]
    return group[0][0].start, stop, sides[0], sides[1]


def _both(base: list[str], offset: int, ours: list[_Edit], theirs: list[_Edit]) -> list[str]:
    """Return a stretch as both want it."""
    first, second = _applied(base, offset, ours), _applied(base, offset, theirs)
    if not theirs or first == second:
        return first
    if not ours:
        return second
    known = {*first, *base}
    return [*first, *(line for line in second if line not in known)]


def _applied(base: list[str], offset: int, edits: list[_Edit]) -> list[str]:
    lines: list[str] = []
    at = offset
    for edit in edits:
        lines += [*base[at - offset : edit.start - offset], *edit.lines]
        at = edit.stop
    return [*lines, *base[at - offset :]]
