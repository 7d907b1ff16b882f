"""Leads as the books know them, and which of them qualify to be handed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from counterpoise.agreement.conditions import Truth
from counterpoise.agreement.fields import Fields, Scope
from counterpoise.agreement.versions import Version
from counterpoise.agreement.wording import say_condition
from counterpoise.books.lookup import Lookup
from counterpoise.desk.authority import Ready
from counterpoise.desk.predicates import predicate_of
from counterpoise.web.handoffs.clocks import version_named
from counterpoise.web.live import live

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Lead:
    """A lead that may be handed over. Times are wall times of the workspace."""

    lead_id: str
    account_id: str = ""
    campaign_id: str = ""
    source: str = ""
    score: Decimal | None = None
    created_at: dt.datetime | None = None
    qualified_at: dt.datetime | None = None
    about: str = ""
    row: Facts | None = None
    """The lead in the books, with its attributes, where it stands there."""

    @classmethod
    def of(cls, row: Facts) -> Lead:
        """Return a lead of the books."""
        return cls(
            row["lead_id"],
            row["account_id"] or "",
            row["campaign_id"] or "",
            row["source"] or "",
            row["score"],
            row["created_at"],
            row["qualified_at"],
            "",
            row,
        )


@dataclass(frozen=True)
class Meets:
    """Which persona an account meets: its id, "" where surely none, None where that is unknown."""

    persona: str | None
    says: str = ""
    """What the persona asks, in words."""


def facts_of(lead: Lead, version: Version | None) -> dict[str, Any]:
    """Return what conditions may ask of a lead: its own facts, its account's, its campaign's."""
    books = live()
    own = dict(lead.row or {})
    own |= {
        "lead_id": lead.lead_id,
        "account_id": lead.account_id or None,
        "campaign_id": lead.campaign_id or None,
        "source": lead.source or None,
        "score": lead.score,
        "created_at": lead.created_at,
        "qualified_at": lead.qualified_at,
    }
    account = books.account(lead.account_id) if lead.account_id else None
    campaign = books.campaign(lead.campaign_id) if lead.campaign_id else None
    for prefix, found in (("account", account), ("campaign", campaign)):
        own |= {f"{prefix}__{name}": value for name, value in (found or {}).items()}
    if version is not None and version.agreement.personas:
        own["persona"] = persona_of(lead.account_id, version).persona
    return own


def is_qualified(lead: Lead, version: Version | None) -> Truth:
    """Tell whether a lead qualifies: the books say since when, else the agreement's condition."""
    if lead.qualified_at is not None:
        return True
    if version is None:
        return None
    asked = version.agreement.handoff.qualified
    if not asked:
        return True
    return predicate_of(asked, lead_fields(live())).truth(facts_of(lead, version))


def waiting_leads(version: Version | None) -> tuple[tuple[str, str], ...]:
    """Return leads of the books that qualify and nobody handed over: each with its campaign."""
    return _waiting(live(), version.fingerprint if version else "")


def persona_of(account_id: str, version: Version) -> Meets:
    """Return which persona an account meets, as far as the books know it."""
    personas = version.agreement.personas
    if not personas:
        return Meets("")
    account = live().account(account_id) if account_id else None
    if account is None:
        return Meets(None)
    facts = {f"account__{name}": value for name, value in account.items()}
    met = _ready(version.fingerprint, live()).persona_of({**facts, "account_id": account_id})
    said = (say_condition(each.when) for each in personas if each.id == met)
    return Meets(met, next(said, ""))


@lru_cache(maxsize=2)
def lead_fields(books: Lookup) -> Fields:
    """Return the fields that conditions on leads may name."""
    return Fields(Scope.LEAD, books.attributes if books.snapshot else None)


@lru_cache(maxsize=4)
def _waiting(books: Lookup, fingerprint: str) -> tuple[tuple[str, str], ...]:
    version = version_named(fingerprint) if fingerprint else None
    found = map(Lead.of, books.leads_to_hand_over())
    return tuple((each.lead_id, each.campaign_id) for each in found if is_qualified(each, version))


@lru_cache(maxsize=4)
def _ready(fingerprint: str, books: Lookup) -> Ready:
    version = version_named(fingerprint)
    assert version is not None, "a persona is asked for by an agreement that is there"
    fields = Fields(Scope.DEAL, books.attributes if books.snapshot else None)
    return Ready(version.agreement, fields)
