"""An adapter's folder: adapter.toml and one TABLE.sql a canonical table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from counterpoise.books.adapters.manifest import AdapterFileError, Manifest, read_manifest
from counterpoise.books.adapters.spelling import did_you_mean
from counterpoise.books.schema import TABLES
from counterpoise.errors import CounterpoiseError

MANIFEST = "adapter.toml"
LARGEST_FILE = 1_000_000
"""Bytes; a longer file is no adapter's."""

_SHIPPED = Path(__file__).parent / "shipped"


class UnknownAdapterError(CounterpoiseError):
    """Say that neither a shipped adapter nor a folder has this name."""

    def __init__(self, asked: str) -> None:
        names = shipped_names()
        super().__init__(
            f"there is no adapter {asked!r}{did_you_mean(asked, names)} "
            f"(shipped: {', '.join(names)}; one of your own is a folder that holds {MANIFEST})"
        )


@dataclass(frozen=True)
class AdapterFolder:
    """What an adapter's files say, read once."""

    root: Path
    name: str
    manifest: Manifest
    sql: Mapping[str, str]
    fingerprint: str

    def file(self, table: str) -> str:
        """Return the path of a table's SQL, for messages."""
        return str(self.root / f"{table}.sql")


def shipped_names() -> tuple[str, ...]:
    """Return the names of the adapters that come with the program."""
    return tuple(sorted(one.name for one in _SHIPPED.iterdir() if variants(one)))


def variants(root: Path) -> tuple[Path, ...]:
    """Return the folders of an adapter: itself, or one a shape where a source comes in several."""
    if (root / MANIFEST).is_file():
        return (root,)
    return tuple(sorted(one.parent for one in root.glob(f"*/{MANIFEST}")))


def locate(adapter: str | Path) -> tuple[Path, ...]:
    """Return the folders of a shipped adapter, of one variant of it, or of one's own.

    Raises:
        UnknownAdapterError: There is none.
    """
    name = str(adapter)
    shipped = _SHIPPED / name if name.split("/", maxsplit=1)[0] in shipped_names() else None
    path = shipped or Path(adapter).expanduser()
    if path.name == MANIFEST:
        path = path.parent
    found = variants(path)
    if not found:
        raise UnknownAdapterError(name)
    return found


def read_folder(root: Path) -> AdapterFolder:
    """Read the files of an adapter; files that are neither adapter.toml nor SQL are passed over.

    Raises:
        AdapterFileError: A file is unreadable, points outside the folder or maps no known table.
    """
    texts = {MANIFEST: _read(root, root / MANIFEST)}
    for file in sorted(root.glob("*.sql")):
        if file.stem not in TABLES:
            raise AdapterFileError(
                str(file), [f"{file.stem!r} is no canonical table{did_you_mean(file.stem, TABLES)}"]
            )
        texts[file.name] = _read(root, file)
    manifest = read_manifest(texts[MANIFEST], str(root / MANIFEST))
    sql = {name.removesuffix(".sql"): text for name, text in texts.items() if name != MANIFEST}
    if not sql and not manifest.takes_canonical:
        raise AdapterFileError(str(root), ["no TABLE.sql maps a table; write deals.sql first"])
    ordered = {table: sql[table] for table in TABLES if table in sql}
    return AdapterFolder(root, _name(root, manifest), manifest, ordered, _fingerprint(texts))


def _name(root: Path, manifest: Manifest) -> str:
    """Return a name that `locate` finds again for a shipped adapter, else the manifest's."""
    return root.relative_to(_SHIPPED).as_posix() if root.is_relative_to(_SHIPPED) else manifest.name


def _read(root: Path, file: Path) -> str:
    if not file.resolve().is_relative_to(root.resolve()):
        raise AdapterFileError(str(file), ["points outside the adapter's folder; put a copy in it"])
    if not file.is_file():
        raise AdapterFileError(str(file), ["is not a file"])
    if file.stat().st_size > LARGEST_FILE:
        raise AdapterFileError(str(file), [f"longer than {LARGEST_FILE:,} bytes"])
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise AdapterFileError(str(file), [f"not UTF-8 text: {error.reason}"]) from error


def _fingerprint(texts: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name, text in sorted(texts.items()):
        for part in (name, text):
            content = part.encode()
            digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()
