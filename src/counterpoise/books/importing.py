"""Import a source: read, type, check, set aside, and put a new snapshot in use in one step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from counterpoise.books.accepted import (
    Accepted,
    read_accepted,
    with_suggestions,
    write_accepted,
)
from counterpoise.books.clock import utc_now
from counterpoise.books.identity import Identity
from counterpoise.books.interrupting import (
    Interruption,
    StoppingProgress,
    run_interruptibly,
)
from counterpoise.books.lock import import_lock
from counterpoise.books.manifest import Manifest, SourceFacts, TableFacts
from counterpoise.books.problems import Problem, Suggestion
from counterpoise.books.progress import Progress, Silent
from counterpoise.books.snapshot import (
    ImportRecord,
    clear_litter,
    current_snapshot,
    lock_file,
    making,
    publish,
    record_import,
    switch_to,
)
from counterpoise.books.workspace import Workspace
from counterpoise.errors import CounterpoiseError

if TYPE_CHECKING:
    import duckdb

    from counterpoise.books.adapters import Adapter
    from counterpoise.books.reading import Read
    from counterpoise.books.sources import Source

MEMORY_LIMIT = "2GB"
"""What reading, and then checking, may take before they use the disk."""


class DiskFullError(CounterpoiseError):
    """There is no room for a snapshot."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder}: no room left to write a snapshot; free some space, with "
            "`counterpoise prune` for one, and import again. The books are as they were"
        )


class UnwritableBooksError(CounterpoiseError):
    """The books' folder cannot be written."""

    def __init__(self, folder: Path, failure: OSError) -> None:
        super().__init__(
            f"{failure.filename or folder}: cannot be written ({failure.strerror}); "
            "check who may write there. The books are as they were"
        )


@dataclass(frozen=True)
class ImportReport:
    """What an import did: the snapshot now in use, and what was found on the way."""

    snapshot: str
    source: str
    adapter: str
    tables: Mapping[str, TableFacts]
    problems: tuple[Problem, ...]
    suggestions: tuple[Suggestion, ...]
    accepted: tuple[Suggestion, ...]
    """Suggestions that this import was asked to take, and took."""
    unchanged: bool
    """Tell whether this snapshot was in use already."""
    seconds: float


@dataclass(frozen=True)
class _Job:
    """One import: what was asked, who is told, and how it is stopped."""

    workspace: Workspace
    source: str | Path
    adapter: str | Path | None
    accept: bool
    progress: Progress
    interruption: Interruption
    now: datetime


@dataclass(frozen=True)
class _Outcome:
    """A snapshot to put in use: one that is there, or one that is made and not yet published."""

    manifest: Manifest
    accepted: tuple[Suggestion, ...] = ()
    spellings: Accepted = field(default_factory=dict)
    made: Path | None = None


def import_books(
    workspace: Workspace,
    source: str | Path,
    *,
    adapter: str | Path | None = None,
    accept: bool = False,
    progress: Progress | None = None,
    now: Callable[[], datetime] = utc_now,
) -> ImportReport:
    """Import a folder, a file or a database into the books and put the result in use.

    The same input makes the same snapshot. Whatever goes wrong, the books stay as they were.

    Args:
        workspace: Whose books.
        source: A folder, one file, or a database's address.
        adapter: The name or folder of an adapter; by default the one that fits best.
        accept: Take the spellings that are suggested, now and in later imports.
        progress: Who is told how far the import is.
        now: The clock.

    Returns:
        What is in use now, how much of it, and what is wrong with it.

    Raises:
        ImportRunningError: when another import is running.
        SourceError: when the source cannot be read.
        NoRowsError: when no row of the source can be used.
        UndecidedDatesError: when the order of day and month in a column cannot be told.
        DiskFullError: when there is no room.
        UnwritableBooksError: when the books' folder cannot be written.
    """
    interruption = Interruption()
    told = StoppingProgress(progress or Silent(), interruption)
    job = _Job(workspace, source, adapter, accept, told, interruption, now())
    return run_interruptibly(partial(_import, job), interruption)


def _import(job: _Job) -> ImportReport:
    began, workspace = time.monotonic(), job.workspace
    with _plain_failures(workspace), import_lock(lock_file(workspace), job.now):
        clear_litter(workspace)
        with making(workspace) as folder:
            outcome = _make(job, folder)
            unchanged = _put_in_use(job, outcome)
    return _report(outcome, unchanged=unchanged, seconds=time.monotonic() - began)


def _make(job: _Job, folder: Path) -> _Outcome:
    from counterpoise.books.adapters import find_adapter
    from counterpoise.books.reading import read_source
    from counterpoise.books.sources import open_source

    accepted = read_accepted(job.workspace)
    staging = folder / "staged"
    staging.mkdir()
    with open_source(
        job.source, scratch=folder, memory_limit=MEMORY_LIMIT, progress=job.progress
    ) as source:
        job.interruption.watch(source.connection)
        chosen = find_adapter(source, job.adapter)
        identity = _identity(job.workspace, source, chosen)
        if found := _known(job, identity, accepted):
            return found
        read = read_source(source, chosen, job.workspace.time_zone, staging, job.progress)
    return _examined(job, folder, identity, read, accepted)


def _identity(workspace: Workspace, source: Source, adapter: Adapter) -> Identity:
    facts = SourceFacts(source.fingerprint, adapter.name, source.name)
    return Identity(workspace, facts, adapter.fingerprint)


def _known(job: _Job, identity: Identity, accepted: Accepted) -> _Outcome | None:
    """Return the snapshot that this import would make, if it is there."""
    manifest = identity.known(accepted)
    if manifest is None:
        return None
    if not (job.accept and manifest.suggestions):
        return _Outcome(manifest)
    spellings = with_suggestions(accepted, manifest.suggestions)
    taken = identity.known(spellings)
    return _Outcome(taken, manifest.suggestions, spellings) if taken else None


def _examined(
    job: _Job, folder: Path, identity: Identity, read: Read, accepted: Accepted
) -> _Outcome:
    from counterpoise.books.examining import examine
    from counterpoise.books.finishing import require_rows, write_tables

    made = folder / "made"
    made.mkdir()
    with _connection(folder / "spill") as connection:
        job.interruption.watch(connection)
        look = partial(examine, connection, read.tables, job.workspace.currency)
        job.progress.start("Checking")
        findings = look(accepted)
        taken = tuple(findings.examination.suggestions) if job.accept else ()
        if taken:
            accepted = with_suggestions(accepted, taken)
            findings = look(accepted)
        job.progress.done()
        job.progress.start("Writing")
        facts = write_tables(findings.examination, read.rejected, made)
        job.progress.done()
    require_rows(job.source, facts, (*read.problems, *findings.problems))
    manifest = Manifest(
        snapshot=identity.snapshot(accepted),
        source=identity.source,
        currency=job.workspace.currency,
        time_zone=job.workspace.time_zone,
        tables=facts,
        foreign_currencies=findings.examination.foreign_currencies,
        problems=(*read.problems, *findings.problems),
        suggestions=tuple(findings.examination.suggestions),
    )
    manifest.write(made)
    return _Outcome(manifest, taken, accepted if taken else {}, made)


def _put_in_use(job: _Job, outcome: _Outcome) -> bool:
    """Switch to the outcome's snapshot; tell whether it was in use already."""
    workspace, snapshot = job.workspace, outcome.manifest.snapshot
    if outcome.made is not None:
        publish(workspace, outcome.made, snapshot)
    if outcome.spellings:
        write_accepted(workspace, outcome.spellings)
    unchanged = current_snapshot(workspace) == snapshot
    if not unchanged:
        switch_to(workspace, snapshot)
        record_import(workspace, ImportRecord(job.now, snapshot, outcome.manifest.source.name))
    return unchanged


def _report(outcome: _Outcome, *, unchanged: bool, seconds: float) -> ImportReport:
    manifest = outcome.manifest
    return ImportReport(
        snapshot=manifest.snapshot,
        source=manifest.source.name,
        adapter=manifest.source.adapter,
        tables=manifest.tables,
        problems=manifest.problems,
        suggestions=manifest.suggestions,
        accepted=outcome.accepted,
        unchanged=unchanged,
        seconds=seconds,
    )


@contextmanager
def _connection(spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        yield connection


@contextmanager
def _plain_failures(workspace: Workspace) -> Iterator[None]:
    import duckdb

    from counterpoise.books.sources.refusal import is_out_of_space

    try:
        yield
    except duckdb.IOException as failure:
        if is_out_of_space(failure):
            raise DiskFullError(workspace.books_dir) from failure
        raise
    except OSError as failure:
        if is_out_of_space(failure):
            raise DiskFullError(workspace.books_dir) from failure
        raise UnwritableBooksError(workspace.books_dir, failure) from failure
