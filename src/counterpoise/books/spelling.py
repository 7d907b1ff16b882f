"""Find the word that was meant: for error messages, and for keys that no table knows."""

import re
from collections import defaultdict
from collections.abc import Iterable

_SHORTEST_FUZZY = 5
_LONG = 9
_LISTED = 8
_ID_LENGTHS = (15, 18)  # ids of some systems differ only in case: their case is never a slip


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate closest to `word`, or None when none is close.

    Case, blanks and punctuation count least; then letters missing, added, wrong or swapped,
    at most one in three. The first of equals wins.

    >>> nearest("segmnt", ["industry", "segment", "region"])
    'segment'
    >>> nearest("colour", ["industry", "segment"]) is None
    True
    """
    squeezed = _squeezed(word)
    best, best_distance = None, max(1, len(squeezed) // 3) + 1
    for candidate in candidates:
        other = _squeezed(candidate)
        if other == squeezed:
            return candidate
        if _may_be_within(squeezed, other, best_distance - 1):
            found = distance(squeezed, other, best_distance - 1)
            if found < best_distance:
                best, best_distance = candidate, found
    return best


def unknown(what: str, word: str, candidates: Iterable[str]) -> str:
    """Say that a word is unknown, with the nearest known one, or all when they are few.

    >>> unknown("field", "segmnt", ["segment", "region"])
    "unknown field 'segmnt'; the nearest is 'segment'"
    >>> unknown("side", "x", ["sales", "marketing"])
    "unknown side 'x'; known: 'sales', 'marketing'"
    """
    known = list(map(str, candidates))
    near = nearest(word, known)
    if near is not None:
        return f"unknown {what} {word!r}; the nearest is {near!r}"
    if 0 < len(known) <= _LISTED:
        return f"unknown {what} {word!r}; known: {', '.join(map(repr, known))}"
    return f"unknown {what} {word!r}"


def distance(one: str, other: str, limit: int) -> int:
    """Count the letters to add, drop, change or swap; `limit + 1` stands for anything above.

    >>> distance("prodcut", "product", limit=3)
    1
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, target in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != target))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, above = above, row
    return min(above[-1], limit + 1)


def framed(word: str) -> str:
    """Return what a word is found by when it is misspelt: its letters, with both ends marked.

    >>> framed("A-0017")
    '<<a0017>>'
    """
    return f"<<{_squeezed(word)}>>"


def trigrams(word: str) -> list[str]:
    """Return each three letters that follow each other in a word that is framed.

    >>> trigrams("GTX")
    ['<<g', '<gt', 'gtx', 'tx>', 'x>>']
    """
    shape = framed(word)
    return list(dict.fromkeys(shape[at : at + 3] for at in range(len(shape) - 2)))


class Spellings:
    """The known words of a table's key, and which of them a stray value most likely meant.

    Stricter than `nearest`, because the answer may be written into the books: case, blanks,
    punctuation and leading zeros may differ; beyond that only words without digits, by one
    letter (two in long words), and only where one known word alone is that close.

    >>> Spellings(["GTX Pro", "GTX Basic", "R1"]).meant("GTXPro")
    'GTX Pro'
    >>> Spellings(["R1", "R2"]).meant("X9") is None
    True
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._near: dict[str, set[str]] = defaultdict(set)
        for word in words:
            form = _squeezed(word)
            self._exact[form].add(word)
            if _is_prose(form):
                for shorter in _without_one_letter(form):
                    self._near[shorter].add(word)

    def meant(self, value: str) -> str | None:
        """Return the one known word that `value` most likely stands for, if any."""
        if _is_case_sensitive_id(value):
            return None
        form = _squeezed(value)
        same = self._exact.get(form, set())
        if same:
            return _only(same)
        return self._close(form) if _is_prose(form) else None

    def _close(self, form: str) -> str | None:
        limit = 2 if len(form) >= _LONG else 1
        words = {word for shorter in _without_one_letter(form) for word in self._near[shorter]}
        scored = {word: distance(form, _squeezed(word), limit) for word in words}
        best = min(scored.values(), default=limit + 1)
        if best > limit:
            return None
        return _only({word for word, found in scored.items() if found == best})


def _squeezed(word: str) -> str:
    letters = "".join(filter(str.isalnum, word.casefold()))
    return (letters.lstrip("0") or letters) if letters.isdigit() else letters


def _may_be_within(one: str, other: str, limit: int) -> bool:
    return abs(len(one) - len(other)) <= limit and len(set(one) ^ set(other)) <= 2 * limit


def _is_prose(form: str) -> bool:
    return len(form) >= _SHORTEST_FUZZY and form.isalpha()


def _is_case_sensitive_id(value: str) -> bool:
    return len(value) in _ID_LENGTHS and value.isalnum() and re.search(r"\d", value) is not None


def _without_one_letter(form: str) -> set[str]:
    return {form} | {form[:i] + form[i + 1 :] for i in range(len(form))}


def _only(words: set[str]) -> str | None:
    return next(iter(words)) if len(words) == 1 else None
