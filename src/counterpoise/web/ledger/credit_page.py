"""The page of credit as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from django.urls import reverse
from django.utils.http import urlencode

from counterpoise.ledger.credit import Credit, CreditRow
from counterpoise.ledger.credit_rules import Rule
from counterpoise.ledger.journeys import HALF_LIFE_DAYS
from counterpoise.ledger.totals import ZERO, ratio
from counterpoise.web import house
from counterpoise.web.access import Scope
from counterpoise.web.ledger.addresses import file_url
from counterpoise.web.ledger.asking import names_of
from counterpoise.web.ledger.credit_asking import NAMES, Helped, HelpedDeals, helped_deals
from counterpoise.web.ledger.names import Naming
from counterpoise.web.ledger.narrowing import Narrowing, narrowing
from counterpoise.web.ledger.page import Link
from counterpoise.web.ledger.selection import NO_KEY, Selection
from counterpoise.web.live import live
from counterpoise.web.results.reading import KeptReview

RULE_NAMES: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.FIRST: "First touch",
        Rule.LAST: "Last touch",
        Rule.LINEAR: "Linear",
        Rule.TIME_DECAY: "Time decay",
        Rule.POSITION_BASED: "Position based",
        Rule.MARKOV: "Removal (Markov)",
    }
)
BY_NAMES: Mapping[str, str] = MappingProxyType({"channel": "Channel", "campaign": "Campaign"})
SHOWS: Mapping[str, str] = MappingProxyType({"value": "Value", "deals": "Deals"})
FEW = 30
MOST_ROWS = 100
A_PAGE = 50
_WIDTH = 100.0


@dataclass(frozen=True)
class RuleHead:
    """A rule that heads a column."""

    name: str
    is_ratified: bool


@dataclass(frozen=True)
class CreditCell:
    """What a rule credits."""

    value: Decimal
    is_ratified: bool


@dataclass(frozen=True)
class CreditLine:
    """A channel or campaign by every rule, their spread drawn, and the deals that it touched."""

    name: str
    cells: tuple[CreditCell, ...]
    low: float
    length: float
    mark: float
    spread: Decimal
    share: Decimal | None
    removal: float | None
    won: int
    won_url: str
    lost: int
    lost_url: str
    open: int
    open_url: str
    lost_value: Decimal
    is_small: bool


@dataclass(frozen=True)
class CreditPage:
    """Everything that the page shows."""

    credit: Credit
    narrowing: Narrowing
    by: str
    by_label: str
    shows: str
    tabs: list[Link]
    units: list[Link]
    rules: list[RuleHead]
    ratified: str
    is_agreed: bool
    without_markov: bool
    lines: list[CreditLine]
    more_lines: int
    urls: Mapping[str, str]
    files: Mapping[str, str]
    whole_url: str
    half_life: int = HALF_LIFE_DAYS
    few: int = FEW

    @property
    def is_money(self) -> bool:
        """Tell whether cells show money, not numbers of deals."""
        return self.shows == "value"


def credit_page(
    kept: KeptReview, found: Credit, selection: Selection, by: str, shows: str
) -> CreditPage:
    """Lay out the credit of a selection."""
    rules = [rule for rule in Rule if all(rule in row.value for row in found.by[by])]
    ratified, is_agreed = ratified_rule(), house.agreements().latest is not None
    marked = ratified if ratified in rules else Rule.LINEAR
    rows = sorted(found.by[by], key=lambda row: (-_told(row, shows, marked), row.key or ""))
    lines = [_line(row, selection, _Shown(by, shows, tuple(rules), marked, found)) for row in rows]
    return CreditPage(
        credit=found,
        narrowing=_narrowing(kept, selection, by, shows),
        by=by,
        by_label=BY_NAMES[by],
        shows=shows,
        tabs=[
            Link(label, credit_url(selection, by=name, show=shows), name == by)
            for name, label in BY_NAMES.items()
        ],
        units=[
            Link(label, credit_url(selection, by=by, show=name), name == shows)
            for name, label in SHOWS.items()
        ],
        rules=[RuleHead(RULE_NAMES[rule], rule == marked) for rule in rules],
        ratified=RULE_NAMES[ratified],
        is_agreed=is_agreed,
        without_markov=Rule.MARKOV not in rules,
        lines=lines[:MOST_ROWS],
        more_lines=max(0, len(lines) - MOST_ROWS),
        urls={
            "won": helped_url(selection, Helped(outcome="won")),
            "none": helped_url(selection, Helped(outcome="won", touch="none")),
            "lost": helped_url(selection, Helped(outcome="lost", touch="any")),
            "open": helped_url(selection, Helped(outcome="open", touch="any")),
        },
        files={form: file_url("credit", form, selection, by=by) for form in ("csv", "parquet")},
        whole_url=credit_url(Selection(), by=by, show=shows),
    )


def credit_url(selection: Selection, **further: str) -> str:
    """Return the address of the credit of a selection."""
    return _with(reverse("ledger:credit"), selection, further)


def helped_url(selection: Selection, helped: Helped, **further: str) -> str:
    """Return the address of the deals that were helped."""
    return _with(reverse("ledger:helped"), selection, helped.pairs | further)


def _with(path: str, selection: Selection, further: Mapping[str, str]) -> str:
    return f"{path}?{urlencode([*selection.pairs, *((k, v) for k, v in further.items() if v)])}"


def ratified_rule() -> Rule:
    """Return the rule of the agreement that stands, the usual one where none does."""
    version = house.agreements().latest
    return Rule(version.agreement.credit.rule) if version else Rule.POSITION_BASED


def _told(row: CreditRow, shows: str, rule: Rule) -> Decimal:
    return row.value[rule] if shows == "value" else Decimal(repr(row.deals[rule]))


@dataclass(frozen=True)
class _Shown:
    by: str
    shows: str
    rules: tuple[Rule, ...]
    marked: Rule
    credit: Credit

    @property
    def whole(self) -> Decimal:
        return self.credit.value if self.shows == "value" else Decimal(self.credit.deals)

    @property
    def most(self) -> float:
        rows = self.credit.by[self.by]
        told = (_told(row, self.shows, rule) for row in rows for rule in self.rules)
        return float(max(told, default=ZERO)) or 1.0


def _line(row: CreditRow, selection: Selection, shown: _Shown) -> CreditLine:
    told = {rule: _told(row, shown.shows, rule) for rule in shown.rules}
    low, high, scale = min(told.values()), max(told.values()), _WIDTH / shown.most
    key = row.key or NO_KEY
    urls = {
        outcome: helped_url(selection, Helped(shown.by, key, outcome))
        for outcome in ("won", "lost", "open")
    }
    return CreditLine(
        name=Naming(live()).campaign(row.key) or NO_KEY if shown.by == "campaign" else key,
        cells=tuple(CreditCell(each, rule == shown.marked) for rule, each in told.items()),
        low=float(low) * scale,
        length=float(high - low) * scale,
        mark=float(told[shown.marked]) * scale,
        spread=high - low,
        share=ratio(told[shown.marked], shown.whole),
        removal=row.removal,
        won=row.touched["won"],
        won_url=urls["won"],
        lost=row.touched["lost"],
        lost_url=urls["lost"],
        open=row.touched["open"],
        open_url=urls["open"],
        lost_value=row.lost_value,
        is_small=row.touched["won"] < FEW,
    )


def _narrowing(kept: KeptReview, selection: Selection, by: str, shows: str) -> Narrowing:
    names = names_of(kept)
    offered = {name: _sorted(name, names.get(name, {})) for name in NAMES}
    return narrowing(reverse("ledger:credit"), selection, offered, {"by": by, "show": shows})


def _sorted(name: str, told: Mapping[str, str]) -> dict[str, str]:
    pairs = sorted(told.items(), key=lambda pair: pair[1].casefold(), reverse=name == "quarter")
    return dict(pairs)


@dataclass(frozen=True)
class HelpedRow:
    """A deal with who helped it: campaigns that touched it, and sellers beside its owner."""

    deal: Mapping[str, object]
    owner: str
    campaigns: str
    sellers: str


@dataclass(frozen=True)
class HelpedPage:
    """A page of deals that were helped."""

    rows: list[HelpedRow]
    found: HelpedDeals
    says: str
    first: int
    last: int
    earlier: str
    later: str


def helped_page(
    kept: KeptReview, selection: Selection, helped: Helped, number: int, scope: Scope
) -> HelpedPage:
    """Return a page of the deals that were helped and open.

    Raises:
        LockHeldError: If too many questions wait.
    """
    offset = (number - 1) * A_PAGE
    found = helped_deals(kept, selection, helped, scope, (A_PAGE, offset))
    is_last = offset + A_PAGE >= found.opened
    return HelpedPage(
        rows=[_helped(row) for row in found.rows],
        found=found,
        says=_says(helped),
        first=offset + 1 if found.rows else 0,
        last=offset + len(found.rows),
        earlier=helped_url(selection, helped, page=str(number - 1)) if number > 1 else "",
        later="" if is_last else helped_url(selection, helped, page=str(number + 1)),
    )


def _says(helped: Helped) -> str:
    outcome = {"won": " that were won", "lost": " that were lost", "open": " still open"}
    which = outcome.get(helped.outcome, "")
    if helped.touch == "any":
        return f"Deals{which}"
    if helped.touch == "none":
        return f"Deals{which} of which no touch is known"
    if not helped.by:
        return f"Deals{which} with a known touch"
    name = Naming(live()).campaign(helped.key) if helped.by == "campaign" else helped.key
    return f"Deals{which} that {name} touched"


def _helped(deal: Mapping[str, object]) -> HelpedRow:
    """Say who helped: owners of the deal's leads, and who used a tool on it."""
    lookup, naming, deal_id = live(), Naming(live()), str(deal["deal_id"])
    owner = deal["owner_id"]
    others = [lead["owner_id"] for lead in lookup.leads_of_deal(deal_id)]
    others += [use["person_id"] for use in lookup.tool_uses(deal_id)]
    sellers = dict.fromkeys(each for each in others if each and each != owner)
    campaigns = sorted(naming.campaign(each) for each in lookup.deal_campaigns(deal_id))
    return HelpedRow(
        deal,
        naming.person(str(owner)) if owner else "",
        ", ".join(campaigns),
        ", ".join(sorted(naming.person(each) for each in sellers)),
    )
