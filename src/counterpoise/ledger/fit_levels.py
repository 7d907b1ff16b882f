"""What deals earn a unit of list, above those inside the personas of the same segment and kind.

Size and renewals explain most of what a deal earns, and say nothing of whether a customer deserves
a persona: a deal is held against the mean of deals inside in its segment and of its kind.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

UNNAMED = ""
"""The segment or industry that nobody wrote."""


def above_inside(deals: ir.Table, earned: str) -> ir.Table:
    """Add what each deal earned above deals inside the personas.

    Args:
        deals: Grain: a deal won or lost. `is_outside`, `account__segment`, `account__industry`,
            `kind` and what it earned of a unit of list; those of which that or the side is
            unknown are left out.
        earned: The column of what it earned.

    Returns:
        The deals in a segment and of a kind in which deals inside were decided. Adds `segment`,
        `industry`, `level` (the mean of deals inside in that segment and of that kind) and `over`
        (`earned` − level).
    """
    known = deals.filter(deals.is_outside.notnull(), deals[earned].notnull())
    known = known.mutate(
        segment=ibis.coalesce(known.account__segment, UNNAMED),
        industry=ibis.coalesce(known.account__industry, UNNAMED),
        kind_=ibis.coalesce(known.kind, UNNAMED),
    )
    inside = known.filter(~known.is_outside)
    levels = inside.group_by(level_segment=inside.segment, level_kind=inside.kind_).aggregate(
        level=inside[earned].mean()
    )
    same = [known.segment == levels.level_segment, known.kind_ == levels.level_kind]
    joined = known.inner_join(levels, same).drop("level_segment", "level_kind", "kind_")
    return joined.mutate(over=joined[earned] - joined.level)
