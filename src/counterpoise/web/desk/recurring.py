"""Recurring approvals: what is asked again and again and nearly always approved.

Where one role keeps asking another under one clause and keeps hearing yes, the limit of the first
may as well say so. The proposal is arithmetic over what was answered, in the room and in the
books; signing it is for both sides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import NamedTuple

from counterpoise.agreement import Agreement, Version, write_agreement
from counterpoise.agreement.quantities import format_rate
from counterpoise.agreement.wording import role_text
from counterpoise.books.lookup import Row
from counterpoise.errors import CounterpoiseError
from counterpoise.web import house
from counterpoise.web.agreements import drafts
from counterpoise.web.agreements.models import Draft, Origin
from counterpoise.web.desk.models import Answer
from counterpoise.web.desk.states import Said
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.results.reading import KeptReview, latest

FEWEST = 8
"""Fewer answers alike than this propose nothing."""

SHARE = Decimal("0.9")
"""The part of the answers that must be a yes."""

LIMITS = "discounts.limits."
_MOST_READ = 2_000
_STEP = Decimal("0.005")
_OF_ROOM = "room-"


class NoLongerRecurringError(CounterpoiseError):
    """What is proposed is not what the answers carry any more."""

    def __init__(self) -> None:
        super().__init__("the answers have changed since; look at the list again")


class Group(NamedTuple):
    """Answers alike: under which clause, who asked, who answered."""

    clause: str
    asker: str
    approver: str


class Answered(NamedTuple):
    """One answer: the rate without what levers earned, and whether it was a yes."""

    rate: Decimal
    is_yes: bool


class Judged(NamedTuple):
    """A deal as the review judged it: its clause, its owner's role, and their authority."""

    clause: str
    asker: str
    authority: Decimal


@dataclass(frozen=True)
class Recurring:
    """Approvals alike: one role asks another under one clause, and hears yes.

    `rate` is the lowest, rounded up to half a point, that nine of ten yeses do not pass, apart from
    what levers earned, and never above what the approver may give.
    """

    group: Group
    answers: int
    approved: int
    rate: Decimal
    up_to: Mapping[str, Decimal]

    @property
    def says(self) -> str:
        """Say it in one sentence."""
        return (
            f"{self.approved} of {self.answers} requests of {role_text(self.group.asker)} to "
            f"{role_text(self.group.approver)} were approved, nine of ten of them at "
            f"{format_rate(self.rate)} or less, levers apart."
        )

    @property
    def snippet(self) -> str:
        """Write the row's limits as the agreement has them, with this one raised."""
        limits = ", ".join(f"{who}: {format_rate(rate)}" for who, rate in self.up_to.items())
        return f"id: {self.group.clause.removeprefix(LIMITS)}\nup_to: {{{limits}}}"


def recurring_approvals() -> list[Recurring]:
    """Return what is nearly always approved under the latest agreement, most answers first."""
    version = house.agreements().latest
    if version is None:
        return []
    groups = {group: list(answers) for group, answers in _of_books(version).items()}
    for group, answered in _of_room(version.agreement):
        groups.setdefault(group, []).append(answered)
    found = (_proposal(version.agreement, *pair) for pair in groups.items())
    known = [each for each in found if each is not None]
    return sorted(known, key=lambda each: (-each.answers, each.group))


def propose(user: User, group: Group) -> Draft:
    """Start a draft in which the limit that everybody approves is written down.

    Raises:
        NotForYouError: If the person may not draft.
        NoLongerRecurringError: If the answers carry no such proposal.
    """
    version = house.agreements().latest
    found = next((each for each in recurring_approvals() if each.group == group), None)
    if version is None or found is None:
        raise NoLongerRecurringError
    text = write_agreement(_with_limit(version.agreement, found))
    return drafts.start(user, text, Origin.VERSION, version.fingerprint)


def _of_room(agreement: Agreement) -> list[tuple[Group, Answered]]:
    """Return the latest answers of the room to requests under a limit."""
    rows = (
        Answer.objects.filter(clause__startswith=LIMITS, request__rate__isnull=False)
        .select_related("request", "step")
        .order_by("-decided_at", "-id")
    )
    found = []
    for answer in rows[:_MOST_READ]:
        request = answer.request
        group = Group(answer.clause, request.asker_role, answer.step.role)
        rate = (request.rate or Decimal(0)) - _earned(agreement, request.terms["levers"])
        found.append((group, Answered(rate, answer.said == Said.APPROVED)))
    return found


def _earned(agreement: Agreement, levers: Sequence[str]) -> Decimal:
    """Return what levers add to a limit."""
    discounts = agreement.discounts
    added = sum((each.adds for each in discounts.levers if each.id in levers), Decimal(0))
    return added if discounts.lever_cap is None else min(added, discounts.lever_cap)


def _of_books(version: Version) -> Mapping[Group, Sequence[Answered]]:
    """Return the answers on record to deals that the review judged by this version."""
    kept = latest()
    if kept is None:
        return {}
    return _recorded(kept, version.fingerprint)


@lru_cache(maxsize=2)
def _recorded(kept: KeptReview, fingerprint: str) -> Mapping[Group, Sequence[Answered]]:
    versions = house.agreements().versions
    agreement = next(each.agreement for each in versions if each.fingerprint == fingerprint)
    rows = {
        (role, str(row["approval_id"])): row
        for role in agreement.ladder
        for row in live().approvals_of_role(role, _MOST_READ)
        if _counts(row)
    }
    judged = _judged(kept, fingerprint, {str(row["deal_id"]) for row in rows.values()})
    limits = {f"{LIMITS}{row.id}": row.up_to for row in agreement.discounts.limits}
    groups: dict[Group, list[Answered]] = {}
    for (role, _), row in rows.items():
        deal = judged.get(str(row["deal_id"]))
        if deal is None or deal.clause not in limits or deal.asker == role:
            continue
        earned = deal.authority - limits[deal.clause].get(deal.asker, Decimal(0))
        answered = Answered(row["value"] - max(earned, Decimal(0)), row["verdict"] == "approved")
        groups.setdefault(Group(deal.clause, deal.asker, role), []).append(answered)
    return groups


def _counts(row: Row) -> bool:
    """Tell whether a recorded approval is about a discount and was not given in this room."""
    is_own = str(row["approval_id"]).startswith(_OF_ROOM)
    return row["subject"] == "discount" and row["value"] is not None and not is_own


def _judged(kept: KeptReview, fingerprint: str, deals: set[str]) -> dict[str, Judged]:
    """Return how the review judged deals, of those that a version decided."""
    table = kept.tables.table("deals")
    meant = table.filter(
        table.deal_id.isin(sorted(deals)),
        table.agreement == fingerprint,
        table.clause.notnull(),
        table.ladder_role.notnull(),
        table.authority_low.notnull(),
    ).select("deal_id", "clause", "ladder_role", "authority_low")
    rows = kept.tables.run(meant).to_pylist() if deals else []
    return {
        row["deal_id"]: Judged(row["clause"], row["ladder_role"], row["authority_low"])
        for row in rows
    }


def _proposal(agreement: Agreement, group: Group, answers: Sequence[Answered]) -> Recurring | None:
    """Propose a higher limit, or None where the answers do not carry one."""
    yeses = sorted(each.rate for each in answers if each.is_yes)
    if len(answers) < FEWEST or len(yeses) < SHARE * len(answers):
        return None
    row_id = group.clause.removeprefix(LIMITS)
    row = next((each for each in agreement.discounts.limits if each.id == row_id), None)
    rate = _nine_of_ten(yeses)
    if row is None or group.asker not in agreement.roles:
        return None
    rate = min(rate, row.up_to.get(group.approver, rate))
    if rate <= row.up_to.get(group.asker, Decimal(0)):
        return None
    up_to = _ordered({**row.up_to, group.asker: rate}, agreement.ladder)
    return Recurring(group, len(answers), len(yeses), rate, up_to)


def _nine_of_ten(rates: Sequence[Decimal]) -> Decimal:
    """Return the rate that nine of ten do not pass, rounded up to half a point."""
    at = (len(rates) * 9 + 9) // 10 - 1
    steps = (rates[at] / _STEP).to_integral_value(ROUND_CEILING)
    return (steps * _STEP).normalize()


def _ordered(up_to: Mapping[str, Decimal], ladder: Sequence[str]) -> dict[str, Decimal]:
    """Lay limits out lowest role first; a group stands with its highest."""
    place = {name: at for at, name in enumerate(ladder)}

    def rank(who: str) -> tuple[int, int]:
        members = [each.strip() for each in who.split("+")]
        return max(place.get(each, 0) for each in members), len(members)

    return dict(sorted(up_to.items(), key=lambda pair: rank(pair[0])))


def _with_limit(agreement: Agreement, found: Recurring) -> Agreement:
    """Return the agreement with one row's limits changed, signed by nobody."""
    row_id = found.group.clause.removeprefix(LIMITS)
    limits = tuple(
        row.model_copy(update={"up_to": dict(found.up_to)}) if row.id == row_id else row
        for row in agreement.discounts.limits
    )
    discounts = agreement.discounts.model_copy(update={"limits": limits})
    return agreement.model_copy(update={"discounts": discounts, "signed": ()})
