"""The text of an agreement as a tree that remembers its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from counterpoise.agreement.nodes import Composer, Node, Scalar, Section, Sequence
from counterpoise.agreement.problems import AgreementError, Problem

Tree = dict[str, "Tree"] | list["Tree"] | str | None
"""What an agreement's text says: sections, lists, texts, and nothing."""

LARGEST_FILE = 2_000_000
"""Bytes of the largest file that is read; agreements have some ten thousand."""


@dataclass(frozen=True)
class Source:
    """An agreement's text, read: its tree, where each clause stands, and what is wrong so far."""

    file: str
    tree: Tree
    lines: Mapping[str, int]
    problems: tuple[Problem, ...] = ()

    def line_of(self, clause: str) -> int | None:
        """Return the line of a clause, or of the nearest clause around it that is written."""
        if not clause:
            return self.lines.get("")
        while clause and clause not in self.lines:
            clause = clause.rpartition(".")[0]
        return self.lines[clause] if clause else None

    def problem(self, clause: str, says: str) -> Problem:
        """Build a problem of this file."""
        return Problem(self.file, self.line_of(clause), clause, says)


def compose(text: str, file: str) -> Source:
    """Read an agreement's text into a tree.

    Raises:
        AgreementError: If it is no YAML, or YAML that an agreement may not use.
    """
    _refuse_large(len(text), file)
    try:
        root = Composer(file).document(YAML(pure=True).parse(text))
    except MarkedYAMLError as error:
        raise AgreementError((_not_yaml(error, file),)) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        says = f"the character {_code(error)} does not belong in a text file; take it out"
        raise AgreementError((Problem(file, line, "", says),)) from None
    except YAMLError as error:
        raise AgreementError((Problem(file, None, "", f"this is not YAML: {error}"),)) from None
    reading = _Reading(file, {}, [])
    tree = reading.plain(root, "") if root else None
    return Source(file, tree, reading.lines, tuple(reading.problems))


def _code(error: ReaderError) -> str:
    character = error.character
    return f"U+{character if isinstance(character, int) else ord(character):04X}"


def _refuse_large(size: int, file: str) -> None:
    if size > LARGEST_FILE:
        says = (
            f"the file has {size:,} characters; an agreement has at most {LARGEST_FILE:,}. "
            "Is it the right file?"
        )
        raise AgreementError((Problem(file, None, "", says),))


def decode(content: bytes, file: str) -> str:
    """Read an agreement's bytes as text, which must be UTF-8.

    Raises:
        AgreementError: If it is too large, or not UTF-8.
    """
    _refuse_large(len(content), file)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        says = "the file is not UTF-8; save it as UTF-8 in your editor"
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            line, says = 1, "the file is UTF-16; save it as UTF-8 in your editor"
        elif b"\0" in content:
            line, says = 1, "the file is binary; an agreement is a text file"
        raise AgreementError((Problem(file, line, "", says),)) from None


@dataclass
class _Reading:
    """Drops the lines from nodes, keeping them by clause, and refuses keys written twice."""

    file: str
    lines: dict[str, int]
    problems: list[Problem]

    def plain(self, node: Node, clause: str) -> Tree:
        self.lines.setdefault(clause, node.line)
        if isinstance(node, Section):
            return self._section(node, clause)
        if isinstance(node, Sequence):
            names = unique([_id_of(item) for item in node.items])
            return [
                self.plain(item, join_item(clause, place, names[place]))
                for place, item in enumerate(node.items)
            ]
        return node.text

    def _section(self, node: Section, clause: str) -> Tree:
        section: dict[str, Tree] = {}
        for key, line, value in node.entries:
            inside = join(clause, key)
            if key in section:
                first = self.lines[inside]
                says = f"{key!r} is written twice, in line {first} and in line {line}; keep one"
                self.problems.append(Problem(self.file, line, inside, says))
                continue
            self.lines.setdefault(inside, line)
            section[key] = self.plain(value, inside)
        return section


def _id_of(node: Node) -> Tree:
    if not isinstance(node, Section):
        return None
    values = (value for key, _, value in node.entries if key == "id")
    return next((value.text for value in values if isinstance(value, Scalar)), None)


def unique(ids: list[Tree]) -> list[str | None]:
    """Return the ids by which a list's items are cited: None for none, and for one used before.

    >>> unique(["a", None, " a "])
    ['a', None, None]
    """
    seen: set[str] = set()
    names: list[str | None] = []
    for found in ids:
        name = found.strip() if isinstance(found, str) else ""
        names.append(name if name and name not in seen else None)
        seen.add(name)
    return names


def join(clause: str, key: str) -> str:
    """Return the address of a key inside a clause."""
    return f"{clause}.{key}" if clause else key


def join_item(clause: str, place: int, name: str | None) -> str:
    """Return the address of a list's item: by its id, else by its place counted from 1.

    >>> join_item("personas", 0, "maker"), join_item("personas", 0, None)
    ('personas.maker', 'personas[1]')
    """
    return join(clause, name) if name else f"{clause}[{place + 1}]"


_HINTS = (
    ("cannot start any token", "'\\t'", "indent with spaces, not with tabs"),
    ("cannot start any token", "'%'", "write the text in quotes"),
    ("cannot start any token", "", "write the text in quotes"),
    ("chomping or indentation", "", 'write tests in quotes, like ">= 50000"'),
    ("sequence entries are not allowed", "", 'a dash that stands for anything needs quotes: "-"'),
    ("mapping values are not allowed", "", "check the indentation; a text with ': ' needs quotes"),
    ("expected ',' or ']'", "", 'close the list with ]; write ranges in quotes, like "[50..1000)"'),
    ("expected ',' or '}'", "", "close the section with }, and put texts with commas in quotes"),
    ("unexpected end of stream", "", "a quote is opened and never closed"),
    ("expected <block end>", "", "check the indentation of this line and the lines before"),
    ("could not find expected ':'", "", "a key needs a colon and a blank after it"),
)


def _not_yaml(error: MarkedYAMLError, file: str) -> Problem:
    said = str(error.problem)
    mark = error.problem_mark or error.context_mark
    hints = (hint for words, detail, hint in _HINTS if words in said and detail in said)
    hint = next(hints, f"this is not YAML: {said}")
    opened = error.context_mark
    since = ""
    if opened is not None and mark is not None and opened.line != mark.line:
        since = f" (it starts in line {opened.line + 1})"
    line = None if mark is None else mark.line + 1
    return Problem(file, line, "", f"the line cannot be read: {hint}{since}")
