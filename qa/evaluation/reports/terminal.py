"""A comparison in plain text.

Worse: right answers fell beyond what chance does.

measure           old     new   change         interval       p   shows from
right answers   90.0%   80.0%    -10.0    [-17.5, -4.4]   0.002          8.1   worse
"""

import math
from typing import TYPE_CHECKING

from qa.evaluation.flips import Flip
from qa.evaluation.results import Result
from qa.evaluation.trials import Tally, outcome
from qa.text import one_line

if TYPE_CHECKING:
    from qa.evaluation.comparison import Comparison, Measure

_ROOM = 300
"""Characters of an answer on a terminal; the reports have the whole of it."""
COLUMNS = ("measure", "old", "new", "change", "interval", "p", "shows from", "")
LEGEND = (
    "Changes are in points. “Shows from”: the smallest true change that so many items show four times in five."
    " All measures but the first share one chance of a false alarm, so their intervals are wider than 95%."
)


def lines(found: "Comparison") -> list[str]:
    rows = [COLUMNS, *map(cells, found.measures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    table = [
        f"{row[0]:<{widths[0]}}  {'  '.join(f'{c:>{w}}' for c, w in zip(row[1:-1], widths[1:-1], strict=True))}  {row[-1]}"
        for row in rows
    ]
    return [
        f"{found.verdict.capitalize()}: {found.reason}.",
        "",
        *(line.rstrip() for line in table),
        LEGEND,
        *(line for flip in found.flips for line in ("", *_flip(flip))),
        *([""] if found.notes else []),
        *(f"Note: {note}" for note in found.notes),
    ]


def cells(measure: "Measure") -> tuple[str, ...]:
    """A row of COLUMNS."""
    change = measure.change
    known = math.isfinite(change.detectable) or change.judgement != "cannot tell"
    # Resampling equal values gives an interval of no width, which would look like certainty.
    spread = known and change.low < change.high
    return (
        measure.name,
        f"{measure.old:.1%}",
        f"{measure.new:.1%}",
        points(change.difference),
        f"[{points(change.low)}, {points(change.high)}]" if spread else "–",
        ("<.001" if change.p < 0.001 else f"{change.p:.3f}") if known else "–",
        f"{100 * change.detectable:.1f}" if math.isfinite(change.detectable) else "none",
        change.judgement,
    )


def points(difference: float) -> str:
    """`-10.0`: a difference of two shares, in percentage points."""
    return f"{100 * difference + 0.0:+.1f}" if round(1000 * difference) else "0.0"


def share(tally: Tally) -> str:
    """`2 of 3 trials`; empty where there was one."""
    return f"{tally.passes} of {tally.trials} trials" if tally.trials > 1 else ""


def said(result: Result) -> str:
    """An answer, or what stands for it, on one line."""
    if result.verdict == "error":
        return one_line(result.error or result.reason) or "an error"
    return one_line(result.answer) or ("(abstained)" if result.status == "abstained" else "(nothing)")


def _flip(flip: Flip) -> list[str]:
    marks = [flip.change, *(["critical"] if flip.critical else []), *([flip.stage] if flip.stage else [])]
    gained, lost = (", ".join(one_line(str(p)) for p in places) for places in (flip.gained, flip.lost))
    return [
        f"{one_line(flip.id)} · {' · '.join(marks)}",
        f"  {one_line(flip.question)}",
        f"  was {_told(flip.old, flip.old_tally)}",
        f"  now {_told(flip.new, flip.new_tally)}",
        *([f"  passages gained: {gained}"] if gained else []),
        *([f"  passages lost: {lost}"] if lost else []),
        f"  {flip.command}",
    ]


def _told(result: Result, tally: Tally) -> str:
    counted, answer = share(tally), said(result)
    shown = answer if len(answer) <= _ROOM else f"{answer[:_ROOM]}…"
    why = f" ({one_line(result.reason)})" if result.reason and result.verdict != "error" else ""
    return f"{outcome(result)}{f', {counted}' if counted else ''}: {shown}{why}"
