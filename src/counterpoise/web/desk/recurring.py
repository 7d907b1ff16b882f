"""Recurring approvals: what is asked again and again and nearly always approved.

Where one role keeps asking another under one clause and keeps hearing yes, the limit of the first
may as well say so. The proposal is arithmetic over what was answered; signing it is for both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from urllib.parse import urlencode

from counterpoise.agreement import Agreement
from counterpoise.agreement.quantities import format_rate
from counterpoise.web import house
from counterpoise.web.desk.models import Answer
from counterpoise.web.desk.naming import role_text
from counterpoise.web.desk.states import Said

FEWEST = 8
"""Fewer answers alike than this propose nothing."""

SHARE = Decimal("0.9")
"""The part of the answers that must be a yes."""

LIMITS = "discounts.limits."
_MOST_READ = 5_000
_STEP = Decimal("0.005")


@dataclass(frozen=True)
class Recurring:
    """Approvals alike: one role asks another under one clause, and hears yes."""

    clause: str
    asker: str
    approver: str
    answers: int
    approved: int
    rate: Decimal
    """The lowest rate, rounded up to half a point, below which nine of ten yeses lie."""
    snippet: str
    draft_query: str

    @property
    def says(self) -> str:
        """Say it in one sentence."""
        return (
            f"{self.approved} of {self.answers} requests of {role_text(self.asker)} to "
            f"{role_text(self.approver)} under this clause were approved, nine of ten of them at "
            f"{format_rate(self.rate)} or less."
        )


Group = tuple[str, str, str]


def recurring_approvals() -> list[Recurring]:
    """Return what is nearly always approved under the latest agreement, most answers first."""
    latest = house.agreements().latest
    if latest is None:
        return []
    found = (_proposal(latest.agreement, group, answers) for group, answers in _groups().items())
    known = [each for each in found if each is not None]
    return sorted(known, key=lambda each: (-each.answers, each.clause, each.asker))


def _groups() -> dict[Group, list[tuple[Decimal, bool]]]:
    """Gather the latest answers by clause, who asked and who answered."""
    rows = (
        Answer.objects.filter(clause__startswith=LIMITS, request__rate__isnull=False)
        .order_by("-decided_at", "-id")
        .values_list("clause", "request__asker_role", "step__role", "request__rate", "said")
    )
    groups: dict[Group, list[tuple[Decimal, bool]]] = {}
    for clause, asker, approver, rate, said in rows[:_MOST_READ]:
        if rate is not None:
            groups.setdefault((clause, asker, approver), []).append((rate, said == Said.APPROVED))
    return groups


def _proposal(
    agreement: Agreement, group: Group, answers: Sequence[tuple[Decimal, bool]]
) -> Recurring | None:
    """Propose a higher limit, or None where the answers do not carry one."""
    clause, asker, approver = group
    yeses = sorted(rate for rate, is_yes in answers if is_yes)
    if len(answers) < FEWEST or len(yeses) < SHARE * len(answers):
        return None
    row_id = clause.removeprefix(LIMITS)
    row = next((each for each in agreement.discounts.limits if each.id == row_id), None)
    if row is None:
        return None
    rate = _nine_of_ten(yeses)
    if rate <= row.up_to.get(asker, Decimal(0)):
        return None
    up_to = _with_role(row.up_to.items(), asker, rate, agreement.ladder)
    snippet = f"- {{id: {row.id}, up_to: {{{up_to}}}}}"
    query = urlencode({"clause": clause, "role": asker, "rate": f"{rate:f}"})
    return Recurring(clause, asker, approver, len(answers), len(yeses), rate, snippet, query)


def _nine_of_ten(rates: Sequence[Decimal]) -> Decimal:
    """Return the rate that nine of ten do not pass, rounded up to half a point."""
    at = (len(rates) * 9 + 9) // 10 - 1
    return (rates[at] / _STEP).to_integral_value(ROUND_CEILING) * _STEP


def _with_role(
    up_to: Iterable[tuple[str, Decimal]], role: str, rate: Decimal, ladder: Sequence[str]
) -> str:
    """Write the limits with one role's raised, lowest role first, groups as they stand."""
    limits = dict(up_to)
    limits[role] = rate
    place = {name: at for at, name in enumerate(ladder)}
    ordered = sorted(
        limits.items(),
        key=lambda pair: max(place.get(each.strip(), 0) for each in pair[0].split("+")),
    )
    return ", ".join(f"{who}: {format_rate(each)}" for who, each in ordered)
