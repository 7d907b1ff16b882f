"""Public names of a package whose modules are loaded when a name is first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def late_names(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package whose names stand in modules that take long to load.

    Args:
        package: The package's own name.
        homes: The module of each public name.

    >>> late_names("counterpoise.books", {"nearest": "spelling"})("nearest").__module__
    'counterpoise.books.spelling'
    """

    def named(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return named
