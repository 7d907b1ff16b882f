"""A small room in which the two sides do things for each other."""

from tests.web.tools.conftest import card, people, room, signed_in, tools_company

__all__ = ["card", "people", "room", "signed_in", "tools_company"]
