"""Names of tables and columns as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from counterpoise.books.spelling import nearest

_BETWEEN = re.compile(r"[\W_]+")


def plain(name: str) -> str:
    """Return a name without case, spaces, underscores and marks.

    >>> plain(" Close Date ") == plain("CLOSE_DATE") == plain("CloseDate")
    True
    """
    return _BETWEEN.sub("", name).casefold()


def plain_pattern(name: str) -> str:
    """Return a name with stars for anything, in the form to compare by.

    >>> plain_pattern("Deals_*")
    'deals*'
    """
    return "*".join(plain(part) for part in name.split("*"))


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Return the end of a message that names the word nearest to a wrong one, or nothing.

    >>> did_you_mean("stagenam", ["StageName", "Amount"])
    '; did you mean StageName?'
    >>> did_you_mean("colour", ["StageName", "Amount"])
    ''
    """
    close = nearest(word, words)
    return f"; did you mean {close}?" if close else ""
