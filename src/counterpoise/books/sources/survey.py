"""What one pass over the bytes of a text file tells."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from counterpoise.books.progress import Progress
from counterpoise.books.sources.encoding import (
    INVALID,
    Encoding,
    narrow_encoding,
    wide_encoding,
)

BLANKS = " \t\n\v\f\r\u00a0\u2007\u202f\ufeff"  # what is trimmed from both ends of a value
_BLOCK = 1 << 20
_TAIL = 256
_WIDE_BLANKS = {blank: blank.encode() for blank in BLANKS if not blank.isascii()}


@dataclass(frozen=True)
class Survey:
    """Facts about the bytes of a whole file."""

    sha256: str
    size: int
    encoding: Encoding
    is_valid: bool  # every byte belongs to a character of the encoding
    has_quotes: bool
    has_zero_bytes: bool
    line_feeds: int
    returns: int
    return_line_feeds: int
    ends_in_line_end: bool
    blank_lines_at_end: int
    blanks: frozenset[str]  # of valid text: those beyond a space that stand anywhere in it

    @property
    def lines(self) -> int:
        """Count the lines, the last one with or without its line end."""
        ends = self.line_feeds + self.returns - self.return_line_feeds
        return ends if self.ends_in_line_end else ends + 1

    @property
    def is_plain(self) -> bool:
        """Tell whether this is valid UTF-8 text with one kind of line end, LF or CRLF."""
        return (
            self.encoding is Encoding.UTF_8
            and self.is_valid
            and not self.has_zero_bytes
            and self.returns == self.return_line_feeds
            and self.return_line_feeds in {0, self.line_feeds}
        )


class _Count:
    """Running totals over the blocks of a file."""

    def __init__(self, wide: Encoding | None) -> None:
        self._wide = wide
        self._digest = hashlib.sha256()
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._last = self._tail = b""
        self._size = self._feeds = self._returns = self._pairs = 0
        self._characters_beyond_ascii = self._invalid = 0
        self._has_quotes = self._has_zero_bytes = False
        self._blanks: set[str] = set()

    def add(self, block: bytes) -> None:
        self._digest.update(block)
        self._size += len(block)
        self._feeds += block.count(b"\n")
        if b"\r" in block or self._last == b"\r":
            self._returns += block.count(b"\r")
            self._pairs += (self._last + block).count(b"\r\n")
        self._last = block[-1:]
        self._tail = (self._tail + block[-_TAIL:])[-_TAIL:]
        self._has_quotes = self._has_quotes or b'"' in block
        self._has_zero_bytes = self._has_zero_bytes or b"\0" in block
        self._blanks |= {blank for blank in "\t\v\f" if blank.encode() in block}
        if self._wide is None and not (block.isascii() and not self._decoder.getstate()[0]):
            self._read_characters(block)

    def _read_characters(self, block: bytes, *, is_last: bool = False) -> None:
        text = self._decoder.decode(block, is_last)
        try:
            text.encode()
        except UnicodeEncodeError:
            self._invalid += len(INVALID.findall(text))
        self._characters_beyond_ascii += max(0, len(block) - len(text))
        if not self._invalid:
            self._blanks |= {blank for blank, code in _WIDE_BLANKS.items() if code in block}

    def result(self) -> Survey:
        self._read_characters(b"", is_last=True)
        narrow = narrow_encoding(self._characters_beyond_ascii, self._invalid)
        quoted = set("\n\r") if self._has_quotes else set()
        return Survey(
            sha256=self._digest.hexdigest(),
            size=self._size,
            encoding=self._wide or narrow,
            is_valid=self._invalid == 0,
            has_quotes=self._has_quotes,
            has_zero_bytes=self._has_zero_bytes and self._wide is None,
            line_feeds=self._feeds,
            returns=self._returns,
            return_line_feeds=self._pairs,
            ends_in_line_end=self._last in {b"\n", b"\r"},
            blank_lines_at_end=max(0, self._line_ends_at_end() - 1),
            blanks=frozenset(self._blanks | quoted),
        )

    def _line_ends_at_end(self) -> int:
        tail = self._tail.replace(b"\r\n", b"\n")
        return len(tail) - len(tail.rstrip(b"\r\n"))


def survey(path: Path, progress: Progress) -> Survey:
    """Read a file once from end to end, in bounded memory."""
    with path.open("rb", buffering=0) as stream:
        block = stream.read(_BLOCK)
        count = _Count(wide_encoding(block))
        while block:
            count.add(block)
            progress.advance(len(block))
            block = stream.read(_BLOCK)
    return count.result()


def digest(path: Path, progress: Progress) -> str:
    """Return the SHA-256 of a file's content, read in bounded memory."""
    found = hashlib.sha256()
    with path.open("rb", buffering=0) as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
            progress.advance(len(block))
    return found.hexdigest()
