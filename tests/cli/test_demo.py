"""`counterpoise demo`: a company from export to report."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from counterpoise import demo
from counterpoise.demo import Recipe, RecipeError
from tests.cli.running import Ran, listing, run
from tests.sharing import made_once


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the command once, and keep what it said beside the company."""

    def make(folder: Path) -> None:
        ran = run("demo", folder / "company", "--deals", "400", "--seed", "3", "--no-serve")
        (folder / "ran.json").write_text(json.dumps(asdict(ran)), encoding="utf-8")

    return made_once(tmp_path_factory, "demo", make)


@pytest.fixture
def folder(made: Path) -> Path:
    return made / "company"


@pytest.fixture
def ran(made: Path) -> Ran:
    return Ran(**json.loads((made / "ran.json").read_text(encoding="utf-8")))


def test_prints_a_review_by_a_signed_agreement(ran: Ran) -> None:
    assert ran.code == 0
    assert ran.out.startswith("Review as of 2026-06-30, in USD\n")
    assert "signed by both sides" in ran.out


def test_has_problems_in_its_books_to_show(ran: Ran) -> None:
    assert " in the books\n" in ran.out


def test_says_how_to_open_the_page(ran: Ran, folder: Path) -> None:
    assert f"open {folder / 'review.html'} in a browser" in ran.err
    assert (folder / "review.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_is_made_anew_in_its_own_folder_only(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    before = listing(tmp_path)
    ran = run("demo", tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert "is not empty" in ran.err
    assert listing(tmp_path) == before


def _asked_for(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> Recipe:
    """Run the command as far as to where the company is made."""
    asked: list[Recipe] = []

    def make(_: Path, *, recipe: Recipe, **__: object) -> None:
        asked.append(recipe)
        raise RecipeError("the company", "here", "no further")

    monkeypatch.setattr(demo, "make_company", make)
    assert run("demo", folder, *words).code == 3
    return asked[0]


def test_ends_on_the_day_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _asked_for(monkeypatch, tmp_path / "company", "--until", "2025-09-04")
    assert (asked.first_on, asked.last_on) == (dt.date(2023, 7, 1), dt.date(2025, 9, 4))


def test_ends_yesterday_where_its_room_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _asked_for(monkeypatch, tmp_path / "company")
    today = dt.datetime.now(dt.UTC).date()
    assert today - dt.timedelta(days=3) < asked.last_on < today


def test_refuses_to_end_on_a_day_of_another_age(tmp_path: Path) -> None:
    ran = run("demo", tmp_path / "company", "--until", "2525-09-04")
    assert ran.code == 2
    assert "1970 to 2099" in ran.err
    assert not (tmp_path / "company").exists()
