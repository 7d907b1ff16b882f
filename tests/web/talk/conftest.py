"""A room with small books, an agreement that promises answers, and one account a role."""

from tests.web.tools.conftest import card, people, room, signed_in, tools_company

__all__ = ["card", "people", "room", "signed_in", "tools_company"]
