"""The head of the trail: how many entries there are, and the last one's MAC.

It goes out with the digest and stands in a file beside the key, so that a trail whose end was cut
off contradicts it.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from counterpoise.books.durable import replace_text
from counterpoise.errors import CounterpoiseError

HEAD_FILE = "audit.head"
_SHAPE = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


class HeadError(CounterpoiseError):
    """A head cannot be read as one."""

    def __init__(self, text: str, where: str) -> None:
        super().__init__(
            f"{where}: {text[:90]!r} is no head of an audit trail; "
            "one is a count, a colon and 64 hexadecimal digits, as the digest shows it"
        )


@dataclass(frozen=True)
class Head:
    """The count of entries and the MAC of the last."""

    count: int
    mac: str

    def __str__(self) -> str:
        return f"{self.count}:{self.mac}"

    @classmethod
    def parse(cls, text: str, where: str = "--head") -> Head:
        """Read what `str` wrote.

        Raises:
            HeadError: If it is anything else.
        """
        match = _SHAPE.fullmatch(text.strip())
        if not match:
            raise HeadError(text.strip(), where)
        return cls(int(match[1]), match[2])


def kept() -> Head | None:
    """Return the head in the file beside the key, or None where nothing was ever recorded.

    Raises:
        HeadError: If the file holds something else.
    """
    file = _file()
    return Head.parse(file.read_text("ascii", "replace"), str(file)) if file.exists() else None


def keep(head: Head) -> None:
    """Put a head into the file unless a later one is there; several processes may try at once."""
    file = _file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(file):
        with contextlib.suppress(HeadError):
            there = kept()
            if there and there.count >= head.count:
                return
        replace_text(file, f"{head}\n")


def forget() -> None:
    """Let go of the kept head after an older state was restored on purpose."""
    _file().unlink(missing_ok=True)


def _file() -> Path:
    folder: Path = settings.SECRETS_DIR
    return folder / HEAD_FILE


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Hold a lock file that stays; the operating system lets go of the lock with its holder."""
    descriptor = os.open(file.with_name(f".{file.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
