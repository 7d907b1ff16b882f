"""Value tools: what marketing makes for sellers to close on value, and who used what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from counterpoise.demo.accounts import PERSONAS
from counterpoise.demo.arrays import NONE, Flags, Ints
from counterpoise.demo.columns import ids, instants, words
from counterpoise.demo.export import Columns
from counterpoise.demo.people import PRODUCT_MARKETER, People, person_ids
from counterpoise.demo.products import FAMILIES
from counterpoise.demo.recipe import Recipe
from counterpoise.demo.streams import Streams
from counterpoise.demo.worktime import MINUTES_A_DAY, day_number

COMPETITORS = ("Norvane", "Talmar", "Brightforge", "Okami Works")
_KINDS = ("battle card", "calculator", "case study")
BATTLE_CARD, CALCULATOR, CASE_STUDY = range(3)
WIDTH = 3


@dataclass
class Tools:
    """Tools by position: cards against a competitor in a family, calculators, case studies.

    There is a card for each competitor and family, a calculator a family, a case study a persona;
    `there` tells whether marketing made it.
    """

    titles: list[str]
    kind: Ints
    family: Ints
    persona: Ints
    competitor: Ints
    owner: Ints
    created: Ints
    there: Flags

    def card(self, competitor: Ints, family: Ints) -> Ints:
        """Return the battle card against each competitor in a family, or -1 where none is."""
        at = competitor * len(FAMILIES) + family
        found = np.where(competitor < 0, NONE, at)
        return np.where((found >= 0) & self.there[found], found, NONE)

    def calculator(self, family: Ints) -> Ints:
        """Return the calculator of each family."""
        return len(COMPETITORS) * len(FAMILIES) + family

    def case_study(self, persona: Ints) -> Ints:
        """Return the case study of each persona, or -1 outside."""
        first = (len(COMPETITORS) + 1) * len(FAMILIES)
        return np.where(persona < 0, NONE, first + persona)


def make_tools(recipe: Recipe, streams: Streams, people: People) -> Tools:
    """Make every tool in the year before the first deal, so that none is missing by chance."""
    rng = streams.of("tools")
    families, rivals, personas = len(FAMILIES), len(COMPETITORS), len(PERSONAS)
    cards = rivals * families
    kind = np.repeat([BATTLE_CARD, CALCULATOR, CASE_STUDY], [cards, families, personas])
    family = np.r_[np.tile(np.arange(families), rivals + 1), np.full(personas, NONE)]
    competitor = np.r_[np.repeat(np.arange(rivals), families), np.full(families + personas, NONE)]
    persona = np.r_[np.full(cards + families, NONE), np.arange(personas)]
    makers = people.with_role(PRODUCT_MARKETER)
    days = day_number(recipe.first_on) - rng.integers(30, 300, len(kind))
    return Tools(
        titles=[_title(*row) for row in zip(kind, family, persona, competitor, strict=True)],
        kind=kind,
        family=family,
        persona=persona,
        competitor=competitor,
        owner=makers[np.maximum(family, 0) % len(makers)],
        created=days * MINUTES_A_DAY + rng.integers(9 * 60, 17 * 60, len(kind)),
        there=np.ones(len(kind), dtype=bool),
    )


def tools_table(tools: Tools) -> Columns:
    """Return the tools that there are."""
    made = np.flatnonzero(tools.there)
    return {
        "tool_id": tool_ids(made),
        "title": words(tools.titles, made),
        "kind": words(_KINDS, tools.kind[made]),
        "product_family": words(FAMILIES, tools.family[made]),
        "persona": words([p.id for p in PERSONAS], tools.persona[made]),
        "competitor": words(COMPETITORS, tools.competitor[made]),
        "created_at": instants(tools.created[made]),
        "owner_id": person_ids(tools.owner[made]),
    }


def tool_ids(tools: Ints) -> pa.Array:
    """Write tools as their ids."""
    return ids("T", np.where(tools < 0, NONE, tools + 1), WIDTH)


def _title(kind: int, family: int, persona: int, competitor: int) -> str:
    if kind == BATTLE_CARD:
        return f"{FAMILIES[family]} against {COMPETITORS[competitor]}"
    if kind == CALCULATOR:
        return f"What a stop costs: {FAMILIES[family]}"
    return f"How others did it: {PERSONAS[persona].name}"
