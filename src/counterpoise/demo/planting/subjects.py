"""Whom a fault may befall, and which rows are theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from counterpoise.demo.accounts import INDUSTRIES, SEGMENTS, WIDTH
from counterpoise.demo.arrays import Flags, Ints
from counterpoise.demo.campaigns import DEMAND, SOURCES
from counterpoise.demo.campaigns import WIDTH as CAMPAIGN_WIDTH
from counterpoise.demo.deals import Deals
from counterpoise.demo.leads import Leads
from counterpoise.demo.people import NEVER, People
from counterpoise.demo.people import WIDTH as PERSON_WIDTH
from counterpoise.demo.planting.fault import Casting, Plant, Subject
from counterpoise.demo.products import FAMILIES, FLAGSHIP
from counterpoise.demo.pursuit import Pursuit
from counterpoise.demo.worktime import MINUTES_A_DAY
from counterpoise.demo.world import World

Maker = Callable[[int], Subject]


def pick(casting: Casting, candidates: Ints | Sequence[int], make: Maker) -> Subject:
    """Draw a candidate that no other fault has; where all are taken, any."""
    made = [make(int(at)) for at in candidates]
    free = [subject for subject in made if (subject.type, subject.id) not in casting.taken]
    pool = free or made
    return pool[int(casting.rng.integers(0, len(pool)))]


def rep(casting: Casting) -> Subject:
    """Draw a rep who sat on one seat all along, from a team that no fault has."""
    people = casting.world.people
    teams = casting.taken_ids("team")
    steady = people.holder[people.handover_on == NEVER].tolist()
    quiet = [at for at in steady if people.teams[people.team_of[at]] not in teams]
    return pick(casting, quiet or steady, lambda at: person(people, at))


def person(people: People, at: int) -> Subject:
    """Return a person as a subject."""
    return Subject("person", f"P{at + 1:0{PERSON_WIDTH}d}", people.names[at], at)


def team(casting: Casting) -> Subject:
    """Draw a team none of whose reps has a fault."""
    people = casting.world.people
    befallen = {int(id_[1:]) - 1 for id_ in casting.taken_ids("person")}
    members = {int(people.team_of[at]) for at in befallen}
    every = range(len(people.teams))
    quiet = [at for at in every if at not in members]
    return pick(casting, quiet or every, lambda at: _plain("team", people.teams[at], at))


def rep_or_team(casting: Casting) -> Subject:
    """Draw a rep or a team, as the variant says."""
    return rep(casting) if casting.variant == "rep" else team(casting)


def company() -> Subject:
    """Return the whole company as a subject."""
    return Subject("company", "company", "the company")


def campaign(casting: Casting) -> Subject:
    """Draw a demand campaign that runs all the time."""
    return pick(casting, _steady(casting.world), lambda at: campaign_at(casting.world, at))


def campaign_at(world: World, at: int) -> Subject:
    """Return a campaign as a subject."""
    name = world.campaigns.names[at]
    return Subject("campaign", f"C{at + 1:0{CAMPAIGN_WIDTH}d}", name, at)


def campaign_or_source(casting: Casting) -> Subject:
    """Draw a campaign, or a source that campaigns feed, as the variant says."""
    return source(casting) if casting.variant == "source" else campaign(casting)


def source(casting: Casting) -> Subject:
    """Draw a source that several campaigns feed all the time; where none is, that one does."""
    campaigns = _steady(casting.world)
    steady, feeding = np.unique(casting.world.campaigns.channel[campaigns], return_counts=True)
    several = steady[feeding > 1]
    candidates = several if len(several) else steady
    return pick(casting, candidates, lambda at: _plain("source", SOURCES[at], at))


def family(casting: Casting) -> Subject:
    """Draw a product family other than the flagship."""
    others = [at for at in range(len(FAMILIES)) if at != FLAGSHIP]
    return pick(casting, others, lambda at: _plain("product_family", FAMILIES[at], at))


def segment(at: int) -> Subject:
    """Return a segment as a subject."""
    return _plain("segment", SEGMENTS[at], at)


def industry(at: int) -> Subject:
    """Return an industry as a subject."""
    return _plain("industry", INDUSTRIES[at], at)


def account(world: World, at: int) -> Subject:
    """Return an account as a subject."""
    return Subject("account", f"A{at + 1:0{WIDTH}d}", world.accounts.names[at], at)


def deals_of(plant: Plant, deals: Deals) -> Flags:
    """Tell which deals are the subject's, by the day of the deal."""
    return np.asarray(_whose(plant, deals) & _within(plant, deals.day))


def pursued_by(plant: Plant, pursuit: Pursuit) -> Flags:
    """Tell which deals the subject went for, by the day on which they were made."""
    columns = {"person": pursuit.owner, "team": pursuit.team, "campaign": pursuit.campaign}
    own = columns[plant.subject.type]
    days = pursuit.created // MINUTES_A_DAY
    return np.asarray((own == plant.subject.at) & _within(plant, days))


def leads_of(plant: Plant, world: World, leads: Leads) -> Flags:
    """Tell which leads are the subject's, by the day of hand-over."""
    at = plant.subject.at
    if plant.subject.type == "person":
        seat = np.flatnonzero(world.people.holder == at)
        whose = np.isin(leads.seat, seat)
    elif plant.subject.type == "team":
        whose = world.people.seat_team[leads.seat] == at
    else:
        whose = (leads.campaign if plant.subject.type == "campaign" else leads.source) == at
    return np.asarray(whose & _within(plant, leads.handed_day))


def in_window(world: World, deals: Deals) -> Flags:
    """Tell which deals are of the last twelve months."""
    return np.asarray(deals.day >= world.window)


def _plain(type_: str, name: str, at: int) -> Subject:
    return Subject(type_, name, name, at)


def _steady(world: World) -> Ints:
    campaigns = world.campaigns
    return np.flatnonzero((campaigns.kind == DEMAND) & (campaigns.ended >= world.ends))


def _whose(plant: Plant, deals: Deals) -> Flags:
    if plant.subject.type == "company":
        return np.ones(deals.size, dtype=bool)
    columns = {
        "person": deals.owner,
        "team": deals.team,
        "campaign": deals.campaign,
        "source": deals.source,
        "account": deals.account,
    }
    own = columns.get(plant.subject.type)
    if own is None:
        own = deals.segment if plant.subject.type == "segment" else deals.main_family
    return np.asarray(own == plant.subject.at)


def _within(plant: Plant, day: Ints) -> Flags:
    return np.asarray((day >= plant.since) & (day <= plant.until))
