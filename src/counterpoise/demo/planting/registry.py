"""Every kind of fault: each is one module of `faults` that defines `FAULT`."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from counterpoise.demo import faults
from counterpoise.demo.planting.fault import Fault
from counterpoise.errors import CounterpoiseError


class UnknownFaultError(CounterpoiseError, ValueError):
    """A fault or a variant of one is asked for that nobody wrote."""

    def __init__(self, what: str, word: str, known: tuple[str, ...]) -> None:
        """Name the nearest word."""
        near = difflib.get_close_matches(word, known, n=1)
        hint = f"the nearest is {near[0]!r}" if near else f"there are {', '.join(known)}"
        super().__init__(f"no {what} is called {word!r}; {hint}")


@cache
def all_faults() -> Mapping[str, Fault]:
    """Return every kind of fault by name, in alphabetical order."""
    found = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(faults.__path__)):
        fault: Fault = importlib.import_module(f"{faults.__name__}.{name}").FAULT
        found[fault.kind] = fault
    return MappingProxyType(found)


def fault_named(kind: str, variant: str | None) -> tuple[Fault, str]:
    """Return a kind of fault and a variant of it, the first where none is given.

    Raises:
        UnknownFaultError: If there is no such kind or variant.
    """
    known = all_faults()
    if kind not in known:
        raise UnknownFaultError("fault", kind, tuple(known))
    fault = known[kind]
    if variant is not None and variant not in fault.variants:
        raise UnknownFaultError(f"variant of {kind}", variant, fault.variants)
    return fault, variant or fault.variants[0]
