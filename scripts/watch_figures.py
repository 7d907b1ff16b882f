"""Put what `benchmarks.watch` found into the page on the watch, with its pictures.

    python -m scripts.watch_figures results.jsonl

Tables go between the marks of the page, `<!-- figures: NAME -->` and `<!-- end of figures -->`.
The pictures, one by the size of the fault and one by the size of the firm, have the exact 95 %
interval of every share, and read on light and on dark paper.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.watch_results import Pool, Results
from counterpoise.demo import all_faults
from counterpoise.report.charts import GIVEN, HELD

if TYPE_CHECKING:
    import altair as alt

_DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = _DOCS / "explanation/watch.md"
_SHOWN = {
    "by the fault": ("watch-by-fault.svg", "Share of planted faults found, by their size"),
    "by the firm": ("watch-by-firm.svg", "Share of planted faults found, by the firm's deals"),
}
_INK = "#7b8794"
_WIDTH, _HEIGHT, _COLUMNS = 190, 110, 3

Powers = Mapping[tuple[str, str], Mapping[Any, Pool]]


def picture(powers: Powers, unit: str) -> str:
    """Return a picture as SVG: a panel a fault, the share found by its or the firm's size."""
    import altair as alt
    import vl_convert

    values = [*_values(powers)]
    base = alt.Chart(alt.InlineData(values=values))
    sizes = sorted({value["size"] for value in values})
    share = alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=_share_axis())
    at = alt.X("size:O", title=unit, sort=sizes, axis=alt.Axis(labelAngle=0, labelExpr=_SHORT))
    side = alt.Color(
        "side:N",
        title="who should act",
        scale=alt.Scale(domain=["sales", "marketing", "both"], range=[GIVEN, HELD, _INK]),
    )
    layers = alt.layer(
        base.mark_rule(strokeWidth=2, opacity=0.5).encode(
            x=at, y=alt.Y("low:Q", title=None), y2="high:Q", color=side
        ),
        base.mark_line(strokeWidth=1.5).encode(x=at, y=share, color=side),
        base.mark_point(filled=True, size=40, opacity=1).encode(x=at, y=share, color=side),
    )
    panels = layers.properties(width=_WIDTH, height=_HEIGHT).facet(
        alt.Facet("fault:N", title=None, header=alt.Header(labelColor=_INK, labelFontSize=12)),
        columns=_COLUMNS,
    )
    svg: str = vl_convert.vegalite_to_svg(_styled(panels).to_json(), allowed_base_urls=[])
    return svg


_SHORT = "datum.value >= 1000 ? format(datum.value, ',') : datum.label"


def _values(powers: Powers) -> list[dict[str, Any]]:
    values = []
    for (kind, variant), row in powers.items():
        side = str(all_faults()[kind].side_of(variant))
        for size, pool in row.items():
            low, high = pool.found.interval
            values.append(
                {
                    "fault": f"{kind}: {variant.replace('_', ' ')}",
                    "side": side,
                    "size": size,
                    "share": pool.found.value,
                    "low": low,
                    "high": high,
                }
            )
    return values


def _share_axis() -> alt.Axis:
    import altair as alt

    return alt.Axis(format=".0%", values=[0, 0.5, 0.9])


def _styled(chart: alt.FacetChart) -> alt.FacetChart:
    styled: alt.FacetChart = chart.properties(background="transparent").configure(
        font="system-ui, sans-serif",
        axis={
            "labelColor": _INK,
            "titleColor": _INK,
            "gridColor": _INK,
            "gridOpacity": 0.25,
            "domainColor": _INK,
            "tickColor": _INK,
            "titleFontWeight": "normal",
        },
        legend={"labelColor": _INK, "titleColor": _INK, "orient": "top"},
        view={"stroke": None},
    )
    return styled


def filled(page: str, figures: Mapping[str, str]) -> str:
    r"""Return a page with figures between its marks.

    >>> filled("<!-- figures: a -->\nold\n<!-- end of figures -->", {"a": "new"})
    '<!-- figures: a -->\nnew\n<!-- end of figures -->'
    """
    for name, text in figures.items():
        begins = f"<!-- figures: {name} -->"
        before, _, rest = page.partition(begins)
        _, ends, after = rest.partition(_ENDS)
        if not ends:
            sys.exit(f"the page has no place for figures named {name!r}")
        page = f"{before}{begins}\n{text}\n{ends}{after}"
    return page


_ENDS = "<!-- end of figures -->"


def main(results: Path) -> None:
    """Draw the pictures, and write the page."""
    found = Results.read(results)
    drawn: dict[str, tuple[Powers, str]] = {
        "by the fault": (found.power_by_scale(), "times the usual size of the fault"),
        "by the firm": (found.power_by_size(), "deals of the firm"),
    }
    told = {}
    for name, lines in found.tables.items():
        text = "\n".join(lines()).strip()
        powers, unit = drawn.get(name, ({}, ""))
        if powers:
            file, says = _SHOWN[name]
            (_DOCS / "pictures" / file).write_text(picture(powers, unit), encoding="utf-8")
            text = f"![{says}](../pictures/{file})\n\n{text}"
        if text:
            told[name] = text
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), told), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
