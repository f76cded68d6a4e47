"""What `qa eval` does to check its own means, and asks no question for: --lint the gold, --calibrate the scorer, --simulate
the comparison with a baseline.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from qa import interchange, settings, wiring
from qa.display import Display
from qa.errors import CannotTell, QaError
from qa.eval_models import Models, Wanted
from qa.evaluation import calibration, simulation
from qa.evaluation.gold import Item
from qa.evaluation.judging import Judge
from qa.evaluation.lint import lint as doubts
from qa.evaluation.pacing import Pace, work
from qa.evaluation.scoring import Verdict
from qa.settings import OFFLINE, Options


def lint(options: Options, items: Sequence[Item], as_json: bool) -> int:
    """Shows what is doubtful in the gold; 1 where anything is."""
    display = Display(options.quiet)
    index = wiring.open_index(settings.load(options, asks=False), display.notice)
    found = doubts(items, index.articles())
    if as_json:
        display.write(interchange.line({"items": len(items), "doubts": found}))
    else:
        display.write("".join(f"{line}\n" for line in found))
    if found:
        display.problem(f"{len(found)} of the gold's statements are doubtful: mend them, or drop them.")
        return 1
    display.notice(f"{len(items)} gold items, nothing doubtful.")
    return 0


def calibrate(options: Options, wanted: Wanted, file: Path) -> int:
    """Measures the scorer, or the judge, against people's verdicts. Raises CannotTell where it agrees by chance alone."""
    display = Display(options.quiet)
    rows = list(calibration.read_rows(file))
    # No question is asked here, so only the judge's model has to be there.
    models = Models(replace(options, model=OFFLINE), wanted) if wanted.judge else None
    decide: calibration.Judge = calibration.judge_text
    failures: list[QaError] = []
    if models and models.judge:
        decide = _deciding(models.judge, rows, models.jobs, failures, display)
    found = calibration.calibrate(rows, decide)
    told = {name: None if isinstance(v, float) and math.isnan(v) else v for name, v in asdict(found).items()}
    told |= {"errors": len(failures), "judge": models.judge.fingerprint if models and models.judge else ""}
    if wanted.json:
        display.write(interchange.line(told))
    else:
        shown = {name: f"{v:.3f}" if isinstance(v, float) else v for name, v in told.items() if v not in (None, "")}
        display.write("".join(f"{name:<12}  {value}\n" for name, value in shown.items()))
    if len(failures) > wanted.max_errors * len(rows):
        raise CannotTell(f"{len(failures)} of {len(rows)} verdicts are errors; the first: {failures[0]}")
    if not found.decided or found.kappa is None or not found.kappa > 0:
        raise CannotTell("The verdicts agree with people's no better than chance would:", "no figure may rest on them.")
    return 0


def _deciding(
    judge: Judge, rows: Sequence[calibration.Row], jobs: int, failures: list[QaError], display: Display
) -> Callable[[str, Sequence[str], str], Verdict]:
    """The judge's verdicts, had beforehand and several at a time. One that failed is undecided, and in `failures`."""
    pace = Pace()

    def decide(row: calibration.Row) -> tuple[calibration.Row, Verdict]:
        try:
            return row, pace.run(lambda: judge.verdict(row.question, row.gold_answers, (), row.answer))
        except QaError as error:
            failures.append(error)
            return row, Verdict("cannot tell", str(error))

    verdicts: dict[tuple[str, tuple[str, ...], str], Verdict] = {}
    with display.progress("Judging", len(rows)) as progress:
        for row, verdict in work(rows, decide, jobs):
            verdicts[row.question, row.gold_answers, row.answer] = verdict
            progress(len(verdicts))
    return lambda question, golds, answer: verdicts[question, tuple(golds), answer]


def simulate(options: Options, as_json: bool) -> int:
    """Shows how often a comparison raises a false alarm and sees a true drop; 1 where it does not keep its promise."""
    display = Display(options.quiet)
    found = []
    with display.progress("Simulating", simulation.PAIRS * len(simulation.BOUNDS)) as progress:
        for row, bound in simulation.table(simulation.PAIRS, simulation.BOUNDS, progress):
            found.append((row, bound))
            display.notice(f"{len(found)} of {len(simulation.BOUNDS)}: {row.items} items, a drop of {row.drop:.0%}.")
    if as_json:
        told = [{**asdict(row), "bound": bound.share, "holds": bound.holds(row)} for row, bound in found]
        display.write(interchange.line({"rows": told, "holds": all(bound.holds(row) for row, bound in found)}))
    else:
        display.write("".join(f"{line}\n" for line in simulation.lines(found)))
    if broken := [bound for row, bound in found if not bound.holds(row)]:
        which = ", ".join(f"{bound} of {bound.items} items, a drop of {bound.drop:.0%}" for bound in broken)
        display.problem(f"The comparison does not keep its promise: {which}.")
        return 1
    return 0
