"""The picture of a crack: the subject among its peers, over time, or where values pile up.

The subject is told by its shape and its word, never by colour alone; what it is held against is a
dashed line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from counterpoise.report.charts import GIVEN, HELD, Chart, drawn, sparse
from counterpoise.report.wording import NOTHING, counted, money, share
from counterpoise.watch.evidence import Evidence
from counterpoise.watch.kind import Unit
from counterpoise.watch.picture import Axis, Mark

if TYPE_CHECKING:
    import altair as alt

_PEER = "#7b8794"
_MOST_NAMED = 14
"""Peers beyond which their names would stand on each other."""
_OTHERS = "a peer"
_LARGE = 1000


@dataclass(frozen=True)
class MarkRow:
    """A mark in the table beside the picture."""

    label: str
    value: str
    interval: str
    cases: str
    is_subject: bool


def figure_of(evidence: Evidence) -> Callable[[float | None], str]:
    """Return how values of a picture are written."""
    values = [mark.value for mark in evidence.picture.marks]
    if evidence.unit is Unit.POINTS and all(abs(value) <= 1 for value in values):
        return lambda value: NOTHING if value is None else share(Decimal(repr(value)))
    if evidence.unit is Unit.MONEY:
        return lambda value: NOTHING if value is None else money(Decimal(repr(value)))
    return _number


def _number(value: float | None) -> str:
    """Write a number with the digits that tell.

    >>> _number(44923422.4), _number(25.913), _number(-3.0), _number(None)
    ('44,923,422', '25.91', '−3', '–')
    """
    if value is None:
        return NOTHING
    said = f"{value:,.0f}" if abs(value) >= _LARGE else f"{round(value, 2):g}"
    return said.replace("-", "−")


def mark_rows(evidence: Evidence) -> list[MarkRow]:
    """Return the marks of a picture for the table beside it."""
    write = figure_of(evidence)
    return [
        MarkRow(
            label=_label(evidence, mark),
            value=write(mark.value),
            interval=NOTHING if mark.low is None else f"{write(mark.low)} to {write(mark.high)}",
            cases=f"{mark.n:,}" if mark.n else NOTHING,
            is_subject=mark.is_subject,
        )
        for mark in _ordered(evidence)
    ]


def picture_of(evidence: Evidence) -> Chart | None:
    """Draw the picture of a crack; None where there is nothing to see side by side."""
    marks = _ordered(evidence)
    if len(marks) < 2:
        return None
    draw = {Axis.PEERS: _peers, Axis.TIME: _over_time, Axis.BINS: _bins}
    return drawn(draw[evidence.picture.axis](evidence, marks), _says(evidence, marks))


def _ordered(evidence: Evidence) -> Sequence[Mark]:
    marks = evidence.picture.marks
    if evidence.picture.axis is Axis.PEERS:
        return sorted(marks, key=lambda mark: -mark.value)
    return marks


def _label(evidence: Evidence, mark: Mark) -> str:
    if evidence.picture.axis is Axis.BINS:
        return _bin(mark.label)
    return mark.label or _OTHERS


def _bin(label: str) -> str:
    """Write the lower end of a bin, of rates or of scores.

    >>> _bin("0.145"), _bin("60"), _bin("before")
    ('14.5%', '60', 'before')
    """
    try:
        number = float(label)
    except ValueError:
        return label
    return f"{number:.1%}" if abs(number) < 1 and "." in label else f"{number:g}"


def _says(evidence: Evidence, marks: Sequence[Mark]) -> str:
    """Say in words what the picture shows."""
    write, picture = figure_of(evidence), evidence.picture
    what, whose = picture.measure or "the measure", evidence.crack.subject.name
    expected = f"; {write(picture.expected)} is expected" if picture.expected is not None else ""
    subject = [mark for mark in marks if mark.is_subject]
    if picture.axis is Axis.PEERS and subject:
        own = subject[0]
        among = f"among {counted(len(marks) - 1, 'peer')}"
        return f"{own.label} {among}, {what}: {write(own.value)}{expected}"
    if picture.axis is Axis.TIME:
        return f"{whose} over time, {what}; what is judged is filled{expected}"
    return f"{whose}, {what}; where they pile up is filled{expected}"


def _values(evidence: Evidence, marks: Sequence[Mark]) -> list[dict[str, Any]]:
    return [
        {
            "place": f"{at:03}",
            "label": _label(evidence, mark),
            "value": mark.value,
            "low": mark.low,
            "high": mark.high,
            "subject": mark.is_subject,
        }
        for at, mark in enumerate(marks)
    ]


def _format(evidence: Evidence) -> str:
    write = figure_of(evidence)
    return ".0%" if write(0.5).endswith("%") else "~s"


def _peers(evidence: Evidence, marks: Sequence[Mark]) -> alt.TopLevelMixin:
    """Draw peers side by side, highest first; by name where they are few and may be named."""
    import altair as alt

    values = _values(evidence, marks)
    if len(marks) <= _MOST_NAMED and all(mark.label for mark in marks):
        axis = alt.Axis(labelAngle=0, ticks=False, labelLimit=150, labelPadding=6)
        named = alt.Y("label:N", title=None, sort=[each["label"] for each in values], axis=axis)
        return _marked(evidence, values, {"y": named}, along="x")
    quiet = alt.Axis(labels=False, ticks=False, domain=False)
    ranked = alt.X("place:O", title=None, axis=quiet)
    return _marked(evidence, values, {"x": ranked}, along="y", is_told=True)


def _over_time(evidence: Evidence, marks: Sequence[Mark]) -> alt.TopLevelMixin:
    import altair as alt

    values = _values(evidence, marks)
    place = alt.X("label:O", title=None, sort=None, axis=sparse(marks))
    return _marked(evidence, values, {"x": place}, along="y")


def _bins(evidence: Evidence, marks: Sequence[Mark]) -> alt.TopLevelMixin:
    """Draw bars; those that the finding is about are filled and marked above."""
    import altair as alt

    values = _values(evidence, marks)
    place = alt.X("label:O", title=None, sort=None, axis=sparse(marks))
    height = alt.Y("value:Q", title=None, axis=alt.Axis(format=_format(evidence)))
    base = alt.Chart(alt.InlineData(values=values)).encode(x=place, y=height)
    own = alt.FieldEqualPredicate(field="subject", equal=True)
    bars = base.mark_bar(stroke=_PEER, strokeWidth=1).encode(
        color=alt.condition(own, alt.value(GIVEN), alt.value("transparent"))
    )
    arrows = base.transform_filter(own).mark_text(text="▼", dy=-8, color=_PEER)
    return alt.layer(bars, arrows, *_expected(evidence, "y"))


def _marked(
    evidence: Evidence,
    values: list[dict[str, Any]],
    place: dict[str, Any],
    *,
    along: str,
    is_told: bool = False,
) -> alt.TopLevelMixin:
    """Draw marks with their intervals; the subject is a filled diamond, others hollow circles."""
    import altair as alt

    channel = alt.X if along == "x" else alt.Y
    axis = alt.Axis(format=_format(evidence))
    value = channel("value:Q", title=None, scale=alt.Scale(zero=False, nice=True), axis=axis)
    base = alt.Chart(alt.InlineData(values=values)).encode(**place)
    own = alt.FieldEqualPredicate(field="subject", equal=True)
    colour = alt.condition(own, alt.value(GIVEN), alt.value(_PEER))
    second = alt.X2 if along == "x" else alt.Y2
    span = base.transform_filter(alt.FieldValidPredicate(field="low", valid=True)).mark_rule()
    spans = span.encode(
        **{along: channel("low:Q", title=None), f"{along}2": second("high:Q")}, color=colour
    )
    others = base.transform_filter(alt.FieldEqualPredicate(field="subject", equal=False))
    dots = others.mark_point(shape="circle", size=32, color=_PEER).encode(**{along: value})
    subject = base.transform_filter(own)
    mark = subject.mark_point(shape="diamond", size=110, filled=True, color=GIVEN, opacity=1)
    layers = [spans, dots, mark.encode(**{along: value})]
    if is_told:
        word = subject.mark_text(align="left", dx=10, color=_PEER, fontSize=12, fontWeight="bold")
        layers.append(word.encode(**{along: value}, text="label:N"))
    return alt.layer(*layers, *_expected(evidence, along))


def _expected(evidence: Evidence, along: str) -> list[alt.Chart]:
    """Return the line of what is expected."""
    import altair as alt

    level = evidence.picture.expected
    if level is None:
        return []
    rule = alt.Chart(alt.InlineData(values=[{"level": level}]))
    return [
        rule.mark_rule(color=HELD, strokeDash=[5, 4], strokeWidth=1.5).encode(**{along: "level:Q"})
    ]
