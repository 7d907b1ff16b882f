"""Which deals are meant: filters as an address carries them, and as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from django.http import QueryDict
from django.utils.http import urlencode

from counterpoise.ledger.waterfall import StepName
from counterpoise.report.wording import GROUPINGS, STEPS, share
from counterpoise.web.results.filters import OUTSIDE, PERSONA, UNKNOWN

NO_KEY = "(none)"
"""Stands in addresses for the group of what has none."""

NO_PERSONA = MappingProxyType({OUTSIDE: "Outside every persona", UNKNOWN: "Unknown persona"})
"""What stands in place of it among personas: surely none, and nobody knows."""

NAMED = (
    "owner",
    "team",
    "segment",
    "industry",
    "product_family",
    "persona",
    "source",
    "campaign",
    "quarter",
    "outcome",
    "verdict",
    "account",
)
"""What deals are selected by, beside attributes and rates."""

ATTRIBUTE = "attr."
PARTS = (
    StepName.WITHIN_AUTHORITY,
    StepName.APPROVED,
    StepName.LEAKAGE,
    StepName.UNJUDGED,
    StepName.ABOVE_LIST,
    StepName.CUSTOMIZATION,
    StepName.ADJUSTMENTS,
)
"""Steps of the waterfall that deals have or have not."""

ORDER_OF_PARTS = (
    (StepName.WITHIN_AUTHORITY, "within_authority"),
    (StepName.APPROVED, "approved"),
    (StepName.LEAKAGE, "leakage"),
    (StepName.UNJUDGED, "unjudged"),
)
"""The parts of a concession in the order of the waterfall, and the column of each."""

_LABELS = {**GROUPINGS, "outcome": "Outcome", "verdict": "Verdict", "account": "Account"}
_MOST_VALUES = 50
_LONGEST = 200


def label_of(name: str) -> str:
    """Return how people call what deals are selected or grouped by.

    >>> label_of("product_family"), label_of("attr.tier")
    ('Product family', 'tier')
    """
    return _LABELS.get(name) or name.removeprefix("account.").removeprefix(ATTRIBUTE)


@dataclass(frozen=True)
class Selection:
    """The deals that have one of the values for each name, a rate within bounds, and the part."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    least_rate: Decimal | None = None
    most_rate: Decimal | None = None
    part: StepName | None = None

    @classmethod
    def read(cls, query: QueryDict, attributes: Iterable[str] = ()) -> Selection:
        """Read what an address selects; what cannot be read selects nothing away.

        >>> from django.http import QueryDict
        >>> found = Selection.read(QueryDict("team=North&team=South&rate_from=10&x=1"))
        >>> found.query
        'team=North&team=South&rate_from=10'
        """
        names = (*NAMED, *attributes)
        values = {name: _values(query, name) for name in names}
        parts = [part for part in PARTS if part.value in _values(query, "part")]
        return cls(
            MappingProxyType({name: found for name, found in values.items() if found}),
            _rate(query, "rate_from"),
            _rate(query, "rate_to"),
            parts[0] if parts else None,
        )

    @property
    def is_everything(self) -> bool:
        """Tell whether nothing is selected away."""
        return self == Selection()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return names and values, in one order whatever the address had."""
        found = [(name, value) for name, values in self.values.items() for value in values]
        for name, rate in (("rate_from", self.least_rate), ("rate_to", self.most_rate)):
            if rate is not None:
                found.append((name, f"{(rate * 100).normalize():f}"))
        return [*found, ("part", self.part.value)] if self.part else found

    @property
    def query(self) -> str:
        """Return the selection as an address carries it."""
        return urlencode(self.pairs)

    def of(self, name: str) -> tuple[str, ...]:
        """Return the values selected of a name."""
        return self.values.get(name, ())

    def without_accounts(self) -> Selection:
        """Return the selection of all accounts: figures of single ones stand in no total."""
        values = {name: values for name, values in self.values.items() if name != "account"}
        return replace(self, values=MappingProxyType(values))

    def having(self, name: str, value: str | None) -> Selection:
        """Return the selection narrowed to one value of a name."""
        values = {**self.values, name: (NO_KEY if value is None else value,)}
        return replace(self, values=MappingProxyType(values))

    def with_part(self, part: StepName) -> Selection:
        """Return the selection narrowed to deals that have a part of the waterfall."""
        return replace(self, part=part)

    def without(self, name: str, value: str) -> Selection:
        """Return the selection without one of its filters."""
        if name == "rate_from":
            return replace(self, least_rate=None)
        if name == "rate_to":
            return replace(self, most_rate=None)
        if name == "part":
            return replace(self, part=None)
        left = tuple(each for each in self.of(name) if each != value)
        values = {each: found for each, found in {**self.values, name: left}.items() if found}
        return replace(self, values=MappingProxyType(values))


def persona_key(persona: str | None) -> str:
    """Return how addresses call a persona, surely none, and one that nobody knows."""
    return UNKNOWN if persona is None else persona or OUTSIDE


def without_any(name: str) -> Mapping[str, str]:
    """Return the choices of a filter for what has no value, and what they are called."""
    return NO_PERSONA if name == PERSONA else {NO_KEY: NO_KEY}


@dataclass(frozen=True)
class Chip:
    """One filter as a page shows it, and the address without it."""

    says: str
    without: str


def chips_of(selection: Selection, names: Mapping[str, Mapping[str, str]]) -> list[Chip]:
    """Return the filters of a selection; `names` says keys of groupings by name."""
    found = []
    for name, value in selection.pairs:
        without = selection.without(name, value).query
        found.append(Chip(_said(selection, name, value, names), without))
    return found


def _said(
    selection: Selection, name: str, value: str, names: Mapping[str, Mapping[str, str]]
) -> str:
    if name == "rate_from":
        return f"Rate from {share(selection.least_rate)}"
    if name == "rate_to":
        return f"Rate up to {share(selection.most_rate)}"
    if name == "part":
        return STEPS[StepName(value)]
    own = {**names.get(name, {}), **(NO_PERSONA if name == PERSONA else {})}
    shown = own.get(value) or value.replace("_", " ")
    return f"{label_of(name)}: {shown}"


def _values(query: QueryDict, name: str) -> tuple[str, ...]:
    found = query.getlist(name)
    kept = (value.strip()[:_LONGEST].replace("\x00", "") for value in found)
    return tuple(dict.fromkeys(value for value in kept if value))[:_MOST_VALUES]


def _rate(query: QueryDict, name: str) -> Decimal | None:
    """Read a rate written in percent; one beyond all bounds is none."""
    for text in _values(query, name)[:1]:
        try:
            percent = Decimal(text.rstrip("% "))
        except InvalidOperation:
            return None
        if percent.is_finite() and -1000 <= percent <= 1000:
            return (percent / 100).quantize(Decimal("0.000001"))
    return None
