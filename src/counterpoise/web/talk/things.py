"""What may be talked about, and to whom it opens: each kind asks the feature that keeps it.

A thing is named as the trail names it, `deal:D1`. Who may open the thing may read and write its
thread; for everybody else there is no thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils import timezone

from counterpoise.errors import CounterpoiseError
from counterpoise.web import house
from counterpoise.web.access import scope_of
from counterpoise.web.agreements.reading import clauses_of, contract_of
from counterpoise.web.cracks import lines
from counterpoise.web.cracks.models import Crack
from counterpoise.web.cracks.naming import Naming
from counterpoise.web.cracks.rights import visible_to as visible_cracks
from counterpoise.web.desk.naming import request_title
from counterpoise.web.desk.requests import visible_to as visible_requests
from counterpoise.web.handoffs.naming import title_of
from counterpoise.web.handoffs.rights import visible_to as visible_handoffs
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.promotions.models import AskedPromotion
from counterpoise.web.promotions.naming import promotion_title
from counterpoise.web.results.reading import latest
from counterpoise.web.talk.models import LONGEST_THING, Announcement, Words
from counterpoise.web.talk.states import Kind
from counterpoise.web.tools.library import card_of
from counterpoise.web.trade.naming import promotion_name
from counterpoise.web.trade.reach import reach_of
from counterpoise.web.trade.reading import promotion_of

_LARGEST_ID = 2**63 - 1
_LONGEST_LABEL = 90


class NoThingError(CounterpoiseError, LookupError):
    """A thing is not there, or does not open to who names it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Nothing called {name} opens to you.")


@dataclass(frozen=True)
class Thing:
    """Something that may be talked about, as one reader sees it."""

    kind: Kind
    id: str
    label: str
    url: str
    """Its own page."""
    crack: Crack | None = None
    is_shut: bool = False
    """It has to be opened on its own page first, which the trail keeps."""

    @property
    def name(self) -> str:
        """Return it as the trail names it."""
        return f"{self.kind}:{self.id}"

    @property
    def url_of_thread(self) -> str:
        """Return the address of its thread."""
        return reverse("talk:thread", args=[self.name])


def url_of_words(thing: str, pk: int) -> str:
    """Return the address of words in the thread of a thing, whichever page they stand on."""
    return f"{reverse('talk:thread', args=[thing])}?words={pk}#words-{pk}"


def thing_for(user: User, name: str) -> Thing | None:
    """Return a thing by its name; None where it is not there or does not open to the person.

    >>> thing_for(User(), "weather:today") is None
    True
    """
    kind, _, id_ = name.partition(":")
    if kind not in _FINDERS or not id_ or "\x00" in name or len(name) > LONGEST_THING:
        return None
    return _FINDERS[Kind(kind)](user, id_)


def opened_by(user: User, name: str) -> Thing:
    """Return a thing that opens to a person, and was opened where that is asked.

    Raises:
        NoThingError: If it does not.
    """
    found = thing_for(user, name)
    if found is None or found.is_shut:
        raise NoThingError(name)
    return found


def things_for(user: User, names: Iterable[str]) -> dict[str, Thing]:
    """Return those of these things that open to a person, by name."""
    found = ((name, thing_for(user, name)) for name in dict.fromkeys(names))
    return {name: thing for name, thing in found if thing is not None}


def readers_of(name: str) -> Iterator[User]:
    """Yield who in the room may open a thing, by name."""
    for user in User.objects.filter(is_active=True).order_by("name", "pk"):
        if thing_for(user, name) is not None:
            yield user


def caller_for(reader: User, thing: Thing) -> Callable[[User], str]:
    """Return how people are called beside a thing: beside a crack as the crack calls them."""
    crack = thing.crack
    if crack is None:
        return str
    naming = Naming(reader)
    return lambda user: naming.colleague(user, crack)


def clause_names() -> Mapping[str, str]:
    """Return what the clauses of the agreement of today say, by address."""
    try:
        agreements = house.agreements()
    except CounterpoiseError:  # a file that cannot be read must not keep people from talking
        return {}
    version = agreements.on(timezone.localdate()) or agreements.latest
    return _clauses(version.fingerprint) if version else {}


@lru_cache(maxsize=4)
def _clauses(fingerprint: str) -> Mapping[str, str]:
    versions = house.agreements().versions
    found = next(each for each in versions if each.fingerprint == fingerprint)
    laid = clauses_of(contract_of(found.agreement))
    return {line.clause: line.says.replace("**", "") for line in laid}


def _deal(user: User, id_: str) -> Thing | None:
    lookup = live()
    deal = lookup.deal(id_)
    if deal is None or not scope_of(user).opens(deal["owner_id"], lookup.deal_campaigns(id_)):
        return None
    return Thing(Kind.DEAL, id_, str(deal["name"] or id_), reverse("ledger:deal", args=[id_]))


def _clause(user: User, id_: str) -> Thing | None:  # noqa: ARG001 - everybody reads the agreement
    is_known = id_ in clause_names() or Words.objects.filter(thing=f"clause:{id_}").exists()
    return Thing(Kind.CLAUSE, id_, id_, f"{reverse('agreements:read')}#{id_}") if is_known else None


def _lead(user: User, id_: str) -> Thing | None:
    found = visible_handoffs(user).filter(lead_id=id_).order_by("-pk").first()
    if found is None:
        return None
    return Thing(Kind.LEAD, id_, title_of(found), reverse("handoffs:lead", args=[found.pk]))


def _tool(user: User, id_: str) -> Thing | None:  # noqa: ARG001 - everybody reads tools
    card = card_of(id_)
    return Thing(Kind.TOOL, id_, card.title, reverse("tools:tool", args=[id_])) if card else None


def _request(user: User, id_: str) -> Thing | None:
    if not (id_.isascii() and id_.isdigit()) or int(id_) > _LARGEST_ID:
        return None
    found = visible_requests(user).filter(pk=int(id_)).first()
    if found is None or str(found.pk) != id_:
        return None
    return Thing(Kind.REQUEST, id_, request_title(found), reverse("desk:request", args=[found.pk]))


def _crack(user: User, id_: str) -> Thing | None:
    crack = visible_cracks(user).filter(slug=id_).first()
    if crack is None:
        return None
    naming = Naming(user)
    said = lines.line(crack, naming).says or id_
    url = reverse("cracks:crack", args=[id_])
    return Thing(Kind.CRACK, id_, _short(said), url, crack, not naming.opened(crack))


def _campaign(user: User, id_: str) -> Thing | None:  # noqa: ARG001 - both sides see campaigns
    campaign = live().campaign(id_)
    told = None if campaign else Announcement.objects.filter(campaign_id=id_).first()
    if campaign is None and told is None:
        return None
    name = str(campaign["name"] or id_) if campaign else str(told)
    return Thing(Kind.CAMPAIGN, id_, name, reverse("talk:campaign", args=[id_]))


def _short(text: str) -> str:
    plain = " ".join(text.split())
    if len(plain) <= _LONGEST_LABEL:
        return plain
    cut = plain[:_LONGEST_LABEL].rpartition(" ")[0] or plain[: _LONGEST_LABEL - 1]
    return cut.rstrip(" ,;:") + "…"


def _promotion(user: User, id_: str) -> Thing | None:  # noqa: ARG001 - both sides see the calendar
    if not (id_.isascii() and id_.isdigit()) or int(id_) > _LARGEST_ID:
        return None
    found = AskedPromotion.objects.filter(pk=int(id_)).first()
    if found is None or str(found.pk) != id_:
        return None
    url = reverse("promotions:promotion", args=[found.pk])
    return Thing(Kind.PROMOTION, id_, promotion_title(found), url)


def _promoted(user: User, id_: str) -> Thing | None:
    kept = latest()
    found = promotion_of(kept, id_, reach_of(user, kept)) if kept else None
    if found is None:
        return None
    url = reverse("trade:promotion", args=[id_])
    return Thing(Kind.PROMOTED, id_, promotion_name(found), url)


_FINDERS: Mapping[str, Callable[[User, str], Thing | None]] = {
    Kind.CLAUSE: _clause,
    Kind.DEAL: _deal,
    Kind.LEAD: _lead,
    Kind.CAMPAIGN: _campaign,
    Kind.TOOL: _tool,
    Kind.REQUEST: _request,
    Kind.CRACK: _crack,
    Kind.PROMOTION: _promotion,
    Kind.PROMOTED: _promoted,
}
