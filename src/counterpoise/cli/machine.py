"""Failures of the machine and not of the program: no room, no right to write, no database."""

from __future__ import annotations

import errno

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_BARRED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FULL_WORDS = ("disk is full", "no space left")
_BARRED_WORDS = ("readonly database", "read-only transaction", "unable to open database file")
_UNREACHED_WORDS = ("connection failed", "connection is bad", "connection timeout")


def said_of(error: Exception) -> str | None:
    """Say what an error asks of whoever runs the machine; None if it is no failure of the machine.

    The databases tell it in words alone, so their words are looked at too.

    Example:
        >>> import errno
        >>> said_of(OSError(errno.ENOSPC, "No space left on device", "/data/books"))
        '/data/books: the disk is full; free some space, then run it again'
        >>> print(said_of(RuntimeError("attempt to write a readonly database")))
        a file may not be written by this account (attempt to write a readonly database)
        >>> print(said_of(RuntimeError("connection failed: late")))
        the room's database cannot be reached; see `database` in [room] (connection failed: late)
        >>> said_of(KeyError("net")) is None
        True
    """
    number, place, why = None, "", str(error)
    if isinstance(error, OSError) and error.filename:
        number, place, why = error.errno, f"{error.filename}: ", error.strerror or why
    words = str(error).lower()
    if number in _FULL or any(each in words for each in _FULL_WORDS):
        return f"{place}the disk is full; free some space, then run it again"
    if number in _BARRED:
        return f"{place}may not be read or written by this account ({why})"
    if any(each in words for each in _BARRED_WORDS):
        return f"a file may not be written by this account ({error})"
    if words.startswith(_UNREACHED_WORDS):
        why = " ".join(str(error).split())
        return f"the room's database cannot be reached; see `database` in [room] ({why})"
    return None
