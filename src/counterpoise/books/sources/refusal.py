"""Why a source cannot be read: the root of these errors, and how an operating system's reads."""

import errno
from pathlib import Path

from counterpoise.errors import CounterpoiseError

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class SourceError(CounterpoiseError):
    """Raised when a source cannot be read; says what, where and what to do."""


class UnreadableFileError(SourceError):
    """Raised when the system does not let a file or folder be read."""

    def __init__(self, path: Path, failure: OSError) -> None:
        if isinstance(failure, PermissionError):
            super().__init__(
                f"{path}: no permission to read it; ask its owner for the right to read, "
                "or run as somebody who has it"
            )
        else:
            super().__init__(f"{path}: cannot be read ({failure.strerror or failure})")


class ScratchFullError(SourceError):
    """Raised when there is no room for the temporary files that reading needs."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder}: no room left for temporary files; free some space, or choose another disk "
            "(the environment variable TMPDIR), then import again"
        )


def is_out_of_space(failure: BaseException) -> bool:
    """Tell whether an error says that a disk or quota is full.

    >>> is_out_of_space(OSError(errno.ENOSPC, "No space left on device"))
    True
    """
    if isinstance(failure, OSError):
        return failure.errno in _NO_SPACE
    return "No space left on device" in str(failure) or "File too large" in str(failure)
