"""Campaigns of which sales is told: one that starts soon, one under way, and one told too late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from counterpoise.agreement import Agreement
from counterpoise.web.example.exchanges import Happening
from counterpoise.web.example.moments import Moments
from counterpoise.web.example.staff import Staff
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.talk.announcing import Told, announce
from counterpoise.web.talk.models import Announcement

SOON, RUNNING, LATE = "example-soon", "example-running", "example-late"
_WEEKS = dt.timedelta(weeks=1)
_LINES = {
    "Fewer Stops": ("“How many stops did you have last year?” Wait for the answer.", "uptime"),
    "Field Proof": ("“Do not believe us; believe who has run it for two years.”", "uptime"),
    "Quiet Power": ("“Stand beside it and talk as you do now.” Offer a visit.", "quiet"),
    "Reach Further": ("“How many numbers do your sites call? With us it is one.”", "reach"),
    "Clean by Design": ("“How long do you clean between two batches?” Wait for it.", "hygiene"),
    "Next Line": ("“Which line is planned next?” Speak of that one alone.", ""),
    "Built to Last": ("“What did you replace that should have lasted?” Begin there.", ""),
    "Total Cost": ("“The price is one figure of five. May I write the others beside it?”", ""),
}
"""What sellers say by how a campaign's name begins, and the agreed value that it stands on."""

_SHELF = (
    "“Place first, price last”: agree the week and the display before anybody speaks of the rate, "
    "and send a photograph of the first week."
)


@dataclass(frozen=True)
class Planned:
    """A campaign: its token, who tells, when it starts, and how many weeks it runs."""

    token: str
    by: User
    told_at: dt.datetime
    starts_on: dt.date
    weeks: int


def told(staff: Staff, agreement: Agreement, moments: Moments) -> list[Happening]:
    """Return sales being told of campaigns, each like one that the company had before."""
    makers = [staff.marketer, *staff.marketers[-2:]] * 3
    day = timezone.localdate
    planned = (
        Planned(SOON, makers[0], moments.before(2, 15), moments.day_after(12), 6),
        Planned(RUNNING, makers[1], moments.before(26, 11), day(moments.before(12, 9)), 8),
        Planned(LATE, makers[2], moments.before(9, 16), day(moments.before(6, 9)), 4),
    )
    models = _models()
    return [
        Happening(each.told_at, _announcing(each, models[number % len(models)], agreement))
        for number, each in enumerate(planned)
        if models
    ]


def told_of(token: str) -> Announcement | None:
    """Return a campaign of which sales was told."""
    found = Announcement.objects.filter(name__endswith=f"-{_number(token)}")
    return found.select_related("given_by").first()


def _number(token: str) -> int:
    """Return the number by which a campaign is called, after those that the company had."""
    return len(live().campaigns()) + 1 + (SOON, RUNNING, LATE).index(token)


def _models() -> Sequence[Mapping[str, Any]]:
    """Return the latest campaign of each product family that asked for demand, if any did."""
    every = sorted(live().campaigns(), key=lambda row: str(row["started_at"]))
    wanted = [row for row in every if row["kind"] == "demand"] or every
    by_family = {row["product_family"]: row for row in wanted if row["name"]}
    return list(by_family.values())[::-1]


def _announcing(
    each: Planned, model: Mapping[str, Any], agreement: Agreement
) -> Callable[[], object]:
    stem = model["name"].rpartition(" ")[0] or model["name"]
    wanted = Told(
        name=f"{stem} {each.starts_on.year}-{_number(each.token)}",
        starts_on=each.starts_on,
        line=_line(stem, agreement),
        ends_on=each.starts_on + each.weeks * _WEEKS,
        channel=model["channel"] or "",
    )
    return lambda: announce(each.by, wanted, each.token, now=each.told_at)


def _line(stem: str, agreement: Agreement) -> str:
    """Return what to say in the field: what fits the campaign's name, with a proof where agreed."""
    found = (said for name, said in _LINES.items() if stem.startswith(name))
    line, id_ = next(found, (_SHELF, ""))
    value = next((each for each in agreement.values if each.id == id_), None)
    if value is None:
        return line
    proof = f" (proof: {value.proof})" if value.proof else ""
    return f"{line} Then: {value.says[0].lower()}{value.says[1:]}{proof}."
