"""Where a transfer stands."""

from __future__ import annotations

from enum import StrEnum


class TransferState(StrEnum):
    """Only an open one can still become something else."""

    OPEN = "open"
    SIGNED = "signed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
