"""Pseudonyms: people as "Rep A7K", the same in every review of a workspace.

A code is read off a keyed digest (HMAC-SHA-256) of the person's id: who knows the ids cannot tell
whose it is without the workspace's key. Codes are as short as tells the people of the books apart;
one who joins changes nobody's code, but may lengthen that of one other.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from counterpoise.books import Books
from counterpoise.ledger.crack import Crack, Subject
from counterpoise.ledger.review import Review
from counterpoise.watch.evidence import Evidence, Rows
from counterpoise.watch.kind import OtherView

KEY = "pseudonyms.key"
"""The name of the key among those of the workspace."""

_LETTERS, _DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
_SHORTEST, _LONGEST = 3, 12
_WORDS = {"sales": "Rep", "marketing": "Marketer"}
_PERSON = "person"
_PEOPLE = ("person_id", "owner_id", "manager_id", "requested_by", "decided_by")
"""Columns of rows that hold ids of people."""


@dataclass(frozen=True)
class Person:
    """Somebody in the books."""

    id: str
    name: str
    side: str | None = None


@dataclass(frozen=True)
class Pseudonyms:
    """The pseudonyms of everybody in the books, under the key of a workspace."""

    people: tuple[Person, ...]
    key: str

    @classmethod
    def of(cls, books: Books, key: str) -> Pseudonyms:
        """Read the people of the books.

        Args:
            books: Whose people.
            key: The workspace's key, such as `read_key(workspace.secrets_dir, KEY)`.
        """
        rows = books.run(books.table("people").select("person_id", "name", "side")).to_pylist()
        found = (Person(row["person_id"], row["name"] or "", row["side"]) for row in rows)
        return cls(tuple(sorted(found, key=lambda each: each.id)), key)

    def person(self, id_: str) -> str:
        """Return the pseudonym of a person, whether the books know them or not."""
        return self._by_id.get(id_) or f"Person {_code(self.key, id_)[: _LONGEST // 2]}"

    def text(self, said: str) -> str:
        """Return a text with every full name in it replaced."""
        for name, shown in self._by_name.items():
            if name in said:
                said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", shown, said)
        return said

    def subject(self, subject: Subject) -> Subject:
        """Return a subject; a person under their pseudonym, with the id that the books have."""
        if subject.type != _PERSON:
            return subject
        return replace(subject, name=self.person(subject.id))

    def crack(self, crack: Crack) -> Crack:
        """Return a crack in which people stand under their pseudonyms."""
        return replace(
            crack,
            subject=self.subject(crack.subject),
            says=self.text(self._own(crack, crack.says)),
            next_step=self.text(self._own(crack, crack.next_step)),
        )

    def evidence(self, evidence: Evidence) -> Evidence:
        """Return the evidence of a crack with people under their pseudonyms."""
        crack, view = evidence.crack, evidence.other_view
        shown = self.crack(crack)
        marks = tuple(
            replace(mark, label=shown.subject.name) if mark.label == crack.subject.name else mark
            for mark in evidence.picture.marks
        )
        figures = tuple((self.text(label), self.text(value)) for label, value in view.figures)
        return replace(
            evidence,
            crack=shown,
            picture=replace(evidence.picture, marks=marks),
            other_view=OtherView(self.text(self._own(crack, view.says)), figures),
            rows=self._rows(evidence.rows),
        )

    def _rows(self, rows: Rows) -> Rows:
        of_people = [name in _PEOPLE for name in rows.columns]
        cells = tuple(
            tuple(
                self.person(cell) if is_person and cell else cell
                for cell, is_person in zip(row, of_people, strict=True)
            )
            for row in rows.cells
        )
        return replace(rows, cells=cells)

    def review(self, review: Review) -> Review:
        """Return a review in which people stand under their pseudonyms."""
        owners = tuple(
            each if each.key is None else replace(each, name=self.person(each.key))
            for each in review.ledger.by["owner"]
        )
        ledger = replace(review.ledger, by={**review.ledger.by, "owner": owners})
        cracks = tuple(self.crack(each) for each in review.cracks)
        return replace(review, ledger=ledger, cracks=cracks)

    def _own(self, crack: Crack, said: str) -> str:
        """Replace the subject's own name, which the books need not know."""
        subject = crack.subject
        if subject.type != _PERSON:
            return said
        return said.replace(subject.name, self.person(subject.id))

    @cached_property
    def _by_id(self) -> Mapping[str, str]:
        codes = shortest_apart({each.id: _code(self.key, each.id) for each in self.people})
        return {
            each.id: f"{_WORDS.get(each.side or '', 'Person')} {codes[each.id]}"
            for each in self.people
        }

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        """Return pseudonyms by name, the longest first, so that no name is cut out of another.

        Namesakes share a text; which of them is meant is not told there.
        """
        named = {each.name: self._by_id[each.id] for each in self.people if each.name}
        return {name: named[name] for name in sorted(named, key=len, reverse=True)}


def shortest_apart(codes: Mapping[str, str]) -> dict[str, str]:
    """Return each code cut to where it is the only one that begins so.

    >>> shortest_apart({"a": "A7K3", "b": "A7K5", "c": "B2C4"})
    {'a': 'A7K3', 'b': 'A7K5', 'c': 'B2C'}
    """
    found: dict[str, str] = {}
    for length in range(_SHORTEST, _LONGEST + 1):
        left = [id_ for id_ in codes if id_ not in found]
        counts = Counter(codes[id_][:length] for id_ in left)
        alone = (id_ for id_ in left if counts[codes[id_][:length]] == 1 or length == _LONGEST)
        found |= {id_: codes[id_][:length] for id_ in alone}
    return {id_: found[id_] for id_ in codes}


def _code(key: str, id_: str) -> str:
    """Return letters and digits in turn, none that reads like another."""
    digest = hmac.digest(key.encode(), id_.encode(), hashlib.sha256)
    return "".join(_alternating(digest[:_LONGEST]))


def _alternating(digest: Iterable[int]) -> Iterable[str]:
    for at, byte in enumerate(digest):
        signs = _DIGITS if at % 2 else _LETTERS
        yield signs[byte % len(signs)]
