"""What signers see of rehearsals beside what they sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from counterpoise.agreement import Agreement
from counterpoise.rehearse.results import Behaviour
from counterpoise.web.agreements.models import Draft, Proposal
from counterpoise.web.rehearsals import estimating
from counterpoise.web.rehearsals.effects import EffectShown, effect_shown
from counterpoise.web.rehearsals.models import Attachment
from counterpoise.web.rehearsals.rates import Cell, rules_of, sheet_of
from counterpoise.web.rehearsals.rights import may_rehearse
from counterpoise.web.rehearsals.trial import Trial, parsed, trial_of
from counterpoise.web.results.reading import latest

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

TEMPLATE = "rehearsals/_beside.html"
STYLES = "rehearsals/rehearsals.css"


@dataclass(frozen=True)
class AttachedShown:
    """A candidate beside what is signed: whether it is that, and what its rehearsal says."""

    attachment: Attachment
    trial: Trial
    told: estimating.Told
    effect: EffectShown | None
    is_it: bool
    """Whether the rates that are signed are those of the candidate."""
    differing: Sequence[Cell]

    @property
    def rehearsed(self) -> Mapping[str, Any] | None:
        """Return the rehearsal as the command writes it."""
        return self.told.object

    @property
    def asked(self) -> list[tuple[str, float]]:
        """Return the roles that would be asked, with how often a week."""
        found = self.told.object or {}
        weekly = found.get("replay", {}).get("approvals_per_week", {})
        return [(role, float(number)) for role, number in weekly.items() if number]

    @property
    def asked_in_all(self) -> float:
        """Return the approvals a week of all roles together."""
        return sum(number for _, number in self.asked)


@dataclass(frozen=True)
class Beside:
    """What stands beside a draft or a proposal, and how it is shown."""

    template: str
    styles: str
    ref: str
    attached: tuple[AttachedShown, ...]
    may_rehearse: bool
    is_open: bool


def beside_proposal(user: User, proposal: Proposal, signed: Agreement, ref: str) -> Beside:
    """Return what was attached to a proposal, or to the draft that it comes from."""
    found = Attachment.objects.filter(Q(proposal=proposal) | Q(draft=proposal.draft_id))
    return _beside(user, found, signed, ref, is_open=proposal.is_open)


def beside_draft(user: User, draft: Draft, signed: Agreement, ref: str) -> Beside:
    """Return what was attached to a draft."""
    return _beside(user, Attachment.objects.filter(draft=draft), signed, ref, is_open=True)


def _beside(user: User, found: Any, signed: Agreement, ref: str, *, is_open: bool) -> Beside:
    known = found.select_related("candidate__rehearsal", "attached_by")
    attached = tuple(_shown(each, signed) for each in known)
    return Beside(TEMPLATE, STYLES, ref, attached, may_rehearse(user), is_open)


def _shown(attachment: Attachment, signed: Agreement) -> AttachedShown:
    candidate, behaviour = attachment.candidate, Behaviour(attachment.behaviour)
    told = estimating.told_of(candidate.rules, behaviour, latest())
    found = told.object
    return AttachedShown(
        attachment,
        trial_of(candidate, behaviour),
        told,
        effect_shown(found["effect"]) if found else None,
        rules_of(signed) == candidate.rules,
        _differing(parsed(candidate.text), signed),
    )


def _differing(rehearsed: Agreement, signed: Agreement) -> list[Cell]:
    """Return the rates that are signed and differ from those that were rehearsed."""
    was = {cell.clause: cell.agreed for cell in sheet_of(rehearsed, {}).cells}
    return [cell for cell in sheet_of(signed, {}).cells if was.get(cell.clause) != cell.agreed]
