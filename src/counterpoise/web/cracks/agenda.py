"""What cracks bring to a joint review: those with most money of each side, and what healed.

A crack about a single person is never on it: it is talked about with that person.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from django.urls import reverse

from counterpoise.agreement import Side
from counterpoise.web.cracks import life
from counterpoise.web.cracks.life import Deed
from counterpoise.web.cracks.models import PERSON, Act, Crack
from counterpoise.web.places import AgendaItem, Section
from counterpoise.web.shell.templatetags.figures import counted, day, short_money

_MOST = 3
"""Of each side; the others stand together in one line."""

_MARK = re.compile("⟦[^⟦⟧]*⟧")
_SOMEBODY = "a colleague"


def on_agenda(since: dt.datetime | None) -> Sequence[AgendaItem]:
    """Return open cracks of both sides alike, most money first, then those that healed since."""
    wanted = Crack.objects.exclude(subject_type=PERSON).select_related("seen")
    found = list(wanted.filter(state__in=life.URGENT).order_by("-stake", "slug"))
    items = [item for side in Side for item in _of_side(found, side)]
    return [*items, *_healed(since)]


def _of_side(found: list[Crack], side: Side) -> Iterator[AgendaItem]:
    own = [crack for crack in found if crack.side == side]
    for crack in own[:_MOST]:
        url = reverse("cracks:crack", args=[crack.slug])
        yield AgendaItem(Section.CRACKS, _says(crack), url, None, side.value)
    rest = own[_MOST:]
    if rest:
        worth = short_money(float(sum(crack.stake for crack in rest)))
        says = f"{counted(len(rest), 'smaller crack')} of {_whose(side)}, at most {worth} a quarter"
        url = reverse("cracks:home") + f"?side={side.value if side is not Side.BOTH else ''}"
        yield AgendaItem(Section.CRACKS, says, url, None, side.value)


def _says(crack: Crack) -> str:
    text = f"{_told(crack)} {short_money(float(crack.stake))} a quarter at stake."
    return f"{text} Due {day(crack.due_on)}." if crack.due_on else f"{text} No owner yet."


def _told(crack: Crack) -> str:
    told = crack.seen.told if crack.seen else {}
    says = _MARK.sub(_SOMEBODY, str(told.get("says", crack.kind)))
    return says[:1].upper() + says[1:]


def _whose(side: Side) -> str:
    return "both sides" if side is Side.BOTH else side.value


def _healed(since: dt.datetime | None) -> Iterator[AgendaItem]:
    """Yield what healed since the sides last sat together."""
    if since is None:
        return
    acts = Act.objects.filter(at__gt=since, deed=Deed.CLOSED).exclude(crack__subject_type=PERSON)
    healed = {act.crack_id: act for act in acts.select_related("crack__seen").order_by("at", "pk")}
    for act in list(healed.values())[-_MOST:]:
        if act.crack.closed_at is not None:
            url = reverse("cracks:crack", args=[act.crack.slug])
            says = f"Healed: {_told(act.crack)}"
            yield AgendaItem(Section.CRACKS, says, url, act.at, act.crack.side)
