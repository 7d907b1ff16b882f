"""YAML's events as nodes with their lines, within bounds.

Nothing is constructed that was not checked: every scalar stays the text that was written (`no` is
no boolean, `09:00` no number of minutes, 0.1 no binary fraction), tags are refused, and a document
can neither refer to itself nor grow beyond bounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Never

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from counterpoise.agreement.problems import AgreementError, Problem

MOST_ENTRIES = 50_000
"""Entries of the largest document, everything that is referred to counted each time."""
DEEPEST = 40
"""Levels that sections and lists may stand inside each other."""

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True)
class Scalar:
    """A text as written, or nothing."""

    line: int
    text: str | None
    size: int = 1


@dataclass(frozen=True)
class Sequence:
    """A list; `size` counts everything in it."""

    line: int
    items: tuple[Node, ...]
    size: int


@dataclass(frozen=True)
class Section:
    """Keys with values, in the order written, a key with its own line; keys may repeat."""

    line: int
    entries: tuple[tuple[str, int, Node], ...]
    size: int


Node = Scalar | Sequence | Section


@dataclass
class Composer:
    """Turns YAML's events into nodes, and keeps to the limits."""

    file: str
    _anchors: dict[str, Node | int] = field(default_factory=dict)
    _entries: int = 0

    def document(self, events: Iterator[Event]) -> Node | None:
        """Return the document's root, or None where there is no document.

        Raises:
            AgreementError: If there is more than one, or it breaks a limit.
        """
        root: Node | None = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if root is not None:
                    self._refuse(event, "a second document starts here; one file, one agreement")
                root = self._node(next(events), events, 0)
        return root

    def _node(self, event: Event, events: Iterator[Event], depth: int) -> Node:
        if isinstance(event, AliasEvent):
            return self._alias(event)
        self._check(event, depth)
        line = event.start_mark.line + 1
        anchor = event.anchor if isinstance(event, NodeEvent) else None
        if anchor:
            self._anchors[anchor] = line
        node = self._inside(event, line, events, depth)
        if anchor:
            self._anchors[anchor] = node
        return node

    def _inside(self, event: Event, line: int, events: Iterator[Event], depth: int) -> Node:
        if isinstance(event, ScalarEvent):
            is_nothing = event.style is None and event.value in _NOTHING
            return Scalar(line, None if is_nothing else str(event.value))
        if isinstance(event, SequenceStartEvent):
            return self._list(line, events, depth)
        return self._section(line, events, depth)

    def _list(self, line: int, events: Iterator[Event], depth: int) -> Sequence:
        items = []
        while not isinstance(event := next(events), SequenceEndEvent):
            items.append(self._node(event, events, depth + 1))
        return Sequence(line, tuple(items), 1 + sum(item.size for item in items))

    def _section(self, line: int, events: Iterator[Event], depth: int) -> Section:
        entries = []
        while not isinstance(event := next(events), MappingEndEvent):
            key, at = self._key(event), event.start_mark.line + 1
            entries.append((key, at, self._node(next(events), events, depth + 1)))
        return Section(line, tuple(entries), 1 + sum(value.size for _, _, value in entries))

    def _key(self, event: Event) -> str:
        if not isinstance(event, ScalarEvent):
            self._refuse(event, "a key must be a plain word")
        self._check(event, 0)
        if event.value == "<<":
            self._refuse(event, "merge keys (<<) are not read; write the lines out")
        return str(event.value).strip()

    def _alias(self, event: AliasEvent) -> Node:
        target = self._anchors.get(event.anchor)
        if target is None:
            self._refuse(event, f"*{event.anchor} refers to nothing; there is no &{event.anchor}")
        if isinstance(target, int):
            self._refuse(event, f"*{event.anchor} refers to the part it stands in (line {target})")
        self._count(event, target.size)
        return target

    def _check(self, event: Event, depth: int) -> None:
        self._count(event, 1)
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._refuse(event, f"the tag {tag} is not allowed; take it out")
        if depth > DEEPEST:
            self._refuse(event, f"sections stand more than {DEEPEST} deep inside each other")

    def _count(self, event: Event, entries: int) -> None:
        self._entries += entries
        if self._entries > MOST_ENTRIES:
            self._refuse(event, f"the document has more than {MOST_ENTRIES:,} entries")

    def _refuse(self, event: Event, says: str) -> Never:
        raise AgreementError((Problem(self.file, event.start_mark.line + 1, "", says),))
