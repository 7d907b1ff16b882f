"""A trial: an agreement that exists with some of its rates moved, as an address carries it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.agreement import (
    Agreement,
    AgreementError,
    VersionsError,
    parse_agreement,
    write_agreement,
)
from counterpoise.rehearse.results import Behaviour
from counterpoise.web.agreements import reading, shelf
from counterpoise.web.agreements.models import Draft, DraftState, ProposalState, Wording
from counterpoise.web.agreements.rights import may_draft
from counterpoise.web.rehearsals.models import Candidate, Rehearsal
from counterpoise.web.rehearsals.rates import Sheet, rules_of, sheet_of, with_rates

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

_MOST_NAMED = 50
_CELL = re.compile(r"r\d{1,4}", re.ASCII)
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Base:
    """What rates are moved from: a version, a wording or a draft's revision."""

    ref: str
    label: str
    agreement: Agreement


@dataclass(frozen=True)
class Trial:
    """A base, the sheet of its rates as they were moved, and what sellers are taken to do.

    `rehearsal` is the one to which it would be added.
    """

    base: Base
    sheet: Sheet
    behaviour: Behaviour
    rehearsal: Rehearsal | None = None

    @classmethod
    def read(cls, query: QueryDict, user: User) -> Trial | None:
        """Read what an address tries; None where there is no agreement at all.

        Raises:
            NotOnShelfError: If it names a version that is not there, or not open to the person.
        """
        rehearsal = _rehearsal(query.get("in", ""))
        if rehearsal is not None:
            base: Base | None = base_of(rehearsal)
        else:
            ref = query.get("from", "")
            base = _named(ref, user) if ref else standing()
        if base is None:
            return None
        written = {name: str(query[name]) for name in query if _CELL.fullmatch(name)}
        sheet = sheet_of(base.agreement, written)
        return cls(base, sheet, behaviour_of(query.get("behaviour", "")), rehearsal)

    @cached_property
    def agreement(self) -> Agreement:
        """Return the candidate."""
        return with_rates(self.base.agreement, self.sheet)

    @cached_property
    def rules(self) -> str:
        """Return the fingerprint of what decides discounts in the candidate."""
        return rules_of(self.agreement)

    @cached_property
    def text(self) -> str:
        """Return the candidate as it would be written."""
        return text_of(self.agreement)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return what an address carries of it."""
        found = [("in", str(self.rehearsal.pk))] if self.rehearsal else [("from", self.base.ref)]
        if self.behaviour is not Behaviour.WITHIN_AUTHORITY:
            found.append(("behaviour", self.behaviour.value))
        return [*found, *self.sheet.pairs]

    @property
    def url(self) -> str:
        """Return its address."""
        return f"{reverse('rehearsals:trial')}?{urlencode(self.pairs)}"


def behaviour_of(text: str) -> Behaviour:
    """Read what sellers are taken to do; what cannot be read is the usual."""
    known = {each.value: each for each in Behaviour}
    return known.get(text, Behaviour.WITHIN_AUTHORITY)


def base_of(rehearsal: Rehearsal) -> Base:
    """Return what a rehearsal that is kept started from."""
    return Base(rehearsal.base_ref, rehearsal.base_label, parsed(rehearsal.base_text))


def standing() -> Base | None:
    """Return the agreement in force today, or what stands in for it."""
    try:
        known = shelf.versions()
    except (AgreementError, VersionsError):
        return None
    version = known.on(reading.today()) or known.latest
    return None if version is None else _base(shelf.of_version(version))


def starts(user: User) -> list[tuple[str, str]]:
    """Return what a rehearsal may start from: how it is called, and its address.

    The agreement in force comes first, then what is proposed, then drafts.
    """
    found = [(each.label, each.ref) for each in (standing(),) if each is not None]
    proposed = (
        Wording.objects.filter(
            proposal__state=ProposalState.OPEN, number=models.F("proposal__wording")
        )
        .select_related("proposal")
        .defer("text")
        .order_by("-proposal__proposed_at", "-proposal_id")
    )
    found += [
        (f"{each.proposal.title}, proposed", each.fingerprint) for each in proposed[:_MOST_NAMED]
    ]
    if may_draft(user):
        drafts = Draft.objects.filter(state=DraftState.OPEN)[:_MOST_NAMED]
        found += [
            (f"{each.title}, draft {each.pk}", f"draft-{each.pk}.{each.revision}")
            for each in drafts
        ]
    return found


def rates_written(candidate: Candidate, base: Base) -> Mapping[str, str]:
    """Return the rates of a candidate as the fields of its base's sheet carry them."""
    was = sheet_of(base.agreement, {})
    now = {cell.clause: cell for cell in sheet_of(parsed(candidate.text), {}).cells}
    return {
        cell.name: now[cell.clause].was
        for cell in was.cells
        if cell.clause in now and now[cell.clause].agreed != cell.agreed
    }


def trial_of(candidate: Candidate, behaviour: Behaviour) -> Trial:
    """Return a candidate that is kept as a trial of its rehearsal's base."""
    base = base_of(candidate.rehearsal)
    sheet = sheet_of(base.agreement, rates_written(candidate, base))
    return Trial(base, sheet, behaviour, candidate.rehearsal)


def text_of(agreement: Agreement) -> str:
    """Write an agreement without signatures: a candidate has none."""
    return write_agreement(agreement.model_copy(update={"signed": ()}))


@lru_cache(maxsize=64)
def parsed(text: str) -> Agreement:
    """Read a text that was an agreement when it was kept."""
    return parse_agreement(text)


def _named(ref: str, user: User) -> Base:
    return _base(shelf.find(ref, with_drafts=may_draft(user)))


def _base(found: shelf.Shelved) -> Base:
    return Base(found.ref, found.label, found.agreement)


def _rehearsal(text: str) -> Rehearsal | None:
    pk = number_of(text)
    return Rehearsal.objects.filter(pk=pk).first() if pk else None


def number_of(text: str) -> int | None:
    """Read the id of something kept."""
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text) if int(text[:20]) <= _LARGEST_ID else None


Shown = dict[str, Any]
