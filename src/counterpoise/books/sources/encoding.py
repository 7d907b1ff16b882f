"""Which encoding a text file is in, and its text."""

import codecs
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from counterpoise.books.progress import Progress

_BLOCK = 1 << 20
_EVIDENT = 0.3  # share of zero bytes on one side of the pairs that shows UTF-16 without a mark
_FALLBACK = "counterpoise-cp1252"
INVALID = re.compile("[\udc80-\udcff]")  # how surrogateescape marks bytes that are no UTF-8


class Encoding(StrEnum):
    """An encoding that files come in; values are Python's names."""

    UTF_8 = "utf-8"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"
    UTF_32_LE = "utf-32-le"
    UTF_32_BE = "utf-32-be"
    CP1252 = "cp1252"

    @property
    def is_wide(self) -> bool:
        """Tell whether every character takes two or four bytes."""
        return self not in (Encoding.UTF_8, Encoding.CP1252)


# The longer mark first: that of UTF-16 LE begins that of UTF-32 LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, Encoding.UTF_32_LE),
    (codecs.BOM_UTF32_BE, Encoding.UTF_32_BE),
    (codecs.BOM_UTF8, Encoding.UTF_8),
    (codecs.BOM_UTF16_LE, Encoding.UTF_16_LE),
    (codecs.BOM_UTF16_BE, Encoding.UTF_16_BE),
)


def wide_encoding(head: bytes) -> Encoding | None:
    """Return the UTF-16 or UTF-32 that a file's first bytes show, by mark or by zero bytes.

    >>> wide_encoding("deal;net".encode("utf-16-be"))
    <Encoding.UTF_16_BE: 'utf-16-be'>
    >>> wide_encoding(b"deal;net") is None
    True
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding if encoding.is_wide else None
    pairs = len(head) // 2
    if pairs < 2:
        return None
    first = head[0 : 2 * pairs : 2].count(0) / pairs
    second = head[1 : 2 * pairs : 2].count(0) / pairs
    if second > _EVIDENT and first < second / 10:
        return Encoding.UTF_16_LE
    if first > _EVIDENT and second < first / 10:
        return Encoding.UTF_16_BE
    return None


def narrow_encoding(wide_characters: int, invalid_bytes: int) -> Encoding:
    """Return the encoding of a file by its characters beyond ASCII that UTF-8 reads or cannot.

    A few invalid bytes among many valid characters come from text pasted together; they alone
    are then read as cp1252.

    >>> narrow_encoding(wide_characters=0, invalid_bytes=3)
    <Encoding.CP1252: 'cp1252'>
    >>> narrow_encoding(wide_characters=40, invalid_bytes=1)
    <Encoding.UTF_8: 'utf-8'>
    """
    return Encoding.CP1252 if invalid_bytes > wide_characters else Encoding.UTF_8


def encoding_of(head: bytes) -> Encoding:
    """Return the encoding that a file's first bytes show.

    >>> encoding_of("Müller".encode("cp1252"))
    <Encoding.CP1252: 'cp1252'>
    """
    text = head.decode("utf-8", "surrogateescape")
    invalid = len(INVALID.findall(text))
    return wide_encoding(head) or narrow_encoding(len(head) - len(text), invalid)


def text_of(path: Path, encoding: Encoding, progress: Progress | None = None) -> Iterator[str]:
    """Yield the text of a file in pieces, without a byte order mark; no byte makes it fail.

    A carriage return and its line feed are never parted. `progress` hears of each block's bytes.
    """
    decoder = _decoder(encoding)
    held = ""
    with path.open("rb", buffering=0) as stream:
        is_first = True
        while block := stream.read(_BLOCK):
            if progress is not None:
                progress.advance(len(block))
            text = held + decoder.decode(block)
            if is_first and text:
                text, is_first = text.removeprefix("\ufeff"), False
            held = "\r" if text.endswith("\r") else ""
            yield text[:-1] if held else text
    yield held + decoder.decode(b"", final=True)


def decoded(head: bytes, encoding: Encoding) -> str:
    """Return the text of a file's first bytes; a character cut at their end is left out."""
    return _decoder(encoding).decode(head).removeprefix("\ufeff")


def _decoder(encoding: Encoding) -> codecs.IncrementalDecoder:
    errors = "replace" if encoding.is_wide else _FALLBACK
    return codecs.getincrementaldecoder(encoding.value)(errors=errors)


def _as_cp1252(failure: UnicodeError) -> tuple[str, int]:
    """Read bytes that the encoding at hand cannot, as browsers read cp1252."""
    if not isinstance(failure, UnicodeDecodeError):
        raise failure
    bad = failure.object[failure.start : failure.end]
    return bad.decode("cp1252", "counterpoise-latin1"), failure.end


def _as_latin1(failure: UnicodeError) -> tuple[str, int]:
    """Read the five bytes that cp1252 leaves open."""
    if not isinstance(failure, UnicodeDecodeError):
        raise failure
    return failure.object[failure.start : failure.end].decode("latin-1"), failure.end


codecs.register_error("counterpoise-latin1", _as_latin1)
codecs.register_error(_FALLBACK, _as_cp1252)
