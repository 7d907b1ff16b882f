"""Two people stored at once: both texts, what differs, and one that holds both where it can."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from counterpoise.agreement import AgreementError
from counterpoise.agreement.editing import Sheet, plain_of
from counterpoise.web.agreements.drafts import StaleDraftError
from counterpoise.web.agreements.models import Revision

_AROUND = 2


@dataclass(frozen=True)
class DiffLine:
    """A line of one text or of both."""

    sign: str
    text: str


def differing(before: str, after: str) -> list[DiffLine]:
    r"""Return the lines in which two texts differ, with a few around.

    >>> [(line.sign, line.text) for line in differing("a\nb", "a\nc")]
    [(' ', 'a'), ('-', 'b'), ('+', 'c')]
    """
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), n=_AROUND, lineterm="")
    return [DiffLine(line[:1], line[1:]) for line in list(found)[2:] if line[:2] != "@@"]


@dataclass(frozen=True)
class Conflict:
    """What the other stored, what one wrote, and the text to store next."""

    theirs: Revision
    mine: str
    says: str
    proposed: str
    holds_both: bool

    @property
    def lines(self) -> list[DiffLine]:
        """Return how their text differs from mine: `-` theirs, `+` mine."""
        return differing(self.theirs.text, self.mine)


def conflict_of(error: StaleDraftError, base: str, mine: str, path: str | None) -> Conflict:
    """Return the conflict of a text based on `base`; `path` is the one section that was changed."""
    merged = None if path is None else _merged(base, error.theirs.text, mine, path)
    return Conflict(error.theirs, mine, str(error), merged or mine, merged is not None)


def _merged(base: str, theirs: str, mine: str, path: str) -> str | None:
    """Put my section into their text, if they left that section as it was."""
    try:
        before, other, own = (Sheet.open(text) for text in (base, theirs, mine))
    except AgreementError:
        return None
    if not path or plain_of(before.section(path)) != plain_of(other.section(path)):
        return None
    other.put(path, own.section(path))
    return other.write()
