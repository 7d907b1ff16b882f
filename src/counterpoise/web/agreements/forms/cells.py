"""Cells: how a value of the agreement stands in a field of a form, and is read from it again."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from enum import StrEnum

from counterpoise.agreement.source import Tree


class CellKind(StrEnum):
    """How a cell is shown."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    DAY = "day"
    CONDITION = "condition"
    LIST = "list"
    GRANTS = "grants"


@dataclass(frozen=True)
class Column:
    """A cell of every row: the key that it stands under, with a dot where it is inside another."""

    key: str
    label: str
    kind: CellKind = CellKind.TEXT
    hint: str = ""
    choices: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


def shown(value: Tree) -> str:
    r"""Write a value as the cell shows it.

    >>> shown({"segment": ["SMB", "Mid, small"], "score": ">= 5"})
    'segment: [SMB, "Mid, small"]\nscore: >= 5'
    """
    if value is None:
        return ""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_in_line(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "\n".join(_in_line(inner) for inner in value)
    return value


def read(kind: CellKind, text: str) -> Tree:
    r"""Read what stands in a cell; nothing where it is empty.

    >>> read(CellKind.CONDITION, "segment: [SMB, Mid]\nemployees: [50..1000)")
    {'segment': ['SMB', 'Mid'], 'employees': '[50..1000)'}
    >>> read(CellKind.LIST, "no budget\n\nno need")
    ['no budget', 'no need']
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        return None
    if kind is CellKind.LIST:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if kind is CellKind.CONDITION:
        return _condition(text)
    return text


def _condition(text: str) -> Tree:
    fields: dict[str, Tree] = {}
    for line in text.split("\n"):
        if not line.strip():
            continue
        field, colon, test = line.partition(":")
        if not colon or not field.strip():
            return text  # the reader says what a condition looks like
        fields[field.strip()] = _test(test.strip())
    return fields


def _test(text: str) -> Tree:
    is_list = text.startswith("[") and text.endswith("]") and ".." not in text
    if not is_list:
        return text or None
    try:
        parts = next(csv.reader([text[1:-1]], skipinitialspace=True, strict=True), [])
    except csv.Error:
        return text
    return [part.strip() for part in parts]


def _in_line(value: Tree) -> str:
    if isinstance(value, list):
        stream = io.StringIO()
        csv.writer(stream, lineterminator="").writerow(["null" if v is None else v for v in value])
        return f"[{_spaced(stream.getvalue())}]"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_in_line(inner)}" for key, inner in value.items())
    return "null" if value is None else value


def _spaced(line: str) -> str:
    """Put a blank after every comma that parts two values."""
    written, quoted = [], False
    for letter in line:
        quoted ^= letter == '"'
        written.append(", " if letter == "," and not quoted else letter)
    return "".join(written)
