"""adapter.toml is read, and what is wrong with it is said with the key and the nearest word."""

from __future__ import annotations

import pytest

from counterpoise.books.adapters.manifest import AdapterFileError, Conventions, read_manifest

_GOOD = """
name = "mine"
title = "Mine"
[conventions]
null_words = ["NULL"]
date_order = "dmy"
decimal = ","
time_zone = "Europe/Zagreb"
[tables.orders]
needs = ["id", "status"]
uses = ["total"]
[tables.orders.aliases]
total = ["Order total"]
"""


def _troubles(text: str) -> str:
    with pytest.raises(AdapterFileError) as caught:
        read_manifest(text, "mine/adapter.toml")
    return str(caught.value)


def test_every_key_is_read() -> None:
    manifest = read_manifest(_GOOD, "adapter.toml")
    assert (manifest.name, manifest.title) == ("mine", "Mine")
    assert manifest.conventions == Conventions(("NULL",), "dmy", ",", "Europe/Zagreb")
    assert manifest.tables["orders"].columns == ("id", "status", "total")
    assert manifest.tables["orders"].aliases["total"] == ("Order total",)


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("date_order", "date_ordr", "unknown key conventions.date_ordr; did you mean date_order?"),
        ("needs", "need", "unknown key tables.orders.need; did you mean needs?"),
        ("title", "titel", "unknown key titel; did you mean title?"),
        ('name = "mine"', "", "the key name is missing"),
        ('"dmy"', '"dym"', "conventions.date_order: input should be 'mdy', 'dmy' or 'ymd'"),
        ("Europe/Zagreb", "Europe/Zagrb", "did you mean Europe/Zagreb?"),
        ('"id", "status"', '"id", 7', "tables.orders.needs.1: input should be a valid string"),
        ('total = ["Order', 'totl = ["Order', "unknown column 'totl'; did you mean total?"),
        ('"mine"', '"my own"', "name: 'my own' is not a plain name"),
        ('uses = ["total"]', 'uses = ["ID", "total"]', "tables.orders: the column 'id' is there"),
        ('"status"]', '"source_row"]', "the column name 'source_row' is taken"),
    ],
)
def test_what_is_wrong_is_named_with_its_key(wrong: str, right: str, says: str) -> None:
    told = _troubles(_GOOD.replace(wrong, right, 1))
    assert told.startswith("mine/adapter.toml: ")
    assert says in told


def test_several_troubles_are_said_at_once() -> None:
    told = _troubles(_GOOD.replace("title", "titel").replace("decimal", "decmal"))
    assert len(told.splitlines()) == 3


def test_a_file_that_is_not_toml_is_named_with_the_line() -> None:
    assert "not TOML" in _troubles("name = \n")
    assert "line 1" in _troubles("name = \n")


def test_an_alternative_must_be_a_table() -> None:
    told = _troubles(_GOOD + '[recognise]\nany_of = ["order"]\n')
    assert "recognise.any_of: unknown table 'order'; did you mean orders?" in told


def test_an_adapter_reads_some_table() -> None:
    assert "no [tables.NAME]" in _troubles('name = "mine"\ntitle = "Mine"\n')
