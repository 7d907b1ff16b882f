"""What other packages may take from the ground floor."""

import subprocess
import sys

import pytest

from counterpoise import books


@pytest.mark.parametrize("name", books.__all__)
def test_is_there(name: str) -> None:
    assert getattr(books, name) is not None


def test_says_what_is_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Boks'"):
        books.Boks  # noqa: B018


def test_loads_no_engine_before_it_is_used() -> None:
    code = "import sys, counterpoise.books; sys.exit('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
