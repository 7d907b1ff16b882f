"""Which adapter reads a source: the one asked for, or the one that fits best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise.books.adapters.adapter import Adapter, AdapterFitError, load_adapter
from counterpoise.books.adapters.folder import locate, shipped_names
from counterpoise.books.schema import TABLES
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    from pathlib import Path

    from counterpoise.books.sources import Source


class UnrecognisedSourceError(CounterpoiseError):
    """Say what was found in a source and what each adapter would have needed."""

    def __init__(self, source: Source, missing: dict[str, tuple[str, ...]]) -> None:
        found = ", ".join(source.tables) or "none"
        needs = "\n".join(f"  {name}: {'; '.join(why)}" for name, why in missing.items())
        deals = ", ".join(column.name for column in TABLES["deals"].columns if column.required)
        super().__init__(
            f"No adapter recognises {source.name} (tables found: {found}).\n{needs}\n"
            "Name one with --adapter; or write your own, a folder with adapter.toml and deals.sql; "
            f"or name a file deals.csv, with at least the columns {deals}."
        )


class AmbiguousSourceError(CounterpoiseError):
    """Say that several adapters fit a source equally well."""

    def __init__(self, source: Source, names: list[str]) -> None:
        super().__init__(
            f"{source.name} fits the adapters {' and '.join(names)} equally well; "
            "choose one with --adapter."
        )


def find_adapter(source: Source, adapter: str | Path | None = None) -> Adapter:
    """Return the adapter of that name or folder, or else the shipped one that fits best.

    An adapter that comes in variants gives the one that fits best.

    Raises:
        AdapterFileError: A file of the adapter is wrong.
        AdapterFitError: The adapter asked for does not fit the source.
        AmbiguousSourceError: Several fit equally well.
        UnknownAdapterError: There is no adapter of that name.
        UnrecognisedSourceError: None fits.
    """
    names = shipped_names() if adapter is None else (adapter,)
    candidates = [load_adapter(root) for name in names for root in locate(name)]
    fits = {one.name: one.fit(source) for one in candidates}
    fitting = [one for one in candidates if not fits[one.name].missing]
    if not fitting:
        missing = {name: fit.missing for name, fit in fits.items()}
        raise _refusal(source, missing, adapter)
    best = max(fits[one.name].score for one in fitting)
    first = [one for one in fitting if fits[one.name].score == best]
    if len(first) > 1:
        raise AmbiguousSourceError(source, [one.name for one in first])
    return first[0]


def _refusal(
    source: Source, missing: dict[str, tuple[str, ...]], asked: str | Path | None
) -> CounterpoiseError:
    if asked is not None and len(missing) == 1:
        ((name, why),) = missing.items()
        return AdapterFitError(name, source, why)
    return UnrecognisedSourceError(source, missing)
