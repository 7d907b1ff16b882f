"""What `benchmarks.rehearse` found so far, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Record = dict[str, Any]
FIGURES = ("deals_won", "margin")


def summary(records: Iterable[Record]) -> str:
    """Return the tables."""
    found = list(records)
    return f"{shapes_table(found)}\n\n{hidden_table(found)}"


def shapes_table(records: Sequence[Record]) -> str:
    """Return, by shape, how often the interval holds the truth and how near the estimate is."""
    head = (
        "| shape | figure | companies | refused | 95 % interval holds the truth | RMSE / plain "
        "logistic | half-width / RMSE | by band: RMSE / ours | no evidence |"
    )
    lines = [head, "|---|---|---:|---:|---:|---:|---:|---:|---:|"]
    found = [each["shapes"] for each in records if each["part"] == "shapes"]
    for shape in found[0] if found else ():
        lines += (_line(shape, figure, [each[shape] for each in found]) for figure in FIGURES)
    return "\n".join(lines)


def hidden_table(records: Sequence[Record]) -> str:
    """Return how often a hidden cause is warned of, and how often nothing is cried about."""
    hidden, without = (
        [each["shapes"]["straight"] for each in records if each["part"] == part]
        for part in ("hidden", "shapes")
    )
    lines = [
        "| straight answer | companies | refused or fragile | refused |",
        "|---|---:|---:|---:|",
    ]
    for name, some in (("with a hidden cause", hidden), ("without", without)):
        if some:
            warned = [bool(each["refused"] or each["fragile"]) for each in some]
            refused = [bool(each["refused"]) for each in some]
            lines.append(
                f"| {name} | {len(some)} | {np.mean(warned):.1%} | {np.mean(refused):.1%} |"
            )
    held = [*_held(hidden)]
    if held:
        lines += [
            "",
            (
                "With the cause's true strength put in, interval and bound hold the truth in "
                f"{np.mean(held):.1%} of {len(held)} figures that were not refused."
            ),
        ]
    return "\n".join(lines)


def _line(shape: str, figure: str, asked: Sequence[Record]) -> str:
    told = [each for each in asked if each["estimated"]]
    truth = np.array([each["truth"][figure] for each in told])
    middle, low, high = np.array([each["estimated"][figure] for each in told]).T
    rmse = _rmse(middle - truth)
    plain, band = (
        _rmse(np.array([each[name][figure] for each in told]) - truth)
        for name in ("plain", "by_band")
    )
    holds = ((low <= truth) & (truth <= high)).mean()
    silent = ((low <= 0) & (high >= 0)).mean()
    refused = 1.0 - len(told) / len(asked)
    return (
        f"| {shape} | {figure} | {len(asked)} | {refused:.1%} | {holds:.1%} | {rmse / plain:.2f} "
        f"| {(high - low).mean() / 2 / rmse:.2f} | {band / rmse:.1f} | {silent:.1%} |"
    )


def _rmse(errors: npt.NDArray[np.float64]) -> float:
    return float(np.sqrt((errors**2).mean()))


def _held(hidden: Sequence[Record]) -> Iterator[bool]:
    """Tell of each figure whether interval and bound, the true strength put in, hold the truth."""
    for each in hidden:
        for figure in FIGURES:
            if each["estimated"] and each["bound"]:
                _, low, high = each["estimated"][figure]
                bound = each["bound"][figure]
                yield low - bound <= each["truth"][figure] <= high + bound
