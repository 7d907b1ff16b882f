"""The program that draws charts, written once a version into the workspace's cache."""

from __future__ import annotations

import gzip
import hashlib
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

from counterpoise.web import house

_STARTS = "window.drawChart = vegaEmbed;"


@cache
def fingerprint() -> str:
    """Return what the program's address ends in; another version has another."""
    named = f"{version('vl-convert-python')} {_STARTS}"
    return hashlib.sha256(named.encode()).hexdigest()[:12]


def packed_bundle() -> bytes:
    """Return the program, packed with gzip."""
    file = house.workspace().root / "cache" / f"charts-{fingerprint()}.js.gz"
    if not file.exists():
        _write(file)
    return file.read_bytes()


def _write(file: Path) -> None:
    """Write a whole file or none: two processes may come at once."""
    import vl_convert

    file.parent.mkdir(exist_ok=True)
    packed = gzip.compress(vl_convert.javascript_bundle(_STARTS).encode(), mtime=0)
    made = file.with_name(f".{file.name}.{os.getpid()}")
    made.write_bytes(packed)
    made.replace(file)
