"""Recognise files that are no delimited text, by their first bytes."""

from pathlib import Path

from counterpoise.books.sources.encoding import wide_encoding
from counterpoise.books.sources.refusal import SourceError

_TOLERATED_SHARE_OF_ZEROS = 0.001
_SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook (.xlsx) or a zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)"),
    (b"PAR1", "a Parquet file (.parquet)"),
    (b"SQLite format 3\0", "a SQLite database (open it as sqlite:///PATH)"),
    (b"\x1f\x8b", "a gzip archive (.csv.gz)"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a rich text document"),
    (b"ARROW1", "an Arrow file"),
)
_PAGES = (b"<!doctype html", b"<html", b"<?xml")


class NotTextError(SourceError):
    """Raised when a file that should hold delimited text holds something else."""

    def __init__(self, path: Path, seems: str) -> None:
        super().__init__(
            f"{path}: this is no CSV text; it seems to be {seems}. Export the table as CSV, "
            "Parquet or Excel, or give the file the ending that fits its content"
        )


def kind_of(head: bytes) -> str | None:
    """Name what a file's first bytes show it to be, when that is not text.

    >>> kind_of(b"PAR1....")
    'a Parquet file (.parquet)'
    >>> kind_of(b"deal_id,net_amount") is None
    True
    """
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    if head.lstrip().lower().startswith(_PAGES):
        return "a web page or XML (was it saved from a page that asked to log in?)"
    if wide_encoding(head) is None and head.count(0) > len(head) * _TOLERATED_SHARE_OF_ZEROS:
        return "binary data"
    return None


def require_text(path: Path, head: bytes) -> None:
    """Refuse a file whose first bytes show that it is no text.

    Raises:
        NotTextError: It is something else.
    """
    seems = kind_of(head)
    if seems is not None:
        raise NotTextError(path, seems)
