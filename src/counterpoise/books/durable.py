"""Write files so that a crash leaves the former content or the new one, never a part."""

import os
import sys
from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Put `text` into the file at `path` in one step that survives a loss of power."""
    made = path.with_name(f".{path.name}.{os.getpid()}.making")
    try:
        with made.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def append_line(path: Path, line: str) -> None:
    """Add a line to the file at `path` and wait until it is stored."""
    with path.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def sync_tree(folder: Path) -> None:
    """Wait until every file directly in `folder`, and their names, are stored."""
    for file in folder.iterdir():
        with file.open("rb+") as stream:
            os.fsync(stream.fileno())
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Wait until the names in `folder` are stored; Windows does so by itself."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
