"""What the tools lay beside the desk's answer and beside a deal, by the room's convention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from counterpoise.web.live import live
from counterpoise.web.tools.acts import Acts, acts_for, uses_on
from counterpoise.web.tools.fitting import Wanted, fitting
from counterpoise.web.tools.library import Card, offered_cards, titles
from counterpoise.web.tools.models import Use
from counterpoise.web.tools.rights import may_use

if TYPE_CHECKING:
    from counterpoise.web.people.models import User

STYLES = "tools/tools.css"
_MOST_OBJECTIONS = 4
_MANY = 1_000


@dataclass(frozen=True)
class Objection:
    """What the customer may say, and the same page for that."""

    says: str
    url: str
    is_taken: bool


@dataclass(frozen=True)
class UseShown:
    """A use of a tool on a deal; `helped_url` is there for one's own that nobody judged yet."""

    use: Use
    title: str
    helped_url: str


@dataclass(frozen=True)
class Beside:
    """Tools beside a page, and how they are shown."""

    template: str
    styles: str
    acts: Sequence[Acts]
    objections: Sequence[Objection]
    uses: Sequence[UseShown]
    ask_url: str
    tell_url: str
    back: str


def answer_styles() -> str:
    """Return the style sheet of what stands beside an answer, which may come after its page."""
    return STYLES


def beside_answer(
    user: User,
    facts: Mapping[str, Any],
    decision: Mapping[str, Any],
    deal_id: str,
    back: str,
    objection: str = "",
) -> Beside | None:
    """Return the tools to put beside the desk's answer; None where there is nothing to show.

    Args:
        user: Who reads the answer.
        facts: What is known of the deal.
        decision: The answer, with persona and values.
        deal_id: The deal in the books, or nothing.
        back: The address of the page, without an anchor.
        objection: What the customer says, where the reader chose it.
    """
    values = [str(each["id"]) for each in decision["values"]]
    wanted = Wanted.of_facts(facts, decision["persona"], values, objection)
    return _beside("tools/_offered.html", user, wanted, deal_id, back)


def beside_deal(
    user: User, deal_id: str, judged: Mapping[str, Any] | None, back: str, objection: str = ""
) -> Beside | None:
    """Return the tools to put beside a deal that opens to a person, and those used on it.

    `judged` is the deal as the latest review has it, None where it has not.
    """
    facts = judged or _facts(deal_id)
    wanted = Wanted.of_facts(facts, facts.get("persona"), (), objection)
    return _beside("tools/_deal.html", user, wanted, deal_id, back)


def _beside(template: str, user: User, wanted: Wanted, deal_id: str, back: str) -> Beside | None:
    offered = offered_cards()
    found = fitting(offered, wanted)
    uses = _uses(user, deal_id) if template == "tools/_deal.html" else []
    if not (found or uses or may_use(user)):
        return None
    asked = {
        "objection": wanted.objection,
        "product_family": wanted.product_family,
        "competitor": wanted.competitor,
        "persona": wanted.persona,
        "deal_id": deal_id,
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    query = f"?{query}" if query else ""
    may = may_use(user)
    return Beside(
        template,
        STYLES,
        acts_for(user, found, deal_id, back),
        _objections(offered, wanted, back),
        uses,
        f"{reverse('tools:ask')}{query}" if may else "",
        f"{reverse('tools:tell')}{query}" if may else "",
        back,
    )


def _objections(offered: Iterable[Card], wanted: Wanted, back: str) -> list[Objection]:
    """Return the objections that fitting tools answer, the taken one among them."""
    open_one = Wanted(**{**vars(wanted), "objection": ""})
    named: dict[str, str] = {}
    for card in fitting(offered, open_one, _MANY):
        if card.objection:
            named.setdefault(card.objection.casefold(), card.objection)
    if len(named) < 2 and not wanted.objection:
        return []
    shown = list(named.items())[:_MOST_OBJECTIONS]
    return [_objection(says, key == wanted.objection.casefold(), back) for key, says in shown]


def _objection(says: str, is_taken: bool, back: str) -> Objection:
    """Return the address with an objection in it, or without the one that is taken."""
    joined = "&" if "?" in back else "?"
    url = back if is_taken else f"{back}{joined}{urlencode({'objection': says})}"
    return Objection(says, f"{url}#tools-offered", is_taken)


def _uses(user: User, deal_id: str) -> list[UseShown]:
    found = uses_on(deal_id)
    known = titles([use.tool_id for use in found])
    return [
        UseShown(
            use,
            known[use.tool_id],
            reverse("tools:helped", args=[use.pk])
            if use.user_id == user.pk and use.helped_at is None
            else "",
        )
        for use in found
    ]


def _facts(deal_id: str) -> Mapping[str, Any]:
    """Return what the books know of a deal that tools are made for.

    The family is that of its largest line by list amount; which persona it is only a review tells.
    """
    lookup = live()
    deal = lookup.deal(deal_id) or {}
    lines = lookup.lines(deal_id)
    largest = max(
        lines, key=lambda line: (line["list_price"] or 0) * (line["quantity"] or 0), default=None
    )
    product = lookup.product(largest["product_id"]) if largest and largest["product_id"] else None
    return {
        "product_family": product["family"] if product else None,
        "competitor": deal.get("competitor"),
        "stage": deal.get("stage"),
    }
