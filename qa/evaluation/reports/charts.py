"""Small charts as inline SVG, each one row high, as wide as there is room; the words beside them are HTML.

An SVG's own text shrinks with it on a narrow screen. Lines keep their width when a chart is stretched (non-scaling-stroke).
"""

import math
from collections.abc import Sequence

from qa.evaluation.comparison import Measure
from qa.evaluation.figures import QUARTERS, Figure, risk_at
from qa.evaluation.metrics import RiskCoverage
from qa.evaluation.reports.tags import Html, tag


def share(figure: Figure) -> Html:
    """A bar from 0 to the value, with the interval as a whisker."""
    return _svg(
        f"{figure.name}: {figure.value:.0%}",
        _rect("track", 0, 100, 3, 6),
        _rect("bar", 0, 100 * figure.value, 3, 6),
        *_whisker(100 * figure.low, 100 * figure.high),
    )


def difference(measure: Measure, reach: float) -> Html:
    """Where the difference lies between -reach and +reach, with its interval and a line at nothing."""
    change = measure.change

    def at(value: float) -> float:
        return 50 + 50 * max(-1.0, min(1.0, value / reach))

    # Without enough items there is no interval, and a line right across, or none, would look like one.
    known = (change.low, change.high) != (-1.0, 1.0) and change.low < change.high
    return _svg(
        f"{measure.name}: {measure.judgement}",
        _line("zero", 50, 0, 50, 12),
        *(_whisker(at(change.low), at(change.high), f"whisker {_word(change.judgement)}") if known else []),
        _rect(f"point {_word(change.judgement)}", at(change.difference) - 0.9, 1.8, 3, 6),
    )


def reach(measures: Sequence[Measure]) -> float:
    """The scale that holds all intervals: 10, 25, 50 or 100 points."""
    ends = [abs(end) for m in measures for end in (m.change.low, m.change.high, m.change.difference) if abs(end) < 1]
    return next((r for r in (0.1, 0.25, 0.5) if max(ends, default=0) <= r), 1.0)


def stack(parts: Sequence[tuple[str, int]], label: str) -> Html:
    """Parts of a whole side by side, each of its own class."""
    whole = sum(number for _, number in parts) or 1
    drawn, start = [], 0.0
    for name, number in parts:
        drawn.append(_rect(f"part {_word(name)}", start, 100 * number / whole, 0, 12))
        start += 100 * number / whole
    return _svg(label, *drawn)


def risk(found: RiskCoverage) -> Html:
    """Upwards the share that is wrong, to the right the share that is answered, the surest first."""
    at = [(100 * coverage, 100 - 100 * wrong) for coverage, wrong in found.points]
    path = "M" + " L".join(f"{_n(x)} {_n(y)}" for x, y in [(0.0, at[0][1]), *at])
    grid = [_line("grid", 0, y, 100, y) for y in (0, 25, 50, 75, 100)]
    told = ", ".join(f"{risk_at(found, share):.0%} of the surest {share:.0%}" for share in QUARTERS)
    curve = tag("path", class_="curve", d=path, vector_effect="non-scaling-stroke")
    label = f"Wrong: {told}"
    return tag("svg", *grid, curve, viewBox="0 0 100 100", preserveAspectRatio="none", role="img", aria_label=label)


def count(number: int, most: int, label: str) -> Html:
    return _svg(f"{label}: {number}", _rect("bar plain", 0, 100 * number / (most or 1), 3, 6))


def _whisker(low: float, high: float, class_: str = "whisker") -> list[Html]:
    if math.isnan(low):
        return []
    ends = [_line(class_, x, 3.5, x, 8.5) for x in (low, high)]
    return [_line(class_, low, 6, high, 6), *ends]


def _line(class_: str, x1: float, y1: float, x2: float, y2: float) -> Html:
    return tag("line", class_=class_, x1=_n(x1), y1=_n(y1), x2=_n(x2), y2=_n(y2), vector_effect="non-scaling-stroke")


def _rect(class_: str, x: float, width: float, y: float, height: float) -> Html:
    return tag("rect", class_=class_, x=_n(x), y=_n(y), width=_n(width), height=_n(height))


def _svg(label: str, *drawn: Html) -> Html:
    return tag("svg", *drawn, viewBox="0 0 100 12", preserveAspectRatio="none", role="img", aria_label=label)


def _word(name: str) -> str:
    return name.replace(" ", "-")


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
