"""The page of the funnel as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.ledger.aalen_johansen import Incidence
from counterpoise.ledger.cohorts import FEW, Cohort, Cohorts, Compared
from counterpoise.ledger.fiscal import month_label, quarter_label
from counterpoise.ledger.funnel import BY, OWNER, Closing, Funnel, FunnelRow, Took
from counterpoise.ledger.funnel_leads import Stage
from counterpoise.ledger.totals import ratio
from counterpoise.web.ledger.addresses import file_url
from counterpoise.web.ledger.funnel_asking import cohort_label
from counterpoise.web.ledger.names import Naming
from counterpoise.web.ledger.narrowing import Narrowing, narrowing
from counterpoise.web.ledger.page import Link
from counterpoise.web.ledger.selection import NO_KEY, NO_PERSONA, Selection, persona_key
from counterpoise.web.live import live
from counterpoise.web.results.filters import PERSONA
from counterpoise.web.results.journeys import kept_funnel
from counterpoise.web.results.reading import KeptReview

STAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "touched": "First touch",
        Stage.LEAD: "Lead",
        Stage.QUALIFIED: "Qualified",
        Stage.HANDED_OVER: "Handed over",
        Stage.ACCEPTED: "Accepted",
        Stage.DEAL: "Deal",
        Stage.WON: "Won",
        "rejected": "Rejected",
        "lost": "Lost",
    }
)
BY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "campaign": "Campaign",
        "source": "Source",
        "persona": "Persona",
        "team": "Team",
        OWNER: "Owner",
        "month": "Month of entry",
        "quarter": "Quarter of entry",
    }
)
COHORTS = ("month", "quarter")
MOST_GROUPS = 100
_MOST_COHORTS = 24
_MOST_UNTAKEN = 12
_WIDTH = 100.0


@dataclass(frozen=True)
class StageBar:
    """A stage: how many leads came to it, of all and of those at the stage before."""

    label: str
    count: int
    width: float
    of_all: Decimal | None
    of_before: Decimal | None
    url: str


@dataclass(frozen=True)
class StepTime:
    """How long a step took."""

    says: str
    took: Took


@dataclass(frozen=True)
class GroupLine:
    """A group of leads, its counts by stage with their rows, and how far it came."""

    name: str
    url: str
    touches: int | None
    """Of all visitors, whoever they are; told of campaigns, where all leads are shown."""
    counts: tuple[tuple[int, str], ...]
    won_share: Decimal | None
    days: float | None
    net: Decimal
    is_small: bool
    """Whether there are few leads, or none."""


@dataclass(frozen=True)
class Range:
    """A share with its interval, drawn on a line that is 100 wide."""

    share: float
    low: float
    high: float
    start: float
    length: float
    mark: float


@dataclass(frozen=True)
class CohortLine:
    """A cohort, drawn, and held against the one before."""

    label: str
    url: str
    cohort: Cohort
    won: Range
    compared: Compared | None
    before: str


@dataclass(frozen=True)
class ClosingLine:
    """Deals of leads that were closed in a fiscal quarter."""

    label: str
    won: int
    lost: int
    win_rate: Decimal | None
    is_small: bool


@dataclass(frozen=True)
class AgeCurve:
    """The share won by age over all cohorts, in a picture that is 100 wide and 100 high."""

    points: str
    judged_at: float
    longest: int
    highest: float
    says: str


@dataclass(frozen=True)
class FunnelPage:
    """Everything that the page shows."""

    funnel: Funnel
    narrowing: Narrowing
    stages: list[StageBar]
    unrecorded: list[str]
    times: list[StepTime]
    tabs: list[Link]
    by: str
    by_label: str
    headings: list[str]
    groups: list[GroupLine]
    more_groups: int
    untaken: list[tuple[str, int]]
    """Campaigns with touches, the most first, that brought no lead."""
    cohorts: list[CohortLine]
    more_cohorts: int
    young: list[str]
    closings: list[ClosingLine]
    curve: AgeCurve | None
    touches: int
    known: int
    joined: int
    files: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Tell whether no lead is selected."""
        return not self.funnel.whole.counts[Stage.LEAD]

    @property
    def has_touches(self) -> bool:
        """Tell whether touches stand beside the groups."""
        return any(group.touches is not None for group in self.groups)

    @property
    def is_personal(self) -> bool:
        """Tell whether groups are single people."""
        return self.by == OWNER

    @property
    def few(self) -> int:
        """Return the number below which leads are few."""
        return FEW


def funnel_page(kept: KeptReview, found: Funnel, selection: Selection, by: str) -> FunnelPage:
    """Lay out the funnel of a selection."""
    starts, naming = kept.fiscal_year_starts, Names(kept)
    rows, touches = ordered(found.by[by], by), touches_by(found, by)
    cohorts = _cohorts(found.cohorts, selection)
    return FunnelPage(
        funnel=found,
        narrowing=_narrowing(kept_funnel(kept) or found, selection, by, naming),
        stages=_stages(found, selection),
        unrecorded=[STAGE_NAMES[s] for s in Stage if s not in found.stages],
        times=[
            StepTime(f"{STAGE_NAMES[t.step.start]} to {STAGE_NAMES[t.step.end].lower()}", t)
            for t in found.whole.took
            if t.n
        ],
        tabs=[
            Link(label, funnel_url(selection, by=name) + "#groups", name == by)
            for name, label in BY_NAMES.items()
        ],
        by=by,
        by_label=BY_NAMES[by],
        headings=[STAGE_NAMES[stage] for stage in found.stages],
        groups=[
            replace(_group(row, by, selection, naming, found.stages), touches=touches.get(row.key))
            for row in rows[:MOST_GROUPS]
        ],
        untaken=[
            (naming.name(by, key), count)
            for key, count in touches.items()
            if key not in {row.key for row in rows}
        ][:_MOST_UNTAKEN],
        more_groups=max(0, len(rows) - MOST_GROUPS),
        cohorts=cohorts[:_MOST_COHORTS],
        more_cohorts=max(0, len(cohorts) - _MOST_COHORTS),
        young=[line.label for line in cohorts if line.cohort.is_young],
        closings=_closings(found.closings, starts),
        curve=_curve(found.cohorts),
        touches=sum(each.touches for each in found.touches),
        known=sum(each.known for each in found.touches),
        joined=sum(each.joined for each in found.touches),
        files={form: file_url("funnel", form, selection, by=by) for form in ("csv", "parquet")},
    )


def funnel_url(selection: Selection, **further: str) -> str:
    """Return the address of the funnel of a selection."""
    return _with(reverse("ledger:funnel"), selection, further)


def leads_url(selection: Selection, **further: str) -> str:
    """Return the address of the leads of a selection."""
    return _with(reverse("ledger:leads"), selection, further)


def _with(path: str, selection: Selection, further: Mapping[str, str]) -> str:
    carried = urlencode([*selection.pairs, *((k, v) for k, v in further.items() if v)])
    return f"{path}?{carried}" if carried else path


class Names:
    """Says keys of groupings by name."""

    def __init__(self, kept: KeptReview) -> None:
        self._naming = Naming(live())
        self._starts = kept.fiscal_year_starts

    def text(self, by: str, key: str | int | None) -> str | None:
        """Return a key as addresses have it."""
        if isinstance(key, int):
            return cohort_label(by, key, self._starts)
        return persona_key(key) if by == PERSONA else key or None

    def name(self, by: str, key: str | int | None) -> str:
        """Return what a key is called."""
        text = self.text(by, key)
        if text is None:
            return NO_KEY
        if by == PERSONA:
            return NO_PERSONA.get(text, text)
        if by == OWNER:
            return self._naming.person(text)
        return self._naming.campaign(text) if by == "campaign" else text


def touches_by(found: Funnel, by: str) -> dict[str | int | None, int]:
    """Return the touches of each campaign, where all leads are shown by it; else nothing."""
    return {each.campaign_id: each.touches for each in found.touches if by == "campaign"}


def ordered(rows: Iterable[FunnelRow], by: str) -> list[FunnelRow]:
    """Put the largest first; cohorts stand in time, the latest first."""
    if by in COHORTS:
        return sorted(rows, key=lambda row: -int(row.key or 0))
    return sorted(rows, key=lambda row: (-row.counts[Stage.LEAD], str(row.key or "")))


def _narrowing(whole: Funnel, selection: Selection, by: str, naming: Names) -> Narrowing:
    offered: dict[str, dict[str, str]] = {}
    for name in BY:
        rows = ordered(whole.by.get(name, ()), name)
        texts = ((naming.text(name, row.key), naming.name(name, row.key)) for row in rows)
        offered[name] = {text: label for text, label in texts if text}
        for value in selection.of(name):
            offered[name].setdefault(value, naming.name(name, value))
    offered[OWNER] = {value: naming.name(OWNER, value) for value in selection.of(OWNER)}
    return narrowing(reverse("ledger:funnel"), selection, offered, {"by": by})


def _stages(found: Funnel, selection: Selection) -> list[StageBar]:
    bars: list[StageBar] = []
    all_leads, before = found.whole.counts[Stage.LEAD], None
    for stage in found.stages:
        count = found.whole.counts[stage]
        bars.append(
            StageBar(
                STAGE_NAMES[stage],
                count,
                _WIDTH * count / all_leads if all_leads else 0.0,
                ratio(count, all_leads),
                None if before is None else ratio(count, before),
                leads_url(selection, state=stage),
            )
        )
        before = count
    return bars


def _group(
    row: FunnelRow, by: str, selection: Selection, naming: Names, stages: Sequence[Stage]
) -> GroupLine:
    within = selection.having(by, naming.text(by, row.key))
    to_won = (t for t in row.took if (t.step.start, t.step.end) == (Stage.LEAD, Stage.WON))
    took = next(to_won, None)
    return GroupLine(
        name=naming.name(by, row.key),
        url=funnel_url(within, by=by),
        touches=None,
        counts=tuple((row.counts[s], leads_url(within, state=s)) for s in stages),
        won_share=row.share(Stage.WON),
        days=took.median if took else None,
        net=row.net,
        is_small=row.counts[Stage.LEAD] < FEW,
    )


def _cohorts(found: Cohorts, selection: Selection) -> list[CohortLine]:
    """Draw the cohorts, the latest first, all on one scale."""
    highest = max((each.won.interval[1] for each in found.cohorts), default=0.0) or 1.0
    compared = {each.month: each for each in found.compared}
    return [
        CohortLine(
            label=month_label(each.month),
            url=leads_url(selection.having("month", month_label(each.month))),
            cohort=each,
            won=_range(each.won, highest),
            compared=compared.get(each.month),
            before=month_label(compared[each.month].before) if each.month in compared else "",
        )
        for each in reversed(found.cohorts)
    ]


def _range(found: Incidence, highest: float) -> Range:
    low, high = found.interval
    scale = _WIDTH / highest
    return Range(found.share, low, high, low * scale, (high - low) * scale, found.share * scale)


def _closings(found: Iterable[Closing], starts: int) -> list[ClosingLine]:
    """Add months up to fiscal quarters, the latest first."""
    sums: dict[str, tuple[int, int]] = {}
    for each in found:
        label = NO_KEY if each.month is None else quarter_label(each.month, starts)
        won, lost = sums.get(label, (0, 0))
        sums[label] = won + each.won, lost + each.lost
    return [
        ClosingLine(label, won, lost, ratio(won, won + lost), won + lost < FEW)
        for label, (won, lost) in sorted(sums.items(), reverse=True)
    ]


def _curve(found: Cohorts) -> AgeCurve | None:
    """Draw what share was won by age; None where nothing was."""
    if found.judged_from is None or not found.whole[-1].age:
        return None
    longest, highest = found.whole[-1].age, found.whole[-1].share
    points = ["0,100"]
    for each in found.whole:
        x, y = _WIDTH * each.age / longest, 100 - 90 * each.share / highest
        last = points[-1].split(",")[1]
        if last != f"{y:.2f}":
            points += [f"{x:.2f},{last}", f"{x:.2f},{y:.2f}"]
    points.append(f"100,{points[-1].split(',')[1]}")
    return AgeCurve(
        points=" ".join(points),
        judged_at=_WIDTH * found.judged_from / longest,
        longest=longest,
        highest=highest,
        says=(
            f"Share of leads won by age, over all cohorts: {highest:.1%} by {longest} days; nine "
            f"in ten of them by {found.judged_from} days"
        ),
    )
