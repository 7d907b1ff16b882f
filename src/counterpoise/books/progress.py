"""How long work says how far it is; shells decide how to show it."""

from typing import Protocol


class Progress(Protocol):
    """What long work tells a shell: a step begins, moves on and ends."""

    def start(self, title: str, total: int | None = None) -> None:
        """Begin a step of `total` parts, or of unknown length."""

    def advance(self, amount: int = 1) -> None:
        """Count parts of the present step as finished."""

    def done(self) -> None:
        """End the present step."""


class Silent:
    """Progress that nobody watches."""

    def start(self, title: str, total: int | None = None) -> None:
        """Ignore the beginning of a step."""

    def advance(self, amount: int = 1) -> None:
        """Ignore finished parts."""

    def done(self) -> None:
        """Ignore the end of a step."""
