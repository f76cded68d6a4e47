"""A run as GitHub's workflow commands, which show as notes on the checks of a pull request.

::error title=Broke%3A call-date::withheld: was “September 19”, now (abstained)
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


def command(kind: str, title: str, message: str) -> str:
    """One workflow command. Escaped as GitHub's own toolkit does it (actions/toolkit, core/src/command.ts)."""
    # A run's texts are on one line already; one of them must not begin a command of its own.
    message, title = (one_line(text).replace("%", "%25") for text in (message, title))
    return f"::{kind} title={title.replace(':', '%3A').replace(',', '%2C')}::{message}"


def _errors(run: Run, comparison: Comparison | None) -> Iterable[str]:
    if comparison:
        for measure in comparison.measures:
            if measure.judgement == "worse":
                change = measure.change
                told = f"{measure.old:.1%} → {measure.new:.1%} ({points(change.difference)} points, p = {change.p:.2g})"
                yield command("error", f"Worse: {measure.name}", told)
        for flip in comparison.flips:
            if flip.critical and flip.change == "broke":
                yield command("error", f"Critical item broke: {flip.id}", _told(flip))
    for turn in turns(run):
        if turn.outcome == "error":
            yield command("error", f"Error: {turn.id}", said(turn.shown))


def _warnings(run: Run, comparison: Comparison | None) -> Iterable[str]:
    if comparison:
        for flip in comparison.flips:
            if flip.change == "broke" and not flip.critical:
                yield command("warning", f"Broke: {flip.id}", _told(flip))
        return
    for turn in turns(run):
        if turn.outcome not in ("right", "error"):
            told = f"{stage(turn.shown)}: {turn.shown.reason}; answer: {said(turn.shown)}"
            yield command("warning", f"{turn.outcome.capitalize()}: {turn.id}", told)


def _told(flip: Flip) -> str:
    return f"{flip.stage}: was “{said(flip.old)}”, now “{said(flip.new)}”; see: {flip.command}"
