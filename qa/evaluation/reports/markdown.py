"""A run as Markdown for a pull request: the verdict, the measures, and what flipped behind a click.

Texts of articles and models stand in code spans and <pre> only: elsewhere a line of theirs could become a heading, a link,
an image fetched from afar, or an @mention that calls a stranger to the pull request.
"""

import html
import math
import re
from collections.abc import Iterable, Sequence

from qa.evaluation.comparison import Comparison
from qa.evaluation.figures import Figure, abstention, by_tag, figures, headline, outcomes, spent, stages
from qa.evaluation.flips import Flip, stage
from qa.evaluation.reports.terminal import COLUMNS, LEGEND, cells, said, share
from qa.evaluation.results import Result, Run
from qa.evaluation.trials import Tally, outcome, turns
from qa.text import one_line, printable

_ROOM = 60_000
"""Characters; GitHub refuses a comment of more than 65,536."""
MARKS = {"better": "🟢", "same": "⚪", "worse": "🔴", "cannot tell": "🟡"}


def render(run: Run, comparison: Comparison | None) -> str:
    top = [*(_verdict(comparison) if comparison else []), *_figures(run, comparison is None)]
    details = list(_flips(comparison) if comparison else _failures(run))
    bottom = ["", f"<sub>{code(run.made)} · {_made_by(run)}</sub>", ""]
    room = _ROOM - sum(len(line) + 1 for line in (*top, *bottom))
    shown = 0
    while shown < len(details) and (room := room - len(details[shown]) - 1) > 0:
        shown += 1
    if shown < len(details):
        bottom.insert(0, f"\n{len(details) - shown} more do not fit in here; the HTML report has them all.")
    return "\n".join([*top, *details[:shown], *bottom])


def _verdict(comparison: Comparison) -> Iterable[str]:
    # `reason` holds ids, which are the project's own, but a fork's pull request may bring new ones.
    yield f"## {MARKS[comparison.verdict]} {comparison.verdict.capitalize()}"
    yield f"\n{code(comparison.reason)}\n"
    rows = [[*row[:-1], f"{MARKS[row[-1]]} {row[-1]}"] for row in map(cells, comparison.measures)]
    yield from _table(COLUMNS, rows, "l" + "r" * 6 + "l")
    yield f"\n<sub>{LEGEND}</sub>\n"
    yield from (f"- {code(note)}" for note in comparison.notes)


def _figures(run: Run, first: bool) -> Iterable[str]:
    found = headline(run)
    share = f"{found.value:.1%} right ({_interval(found)}, {found.of} items)" if found.of else "Nothing ran"
    yield f"## {share}\n" if first else f"\n**{share}**\n"
    yield " · ".join(f"{number} {outcome}" for outcome, number in outcomes(run)) + "\n"
    if went_wrong := stages(run):
        yield "Where it went wrong: " + " · ".join(f"{number} {code(stage)}" for stage, number in went_wrong) + "\n"
    yield "<details><summary>All figures</summary>\n"
    rows = [
        (code(f.name), f"{f.value:.1%}", _interval(f), str(f.of))
        for f in (*figures(run), *abstention(run), *by_tag(run))
    ]
    yield from _table(("", "", "95% interval", "questions"), rows, "lrrr")
    yield "\n" + " · ".join(f"{name} {code(value)}" for name, value in spent(run))
    yield "\n</details>\n"


def _interval(figure: Figure) -> str:
    return "–" if math.isnan(figure.low) else f"{figure.low:.0%} to {figure.high:.0%}"


def _flips(comparison: Comparison) -> Iterable[str]:
    for flip in comparison.flips:
        yield "\n".join(_flip(flip))


def _flip(flip: Flip) -> Iterable[str]:
    marks = [f"<b>{flip.change}</b>", *(["<b>critical</b>"] if flip.critical else []), flip.stage]
    yield f"<details><summary><code>{_escaped(flip.id)}</code> {' · '.join(filter(None, marks))}</summary>\n"
    moves = [("gained", flip.gained), ("lost", flip.lost)]
    lines = [
        flip.question,
        "",
        _told("was", flip.old, flip.old_tally),
        _told("now", flip.new, flip.new_tally),
        *(f"passages {name}: {', '.join(map(str, places))}" for name, places in moves if places),
        "",
        flip.command,
    ]
    yield f"{_pre(lines)}\n</details>\n"


def _told(when: str, result: Result, tally: Tally) -> str:
    counted = share(tally)
    return f"{when} {outcome(result)}{f', {counted}' if counted else ''}: {said(result)}\n    {one_line(result.reason)}"


def _failures(run: Run) -> Iterable[str]:
    for turn in turns(run):
        if turn.tally.passed:
            continue
        heading = f"<code>{_escaped(turn.id)}</code> <b>{turn.outcome}</b> · {stage(turn.shown)}"
        accepted = " | ".join(turn.shown.accepted) or "(the articles do not say)"
        lines = [turn.shown.told, "", f"accepted: {accepted}", _told("answer", turn.shown, turn.tally)]
        yield f"<details><summary>{heading}</summary>\n\n{_pre(lines)}\n</details>\n"


def _made_by(run: Run) -> str:
    named = (f"{name} {code(value[:40])}" for name, value in run.fingerprints.items() if value)
    return " · ".join(named)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], sides: str) -> Iterable[str]:
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "|".join("--:" if side == "r" else "---" for side in sides) + "|"
    # A cell ends at a pipe even within a code span.
    yield from ("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)


def _pre(lines: Iterable[str]) -> str:
    return "<pre>" + _escaped("\n".join(lines)) + "</pre>"


def _escaped(text: str) -> str:
    return html.escape(printable(text))


def code(text: str) -> str:
    """A code span that the text cannot leave: fenced by more backticks than it has in a row."""
    told = one_line(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", told)), default=0))
    pad = " " if told.startswith("`") or told.endswith("`") or not told else ""
    return f"{fence}{pad}{told}{pad}{fence}"
