"""What the page of promises shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterpoise.agreement import Side
from counterpoise.agreement.sentences import say_promise
from counterpoise.agreement.versions import Version
from counterpoise.report import wording
from counterpoise.web import house
from counterpoise.web.people.models import User
from counterpoise.web.promises.budgets import Budget, budgets_of
from counterpoise.web.promises.models import Transfer
from counterpoise.web.promises.transfers import may_sign, title_of
from counterpoise.web.results.owed import OWED
from counterpoise.web.results.reading import KeptReview

_LOOKS = {"kept": "good", "broken": "bad"}
_SIDES = (Side.MARKETING, Side.SALES)
_TRANSFERS = 20


@dataclass(frozen=True)
class Promised:
    """A promise and how it was kept."""

    side: str
    id: str
    says: str
    status: str
    look: str
    kept: float | None
    enough: float | None
    due: int
    why: str
    has_cases: bool

    @property
    def reached(self) -> str:
        """Return how often it was kept, of 100."""
        return f"{(self.kept or 0) * 100:.2f}"

    @property
    def mark(self) -> str:
        """Return what is enough, of 100."""
        return f"{min(self.enough or 0, 1) * 100:.2f}"


@dataclass(frozen=True)
class Shown:
    """A transfer, and what this person can do about it."""

    transfer: Transfer
    title: str
    may_sign: bool
    is_own: bool


@dataclass(frozen=True)
class Page:
    """Promises of both sides, budgets, and transfers."""

    sides: tuple[tuple[str, tuple[Promised, ...]], ...]
    budgets: tuple[Budget, ...]
    transfers: tuple[Shown, ...]


def page_of(user: User, kept: KeptReview | None) -> Page:
    """Return the page as a person sees it: their own side first."""
    found = promised(kept)
    order = sorted(_SIDES, key=lambda side: side.value != user.side)
    return Page(
        tuple(
            (side.value, tuple(each for each in found if each.side == side.value)) for side in order
        ),
        tuple(budgets_of(kept)),
        tuple(_transfers(user)),
    )


def promised(kept: KeptReview | None) -> list[Promised]:
    """Return every promise of both sides as the review measured it."""
    if kept is None:
        return []
    told = kept.measure(OWED)
    known = told.keys() if isinstance(told, dict) else ()
    says = _sentences(house.agreements().latest)
    return [_promised(each, says, known) for each in kept.object["promises"]]


def _promised(told: Mapping[str, Any], says: Mapping[tuple[str, str], str], known: Any) -> Promised:
    side, id_ = told["side"], told["id"]
    return Promised(
        side=side,
        id=id_,
        says=says.get((side, id_), wording.words(told["metric"])),
        status=wording.words(told["status"]),
        look=_LOOKS.get(told["status"], "quiet"),
        kept=told["kept"],
        enough=told.get("enough"),
        due=told["due"],
        why=told.get("why", ""),
        has_cases=f"{side}.{id_}" in known,
    )


def _sentences(version: Version | None) -> dict[tuple[str, str], str]:
    given = version.agreement.promises if version else ()
    return {(side.value, each.id): say_promise(each, side) for side, each in given}


def _transfers(user: User) -> list[Shown]:
    found = Transfer.objects.select_related("proposed_by", "settled_by")[:_TRANSFERS]
    return [
        Shown(
            each,
            title_of(each),
            may_sign(user, each),
            each.is_open and each.proposed_by_id == user.pk,
        )
        for each in found
    ]
