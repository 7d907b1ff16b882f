"""An interrupt of a query is an interrupt, not a failure."""

import pytest

from counterpoise.books.engines import stoppable


def test_an_interrupted_query_is_an_interrupt() -> None:
    with pytest.raises(KeyboardInterrupt), stoppable():
        raise RuntimeError("Query interrupted")


def test_any_other_failure_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="out of memory"), stoppable():
        raise RuntimeError("out of memory")
