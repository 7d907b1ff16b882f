"""What a feature adds to the whole room, declared in the feature's own folder.

A folder may hold `home.py` with `waits_for(user)` and `happened_since(user, since)`, which return
items of the home page, `signs_of_waiting(user)` and `signs_of_news(user, since)`, the rows without
which these say nothing, asked for all folders at once (None: ask in any case), and `search.py` with
`find(user, words, limit)`, which returns hits; `reviewed.py` with `take_in(kept)`, told of every
new review; `beside.py` with `beside_proposal` and `beside_draft`, what stands beside that which is
signed, `beside_answer` and `answer_styles`, what stands beside an answer of the desk, and
`beside_deal`, what stands beside a deal; each names its template; `agenda.py` with
`on_agenda(since)`, which returns what the two sides should speak of when they sit together next,
`since` being when they last did; `helped.py` with `helped_deals(user, limit)`, the deals that a
person helped, by how; `guards.py` with `GUARDS`, what the database itself refuses to change;
`locking_out.py` with `end_links(user, by)`, which ends what lets somebody in who does not sign in,
when a password changes or sessions are ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate

if TYPE_CHECKING:
    from counterpoise.web.people.models import User


@dataclass(frozen=True)
class Place:
    """An entry of the navigation."""

    label: str
    url_name: str
    icon: str
    order: int
    is_for_administrators: bool = False


@dataclass(frozen=True)
class Item:
    """One line of the home page: something that waits for a person, or that happened."""

    says: str
    url: str
    at: datetime | None
    """When it happened, or when it is due."""
    kind: str
    """One word for what it is: `approval`, `request`, `agreement`, `import`, `review`."""


@dataclass(frozen=True)
class Hit:
    """Something that a search found."""

    label: str
    detail: str
    url: str
    kind: str
    """One word for what it is: `account`, `deal`, `person`, `clause`, `request`."""


class Section(StrEnum):
    """A part of a joint review's agenda. The order of the members is the order of the page."""

    PROMISED_LAST_TIME = "promised_last_time"
    CRACKS = "cracks"
    GOALS = "goals"
    PROMISES = "promises"
    BUDGETS = "budgets"
    OPEN_QUESTIONS = "open_questions"
    EXPIRING_CLAUSES = "expiring_clauses"
    WAITING_REQUESTS = "waiting_requests"
    THANKS = "thanks"


@dataclass(frozen=True)
class AgendaItem:
    """One point of a joint review's agenda, in words that everybody on both sides may read.

    It names no person whom only some may see and no row that only some may open: what is behind it
    opens at `url`, which asks again who may. The same thing keeps the same `url` from day to day.
    """

    section: Section
    says: str
    url: str
    at: datetime | None
    """When it happened, or when it is due. Orders the items of a section; those without come last,
    in the order in which the feature gave them."""
    side: str
    """Whose matter it is: `sales`, `marketing` or `both`."""


class Feature(AppConfig):
    """A folder of the room. Its `urls` stand below `prefix`; `place` is its entry, if any."""

    default = False  # of the classes that an `apps.py` holds, Django takes the subclass
    default_auto_field = "django.db.models.BigAutoField"
    prefix = ""
    place: Place | None = None

    def __init_subclass__(cls) -> None:
        cls.default = True

    def is_of_use(self) -> bool:
        """Tell whether the navigation shows the place: some are for some companies alone."""
        return True

    def ready(self) -> None:
        """Guard what the feature keeps anew after every migration, which may rebuild a table."""
        if find_spec(f"{self.name}.guards"):
            from counterpoise.web.guarding import install_after, lift_before

            pre_migrate.connect(lift_before, sender=self)
            post_migrate.connect(install_after, sender=self)


def features() -> Iterator[Feature]:
    """Yield the room's own features."""
    return (found for found in apps.get_app_configs() if isinstance(found, Feature))


def places() -> list[Place]:
    """Return the entries of the navigation in their order."""
    found = (each.place for each in features() if each.place and each.is_of_use())
    return sorted(found, key=lambda place: place.order)


def waiting_for(user: User) -> list[Item]:
    """Return what waits for a person, what is due first at the top."""
    found = _told("waits_for", "signs_of_waiting", user)
    return sorted(found, key=lambda item: (item.at is None, item.at, item.says))


def happenings_since(user: User, since: datetime) -> list[Item]:
    """Return what happened since an instant that this person may know of, the latest first."""
    found = _told("happened_since", "signs_of_news", user, since)
    return sorted(found, key=lambda item: (item.at or since, item.says), reverse=True)


def _told(says: str, signs: str, user: User, *asked: datetime) -> list[Item]:
    """Return what features tell, asking only those that have anything to tell."""
    from counterpoise.web.signs import any_of

    telling = {module.__name__: module for module in _modules("home") if says in vars(module)}
    watched = {
        name: found
        for name, module in telling.items()
        if signs in vars(module) and (found := getattr(module, signs)(user, *asked)) is not None
    }
    there = any_of(user, watched)
    return [
        item
        for name, module in telling.items()
        if name in there or name not in watched
        for item in getattr(module, says)(user, *asked)
    ]


def found_for(user: User, words: str, limit: int) -> list[Hit]:
    """Return what a search finds that this person may see, at most `limit` a feature."""
    sound = words.replace("\x00", "")  # which PostgreSQL takes in no question
    return [hit for find in offered("search", "find") for hit in find(user, sound, limit)]


def agenda_since(since: datetime | None) -> list[AgendaItem]:
    """Return what the sides should speak of, by section; `None`: they never sat together."""
    found = [item for says in offered("agenda", "on_agenda") for item in says(since)]
    order = list(Section)
    return sorted(found, key=lambda item: (order.index(item.section), item.at is None, item.at))


def end_links_of(user: User, by: User) -> None:
    """End what reads a person's part of the room without their signing in."""
    for end in offered("locking_out", "end_links"):
        end(user, by)


def offered(module: str, name: str) -> Iterator[Callable[..., Any]]:
    """Yield the functions of that name that features hold in a module of that name."""
    return declared(module, name)


def declared(module: str, name: str) -> Iterator[Any]:
    """Yield what features hold under that name in a module of that name."""
    for found in _modules(module):
        if name in vars(found):
            yield getattr(found, name)


@cache
def _modules(module: str) -> tuple[ModuleType, ...]:
    """Return the modules of that name, looked for once a process."""
    names = (f"{feature.name}.{module}" for feature in features())
    return tuple(import_module(name) for name in names if find_spec(name))
