"""The company's room with its review kept."""

from tests.web.ledger.conftest import reviewed_workspace, room_workspace

__all__ = ["reviewed_workspace", "room_workspace"]
