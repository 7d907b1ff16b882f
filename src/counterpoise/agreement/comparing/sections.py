"""How the single values of sections differ: dates, hours, deadlines, the floor, the ladder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from counterpoise.agreement.boxes import Space
from counterpoise.agreement.comparing.changes import Change, ChangeKind, Direction, Effect
from counterpoise.agreement.comparing.entries import LOOSER, TIGHTER, if_more, if_wider, same
from counterpoise.agreement.document import (
    Agreement,
    Clause,
    Customizations,
    Promotions,
    Role,
    Routing,
    Side,
)
from counterpoise.agreement.fields import Scope
from counterpoise.agreement.sentences import say_floor, say_role
from counterpoise.agreement.wording import say_condition

SALES = Side.SALES.value
BOTH_SIDES = "both sides"
_IF_MORE: Mapping[str, tuple[Direction, str]] = {
    "discounts.lever_cap": (LOOSER, SALES),
    "handoff.first_response_within": (LOOSER, SALES),
    "handoff.verdict_within": (LOOSER, SALES),
    "approvals.respond_within": (LOOSER, BOTH_SIDES),
    "watch.promises_kept": (TIGHTER, BOTH_SIDES),
    "watch.material": (LOOSER, BOTH_SIDES),
}
"""What it does, and to whom, when one of these grows."""


def compare_values(
    part: str, old: Clause, new: Clause, keys: tuple[str, ...] | None = None
) -> Iterator[Change]:
    """Yield how the single values of a section differ."""
    before, after = (each.model_dump(by_alias=True, mode="json") for each in (old, new))
    for name, field in type(new).model_fields.items():
        key = field.alias or name
        if (keys is not None and key not in keys) or before[key] == after[key]:
            continue
        clause = f"{part}.{key}" if part else key
        kind = ChangeKind.CHANGED
        if before[key] is None or after[key] is None:
            kind = ChangeKind.ADDED if before[key] is None else ChangeKind.REMOVED
        rule, whom = _IF_MORE.get(clause, (None, ""))
        direction = if_more(rule, getattr(old, name), getattr(new, name))
        effect = Effect(direction, whom) if direction else None
        yield Change(clause, kind, _text(before[key]), _text(after[key]), effect)


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(each)}" for key, each in value.items())
    return str(value)


def compare_roles(old: Agreement, new: Agreement) -> Iterator[Change]:
    """Yield how the ladder differs."""
    space = Space.of(old, new, scope=Scope.PERSON)
    for name in old.ladder:
        if name not in new.roles:
            said = say_role(name, old.roles[name])
            yield Change(f"roles.{name}", ChangeKind.REMOVED, said, None)
    for name, role in new.roles.items():
        if name not in old.roles:
            yield Change(f"roles.{name}", ChangeKind.ADDED, None, say_role(name, role))
        elif not _same_role(old.roles[name], role, space):
            said = say_role(name, old.roles[name])
            yield Change(f"roles.{name}", ChangeKind.CHANGED, said, say_role(name, role))
    kept = [name for name in old.ladder if name in new.roles]
    now = [name for name in new.ladder if name in old.roles]
    if kept != now:
        yield Change("roles", ChangeKind.MOVED, ", ".join(kept), ", ".join(now))


def _same_role(old: Role, new: Role, space: Space) -> bool:
    return all(same(getattr(old, name), getattr(new, name), space) for name in Role.model_fields)


def compare_floor(old: Agreement, new: Agreement) -> Iterator[Change]:
    """Yield how the floor differs."""
    before, after = old.discounts.floor, new.discounts.floor
    if before == after:
        return
    said = [None if floor is None else say_floor(floor) for floor in (before, after)]
    clause = "discounts.floor"
    if before is None or after is None:
        kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED
        effect = Effect(TIGHTER if before is None else LOOSER, SALES)
        yield Change(clause, kind, said[0], said[1], effect)
        return
    direction = None
    if before.decides == after.decides:
        direction = if_more(TIGHTER, before.margin, after.margin)
    elif before.margin == after.margin and None in {before.decides, after.decides}:
        direction = LOOSER if before.decides is None else TIGHTER
    changed = Effect(direction, SALES) if direction else None
    yield Change(clause, ChangeKind.CHANGED, said[0], said[1], changed)


def compare_otherwise(
    part: str, old: Promotions | Customizations, new: Promotions | Customizations
) -> Iterator[Change]:
    """Yield whether what no row matches is treated otherwise."""
    if old.otherwise != new.otherwise:
        effect = Effect(LOOSER if new.otherwise == "granted" else TIGHTER, BOTH_SIDES)
        said = (old.otherwise, new.otherwise)
        yield Change(f"{part}.otherwise", ChangeKind.CHANGED, *said, effect)


def compare_handoff(old: Agreement, new: Agreement) -> Iterator[Change]:
    """Yield how the hand-off differs."""
    before, after = old.handoff, new.handoff
    space = Space.of(old, new, scope=Scope.LEAD)
    if not same(before.qualified, after.qualified, space):
        said = [
            f"a lead is qualified where {say_condition(each.qualified)}"
            if each.qualified
            else "every lead is qualified"
            for each in (before, after)
        ]
        direction = if_wider(LOOSER, before.qualified, after.qualified, space)
        effect = Effect(direction, Side.MARKETING) if direction else None
        yield Change("handoff.qualified", ChangeKind.CHANGED, said[0], said[1], effect)
    keys = ("first_response_within", "verdict_within", "reasons")
    yield from compare_values("handoff", before, after, keys)
    yield from _routing(before.routing, after.routing)


def _routing(old: Routing, new: Routing) -> Iterator[Change]:
    """Yield how it differs who takes up leads."""
    part = "handoff.routing"
    yield from compare_values(part, old, new, ("account_owner", "to", "capacity"))
    said = [
        [f"{say_condition(row.when) or 'any lead'}: {row.team}" for row in each.teams]
        for each in (old, new)
    ]
    if said[0] != said[1]:
        before, after = ("; ".join(each) or None for each in said)
        kind = ChangeKind.CHANGED
        if before is None or after is None:
            kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED
        yield Change(f"{part}.teams", kind, before, after)
