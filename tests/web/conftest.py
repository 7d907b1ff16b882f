"""What tests of the room share."""

from tests.web.flushing import flush_past_the_guards

__all__ = ["flush_past_the_guards"]
