"""A promotion as its page shows it: what was agreed, what happened, and what it earned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from counterpoise.agreement.wording import role_text
from counterpoise.web.desk.showing import clause_url
from counterpoise.web.ledger.names import Naming
from counterpoise.web.live import live
from counterpoise.web.promotions.models import AskedPromotion
from counterpoise.web.results.reading import KeptReview
from counterpoise.web.shell.templatetags import figures
from counterpoise.web.trade.charts import Drawing, around_promotion
from counterpoise.web.trade.facts import Fact, Step, between, earned_steps, most_of
from counterpoise.web.trade.listing import file_urls
from counterpoise.web.trade.naming import (
    KINDS,
    account_name,
    account_url,
    brand_name,
    brand_url,
    promotion_name,
)
from counterpoise.web.trade.reading import RESULTS, promoted_of, result_of, weeks_of_promotion

_VERDICTS = {
    "granted": ("Within what was agreed", "good"),
    "needs_approval": ("Needed approval", "wait"),
    "refused": ("Against the agreement", "bad"),
    "unjudged": ("Cannot be judged", "quiet"),
}
_PLANNED = {"feature": "cells_featured", "display": "cells_displayed"}
_SAYS = {
    "lost": "It earned less than it cost.",
    "earned": "It earned more than it cost.",
    "unsure": "Whether it earned or lost cannot be told: 0 lies within the interval.",
}


@dataclass(frozen=True)
class Judged:
    """What the agreement of its first day says of it."""

    heading: str
    look: str
    says: str
    clause: str
    url: str
    who: str
    """Who said yes or no, on record; "" where nobody is."""


@dataclass(frozen=True)
class Happened:
    """Something planned, beside what was seen of it."""

    what: str
    planned: str
    seen: str
    look: str


@dataclass(frozen=True)
class PromotionPage:
    """Everything that the page of a promotion shows."""

    told: Mapping[str, Any]
    title: str
    kind: str
    account: str
    account_url: str
    brand: str
    brand_url: str
    campaign: str
    campaign_url: str
    asked_by: str
    asked_here: str
    """Where it was asked in this room; "" where it was not."""
    result: str
    says: str
    why_untold: str
    facts: list[Fact]
    money: list[Step]
    most: float
    judged: Judged
    happened: list[Happened]
    drawing: Drawing | None
    why_no_baseline: str
    calendar_url: str
    files: Mapping[str, str]


def promotion_page(kept: KeptReview, promotion: Mapping[str, Any]) -> PromotionPage:
    """Lay out a promotion that opens to the reader."""
    whole = promoted_of(kept) or {}
    naming, family = Naming(live()), promotion["product_family"]
    account_id, campaign_id = promotion["account_id"], promotion["campaign_id"]
    result, spent = result_of(promotion), promotion["spent"] or 0.0
    money = earned_steps(promotion, spent, promotion["earned"]) if result != "untold" else []
    return PromotionPage(
        told=promotion,
        title=promotion_name(promotion),
        kind=KINDS.get(promotion["kind"] or "", ""),
        account=account_name(account_id),
        account_url=account_url(account_id) if account_id else "",
        brand=brand_name(family),
        brand_url=brand_url(family) if family else "",
        campaign=naming.campaign(campaign_id),
        campaign_url=reverse("talk:campaign", args=[campaign_id]) if campaign_id else "",
        asked_by=naming.person(promotion["requested_by"]),
        asked_here=_asked_here(promotion),
        result=RESULTS[result],
        says=_SAYS.get(result, ""),
        why_untold=_why_untold(promotion, whole) if result == "untold" else "",
        facts=_facts(promotion) if result != "untold" else [],
        money=money,
        most=most_of(money),
        judged=_judged(promotion, naming),
        happened=_happened(promotion),
        drawing=around_promotion(weeks_of_promotion(kept, promotion["promotion_id"])),
        why_no_baseline=str(whole.get("baseline_refused", "")),
        calendar_url=f"{reverse('promotions:calendar')}?from={promotion['starts_on']}",
        files=file_urls("promotion_weeks", promotion=promotion["promotion_id"]),
    )


def _facts(promotion: Mapping[str, Any]) -> list[Fact]:
    earned = {name: promotion[f"earned_{name}"] for name in ("low", "high")}
    cost = (promotion["spent"] or 0.0) - (promotion["price_given"] or 0.0)
    base = promotion["units"] - promotion["gained"]
    lift = promotion["gained"] / base if base else None
    return [
        Fact(
            "Earned",
            figures.short_money(promotion["earned"]),
            f"after its cost; 95%: {between(earned)}",
        ),
        Fact("Cost", figures.short_money(cost), "price given and trade spend"),
        Fact("Lift", figures.percent(lift), "over what would have sold"),
        Fact("Units gained", figures.short_money(promotion["gained"]), "in its weeks"),
        Fact("Lost after", figures.short_money(promotion["dipped"]), "units, two weeks after"),
        Fact(
            "From neighbours",
            figures.short_money(promotion["taken"]),
            "units of the brand's other goods",
        ),
    ]


def _why_untold(promotion: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    if whole.get("earned_refused"):
        return str(whole["earned_refused"])
    if not promotion["cells"]:
        return "No week of sell-through lies in its days, so nobody knows what it brought."
    return "None of its weeks was on deal as far as recorded, so it brought nothing to tell."


def _judged(promotion: Mapping[str, Any], naming: Naming) -> Judged:
    heading, look = _VERDICTS[promotion["verdict"] or "unjudged"]
    approver = promotion["approver"]
    says = ""
    if approver:
        who = " and ".join(role_text(role) for role in approver.split(" + "))
        says = f"{who} had to approve it."
    elif promotion["agreement"] is None:
        says = "No agreement was in force on its first day."
    elif promotion["verdict"] == "unjudged":
        says = "A fact that decides is not on record: its depth, what it is of, or who asked."
    return Judged(
        heading,
        look,
        says[:1].upper() + says[1:],
        promotion["clause"] or "",
        clause_url(promotion["clause"], promotion["agreement"] or ""),
        _who_said(promotion, naming),
    )


def _who_said(promotion: Mapping[str, Any], naming: Naming) -> str:
    if not promotion["approval"]:
        return ""
    role = promotion["approved_role"]
    who = [naming.person(promotion["approved_by"]), role_text(role) if role else ""]
    by = ", ".join(each for each in who if each)
    return f"{promotion['approval'].capitalize()} by {by}." if by else ""


def _happened(promotion: Mapping[str, Any]) -> list[Happened]:
    """Hold what was planned against what the weeks show."""
    cells, found = promotion["cells"] or 0, []
    base, cut = promotion["base_sales"], promotion["depth_amount"]
    rate = promotion["rate"]
    if rate is not None and base:
        seen = (cut or 0.0) / base
        look = "good" if seen >= rate - 0.01 else "bad"
        found.append(Happened("Price cut", figures.percent(rate), figures.percent(seen), look))
    for kind, column in _PLANNED.items():
        seen_cells = promotion[column]
        is_planned = promotion["kind"] == kind
        if not is_planned and not seen_cells:
            continue
        if seen_cells is None:
            seen, look = "not recorded", "quiet"
        else:
            seen = f"in {figures.count(seen_cells)} of {figures.count(cells)} weeks"
            look = "bad" if is_planned and not seen_cells else "good"
        found.append(Happened(kind.capitalize(), "yes" if is_planned else "no", seen, look))
    if cells:
        on_deal = promotion["cells_on_deal"] or 0
        seen = f"{figures.count(on_deal)} of {figures.count(cells)}"
        look = "good" if on_deal == cells else "wait" if on_deal else "bad"
        found.append(Happened("Weeks on deal", figures.count(cells), seen, look))
    return found


def _asked_here(promotion: Mapping[str, Any]) -> str:
    asked = AskedPromotion.objects.filter(
        account_id=promotion["account_id"] or "", starts_on=promotion["starts_on"]
    )
    for each in asked.exclude(state__in=["refused", "withdrawn"]).order_by("pk")[:20]:
        if not each.products or promotion["product_id"] in each.products:
            return reverse("promotions:promotion", args=[each.pk])
    return ""
