"""A notice as a letter: the words of its text, laid out calmly, with nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string

_POINT = "- "
_BLANK = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Part:
    """Some lines that belong together: a paragraph, or points below what is above them."""

    lines: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


def letter_of(subject: str, text: str, address: str) -> str:
    """Return a notice as HTML; whatever stands in it is escaped.

    Args:
        subject: What it is about.
        text: The words; blank lines part them, and `- ` begins a point.
        address: Where to go on; nothing where the notice says all.
    """
    shown = {"subject": subject, "parts": list(parts_of(text)), "address": address}
    return render_to_string("notices/letter.html", shown)


def parts_of(text: str) -> Iterator[Part]:
    r"""Yield the parts of a text.

    >>> list(parts_of("What waits:\n- Answer Bo"))
    [Part(lines=('What waits:',), points=('Answer Bo',))]
    """
    for block in _BLANK.split(text.strip()):
        lines = block.split("\n")
        at = next((n for n, line in enumerate(lines) if line.startswith(_POINT)), len(lines))
        points = _points(lines[at:])
        yield Part(tuple(lines[:at]), tuple(points))


def _points(lines: list[str]) -> Iterator[str]:
    """Yield points; a line that begins none goes on with the one before."""
    said = ""
    for line in lines:
        if line.startswith(_POINT):
            if said:
                yield said
            said = line.removeprefix(_POINT)
        else:
            said = f"{said}\n{line}"
    if said:
        yield said
