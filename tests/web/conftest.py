"""What tests of the room share."""

from tests.web.browser import chromium
from tests.web.flushing import flush_past_the_guards

__all__ = ["chromium", "flush_past_the_guards"]
