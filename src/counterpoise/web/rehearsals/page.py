"""What the page of a trial shows: past deals answered anew, and what the change would have done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.rehearse.replay import Answered, GroupReplay, Load, Move, Replay
from counterpoise.report.wording import GROUPINGS
from counterpoise.web.access import scope_of
from counterpoise.web.ledger.openness import PERSONAL, opens_person
from counterpoise.web.rehearsals import estimating, replaying
from counterpoise.web.rehearsals.calendars import calendar_shown
from counterpoise.web.rehearsals.effects import effect_shown
from counterpoise.web.rehearsals.trial import Trial
from counterpoise.web.results.reading import KeptReview

if TYPE_CHECKING:
    from counterpoise.web.access import Scope
    from counterpoise.web.people.models import User

MOST_GROUPS = 40
"""Groups on the page; those that change most come first."""

MOST_MOVES = 30

NO_KEY = "(none)"
"""Stands in addresses for the group of what has none."""

VERDICTS = (
    ("granted", "Granted at once"),
    ("needs_approval", "Needs approval"),
    ("refused", "Refused"),
    ("unjudged", "Cannot be judged"),
    ("unpriced", "List or net unknown"),
    ("no_agreement", "No agreement on its day"),
)
"""How a past deal is answered, in the order of the page, and what people call it."""

_ALWAYS_SHOWN = 3
_TRADE = "promotions"
_OLD, _NEW = "was", "now"


@dataclass(frozen=True)
class Change:
    """A number under the agreements of the deals' days and under the candidate."""

    label: str
    was: float
    now: float
    was_url: str
    now_url: str

    @property
    def change(self) -> float:
        """Return how much it changes."""
        return self.now - self.was


@dataclass(frozen=True)
class LoadShown:
    """How often a role is asked to approve, before and after."""

    role: str
    was: Load
    now: Load
    was_url: str
    now_url: str
    busiest_url: str

    @property
    def was_a_week(self) -> float:
        """Return the mean of a week under the agreements of the deals' days."""
        return float(self.was.a_week)

    @property
    def now_a_week(self) -> float:
        """Return the mean of a week under the candidate."""
        return float(self.now.a_week)

    @property
    def change(self) -> float:
        """Return how many more a week there are."""
        return self.now_a_week - self.was_a_week


@dataclass(frozen=True)
class MoveShown:
    """Deals that are answered otherwise, and the address of them."""

    move: Move
    url: str


@dataclass(frozen=True)
class GroupShown:
    """A group of deals, and the address of those that change."""

    group: GroupReplay
    url: str


@dataclass(frozen=True)
class Addresses:
    """Addresses of the deals behind figures of a trial."""

    trial: Trial

    def deals(self, **part: str) -> str:
        """Return the address of a part of the deals."""
        pairs = [*self.trial.pairs, *((name, value) for name, value in part.items() if value)]
        return f"{reverse('rehearsals:deals')}?{urlencode(pairs)}"

    def grouped(self, by: str) -> str:
        """Return the address of the trial with its groups by something else."""
        return f"{self.trial.url}&{urlencode({'by': by})}#groups"


@dataclass(frozen=True)
class ReplayShown:
    """A replay laid out; whatever it counts opens."""

    replay: Replay
    addresses: Addresses
    by: str
    scope: Scope

    @property
    def changed_url(self) -> str:
        """Return the address of all deals that are answered otherwise."""
        return self.addresses.deals(changed="1")

    @cached_property
    def verdicts(self) -> list[Change]:
        """Return the deals by verdict; those that nothing is in are left out."""
        found = []
        for at, (name, label) in enumerate(VERDICTS):
            was, now = (getattr(each.counts, name) for each in (self.replay.was, self.replay.now))
            if was or now or at < _ALWAYS_SHOWN:
                found.append(
                    Change(
                        label,
                        was,
                        now,
                        self.addresses.deals(was=name),
                        self.addresses.deals(now=name),
                    )
                )
        return found

    @cached_property
    def loads(self) -> list[LoadShown]:
        """Return who is asked how often, lowest role first, before and after."""
        roles = _ordered(self._was_asked, self._now_asked)
        return [each for each in map(self.load, roles) if each.was.deals or each.now.deals]

    def load(self, role: str) -> LoadShown:
        """Return how often one role is asked, before and after."""
        nobody = Load(role, 0, self.replay.weeks, None, 0)
        after = self._now_asked.get(role, nobody)
        deals = self.addresses.deals
        week = after.busiest_week.isoformat() if after.busiest_week else ""
        return LoadShown(
            role,
            self._was_asked.get(role, nobody),
            after,
            deals(was_role=role),
            deals(now_role=role),
            deals(now_role=role, week=week),
        )

    @property
    def asked_was(self) -> float:
        """Return the approvals a week under the agreements of the deals' days."""
        return sum(each.was_a_week for each in self.loads)

    @property
    def asked_now(self) -> float:
        """Return the approvals a week under the candidate."""
        return sum(each.now_a_week for each in self.loads)

    @property
    def asked_change(self) -> float:
        """Return how many more approvals a week there are."""
        return self.asked_now - self.asked_was

    @cached_property
    def edges(self) -> list[Change]:
        """Return what exclusions and the floor stop, where they stop anything."""
        replay, deals = self.replay, self.addresses.deals
        found = [
            Change(
                "Discounts that an exclusion refuses",
                replay.was.excluded,
                replay.now.excluded,
                deals(was_at="excluded"),
                deals(now_at="excluded"),
            ),
            Change(
                "Deals below the margin floor",
                replay.was.below_floor,
                replay.now.below_floor,
                deals(was_at="stopped"),
                deals(now_at="stopped"),
            ),
        ]
        return [each for each in found if each.was or each.now]

    @cached_property
    def moves(self) -> list[MoveShown]:
        """Return how answers change, the most frequent move first."""
        moves = self.replay.moves[:MOST_MOVES]
        return [
            MoveShown(each, self.addresses.deals(was=each.was.says, now=each.now.says))
            for each in moves
        ]

    @property
    def more_moves(self) -> int:
        """Return how many moves are not on the page."""
        return max(0, len(self.replay.moves) - MOST_MOVES)

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """Return the groupings: label, address, and whether it is the one that is shown."""
        return [
            (label_of(name), self.addresses.grouped(name), name == self.by)
            for name in self.replay.by
        ]

    @cached_property
    def groups(self) -> list[GroupShown]:
        """Return the groups that open to the person, those that change most first."""
        return [
            GroupShown(each, self.addresses.deals(changed="1", by=self.by, key=_key(each.key)))
            for each in self._open[:MOST_GROUPS]
        ]

    @property
    def more_groups(self) -> int:
        """Return how many groups are not on the page."""
        return max(0, len(self._open) - MOST_GROUPS)

    @property
    def hidden(self) -> int:
        """Return how many groups about single people do not open."""
        return len(self.replay.by.get(self.by, ())) - len(self._open)

    @property
    def by_label(self) -> str:
        """Return what the grouping is called."""
        return label_of(self.by)

    @cached_property
    def _open(self) -> Sequence[GroupReplay]:
        found = self.replay.by.get(self.by, ())
        if self.by != PERSONAL:
            return found
        return [each for each in found if opens_person(self.scope, each.key)]

    @cached_property
    def _was_asked(self) -> Mapping[str, Load]:
        return _by_role(self.replay.was)

    @cached_property
    def _now_asked(self) -> Mapping[str, Load]:
        return _by_role(self.replay.now)


def replay_part(user: User, tried: Trial, kept: KeptReview, by: str) -> dict[str, Any]:
    """Return what past deals would have met, or that they are being laid out for it.

    Raises:
        LockHeldError: If too many such questions wait.
    """
    base = tried.base.agreement
    if not replaying.is_laid_out(kept, base):
        return {"laying": replaying.laying(kept, base)}
    if too_many := replaying.has_too_many(kept):
        return {"too_many": too_many}
    found = replaying.replayed(kept, tried.agreement)
    chosen = by if by in found.replay.by else _usual(found.replay)
    shown = ReplayShown(found.replay, Addresses(tried), chosen, scope_of(user))
    untouched = replaying.replayed(kept, base).replay.changed.deals
    return {"replay": shown, "even": found.even[tried.behaviour], "untouched": untouched}


def effect_part(tried: Trial, kept: KeptReview) -> dict[str, Any]:
    """Return what the change would have done, or how far the worker is with it."""
    told = estimating.told_of(tried.rules, tried.behaviour, kept)
    found = told.object
    return {
        "told": told,
        "rehearsed": found,
        "effect": effect_shown(found["effect"]) if found else None,
        "calendar": calendar_shown(found["promotions"]) if found and _TRADE in found else None,
        "cut_url": Addresses(tried).deals(cut=tried.behaviour.value),
    }


def load_of(shown: ReplayShown, role: str) -> LoadShown:
    """Return how often a role is asked, also where the candidate never asks it."""
    found = next((each for each in shown.loads if each.role == role), None)
    return found or shown.load(role)


def label_of(by: str) -> str:
    """Return what a grouping is called."""
    return GROUPINGS.get(by) or by.replace("_", " ").capitalize()


def _usual(found: Replay) -> str:
    return "segment" if "segment" in found.by else next(iter(found.by), "")


def _by_role(answered: Answered) -> dict[str, Load]:
    return {each.role: each for each in answered.loads}


def _ordered(was: Mapping[str, Load], now: Mapping[str, Load]) -> Iterator[str]:
    """Yield roles lowest first: as the candidate has them, then those that only were asked."""
    yield from now
    yield from (role for role in was if role not in now)


def _key(key: str | None) -> str:
    return NO_KEY if key is None else key
