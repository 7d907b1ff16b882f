"""Every kind of crack: each is one module of `kinds` that defines `KIND`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from counterpoise.watch import kinds
from counterpoise.watch.kind import Kind

LATER: Mapping[str, str] = MappingProxyType({})
"""Kinds that wait for facts which no table holds yet, and what each needs."""


@cache
def all_kinds() -> Mapping[str, Kind]:
    """Return every kind by name, in alphabetical order."""
    found = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(kinds.__path__)):
        kind: Kind = importlib.import_module(f"{kinds.__name__}.{name}").KIND
        found[kind.name] = kind
    return MappingProxyType(found)
