"""How entries of a list differ: by id, each by what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from counterpoise.agreement.boxes import Space, uncovered
from counterpoise.agreement.comparing.changes import Change, ChangeKind, Direction, Effect
from counterpoise.agreement.conditions import Condition
from counterpoise.agreement.document import Quota, Side, WeeksOnDeal
from counterpoise.agreement.quantities import Duration, format_rate
from counterpoise.agreement.wording import say_condition, say_group, say_number

Entry = Any
"""A clause with an id; which keys it has is known to its part alone."""

LOOSER, TIGHTER = Direction.LOOSER, Direction.TIGHTER
_IF_MORE: Mapping[str, Direction] = {
    "at_least": TIGHTER,
    "at_most": LOOSER,
    "within": LOOSER,
    "amount": LOOSER,
    "adds": LOOSER,
    "gap_weeks": TIGHTER,
    "weeks_on_deal": LOOSER,
    "quota": LOOSER,
}
"""What it means for whom an entry concerns when one of these grows."""


@dataclass(frozen=True)
class Part:
    """A list of the agreement, and what it means to change it.

    `whom` is whom an entry concerns and `if_added` what a new one does to them; `if_wider` what it
    does when a condition takes more deals. In a part with `first_decides` order counts.
    """

    clause: str
    say: Callable[[Entry], str]
    whom: Callable[[Entry], str] | str = Side.SALES.value
    if_added: Direction | None = None
    if_wider: Direction | None = None
    first_decides: bool = False
    in_money: str | None = None

    def effect(self, direction: Direction | None, entry: Entry) -> Effect | None:
        """Return what a direction means for whom an entry concerns."""
        if direction is None:
            return None
        return Effect(direction, self.whom if isinstance(self.whom, str) else self.whom(entry))


def compare_entries(
    part: Part, old: Sequence[Entry], new: Sequence[Entry], space: Space
) -> Iterator[Change]:
    """Yield how the entries of a part differ."""
    before, after = _by_id(old), _by_id(new)
    for name, entry in before.items():
        if name not in after:
            effect = part.effect(part.if_added.opposite if part.if_added else None, entry)
            yield Change(_at(part, name), ChangeKind.REMOVED, part.say(entry), None, effect)
    for name, entry in after.items():
        if name not in before:
            effect = part.effect(part.if_added, entry)
            yield Change(_at(part, name), ChangeKind.ADDED, None, part.say(entry), effect)
        elif "up_to" in type(entry).model_fields:
            yield from _row(part, before[name], entry, space)
        else:
            yield from _entry(part, before[name], entry, space)
    if part.first_decides:
        yield from _moves(part, before, after, space)


def _by_id(entries: Sequence[Entry]) -> dict[str, Entry]:
    return {entry.id: entry for entry in entries}


def _at(part: Part, name: str) -> str:
    return f"{part.clause}.{name}"


def _entry(part: Part, old: Entry, new: Entry, space: Space) -> Iterator[Change]:
    """Compare an entry that one sentence says."""
    keys = list(_changed_keys(old, new, space))
    if not keys:
        return
    clause = _at(part, new.id)
    clause = f"{clause}.{keys[0]}" if len(keys) == 1 else clause
    before, after = part.say(old), part.say(new)
    if before == after:
        before, after = _written(old, keys), _written(new, keys)
    effects = {_effect(part, key, old, new, space) for key in keys}
    effect = effects.pop() if len(effects) == 1 else None
    yield Change(clause, ChangeKind.CHANGED, before, after, effect)


def _changed_keys(old: Entry, new: Entry, space: Space) -> Iterator[str]:
    for name, field in type(new).model_fields.items():
        if not same(getattr(old, name), getattr(new, name), space):
            yield field.alias or name


def same(old: object, new: object, space: Space) -> bool:
    """Tell whether two values of a clause mean the same."""
    if isinstance(old, Condition) and isinstance(new, Condition):
        return space.meaning_of(old) == space.meaning_of(new)
    return old == new


def _written(entry: Entry, keys: Sequence[str]) -> str:
    plain = entry.model_dump(by_alias=True, mode="json")
    return ", ".join(f"{key}: {_value(plain[key])}" for key in keys)


def _value(value: object) -> str:
    """Write a value as an agreement does.

    >>> _value({"per": "year", "at_most": 13}), _value(None)
    ('{per: year, at_most: 13}', 'none')
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_value(each)}" for key, each in value.items()) + "}"
    return str(value).lower()


def _effect(part: Part, key: str, old: Entry, new: Entry, space: Space) -> Effect | None:
    before, after = getattr(old, key, None), getattr(new, key, None)
    if isinstance(before, Condition) and isinstance(after, Condition):
        direction = if_wider(part.if_wider, before, after, space)
    else:
        direction = if_more(_IF_MORE.get(key), before, after)
    return part.effect(direction, new)


def if_more(direction: Direction | None, before: Any, after: Any) -> Direction | None:
    """Return the direction of a change in a number or a length of time, if it can be told."""
    if isinstance(before, Duration) and isinstance(after, Duration):
        if (before.unit, before.working) != (after.unit, after.working):
            return None
        before, after = before.amount, after.amount
    if isinstance(before, WeeksOnDeal | Quota) and isinstance(after, WeeksOnDeal | Quota):
        if before.per != after.per:
            return None
        before, after = _how_many(before), _how_many(after)
    if (
        direction is None
        or not isinstance(before, Decimal | int)
        or not isinstance(after, Decimal | int)
    ):
        return None
    return direction if after > before else direction.opposite


def _how_many(limit: WeeksOnDeal | Quota) -> int:
    return limit.at_most if isinstance(limit, WeeksOnDeal) else limit.count


def if_wider(
    direction: Direction | None, before: Condition, after: Condition, space: Space
) -> Direction | None:
    """Return the direction of a change in a condition, if one takes all that the other does."""
    if direction is None:
        return None
    old, new = space.box_of(before), space.box_of(after)
    if not uncovered([old], [new]):
        return direction
    return None if uncovered([new], [old]) else direction.opposite


def _row(part: Part, old: Entry, new: Entry, space: Space) -> Iterator[Change]:
    """Compare a row of a table: its condition, its grants one by one, and the rest."""
    clause = _at(part, new.id)
    keys = list(_changed_keys(old, new, space))
    if "when" in keys:
        effect = _effect(part, "when", old, new, space)
        before, after = _where(old), _where(new)
        yield Change(f"{clause}.when", ChangeKind.CHANGED, before, after, effect)
    if "up_to" in keys:
        yield from _grants(part, clause, old, new)
    others = [key for key in keys if key not in {"when", "up_to"}]
    for key in others:
        effect = _effect(part, key, old, new, space)
        before, after = _written(old, [key]), _written(new, [key])
        yield Change(f"{clause}.{key}", ChangeKind.CHANGED, before, after, effect)


def _where(row: Entry) -> str:
    return f"where {say_condition(row.when)}" if row.when else "for every deal"


def _grants(part: Part, clause: str, old: Entry, new: Entry) -> Iterator[Change]:
    for who in dict.fromkeys((*old.up_to, *new.up_to)):
        before, after = old.up_to.get(who), new.up_to.get(who)
        if before == after:
            continue
        grows = (after or Decimal(0)) > (before or Decimal(0))
        is_nothing = {before, after} == {None, Decimal(0)}
        effect = None if is_nothing else Effect(LOOSER if grows else TIGHTER, say_group(who))
        kind = ChangeKind.CHANGED
        if before is None or after is None:
            kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED
        said = (_granted(part, who, before), _granted(part, who, after))
        yield Change(f"{clause}.up_to.{who}", kind, *said, effect)


def _granted(part: Part, who: str, much: Decimal | None) -> str | None:
    if much is None:
        return None
    amount = format_rate(much) if part.in_money is None else say_number(much, part.in_money)
    return f"{say_group(who)} up to {amount}"


def _moves(
    part: Part, before: Mapping[str, Entry], after: Mapping[str, Entry], space: Space
) -> Iterator[Change]:
    """Yield rows that changed places with one that can hold for the same deal."""
    kept = [name for name in before if name in after]
    place = {name: at for at, name in enumerate(name for name in after if name in before)}
    for first, second in combinations(kept, 2):
        if place[first] > place[second] and _overlap(after[first], after[second], space):
            yield Change(
                _at(part, second),
                ChangeKind.MOVED,
                f"{second} is tried after {first}",
                f"{second} is tried before {first}",
            )


def _overlap(one: Entry, other: Entry, space: Space) -> bool:
    box, cover = space.box_of(one.when), space.box_of(other.when)
    return all(
        not (extent & cover[column]).is_empty for column, extent in box.items() if column in cover
    )
