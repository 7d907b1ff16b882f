"""Changing an agreement's text clause by clause: comments and what is not touched stay as written.

Every scalar stays the text that was written (`18%` does not become 0.18, `no` no boolean), as the
reader has it. What was written is read back before it is returned; where the layout cannot be
kept, the text is laid out anew without its comments, so that the meaning is never at risk.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tag import Tag

from counterpoise.agreement.problems import AgreementError, Problem
from counterpoise.agreement.source import Tree, compose, unique
from counterpoise.errors import CounterpoiseError

_NEVER_WRAP = 1_000_000
_NULL = Tag(suffix="tag:yaml.org,2002:null")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_PLACE = re.compile(r"(?P<name>[^\[\]]*)\[(?P<place>\d{1,6})\]")
_INLINE = 100
"""Letters of a new entry that stands on one line."""


class ClauseError(CounterpoiseError, ValueError):
    """A clause is not in the text, or what should stand there cannot."""


class _TextResolver(VersionedResolver):
    """Takes every scalar for text, but for those that stand for nothing."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        """Return the tag of a scalar."""
        if kind is not ScalarNode:
            return super().resolve(kind, value, implicit)
        return _NULL if implicit[0] and value in _NOTHING else self.DEFAULT_SCALAR_TAG


class _Representer(RoundTripRepresenter):
    """Writes nothing as an empty place."""


_Representer.add_representer(
    type(None), lambda self, _: self.represent_scalar("tag:yaml.org,2002:null", "null")
)


@dataclass(frozen=True)
class Sheet:
    """An agreement's text, open for changes to its tree."""

    tree: CommentedMap

    @classmethod
    def open(cls, text: str, name: str = "agreement.yaml") -> Sheet:
        """Open a text whose layout can be read, whether or not it makes sense.

        Raises:
            AgreementError: If it is no YAML that an agreement may use, or a key is written twice.
        """
        source = compose(text, name)
        if source.problems:
            raise AgreementError(source.problems)
        if not isinstance(source.tree, dict):
            says = "an agreement starts with the line: agreement: counterpoise/v1"
            raise AgreementError((Problem(name, 1, "", says),))
        return cls(_load(text, source.tree))

    def write(self) -> str:
        """Return the text as it stands now."""
        wanted = plain_of(self.tree)
        written = _dump(self.tree)
        if _reads_as(written, wanted):
            return written
        return _dump(fresh(wanted))

    def section(self, path: str) -> Any:
        """Return what stands at a path of keys, or None."""
        found: Any = self.tree
        for key in path.split(".") if path else ():
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def put(self, path: str, value: Any) -> None:
        """Set what stands at a path of keys; None takes it out, with sections left empty by it."""
        *before, last = path.split(".")
        sections: list[tuple[CommentedMap, str]] = []
        section = self.tree
        for key in before:
            if not isinstance(section.get(key), dict):
                if value is None:
                    return
                section[key] = CommentedMap()
            sections.append((section, key))
            section = section[key]
        if value is not None:
            section[last] = value
            return
        section.pop(last, None)
        for parent, key in reversed(sections):
            if not parent[key]:
                parent.pop(key)

    def clause(self, address: str) -> Any:
        """Return what stands at a clause.

        Raises:
            ClauseError: If nothing does.
        """
        parent, key = self._find(address)
        return parent[key]

    def written(self, address: str) -> str:
        """Return a clause as YAML, without what stands around it.

        Raises:
            ClauseError: If it is not in the text.
        """
        found = plain_of(self.clause(address))
        return "" if found is None else found if isinstance(found, str) else _dump(fresh(found))

    def replace(self, address: str, fragment: str) -> None:
        """Put other YAML where a clause stands.

        Raises:
            ClauseError: If the clause is not in the text.
            AgreementError: If the fragment is no YAML that an agreement may use.
        """
        parent, key = self._find(address)
        parent[key] = read_fragment(fragment)

    def remove(self, address: str) -> None:
        """Take a clause out.

        Raises:
            ClauseError: If it is not in the text.
        """
        parent, key = self._find(address)
        del parent[key]
        around = address.rpartition(".")[0]
        if around and not parent:
            self.put(around, None)

    def add(self, path: str, fragment: str) -> None:
        """Put YAML at the end of a list.

        Raises:
            ClauseError: If no list stands there.
            AgreementError: If the fragment is no YAML that an agreement may use.
        """
        rows = self.section(path)
        if rows is None:
            self.put(path, rows := CommentedSeq())
        if not isinstance(rows, list):
            raise ClauseError(f"{path}: no list stands here, so nothing can be added to it")
        rows.append(read_fragment(fragment))

    def _find(self, address: str) -> tuple[Any, Any]:
        found: Any = None
        inside: Any = self.tree
        for part in address.split("."):
            key = _key_of(inside, part)
            if key is None:
                raise ClauseError(f"{address}: there is no such clause in this text")
            for step in key:
                found, inside = (inside, step), inside[step]
        return found  # type: ignore[no-any-return]


def plain_of(value: Any) -> Tree:
    """Return a tree without comments and layout."""
    if isinstance(value, Mapping):
        return {str(key).strip(): plain_of(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain_of(inner) for inner in value]
    return None if value is None else str(value)


def fresh(value: Any) -> Any:
    """Return a tree with a layout of its own: entries of lists on a line each where they fit."""
    if isinstance(value, Mapping):
        return CommentedMap((key, fresh(inner)) for key, inner in value.items())
    if isinstance(value, list | tuple):
        rows = CommentedSeq([fresh(inner) for inner in value])
        for row in rows:
            if isinstance(row, CommentedMap | CommentedSeq) and len(str(row)) < _INLINE * 2:
                row.fa.set_flow_style()
        if not any(isinstance(row, CommentedMap | CommentedSeq) for row in rows):
            rows.fa.set_flow_style()
        return rows
    return value


def inline(value: Any) -> Any:
    """Return a tree that stands on one line."""
    laid = fresh(value)
    if isinstance(laid, CommentedMap | CommentedSeq):
        laid.fa.set_flow_style()
    return laid


def read_fragment(text: str) -> Any:
    """Read a part of an agreement.

    Raises:
        AgreementError: If it is no YAML that an agreement may use.
    """
    source = compose(text, "the clause")
    if source.problems:
        raise AgreementError(source.problems)
    return inline(source.tree) if isinstance(source.tree, dict | list) else source.tree


def _key_of(inside: Any, part: str) -> list[str | int] | None:
    """Return the steps that a part of an address takes: a key, an entry by its id or place."""
    if isinstance(inside, dict):
        if part in inside:
            return [part]
        found = _PLACE.fullmatch(part)
        if found and isinstance(inside.get(found["name"]), list):
            place = int(found["place"]) - 1
            return [found["name"], place] if 0 <= place < len(inside[found["name"]]) else None
        return None
    if isinstance(inside, list):
        names = unique([row.get("id") if isinstance(row, dict) else None for row in inside])
        return [names.index(part)] if part in names else None
    return None


def _yaml() -> YAML:
    yaml = YAML(pure=True)
    yaml.Resolver = _TextResolver
    yaml.Representer = _Representer
    yaml.preserve_quotes = True
    yaml.width = _NEVER_WRAP
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _load(text: str, tree: Tree) -> CommentedMap:
    """Return the tree with its comments, or without where one part stands for another."""
    if not any(isinstance(event, AliasEvent) for event in YAML(pure=True).parse(text)):
        try:
            loaded = _yaml().load(text)
        except YAMLError:
            loaded = None
        if isinstance(loaded, CommentedMap) and _reads_as(_dump(loaded), tree):
            return loaded
    laid: CommentedMap = fresh(tree)
    return laid


def _dump(tree: Any) -> str:
    stream = StringIO()
    _yaml().dump(tree, stream)
    return stream.getvalue()


def _reads_as(text: str, tree: Tree) -> bool:
    try:
        source = compose(text, "agreement.yaml")
    except AgreementError:
        return False
    return not source.problems and source.tree == tree
