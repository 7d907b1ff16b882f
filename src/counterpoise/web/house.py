"""The workspace that this room shows, its agreements and its books, each opened once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from counterpoise.agreement import Agreements, load_agreements
from counterpoise.books import Workspace


def workspace() -> Workspace:
    """Return the workspace, read anew when its settings change."""
    root = Path(settings.COUNTERPOISE_WORKSPACE)
    return _opened(root, _changed_at(root / "counterpoise.toml"))


def agreements() -> Agreements:
    """Return every version in the workspace, read anew when one is added or the draft changes.

    Raises:
        AgreementError: If a file cannot be read as an agreement.
    """
    opened = workspace()
    files = sorted([opened.agreement_file, *opened.agreements_dir.glob("*.yaml")])
    return _loaded(opened.root, tuple((str(file), _changed_at(file)) for file in files))


@lru_cache(maxsize=8)
def _opened(root: Path, changed_at: int) -> Workspace:  # noqa: ARG001 - the time is part of the key
    return Workspace.open(root)


@lru_cache(maxsize=8)
def _loaded(root: Path, files: tuple[tuple[str, int], ...]) -> Agreements:  # noqa: ARG001
    return load_agreements(root)


def _changed_at(file: Path) -> int:
    return file.stat().st_mtime_ns if file.exists() else 0
