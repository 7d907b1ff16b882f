"""Read a source as people have it: files of any kind and databases become tables in DuckDB.

`open_source` finds out by evidence how each file is written, reads it in place where it can and
from a corrected copy where it must, and keeps the rows that are no rows with their reasons.
Values are trimmed and otherwise left as they are: what they mean is for others to decide.
"""

from counterpoise.books.sources.aside import Reject, Rejects
from counterpoise.books.sources.refusal import SourceError
from counterpoise.books.sources.source import Source, open_source
from counterpoise.books.sources.table import SourceTable

__all__ = ["Reject", "Rejects", "Source", "SourceError", "SourceTable", "open_source"]
