"""The grammar of delimited text: where a record ends, what its fields are, what breaks it."""

import re
from dataclasses import dataclass
from functools import lru_cache

LINE_END = re.compile(r"\r\n|\n|\r")
NO_DELIMITER = "\x1f"  # stands in for a separator where a file has one column
_QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'
_QUOTED_TEXT = r'"[^"\0]*+(?:""[^"\0]*+)*+"'  # a zero byte never stands in text
_QUOTED_OR_RETURN = re.compile(rf"({_QUOTED})|\r\n?")


@dataclass(frozen=True)
class Record:
    """A record with its fields as text; `end` is where the next one starts."""

    fields: tuple[str, ...]
    end: int
    is_terminated: bool = True

    @property
    def named_width(self) -> int:
        """Count the fields up to the last that holds anything."""
        return max((n for n, field in enumerate(self.fields, 1) if field.strip()), default=0)

    @property
    def is_blank(self) -> bool:
        """Tell whether no field holds anything but blanks."""
        return not any(field.strip() for field in self.fields)


@dataclass(frozen=True)
class Broken:
    """A line that cannot be read as a record; `end` is where the next line starts."""

    reason: str
    end: int


@dataclass(frozen=True)
class Unfinished:
    """A record whose end is not in the text yet."""

    is_quoted: bool


class Grammar:
    r"""How records are written with one delimiter.

    >>> Grammar(";").record('a;"b;""c"\n', 0, is_final=True).fields
    ('a', 'b;"c')
    """

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        d = re.escape(delimiter)
        self._blanks = re.compile(r"[ ]*" if delimiter == "\t" else r"[ \t]*")
        self._quoted = re.compile(_QUOTED)
        self._plain = re.compile(rf"[^{d}\r\n]*")

    def rows(self, width: int) -> re.Pattern[str]:
        """Return what matches any number of complete, well-formed records of `width` fields."""
        return _rows(self.delimiter, width, "*+")

    def row(self, width: int) -> re.Pattern[str]:
        """Return what matches one complete, well-formed record of `width` fields."""
        return _rows(self.delimiter, width, "")

    def record(self, text: str, start: int, *, is_final: bool) -> Record | Broken | Unfinished:
        """Read the record that starts at `start`; `is_final` says that no text follows."""
        fields: list[str] = []
        position = start
        while True:
            found = self._field(text, position, is_final=is_final)
            if isinstance(found, Unfinished) and not is_final:
                return found
            if isinstance(found, Unfinished):
                return _broken("a quote is opened and never closed", text, start)
            if isinstance(found, str):
                return _broken(found, text, start)
            value, position = found
            fields.append(value)
            if text.startswith(self.delimiter, position):
                position += 1
                continue
            line_end = LINE_END.match(text, position)
            end = line_end.end() if line_end else position
            return _without_nul(Record(tuple(fields), end, line_end is not None), text, start)

    def _field(
        self, text: str, start: int, *, is_final: bool
    ) -> tuple[str, int] | Unfinished | str:
        """Return value and end of a field, what is wrong with it, or that more text is needed."""
        opening = self._end_of_blanks(text, start)
        if not text.startswith('"', opening):
            plain = self._plain.match(text, start)
            assert plain is not None  # it matches nothing as well
            if plain.end() == len(text) and not is_final:
                return Unfinished(is_quoted=False)
            return plain.group(), plain.end()
        quoted = self._quoted.match(text, opening)
        if quoted is None:
            return Unfinished(is_quoted=True)
        end = self._end_of_blanks(text, quoted.end())
        if end == len(text) and not is_final:
            return Unfinished(is_quoted=True)
        if end < len(text) and text[end] not in f"{self.delimiter}\r\n":
            return "text follows a closing quote"
        return quoted.group()[1:-1].replace('""', '"'), end

    def _end_of_blanks(self, text: str, start: int) -> int:
        found = self._blanks.match(text, start)
        return found.end() if found else start


def written(fields: tuple[str, ...], delimiter: str) -> str:
    r"""Return fields as one record that ends in a line feed.

    >>> written(("a", "b;c", " d"), ";")
    'a;"b;c";" d"\n'
    """
    return delimiter.join(_written(field, delimiter) for field in fields) + "\n"


def with_line_feeds(rows: str) -> str:
    r"""Return well-formed records with a line feed as each record's end; cells stay as they are.

    >>> with_line_feeds('a,b\r"c\rd",e\r\n')
    'a,b\n"c\rd",e\n'
    """
    if "\r" not in rows:
        return rows
    if '"' not in rows:
        return rows.replace("\r\n", "\n").replace("\r", "\n")
    return _QUOTED_OR_RETURN.sub(lambda found: found.group(1) or "\n", rows)


def count_lines(text: str) -> int:
    r"""Count the line ends in `text`, of any kind.

    >>> count_lines("a\r\nb\rc\n")
    3
    """
    if "\r" not in text:
        return text.count("\n")
    return text.count("\n") + text.count("\r") - text.count("\r\n")


@lru_cache(maxsize=16)
def _rows(delimiter: str, width: int, times: str) -> re.Pattern[str]:
    d = re.escape(delimiter)
    field = rf'(?>{_QUOTED_TEXT}|[^{d}"\r\n\0]*+)'
    more = f"(?:{d}{field}){{{width - 1}}}" if width > 1 else ""
    return re.compile(rf"(?:{field}{more}(?:\r\n|\n|\r)){times}")


def _broken(reason: str, text: str, start: int) -> Broken:
    line_end = LINE_END.search(text, start)
    return Broken(reason, line_end.end() if line_end else len(text))


def _without_nul(record: Record, text: str, start: int) -> Record | Broken:
    if text.find("\0", start, record.end) < 0:
        return record
    return _broken("it holds a zero byte, as binary files do", text, start)


def _written(field: str, delimiter: str) -> str:
    if (
        delimiter in field
        or '"' in field
        or "\n" in field
        or "\r" in field
        or field != field.strip()
    ):
        return '"' + field.replace('"', '""') + '"'
    return field
