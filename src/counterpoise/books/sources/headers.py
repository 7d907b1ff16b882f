"""The names of a table's columns, from its header as people wrote it."""

from collections.abc import Iterable, Sequence

from counterpoise.books.sources.refusal import SourceError
from counterpoise.books.sources.survey import BLANKS

COLUMN_LIMIT = 2_000


class TooManyColumnsError(SourceError):
    """Raised when a table has more columns than anybody means."""

    def __init__(self, location: str, count: int) -> None:
        super().__init__(
            f"{location}: the header has {count:,} columns, at most {COLUMN_LIMIT:,} can be read; "
            "check that the file is a table with one row a record and not turned on its side"
        )


def column_names(header: Sequence[str], location: str) -> tuple[str, ...]:
    """Return trimmed names that differ from each other, ignoring case.

    >>> column_names([" ID ", "", "id"], "deals.csv")
    ('ID', 'column_2', 'id_2')

    Raises:
        TooManyColumnsError: There are more than `COLUMN_LIMIT`.
    """
    if len(header) > COLUMN_LIMIT:
        raise TooManyColumnsError(location, len(header))
    trimmed = [_on_one_line(name) for name in header]
    named = [name or f"column_{number}" for number, name in enumerate(trimmed, 1)]
    taken = {name.casefold() for name in named}
    return tuple(_distinct(named, taken))


def repeated_names(header: Sequence[str], columns: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return each name that stands in a header again, with the one that its column got instead.

    >>> repeated_names([" ID ", "", "id"], column_names([" ID ", "", "id"], "deals.csv"))
    (('id', 'id_2'),)
    """
    names = [_on_one_line(name) for name in header]
    pairs = zip(names, columns, strict=True)
    return tuple((name, column) for name, column in pairs if name and name != column)


def _on_one_line(name: str) -> str:
    return " ".join(name.replace("\0", "").strip(BLANKS).split("\n")).replace("\r", "")


def _distinct(names: Iterable[str], taken: set[str]) -> list[str]:
    used: set[str] = set()
    result = []
    for name in names:
        candidate, number = name, 2
        while candidate.casefold() in used or (candidate != name and candidate.casefold() in taken):
            candidate, number = f"{name}_{number}", number + 1
        used.add(candidate.casefold())
        result.append(candidate)
    return result
