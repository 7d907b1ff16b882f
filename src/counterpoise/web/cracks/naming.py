"""How people are called in cracks, for one reader: by name, by pseudonym, or not at all.

Sentences are kept with marks in the place of names. The person named always reads their own name;
others read it once they opened the crack, or a pseudonym where the room shows people so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from counterpoise.books.keys import read_key
from counterpoise.books.lookup import Lookup
from counterpoise.web import house
from counterpoise.web.access import Scope, scope_of
from counterpoise.web.cracks.models import Crack, Look, Setting, Showing
from counterpoise.web.cracks.rights import is_own
from counterpoise.web.ledger.openness import opens_person
from counterpoise.web.live import live
from counterpoise.web.people.models import User
from counterpoise.web.people.remapping import Kind, current_id

if TYPE_CHECKING:
    from counterpoise.watch.pseudonyms import Pseudonyms

_MARK = re.compile("⟦([^⟦⟧]*)⟧")


def people_shown() -> Showing:
    """Return how this room shows people in cracks: as set here, or by the workspace's own rule."""
    found = Setting.objects.filter(pk=1).values_list("people", flat=True).first()
    return Showing(found or house.workspace().people.value)


def pseudonym_of(person_id: str) -> str:
    """Return the pseudonym of a person, the same as in the workspace's reviews."""
    return _pseudonyms(live()).person(person_id)


@lru_cache(maxsize=2)
def _pseudonyms(lookup: Lookup) -> Pseudonyms:
    from counterpoise.watch.pseudonyms import KEY, Person, Pseudonyms

    people = (Person(row["person_id"], row["name"] or "", row["side"]) for row in lookup.people())
    key = read_key(Path(settings.SECRETS_DIR), KEY)
    return Pseudonyms(tuple(sorted(people, key=lambda each: each.id)), key)


@dataclass(frozen=True)
class Naming:
    """What one reader reads for people."""

    reader: User

    @cached_property
    def is_pseudonymous(self) -> bool:
        """Tell whether people are shown by pseudonym."""
        return people_shown() is Showing.PSEUDONYMS

    def opened(self, crack: Crack) -> bool:
        """Tell whether the reader sees whom a crack is about: it is theirs, or they opened it."""
        if not crack.is_personal or is_own(self.reader, crack):
            return True
        return crack.pk in self._looked

    def knows(self, crack: Crack) -> bool:
        """Tell whether the reader may know by name whom a crack is about."""
        if not crack.is_personal or is_own(self.reader, crack):
            return True
        return self.opened(crack) and not self.is_pseudonymous

    def subject(self, crack: Crack) -> str:
        """Return what a crack is about."""
        if crack.is_personal:
            return self._person(crack.subject_id, crack)
        told = crack.seen.told if crack.seen else {}
        return str(told.get("subject", {}).get("name") or crack.subject_id)

    def text(self, crack: Crack, text: str) -> str:
        """Return a kept sentence with people called as the reader may read them."""
        said = _MARK.sub(lambda met: self._person(met[1], crack), text)
        return said[:1].upper() + said[1:]

    def person(self, id_: str, crack: Crack) -> str:
        """Return a person of the books as the reader may read them beside a crack."""
        return self._person(id_, crack)

    def colleague(self, user: User, crack: Crack | None = None) -> str:
        """Return a person of the room; whom a crack is about only as the crack calls them."""
        if crack is not None and crack.is_personal and user.person_id == crack.subject_id:
            return self._person(crack.subject_id, crack)
        return str(user)

    def _person(self, id_: str, crack: Crack) -> str:
        if id_ and id_ == self.reader.person_id:
            return self._name(id_)
        if crack.is_personal and id_ == crack.subject_id and not self.opened(crack):
            team = self._team(id_)
            return f"somebody in {team}" if team else "somebody"
        if self.is_pseudonymous:
            return pseudonym_of(id_)
        if not crack.is_personal and not opens_person(self._scope, id_):
            return "a colleague"
        return self._name(id_)

    def _name(self, id_: str) -> str:
        found = self._lookup.person(id_) or self._lookup.person(current_id(Kind.PERSON, id_))
        return str((found and found["name"]) or id_)

    def _team(self, id_: str) -> str:
        found = self._lookup.person(id_)
        return str((found and found["team"]) or "")

    @cached_property
    def _lookup(self) -> Lookup:
        return live()

    @cached_property
    def _scope(self) -> Scope:
        return scope_of(self.reader)

    @cached_property
    def _looked(self) -> frozenset[int]:
        today = timezone.localdate()
        found = Look.objects.filter(user=self.reader, on=today).values_list("crack_id", flat=True)
        return frozenset(found)
