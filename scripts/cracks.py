"""The reference page on the kinds of cracks, made from the modules of the watch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from counterpoise.agreement.document import Side
from counterpoise.watch.kind import Kind, Unit
from counterpoise.watch.registry import LATER, all_kinds

EXAMPLES = Path(__file__).resolve().parent.parent / "docs/reference/crack-examples.json"
"""What cracks of made-up companies say, by kind; `python -m scripts.crack_examples` writes it."""

_HEAD = """# Cracks

<!-- Written by scripts/cracks.py from src/counterpoise/watch/kinds; change it there. -->

Every kind of crack that the watch looks for. Kinds come in pairs, one watching each side.
[How the watch decides](../explanation/watch.md) says when a question becomes a crack,
[read a crack](../how-to/read-a-crack.md) what to do with one. In every kind the window is the last
twelve months, and money is money a quarter.

Sentences under *for example* come from made-up companies in which that very thing went wrong.

| | one asks | its counterpart asks |
|---|---|---|
"""
_SIDES = {Side.SALES: "sales", Side.MARKETING: "marketing", Side.BOTH: "both sides"}
_UNITS = {
    Unit.POINTS: "points of a rate or a share",
    Unit.DAYS: "days",
    Unit.MONEY: "money",
    Unit.COUNT: "a count",
}


def cracks_page() -> str:
    """Return the page on the kinds of cracks."""
    pairs = [*_pairs()]
    head = _HEAD + "\n".join(_line(*pair) for pair in pairs)
    return "\n\n".join([head, *(_section(*pair) for pair in pairs), *_later()]) + "\n"


def _pairs() -> Iterator[tuple[Kind, Kind | None]]:
    """Yield each kind that watches sales with its counterpart.

    None where that comes later, or where a kind asks both sides at once.
    """
    kinds, seen = all_kinds(), set[str]()
    for name, kind in sorted(kinds.items(), key=lambda item: _order(item[1])):
        if name not in seen:
            seen |= {name, kind.counterpart}
            yield kind, None if kind.counterpart == name else kinds.get(kind.counterpart)


def _order(kind: Kind) -> tuple[int, str]:
    return list(_SIDES).index(kind.side), kind.name


def _title(kind: Kind, other: Kind | None) -> str:
    if kind.counterpart == kind.name:
        return kind.name
    return f"{kind.name} · {other.name if other else kind.counterpart}"


def _line(kind: Kind, other: Kind | None) -> str:
    anchor = "#" + _title(kind, other).replace(" · ", "-")
    later = (
        "both sides at once"
        if kind.counterpart == kind.name
        else f"`{kind.counterpart}` comes later"
    )
    against = other.asks if other else later
    return f"| [{_title(kind, other)}]({anchor}) | {kind.asks} | {against} |"


def _subjects(kind: Kind) -> str:
    """Return what a subject may be: a variant, and its type where that is another word."""
    return ", ".join(
        variant.replace("_", " ") if variant == type_ else f"{variant} ({_plain(type_)})"
        for variant, type_ in kind.variants.items()
    )


def _plain(type_: str) -> str:
    return type_.replace("_", " ").replace("|", " and ")


_ROWS: dict[str, Callable[[Kind], str]] = {
    "asks": lambda kind: kind.asks,
    "of whom": _subjects,
    "who should act": lambda kind: _SIDES[kind.side],
    "measured": lambda kind: kind.measure,
    "counted in": lambda kind: _UNITS[kind.unit],
    "money": lambda kind: kind.stake,
    "needs": lambda kind: ", ".join(f"`{table}`" for table in kind.needs) or "the agreement alone",
}
_COUNT = {1: "One", 2: "Two", 3: "Three"}
_TOLD = {"says": "for example", "next_step": "what to do", "other_view": "the other side's view"}


def _section(kind: Kind, other: Kind | None) -> str:
    columns = [each for each in (kind, other) if each]
    head = [
        f"## {_title(kind, other)}",
        "",
        "| | " + " | ".join(f"`{each.name}`" for each in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    rows = [
        f"| {name} | " + " | ".join(_cell(tell(each)) for each in columns) + " |"
        for name, tell in _ROWS.items()
    ]
    return "\n".join([*head, *rows, *_examples(columns)])


def _examples(kinds: list[Kind]) -> Iterator[str]:
    told = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    if any(kind.name in told for kind in kinds):
        for name, title in _TOLD.items():
            says = [told.get(kind.name, {}).get(name, "") for kind in kinds]
            yield f"| *{title}* | " + " | ".join(_cell(each) for each in says) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _later() -> Iterator[str]:
    if not LATER:
        return
    lines = "\n".join(f"- `{name}` {needs}." for name, needs in LATER.items())
    wait = "One kind waits" if len(LATER) == 1 else f"{_COUNT[len(LATER)]} kinds wait"
    head = f"{wait} for facts that no table holds yet."
    yield f"## What comes later\n\n{head}\n\n{lines}"
