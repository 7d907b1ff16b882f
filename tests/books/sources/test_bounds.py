"""Whatever the input, memory stays bounded and a full disk is said in one message."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from counterpoise.books.sources import SourceError, open_source

_BYTES = 60_000_000
_READ = """
import resource, sys
from pathlib import Path
from counterpoise.books.sources import open_source
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open_source(Path(sys.argv[1]), memory_limit="300MB", scratch=Path(sys.argv[2])) as source:
    (table,) = source.tables.values()
    print(table.rows, len(source.rejects), *[reject.line for reject in source.rejects])
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def read_apart(path: Path, scratch: Path) -> tuple[list[int], int]:
    """Read a file in a process of its own; return what it counts and the megabytes it took."""
    done = subprocess.run(
        [sys.executable, "-c", _READ, path, scratch], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    counts, megabytes = done.stdout.splitlines()
    return [int(word) for word in counts.split()], int(megabytes)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["plain", "quoted", "cp1252"])
def test_reads_a_large_file_that_is_cut_within_a_row_in_little_memory(
    tmp_path: Path, kind: str
) -> None:
    row = {
        "plain": b"D1,a deal of some length,2024-01-01,180.50,won\n",
        "quoted": b'"D1","a deal, of\nsome ""length""","2024-01-01","180.50","won"\n',
        "cp1252": b"D1,Gr\xf6\xdfe einer Zeile,2024-01-01,180.50,won\n",
    }[kind]
    path = tmp_path / "deals.csv"
    rows = _BYTES // len(row)
    with path.open("wb") as stream:
        stream.write(b"id,name,closed,net,outcome\n")
        for _ in range(rows // 10_000):
            stream.write(row * 10_000)
        stream.write(row[:12])
    counts, megabytes = read_apart(path, tmp_path / "scratch")
    whole = rows // 10_000 * 10_000
    lines = whole * row.count(b"\n")
    assert counts == [whole, 1, lines + 2]
    assert megabytes < 250, megabytes


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file grow beyond `size`, as a full disk would not."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_says_that_the_disk_is_full_and_leaves_nothing(tmp_path: Path) -> None:
    path, scratch = tmp_path / "deals.csv", tmp_path / "scratch"
    path.write_bytes(b"id,name\r" + b"D1,M\xfcller\r" * 500_000)
    with files_of_at_most(1_000_000), pytest.raises(SourceError, match="no room left for temp"):
        open_source(path, scratch=scratch)
    assert list(scratch.iterdir()) == []


def test_says_that_the_disk_is_full_while_rejects_are_kept(tmp_path: Path) -> None:
    path, scratch = tmp_path / "deals.csv", tmp_path / "scratch"
    path.write_bytes(b"id,name\n" + b"D1,x\n" * 10 + b"D1,x,y,z\n" * 100_000)
    with files_of_at_most(1_000_000), pytest.raises(SourceError, match="no room left for temp"):
        open_source(path, scratch=scratch)
    assert list(scratch.iterdir()) == []


def test_keeps_many_rejects(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_bytes(b"id,name\n" + b"D1,x\n" * 10 + b"D1,x,y,z\n" * 100_000)
    with open_source(path, scratch=tmp_path / "scratch") as source:
        assert len(source.rejects) == 100_000
        assert next(iter(source.rejects)).line == 12
