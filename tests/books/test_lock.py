"""One import at a time."""

import datetime as dt
import json
from pathlib import Path

import pytest

from counterpoise.books.lock import ImportRunningError, import_lock

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)


def test_refuses_a_second_holder_and_says_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "import.lock"
    with import_lock(path, NOON):
        holder = json.loads(path.read_text())["process"]
        with (
            pytest.raises(
                ImportRunningError,
                match=rf"another import is running since 2026-03-04T12:00.* \(process {holder}\)",
            ),
            import_lock(path, NOON),
        ):
            pass


def test_leaves_nothing_behind(tmp_path: Path) -> None:
    with import_lock(tmp_path / "import.lock", NOON):
        pass
    assert list(tmp_path.iterdir()) == []


def test_can_be_taken_again(tmp_path: Path) -> None:
    for _ in range(2):
        with import_lock(tmp_path / "import.lock", NOON):
            pass


def test_is_not_held_by_a_file_that_a_crash_left(tmp_path: Path) -> None:
    path = tmp_path / "import.lock"
    path.write_text('{"process": 1, "since": "2026-01-01T00:00:00+00:00"}')
    with import_lock(path, NOON):
        assert json.loads(path.read_text())["since"] == NOON.isoformat()
