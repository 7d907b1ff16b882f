"""Spellings that a person accepted once and the workspace remembers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from counterpoise.books.durable import replace_text
from counterpoise.books.problems import Suggestion
from counterpoise.books.schema import TABLES
from counterpoise.books.spelling import unknown
from counterpoise.books.workspace import Workspace
from counterpoise.errors import CounterpoiseError

FORM = "counterpoise/accepted/v1"

Accepted = Mapping[str, Mapping[str, str]]
"""By the table whose key is meant: the spelling found, and the key that it stands for."""

NOTHING: Accepted = MappingProxyType({})


class AcceptedError(CounterpoiseError):
    """The file of accepted spellings cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}; mend it, or remove it to forget what was accepted")


def accepted_file(workspace: Workspace) -> Path:
    """Return where the accepted spellings lie."""
    return workspace.books_dir / "accepted.json"


def read_accepted(workspace: Workspace) -> Accepted:
    """Read the spellings that were accepted in this workspace.

    Raises:
        AcceptedError: when the file cannot be read.
    """
    path = accepted_file(workspace)
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return {table: dict(spellings) for table, spellings in _checked(path, facts).items()}
    except FileNotFoundError:
        return NOTHING
    except OSError as error:
        raise AcceptedError(path, f"cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AcceptedError(path, f"is no file of accepted spellings: {error}") from error


def write_accepted(workspace: Workspace, accepted: Accepted) -> None:
    """Remember these spellings in place of those remembered so far."""
    ordered = {table: dict(sorted(accepted[table].items())) for table in sorted(accepted)}
    text = json.dumps({"schema": FORM, "spellings": ordered}, indent=1, ensure_ascii=False)
    replace_text(accepted_file(workspace), text + "\n")


def with_suggestions(accepted: Accepted, suggestions: Iterable[Suggestion]) -> Accepted:
    """Return the accepted spellings and the suggested ones together."""
    together = {table: dict(spellings) for table, spellings in accepted.items()}
    for each in suggestions:
        together.setdefault(each.of, {})[each.value] = each.suggestion
    return together


def _checked(path: Path, facts: dict[str, Accepted]) -> Accepted:
    for table in facts["spellings"]:
        if table not in TABLES:
            raise AcceptedError(path, unknown("table", table, TABLES))
    return facts["spellings"]
