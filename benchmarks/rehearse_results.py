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
    shapes = [each for each in found if each["part"] == "shapes"]
    hidden = [each["shapes"]["straight"] for each in found if each["part"] == "hidden"]
    parts = [_by_shape(shapes)] if shapes else []
    if hidden:
        parts.append(_of_hidden(hidden, [each["shapes"]["straight"] for each in shapes]))
    return "\n\n".join(parts)


def _by_shape(records: Sequence[Record]) -> str:
    head = (
        "| shape | figure | companies | refused | 95 % interval holds the truth | RMSE / plain "
        "logistic | half-width / RMSE | by band: RMSE / ours | no evidence |"
    )
    lines = [head, "|---|---|---:|---:|---:|---:|---:|---:|---:|"]
    for shape in records[0]["shapes"]:
        asked = [each["shapes"][shape] for each in records]
        lines += (_line(shape, figure, asked) for figure in FIGURES)
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


def _of_hidden(hidden: Sequence[Record], without: Sequence[Record]) -> str:
    lines = [
        "| straight answer, | companies | refused or fragile | refused |",
        "|---|---:|---:|---:|",
    ]
    for name, some in (("with a hidden cause", hidden), ("without", without)):
        warned = [bool(each["refused"] or each["fragile"]) for each in some]
        refused = [bool(each["refused"]) for each in some]
        lines.append(f"| {name} | {len(some)} | {np.mean(warned):.1%} | {np.mean(refused):.1%} |")
    held = [*_held(hidden)]
    if held:
        lines += ["", f"Interval and bound hold the truth in {np.mean(held):.1%} of {len(held)}."]
    return "\n".join(lines)


def _held(hidden: Sequence[Record]) -> Iterator[bool]:
    """Tell of each figure whether interval and bound, the true strength put in, hold the truth."""
    for each in hidden:
        for figure in FIGURES:
            if each["estimated"] and each["bound"]:
                _, low, high = each["estimated"][figure]
                bound = each["bound"][figure]
                yield low - bound <= each["truth"][figure] <= high + bound
