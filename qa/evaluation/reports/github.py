"""A run as GitHub's workflow commands, which show as notes on the checks of a pull request.

::error file=eval/gold.yaml,line=52,title=Broke%3A call-date::wrongly refused: was “September 19”, now (abstained)
"""

from collections.abc import Iterable
from itertools import islice

from qa.evaluation.comparison import Comparison
from qa.evaluation.figures import headline
from qa.evaluation.flips import Flip, stage
from qa.evaluation.reports.terminal import points, said
from qa.evaluation.results import Run
from qa.evaluation.trials import turns
from qa.text import one_line

_SHOWN = 10
"""GitHub shows so many of a kind for each step and drops the others unsaid."""


def annotations(run: Run, comparison: Comparison | None) -> list[str]:
    """The verdict, then errors, then warnings; the gravest first, at most ten of each."""
    found = headline(run)
    right = f"{found.value:.1%} right" if found.of else "nothing ran"
    told = f"{right} of {found.of} items ({found.low:.0%} to {found.high:.0%})"
    verdict = f"{comparison.verdict.capitalize()}: {comparison.reason}; {told}" if comparison else told
    return [
        command("notice", "Evaluation", verdict),
        *islice(_errors(run, comparison), _SHOWN),
        *islice(_warnings(run, comparison), _SHOWN),
    ]


def command(kind: str, title: str, message: str, where: str = "") -> str:
    """One workflow command, at a file and line if `where` (`eval/gold.yaml:12`) names them.

    Escaped as GitHub's own toolkit does it (actions/toolkit, core/src/command.ts).
    """
    path, _, line = where.rpartition(":")
    named = {"file": path, "line": line, "title": title} if path else {"title": title}
    properties = ",".join(
        f"{name}={_escaped(value).replace(':', '%3A').replace(',', '%2C')}" for name, value in named.items()
    )
    return f"::{kind} {properties}::{_escaped(message)}"


def _escaped(text: str) -> str:
    # On one line: a text of the run must not begin a command of its own.
    return one_line(text).replace("%", "%25")


def _errors(run: Run, comparison: Comparison | None) -> Iterable[str]:
    if comparison:
        for measure in comparison.measures:
            if measure.judgement == "worse":
                change = measure.change
                told = f"{measure.old:.1%} → {measure.new:.1%} ({points(change.difference)} points, p = {change.p:.2g})"
                yield command("error", f"Worse: {measure.name}", told)
        for id in comparison.unseen:
            yield command("error", f"Critical item: {id}", "was right and was not asked as before")
        for flip in comparison.flips:
            if flip.critical and flip.change == "broke":
                yield command("error", f"Critical item broke: {flip.id}", _told(flip), flip.new.where)
    for turn in turns(run):
        if turn.outcome == "error":
            yield command("error", f"Error: {turn.id}", said(turn.shown), turn.first.where)


def _warnings(run: Run, comparison: Comparison | None) -> Iterable[str]:
    if comparison:
        for flip in comparison.flips:
            if flip.change == "broke" and not flip.critical:
                yield command("warning", f"Broke: {flip.id}", _told(flip), flip.new.where)
        return
    for turn in turns(run):
        if turn.outcome not in ("right", "error"):
            told = f"{stage(turn.shown)}: {turn.shown.reason}; answer: {said(turn.shown)}"
            yield command("warning", f"{turn.outcome.capitalize()}: {turn.id}", told, turn.first.where)


def _told(flip: Flip) -> str:
    return f"{flip.stage}: was “{said(flip.old)}”, now “{said(flip.new)}”; see: {flip.command}"
