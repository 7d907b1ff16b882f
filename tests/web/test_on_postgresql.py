"""What is stored holds on PostgreSQL too, where locks are real: the same tests, run there.

One process runs them all, because to start one and to make its database takes seconds.
"""

from pathlib import Path

import pytest

from tests.again import assert_holds_on_postgresql
from tests.postgres import Server

_AGAIN = {
    "agreements": ["racing.py"],
    "audit": ["test_entries.py", "test_verifying.py"],
    "cracks": ["racing.py", "test_measuring.py"],
    "desk": [
        "test_requests.py",
        "test_approvals.py",
        "test_linking.py",
        "test_guards.py",
    ],
    "handoffs": ["test_rest.py"],
    "talk": ["racing.py"],
    "work": ["test_jobs.py"],
    ".": ["test_guarding.py"],
}
"""The files that are run there, by folder: what many do at once."""
_PERSONAL = {
    "desk": [
        "test_delegation.py",
        "test_escalation.py",
        "test_room_facts.py",
        "test_home.py",
        "test_recurring.py",
    ],
    "joint": ["test_sitting.py"],
    "notices": ["."],
    "people": ["test_pages.py", "test_leaving.py"],
    "profile": ["."],
    "pulse": ["test_unlinkable.py"],
    "talk": ["test_questions.py", "test_quotes.py"],
}
"""What one person at a time does."""


pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.mark.parametrize(
    "again", [_AGAIN, pytest.param(_PERSONAL, marks=pytest.mark.thorough)], ids=["shared", "own"]
)
def test_what_is_stored_holds_there(
    root: Path, postgres: Server, again: dict[str, list[str]]
) -> None:
    here = Path(__file__).parent
    files = [here / folder / name for folder, names in again.items() for name in names]
    assert [str(file) for file in files if not file.exists()] == []
    assert_holds_on_postgresql(root, postgres, *files)
