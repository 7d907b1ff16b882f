"""The fingerprint of an agreement: what both sides signed, as one SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from counterpoise.agreement.document import Agreement
from counterpoise.agreement.terms import roles_of

SHORT = 12
"""Letters of a fingerprint that pages show."""


def fingerprint(agreement: Agreement) -> str:
    """Return the SHA-256 of what an agreement means, as 64 hexadecimal letters.

    The order of the ladder and of rows counts. Comments, layout, signatures, how a rate is
    written, and whether a default is written or left out do not.
    """
    return hashlib.sha256(canonical(agreement).encode()).hexdigest()


def canonical(agreement: Agreement) -> str:
    """Return an agreement as canonical JSON: sorted keys, no defaults, no signatures."""
    plain = agreement.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude={"signed"}
    )
    plain["agreement"] = agreement.agreement
    plain["roles"] = [[name, plain["roles"][name]] for name in agreement.ladder]
    ladder = {name: place for place, name in enumerate(agreement.ladder)}
    return json.dumps(
        _tidy(plain, ladder), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def _tidy(value: object, ladder: Mapping[str, int]) -> object:
    """Write groups of roles in the ladder's order, so that `a + b` is `b + a`."""
    if isinstance(value, list):
        return [_tidy(item, ladder) for item in value]
    if not isinstance(value, dict):
        return value
    tidy = {key: _tidy(inner, ladder) for key, inner in value.items()}
    if "up_to" in tidy:
        tidy["up_to"] = {_group(who, ladder): much for who, much in value["up_to"].items()}
    return tidy


def _group(who: str, ladder: Mapping[str, int]) -> str:
    return " + ".join(sorted(roles_of(who), key=lambda role: (ladder.get(role, -1), role)))
