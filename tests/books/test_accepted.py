"""Spellings that a person accepted."""

import pytest

from counterpoise.books.accepted import (
    AcceptedError,
    accepted_file,
    read_accepted,
    with_suggestions,
    write_accepted,
)
from counterpoise.books.problems import Suggestion
from counterpoise.books.workspace import Workspace

SUGGESTION = Suggestion("deal_lines", "product_id", "GTXPro", "GTX Pro", 3, "products")


def test_nothing_is_accepted_at_first(workspace: Workspace) -> None:
    assert read_accepted(workspace) == {}


def test_reads_as_it_was_written(workspace: Workspace) -> None:
    accepted = with_suggestions({"people": {"Ana": "Anna"}}, [SUGGESTION])
    write_accepted(workspace, accepted)
    assert read_accepted(workspace) == {
        "people": {"Ana": "Anna"},
        "products": {"GTXPro": "GTX Pro"},
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is no file of accepted spellings"),
        ("[]", "is no file of accepted spellings"),
        ('{"spellings": {"product": {}}}', "unknown table 'product'; the nearest is 'products'"),
    ],
)
def test_refuses_a_broken_file(workspace: Workspace, text: str, says: str) -> None:
    accepted_file(workspace).write_text(text)
    with pytest.raises(AcceptedError, match=says):
        read_accepted(workspace)
