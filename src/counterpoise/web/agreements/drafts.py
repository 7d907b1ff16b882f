"""Drafts: started, stored revision by revision, withdrawn. Nothing that was stored is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from counterpoise.agreement import AgreementError, parse_agreement
from counterpoise.errors import CounterpoiseError
from counterpoise.web.agreements.checking import LONGEST_TEXT
from counterpoise.web.agreements.models import Draft, DraftState, Origin, Revision
from counterpoise.web.agreements.rights import must_draft
from counterpoise.web.audit.entries import record

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

_LONGEST_TITLE = 200


class DraftError(CounterpoiseError):
    """A draft cannot be stored."""


class StaleDraftError(DraftError):
    """Somebody stored another revision in between; `theirs` is the latest one."""

    def __init__(self, theirs: Revision, base: int) -> None:
        super().__init__(
            f"{theirs.made_by.name} stored revision {theirs.number} while you worked on revision "
            f"{base}. Nothing is lost: look at both and decide."
        )
        self.theirs = theirs


def start(user: User, text: str, origin: Origin, based_on: str = "") -> Draft:
    """Start a draft from a text.

    Raises:
        NotForYouError: If the person may not draft.
        DraftError: If the text is too long.
    """
    must_draft(user)
    _refuse_long(text)
    with transaction.atomic():
        made = Draft.objects.create(
            title=title_of(text), origin=origin.value, based_on=based_on, made_by=user
        )
        Revision.objects.create(draft=made, number=1, text=text, says="started", made_by=user)
        record(user, "draft.started", f"draft:{made.pk}", {"origin": origin.value})
    return made


def store(user: User, draft: Draft, base: int, text: str, says: str) -> Revision:
    """Store a text as the revision after `base`.

    Raises:
        NotForYouError: If the person may not draft.
        StaleDraftError: If another revision was stored in between.
        DraftError: If the draft is withdrawn, or the text is too long.
    """
    must_draft(user)
    _refuse_long(text)
    with transaction.atomic():
        mine = Draft.objects.filter(pk=draft.pk, revision=base, state=DraftState.OPEN)
        changed = {"title": title_of(text), "changed_at": timezone.now()}
        if not mine.update(revision=base + 1, **changed):
            _say_why_not(draft, base)
        return Revision.objects.create(
            draft=draft, number=base + 1, text=text, says=says[:300], made_by=user
        )


def withdraw(user: User, draft: Draft) -> None:
    """Withdraw a draft; it stays readable.

    Raises:
        NotForYouError: If the person may not draft.
        DraftError: If it is withdrawn already.
    """
    _change_state(user, draft, DraftState.OPEN, DraftState.WITHDRAWN)


def take_up(user: User, draft: Draft) -> None:
    """Take a withdrawn draft up again.

    Raises:
        NotForYouError: If the person may not draft.
        DraftError: If it is open already.
    """
    _change_state(user, draft, DraftState.WITHDRAWN, DraftState.OPEN)


def latest(draft: Draft) -> Revision:
    """Return the revision that a draft stands at."""
    return draft.revisions.select_related("made_by").get(number=draft.revision)


def title_of(text: str) -> str:
    """Return the title that a text gives itself, also where the rest cannot be read."""
    try:
        return parse_agreement(text).title[:_LONGEST_TITLE]
    except AgreementError:
        lines = (line.partition(":") for line in text.splitlines()[:200])
        found = next((rest for key, _, rest in lines if key == "title"), "")
        return found.strip().strip("\"'")[:_LONGEST_TITLE] or "Untitled draft"


def _change_state(user: User, draft: Draft, was: DraftState, now: DraftState) -> None:
    must_draft(user)
    with transaction.atomic():
        if not Draft.objects.filter(pk=draft.pk, state=was).update(state=now):
            raise DraftError(f"this draft is {now} already")
        record(user, f"draft.{now}", f"draft:{draft.pk}")


def _say_why_not(draft: Draft, base: int) -> None:
    now = Draft.objects.get(pk=draft.pk)
    if now.state != DraftState.OPEN:
        raise DraftError("this draft was withdrawn; take it up again to change it")
    raise StaleDraftError(latest(now), base)


def _refuse_long(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise DraftError(
            f"the text has {len(text):,} characters; an agreement has at most {LONGEST_TEXT:,} in "
            "the room. Is it the right text?"
        )
    if "\0" in text:
        raise DraftError("the text has a character U+0000, which no text has; take it out")
