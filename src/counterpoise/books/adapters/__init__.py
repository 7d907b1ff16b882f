"""Adapters turn a source's tables into canonical ones.

An adapter is a folder: adapter.toml says what it recognises and how its source writes things, and
one TABLE.sql a canonical table is a single SELECT over the source's tables. It can read its
source and nothing else: its SQL is checked before it runs, and runs where files, extensions and
settings are locked.
"""

from counterpoise.books.adapters.adapter import Adapter, AdapterFitError
from counterpoise.books.adapters.folder import UnknownAdapterError, shipped_names
from counterpoise.books.adapters.made import MappedTable
from counterpoise.books.adapters.manifest import AdapterFileError, Conventions
from counterpoise.books.adapters.recognition import (
    AmbiguousSourceError,
    UnrecognisedSourceError,
    find_adapter,
)
from counterpoise.books.adapters.running import AdapterQueryError

__all__ = [
    "Adapter",
    "AdapterFileError",
    "AdapterFitError",
    "AdapterQueryError",
    "AmbiguousSourceError",
    "Conventions",
    "MappedTable",
    "UnknownAdapterError",
    "UnrecognisedSourceError",
    "find_adapter",
    "shipped_names",
]
