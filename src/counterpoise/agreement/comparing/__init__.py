"""Two versions of an agreement compared by meaning, clause by clause.

Comments, layout, defaults written out, other ways to write a rate or a condition, and rows that
changed places without consequence are no change.
"""

from __future__ import annotations

from counterpoise.agreement.boxes import Space
from counterpoise.agreement.comparing.changes import Change, ChangeKind, Direction, Effect
from counterpoise.agreement.comparing.parts import compare_aims, compare_rights
from counterpoise.agreement.comparing.sections import (
    compare_handoff,
    compare_roles,
    compare_values,
)
from counterpoise.agreement.document import Agreement

__all__ = ["Change", "ChangeKind", "Direction", "Effect", "compare"]


def compare(old: Agreement, new: Agreement) -> tuple[Change, ...]:
    """Return what changed from one version to another, in the order of the document."""
    space = Space.of(old, new)
    return (
        *compare_values("", old, new, ("title",)),
        *compare_values("in_force", old.in_force, new.in_force),
        *compare_values("company", old.company, new.company),
        *compare_roles(old, new),
        *compare_aims(old, new, space),
        *compare_rights(old, new, space),
        *compare_handoff(old, new),
        *compare_values("approvals", old.approvals, new.approvals),
        *compare_values("credit", old.credit, new.credit),
        *compare_values("watch", old.watch, new.watch),
        *compare_values("review", old.review, new.review),
        *compare_values("pulse", old.pulse, new.pulse),
    )
