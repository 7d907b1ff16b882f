"""The evidence of a crack: names only where a name may stand, and the rows that weigh most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from counterpoise.books import Books
from counterpoise.ledger import Review
from counterpoise.watch import Watching, review_and_watch
from counterpoise.watch.evidence import Evidence, evidence_of
from counterpoise.watch.pseudonyms import Pseudonyms
from tests.ledger.disk_books import books_of
from tests.watch.test_reviewing import AGREED, AS_OF, DEEP, TABLES


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    with books_of(tmp_path_factory.mktemp("books") / "company", TABLES) as made:
        yield made


@pytest.fixture(scope="module")
def made(books: Books) -> tuple[Review, Watching]:
    return review_and_watch(books, AGREED, AS_OF)


@pytest.fixture(scope="module")
def drift(made: tuple[Review, Watching]) -> Evidence:
    found = evidence_of(made[1], most_rows=5)
    return next(each for each in found if each.crack.kind == "discount_drift")


def test_names_the_subject_and_no_colleague(drift: Evidence) -> None:
    assert drift.crack.subject.id == DEEP
    assert sorted({mark.label for mark in drift.picture.marks}) == ["", "Rep 3"]


def test_shows_the_rows_that_weigh_most(drift: Evidence) -> None:
    part = drift.rows.columns.index("stake_part")
    parts = [row[part] for row in drift.rows.cells]
    assert (len(parts), drift.rows.count) == (5, 40)
    assert parts == sorted(parts, reverse=True)


def test_has_nothing_where_nothing_is_watched() -> None:
    assert evidence_of(Watching(None, (), (), 0)) == ()


def test_a_pseudonym_stands_wherever_a_name_stood(
    books: Books, made: tuple[Review, Watching], drift: Evidence
) -> None:
    people = Pseudonyms.of(books, "key")
    rows = replace(drift.rows, columns=("owner_id",), cells=((DEEP,), (None,)))
    shown = people.evidence(replace(drift, rows=rows))
    hidden = people.person(DEEP)
    assert hidden.startswith("Person ")
    assert sorted({mark.label for mark in shown.picture.marks}) == ["", hidden]
    assert shown.rows.cells == ((hidden,), (None,))
    review = people.review(made[0])
    owners = review.ledger.by["owner"]
    assert {each.key: each.name for each in owners}[DEEP] == hidden
    assert [each.crack for each in (shown,)] == [
        each for each in review.cracks if each.id == drift.crack.id
    ]
    assert "Rep 3" not in str(review.cracks) + str(owners)
