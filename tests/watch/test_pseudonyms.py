"""Pseudonyms: stable, apart, and everywhere that a name would stand."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from counterpoise.ledger import Crack, Subject
from counterpoise.watch.pseudonyms import Person, Pseudonyms

PEOPLE = (
    Person("P1", "Ana Horvat", "sales"),
    Person("P2", "Ana Horvat-Novak", "sales"),
    Person("P3", "Mia Kos", "marketing"),
    Person("P4", "Ivo Ban", None),
)
SHOWN = Pseudonyms(PEOPLE, "key")


def _crack(subject: Subject, says: str) -> Crack:
    return Crack(
        id="discount_drift-rep-1",
        kind="discount_drift",
        variant="rep",
        side="sales",
        subject=subject,
        says=says,
        observed=0.1,
        expected=0.05,
        low=0.09,
        high=0.11,
        n=100,
        q_value=0.01,
        stake=10_000.0,
        stake_formula="points × list value",
        since=dt.date(2026, 1, 1),
        next_step=f"Talk with {subject.name}.",
    )


def test_names_people_by_their_side_and_a_code() -> None:
    assert [re.sub(r"[A-Z]\d[A-Z0-9]*$", "…", SHOWN.person(each.id)) for each in PEOPLE] == [
        "Rep …",
        "Rep …",
        "Marketer …",
        "Person …",
    ]


def test_is_the_same_for_the_same_key_alone() -> None:
    assert SHOWN.person("P1") == Pseudonyms(PEOPLE[:1], "key").person("P1")
    assert SHOWN.person("P1") != Pseudonyms(PEOPLE, "another").person("P1")


def test_tells_thousands_apart() -> None:
    many = Pseudonyms(tuple(Person(f"P{at}", "", "sales") for at in range(5000)), "key")
    assert len({many.person(each.id) for each in many.people}) == 5000


def test_has_one_for_who_stands_in_no_table() -> None:
    assert re.fullmatch(r"Person (?:[A-Z]\d){3}", SHOWN.person("P99"))


def test_replaces_whole_names_in_texts() -> None:
    told = SHOWN.text("Ana Horvat-Novak and Ana Horvat left Mia Kost.")
    assert told == f"{SHOWN.person('P2')} and {SHOWN.person('P1')} left Mia Kost."


def test_hides_the_subject_of_a_crack_and_whoever_it_mentions() -> None:
    told = SHOWN.crack(_crack(Subject("person", "P9", "P9"), "P9 gives more than Mia Kos."))
    shown = SHOWN.person("P9")
    assert told.subject == Subject("person", "P9", shown)
    assert told.says == f"{shown} gives more than {SHOWN.person('P3')}."
    assert told.next_step == f"Talk with {shown}."


@pytest.mark.parametrize("kind", ["team", "campaign"])
def test_leaves_other_subjects_their_names(kind: str) -> None:
    subject = Subject(kind, "T1", "North")
    assert SHOWN.crack(_crack(subject, "North gives more.")).subject == subject
