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


def summary(items: tuple[Result, ...], index: str | None) -> Mapping[str, Any]:
    """What is stored with a run beside its items: all of it can be had from them again."""
    run = Run("", {}, items)
    ran = [result for result in items if result.verdict != "error"]
    abstained = metrics.abstention((result.answerable, result.status == "abstained") for result in ran)
    sure = [(r.confidence, r.passed) for r in ran if r.status == "answered" and r.confidence is not None]
    seconds = metrics.spread(result.seconds for result in ran)
    return {
        "index": index,
        "outcomes": dict(figures.outcomes(run)),
        "figures": [_stored(figure) for figure in (figures.headline(run), *figures.figures(run)) if figure.of],
        "abstention": {
            "precision": abstained.precision,
            "recall": abstained.recall,
            "f1": abstained.f1,
            "over_refusal": abstained.over_refusal,
        },
        "risk": metrics.risk_coverage(sure).area,
        "stages": dict(figures.stages(run)),
        "input_tokens": sum(result.input_tokens for result in items),
        "output_tokens": sum(result.output_tokens for result in items),
        "cost": math.fsum(costs) if (costs := [r.cost for r in items if r.cost is not None]) else None,
        "seconds": {"median": seconds.median, "p95": seconds.p95} if seconds else None,
    }


def _stored(figure: Figure) -> Mapping[str, Any]:
    low, high = (bound if math.isfinite(bound) else None for bound in (figure.low, figure.high))
    return {"name": figure.name, "value": figure.value, "low": low, "high": high, "of": figure.of}


def lines(run: Run) -> Iterable[str]:
    """The measures with their intervals, what it took, and the questions that are not right."""
    found = [figures.headline(run), *figures.figures(run)]
    if refusing := _abstention(run):
        found += refusing
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


def _abstention(run: Run) -> list[Figure]:
    """Of the refusals how many are right, and of the unanswerable how many are refused."""
    ran = [result for result in run.items if result.verdict != "error"]
    refused = sum(result.status == "abstained" for result in ran)
    if not refused:
        return []
    rightly = metrics.share(sum(r.status == "abstained" and not r.answerable for r in ran), refused)
    return [Figure("refusals that are right", rightly.value or 0.0, rightly.low, rightly.high, refused)]


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
    yield f"{one_line(result.id)}{trial} · {' · '.join(dict.fromkeys(marks))} · {one_line(result.question)}"
    said = one_line(result.error or result.answer)
    yield f"    {said[:200]}" + (f" ({one_line(result.reason)[: _SHOWN * 2]})" if not result.error else "")
