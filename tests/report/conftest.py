"""The workspaces that the command's tests make."""

from tests.cli.conftest import company

__all__ = ["company"]
