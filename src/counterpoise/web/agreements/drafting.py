"""Where a draft can start from: the workspace's file, and the books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise.books.snapshot import current_snapshot
from counterpoise.web import house
from counterpoise.web.agreements.checking import LONGEST_TEXT
from counterpoise.web.agreements.drafts import DraftError
from counterpoise.web.agreements.models import Revision
from counterpoise.web.agreements.rights import must_draft
from counterpoise.web.work.jobs import JobRunningError, active_job, start_job
from counterpoise.web.work.models import Job

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

JOB = "draft_from_books"


def new_file_text() -> str | None:
    """Return the text of `agreement.yaml` if there is one that no draft ever held."""
    file = house.workspace().agreement_file
    if not file.is_file() or file.stat().st_size > LONGEST_TEXT * 4:
        return None
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    return None if Revision.objects.filter(text=text).exists() else text


def has_books() -> bool:
    """Tell whether there are books to draft from."""
    return current_snapshot(house.workspace()) is not None


def active() -> Job | None:
    """Return the job that writes a draft at present."""
    return active_job(JOB)


def ask(user: User) -> None:
    """Ask for a draft from the books.

    Raises:
        NotForYouError: If the person may not draft.
        DraftError: If there are no books, or one is being written.
    """
    must_draft(user)
    if not has_books():
        raise DraftError("there are no books to draft from yet; import an export first")
    try:
        start_job(JOB, asked_by=user)
    except JobRunningError as error:
        raise DraftError("a draft is being written from the books already") from error
