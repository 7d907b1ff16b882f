"""The workspace's `agreement.yaml`: written from a draft, for all who read by it "as if"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from pydantic import JsonValue

from counterpoise.agreement import Side
from counterpoise.books.durable import replace_text
from counterpoise.web import house
from counterpoise.web.access import NotForYouError
from counterpoise.web.agreements import drafts
from counterpoise.web.agreements.checking import check
from counterpoise.web.agreements.drafting import new_file_text
from counterpoise.web.agreements.drafts import DraftError
from counterpoise.web.agreements.models import Draft, DraftState, Origin
from counterpoise.web.audit.entries import record

if TYPE_CHECKING:
    from counterpoise.web.people.models import User


def may_write(user: User) -> bool:
    """Tell whether a person may say by what everybody measures: the lead and administrators."""
    return user.side == Side.BOTH or user.is_administrator


def write_file(user: User, draft: Draft) -> str:
    """Write a draft's latest text into `agreement.yaml`, and return its fingerprint.

    Deals are measured by that file "as if" where nothing is ratified. A former text that no
    draft holds becomes one, so that nothing is lost.

    Raises:
        NotForYouError: If the person may not.
        DraftError: If the draft is withdrawn, or is no agreement yet.
    """
    if not may_write(user):
        raise NotForYouError(
            "By what everybody measures is said by who stands above both sides, and by "
            "administrators. You may download the file."
        )
    if draft.state != DraftState.OPEN:
        raise DraftError("this draft was withdrawn; take it up again to use it")
    revision = drafts.latest(draft)
    found = check(revision.text)
    if found.agreement is None:
        raise DraftError(
            f"the draft has {len(found.problems)} problems; put them right before others read by it"
        )
    detail: dict[str, JsonValue] = {
        "fingerprint": found.fingerprint,
        "revision": revision.number,
    }
    former = new_file_text()
    with transaction.atomic():
        if former is not None:
            drafts.start(user, former, Origin.WORKSPACE)
        record(user, "agreement.file_written", f"draft:{draft.pk}", detail)
        replace_text(house.workspace().agreement_file, revision.text)
    return found.fingerprint
