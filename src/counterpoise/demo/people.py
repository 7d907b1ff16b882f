"""Who works here: seats of reps in teams, their managers, marketers, and who was what when.

Reps sit on *seats*: a territory that passes from one person to the next when a rep is promoted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from counterpoise.demo.arrays import NONE, Flags, Floats, Ints
from counterpoise.demo.columns import days, ids, words
from counterpoise.demo.export import Columns
from counterpoise.demo.names import person_names
from counterpoise.demo.recipe import Recipe
from counterpoise.demo.streams import Streams
from counterpoise.demo.worktime import day_number

REGIONS = ("North", "Europe", "South", "West")
EUROPE = 1
SIDES = ("sales", "marketing", "both")
REP, MANAGER, PRODUCT_MARKETER, DEMAND_MARKETER, LEAD = range(5)
ROLES = (
    "Account Executive",
    "Sales Manager",
    "Product Marketing Manager",
    "Demand Marketer",
    "Chief Revenue Officer",
)
LADDER = ("rep", "sales_manager", "product_marketing", "demand_marketing", "revenue_lead")
_SIDE_OF = np.array([0, 0, 1, 1, 2])
NEVER = 10**6
WIDTH = 5


@dataclass
class People:
    """People by position, seats by position, and teams by position.

    `holder` is a seat's first person, `next_holder` the one from `handover_on`. A team is led by
    `manager`, and by `next_manager` from `change_on`. Days that never come are `NEVER`.
    """

    names: list[str]
    role: Ints  # the first role of each person
    team_of: Ints  # into `teams`, by person
    region_of: Ints
    promoted_on: Ints  # from this day a rep is a manager
    hired_on: Ints
    left_on: Ints
    teams: list[str]
    team_region: Ints
    manager: Ints
    next_manager: Ints
    change_on: Ints
    holder: Ints
    next_holder: Ints
    handover_on: Ints
    seat_team: Ints
    # Styles, by person.
    rate_style: Floats
    skill: Floats
    # By seat.
    persona_style: Floats
    activity: Floats

    @property
    def lead(self) -> int:
        """Return the revenue lead."""
        return int(np.flatnonzero(self.role == LEAD)[0])

    @property
    def size(self) -> int:
        """Return how many people there are."""
        return len(self.role)

    def with_role(self, role: int) -> Ints:
        """Return the people who started in that role."""
        return np.flatnonzero(self.role == role)

    def holder_on(self, seat: Ints, day: Ints) -> Ints:
        """Return who sits on each seat that day."""
        return np.where(day < self.handover_on[seat], self.holder[seat], self.next_holder[seat])

    def manager_on(self, person: Ints, day: Ints) -> Ints:
        """Return whom each rep answers to that day; managers answer to the revenue lead."""
        team = self.team_of[person]
        led = np.where(day < self.change_on[team], self.manager[team], self.next_manager[team])
        return np.where(self.is_manager_on(person, day), self.lead, led)

    def is_manager_on(self, person: Ints, day: Ints) -> Flags:
        """Tell who leads a team or has led one by that day."""
        return np.asarray((self.role[person] == MANAGER) | (day >= self.promoted_on[person]))


def make_people(recipe: Recipe, streams: Streams, deals: int, families: int) -> People:
    """Seat reps in teams of about eight, and promote one rep in twenty on the way."""
    seats = recipe.seats(deals)
    rng = streams.of("people")
    teams = max(2, round(seats / 8))
    promoted = rng.choice(seats, max(1, seats // 20), replace=False)
    demand = max(2, seats // 15)
    roles = np.repeat(
        [LEAD, MANAGER, PRODUCT_MARKETER, DEMAND_MARKETER, REP, REP],
        [1, teams, families, demand, seats, len(promoted)],
    )
    people = _lay_out(recipe, roles, seats, teams)
    people.names = person_names(streams.of("person names"), len(roles))
    _promote(people, recipe, rng, promoted)
    _give_styles(people, recipe, streams)
    return people


def _lay_out(recipe: Recipe, roles: Ints, seats: int, teams: int) -> People:
    size = len(roles)
    started = day_number(recipe.first_on)
    seat_team = np.arange(seats) % teams
    managers, reps = np.flatnonzero(roles == MANAGER), np.flatnonzero(roles == REP)
    team_of = np.full(size, NONE)
    team_of[managers] = np.arange(teams)
    team_of[reps[:seats]] = seat_team
    team_region = np.arange(teams) % len(REGIONS)
    return People(
        names=[],
        role=roles,
        team_of=team_of,
        region_of=np.where(team_of >= 0, team_region[team_of], NONE),
        promoted_on=np.full(size, NEVER),
        hired_on=np.full(size, started - 400),
        left_on=np.full(size, NEVER),
        teams=[_team_name(at, teams) for at in range(teams)],
        team_region=team_region,
        manager=managers,
        next_manager=managers.copy(),
        change_on=np.full(teams, NEVER),
        holder=reps[:seats],
        next_holder=reps[:seats].copy(),
        handover_on=np.full(seats, NEVER),
        seat_team=seat_team,
        rate_style=np.zeros(size),
        skill=np.zeros(size),
        persona_style=np.zeros(seats),
        activity=np.ones(seats),
    )


def _team_name(at: int, teams: int) -> str:
    region = REGIONS[at % len(REGIONS)]
    return f"{region} {at // len(REGIONS) + 1}" if teams > len(REGIONS) else region


def _promote(people: People, recipe: Recipe, rng: np.random.Generator, seats: Ints) -> None:
    """Give promoted reps' seats to newcomers; the first of a team takes over the team."""
    started, ended = day_number(recipe.first_on), day_number(recipe.last_on)
    reps = people.with_role(REP)
    newcomers = reps[len(people.holder) :]
    when = started + ((ended - started) * rng.uniform(0.25, 0.7, len(seats))).astype(np.int64)
    for seat, newcomer, day in zip(seats, newcomers, when, strict=True):
        team = people.seat_team[seat]
        person = people.holder[seat]
        people.promoted_on[person] = people.handover_on[seat] = people.hired_on[newcomer] = day
        people.next_holder[seat] = newcomer
        people.team_of[newcomer] = team
        people.region_of[newcomer] = people.team_region[team]
        if people.change_on[team] == NEVER:
            people.change_on[team] = people.left_on[people.manager[team]] = day
            people.next_manager[team] = person


def _give_styles(people: People, recipe: Recipe, streams: Streams) -> None:
    styles, seats = recipe.styles, len(people.holder)
    people.rate_style = streams.of("rate style").normal(0.0, styles.rep_rate, people.size)
    people.skill = streams.of("skill").normal(0.0, styles.rep_skill, people.size)
    people.persona_style = streams.of("persona style").normal(0.0, styles.rep_persona_share, seats)
    people.activity = np.exp(streams.of("activity").normal(0.0, 0.12, seats))


def people_table(people: People, last: int) -> Columns:
    """Return the people as they are on the last day."""
    everyone = np.arange(people.size)
    now = np.full(people.size, last)
    role = np.where(people.promoted_on <= last, MANAGER, people.role)
    teams = [*people.teams, "Product Marketing", "Demand", "Board"]
    short = np.array([0, 0, 0, 1, 2])[people.role] + len(people.teams)
    return {
        "person_id": person_ids(everyone),
        "name": words(people.names, everyone),
        "email": words([_mail(name) for name in people.names], everyone),
        "side": words(SIDES, _SIDE_OF[people.role]),
        "role": words(ROLES, role),
        "team": words(teams, np.where(people.team_of >= 0, people.team_of, short)),
        "manager_id": person_ids(_boss(people, everyone, now)),
        "region": words(REGIONS, people.region_of),
        "active": words(("true", "false"), (people.left_on <= last).astype(np.int64)),
    }


def person_roles_table(people: People, first: int) -> Columns:
    """Return what reps and managers of changing teams were from which day."""
    changes = people.change_on
    rows: list[tuple[int, int, int]] = []
    for person in np.flatnonzero((people.role == REP) | (people.role == MANAGER)).tolist():
        began = max(first, int(people.hired_on[person]))
        own = int(people.promoted_on[person])
        shift = int(changes[people.team_of[person]])
        later = {day for day in (own, shift) if began < day < NEVER}
        if later or began > first:
            rows.extend(_as_of(people, person, day) for day in sorted({began, *later}))
    person, day, role = np.array(rows, dtype=np.int64).T.copy()
    return {
        "person_id": person_ids(person),
        "valid_from": days(day),
        "role": words(ROLES, role),
        "team": words(people.teams, people.team_of[person]),
        "manager_id": person_ids(_boss(people, person, day)),
    }


def person_ids(people: Ints) -> pa.Array:
    """Write people as their ids."""
    return ids("P", np.where(people < 0, NONE, people + 1), WIDTH)


def _as_of(people: People, person: int, day: int) -> tuple[int, int, int]:
    promoted = day >= int(people.promoted_on[person])
    return person, day, MANAGER if promoted else int(people.role[person])


def _boss(people: People, person: Ints, day: Ints) -> Ints:
    role = people.role[person]
    boss = np.full(len(person), people.lead)
    sells = role == REP
    boss[sells] = people.manager_on(person[sells], day[sells])
    boss[role == LEAD] = NONE
    return boss


def _mail(name: str) -> str:
    plain = name.lower().replace(".", "").replace("ü", "u").replace(" ", ".")
    return f"{plain}@halden.example"
