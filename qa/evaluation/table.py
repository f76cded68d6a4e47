"""A run as a table of plain text, and as the figures that are stored with it.

right               72.7%  [60.9, 82.0]   of 66
right, answerable   77.3%  [63.0, 87.2]   of 44
…
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from qa.evaluation import figures, metrics
from qa.evaluation.figures import Figure
from qa.evaluation.results import Result, Run
from qa.text import one_line

_SHOWN = 60


def summary(items: tuple[Result, ...], asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is stored with a run beside its items: `asked`, of which its commands are made, and what the items come to."""
    run = Run("", {}, items)
    ran = [result for result in items if result.verdict != "error"]
    abstained = metrics.abstention((result.answerable, result.status == "abstained") for result in ran)
    seconds = metrics.spread(result.seconds for result in ran)
    return {
        **asked,
        "outcomes": dict(figures.outcomes(run)),
        "figures": [_stored(figure) for figure in (figures.headline(run), *figures.figures(run)) if figure.of],
        "abstention": {
            "precision": abstained.precision,
            "recall": abstained.recall,
            "f1": abstained.f1,
            "over_refusal": abstained.over_refusal,
        },
        "risk": figures.risk(run).area,
        "stages": dict(figures.stages(run)),
        "input_tokens": sum(result.input_tokens for result in items),
        "output_tokens": sum(result.output_tokens for result in items),
        "cost": _total(result.cost for result in items),
        "judge_input_tokens": sum(result.judge_input_tokens for result in items),
        "judge_output_tokens": sum(result.judge_output_tokens for result in items),
        "judge_cost": _total(result.judge_cost for result in items),
        "seconds": {"median": seconds.median, "p95": seconds.p95} if seconds else None,
    }


def _total(costs: Iterable[float | None]) -> float | None:
    """In US dollars; None where no price is known."""
    known = [cost for cost in costs if cost is not None]
    return math.fsum(known) if known else None


def _stored(figure: Figure) -> Mapping[str, Any]:
    low, high = (bound if math.isfinite(bound) else None for bound in (figure.low, figure.high))
    return {"name": figure.name, "value": figure.value, "low": low, "high": high, "of": figure.of}


def lines(run: Run) -> Iterable[str]:
    """The measures with their intervals, what it took, and the questions that are not right."""
    found = [figures.headline(run), *figures.figures(run), *figures.abstention(run)]
    width = max(len(figure.name) for figure in found)
    for figure in found:
        yield f"{figure.name:<{width}}  {figure.value:>6.1%}  {_interval(figure):<16}  of {figure.of}"
    yield ""
    for name, told in (("outcomes", _counted(figures.outcomes(run))), ("went wrong", _counted(figures.stages(run)))):
        if told:
            yield f"{name}: {told}"
    for name, told in figures.spent(run):
        yield f"{name}: {told}"
    if missed := [result for result in run.items if not result.passed]:
        yield ""
        for result in missed:
            yield from _missed(result)


def _interval(figure: Figure) -> str:
    if not (math.isfinite(figure.low) and math.isfinite(figure.high)):
        return ""
    return f"[{100 * figure.low:.1f}, {100 * figure.high:.1f}]"


def _counted(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts)


def _missed(result: Result) -> Iterable[str]:
    trial = f" · trial {result.trial}" if result.trial > 1 else ""
    what = "badly cited" if result.verdict == "right" else result.verdict
    marks = [what, *(["critical"] if result.critical else []), *([result.stage] if result.stage else [])]
    yield f"{one_line(result.id)}{trial} · {' · '.join(dict.fromkeys(marks))} · {one_line(result.told)}"
    said = one_line(result.error or result.answer)
    yield f"    {said[:200]}" + (f" ({one_line(result.reason)[: _SHOWN * 2]})" if not result.error else "")
