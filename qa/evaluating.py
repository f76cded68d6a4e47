"""What `qa eval` does: gold and models in, a run and its reports out, and an exit code that CI can trust.

0: done, and no worse than the baseline; 1: worse, or `--lint` found doubts; 2: a file or option is wrong;
3 to 8: nothing could run, for the reason that the code has elsewhere; 9: it shows nothing.
"""

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
import yaml

from qa import interchange, settings, wiring
from qa.adapters.reader import Reader
from qa.answering import Assistant
from qa.display import Display
from qa.domain import Answer
from qa.errors import QaError, UsageError
from qa.eval_models import Models, Wanted
from qa.evaluation import fingerprints, gold, results, running, table
from qa.evaluation.attribution import Attribution
from qa.evaluation.calibration import Row
from qa.evaluation.judging import Judge
from qa.evaluation.pacing import OneAtATime, Pace, work
from qa.evaluation.results import Result, Run
from qa.evaluation.running import CannotTell, Runner
from qa.evaluation.scoring import Verdict
from qa.evaluation.scratch import Scratch
from qa.retrieval import Retriever
from qa.settings import OFFLINE, Options, content_folder
from qa.writing import ServiceWriter

if TYPE_CHECKING:
    from qa.evaluation.comparison import Comparison


def run(options: Options, only_lint: bool, calibrate_by: Path | None, **wanted: Any) -> int:
    """`wanted`: the fields of Wanted."""
    chosen = Wanted(**wanted)
    chosen.check()
    if only_lint:
        return lint(options, chosen)
    return calibrate(options, chosen, calibrate_by) if calibrate_by else evaluate(options, chosen)


def cache_folder() -> Path:
    """Where runs that are under way are kept."""
    return platformdirs.user_cache_path("qa") / "eval"


# ── the gold


def select(wanted: Wanted) -> list[gold.Item]:
    """Raises UsageError for gold that cannot be read, CannotTell where no item is left."""
    paths = wanted.gold or (content_folder("eval") / "gold.yaml",)
    if all(_is_empty(path) for path in paths):
        raise CannotTell(f"No gold item in {', '.join(map(str, paths))}:", "a run needs at least one.")
    items = gold.read(paths)
    chosen = [
        item
        for item in items
        if (not wanted.ids or item.id in wanted.ids) and (not wanted.tags or not set(wanted.tags).isdisjoint(item.tags))
    ]
    if not chosen:
        raise CannotTell(f"None of the {len(items)} gold items is selected:", "see --id and --tag.")
    return chosen


def _is_empty(path: Path) -> bool:
    """Whether a file is sound and holds no item; what else is wrong with it, its reader says."""
    try:
        text = path.read_text("utf-8-sig")
        told = yaml.safe_load(text) if path.suffix.lower() in (".yaml", ".yml") else text.strip()
    except (OSError, ValueError, yaml.YAMLError):
        return False
    return not told or (isinstance(told, dict) and "items" in told and not told["items"])


# ── the run


def evaluate(options: Options, wanted: Wanted) -> int:
    """Raises CannotTell where the run shows nothing, UsageError for what was given, and what stopped all of it."""
    display = Display(options.quiet)
    items = select(wanted)
    baseline = _baseline(wanted.baseline) if wanted.baseline else None
    models = Models(options, wanted)
    run = _run(items, models, wanted, display)
    running.check_ran(run)
    comparison = _compare(baseline, run) if baseline else None
    _show(run, comparison, wanted, display)
    running.check_errors(run, wanted.max_errors)
    if comparison is None:
        return 0
    verdict = comparison.lines()[0]
    if comparison.worse:
        display.problem(f"{verdict} Compared with {wanted.baseline}.")
        return 1
    if comparison.cannot_tell:
        raise CannotTell(verdict, f"Compared with {wanted.baseline}.")
    return 0


def _baseline(path: Path) -> Run:
    run = results.read(path)
    try:
        for result in run.items:
            running.check(result)
    except CannotTell as error:
        raise UsageError(f"{path}: {error.message}", error.hint) from error
    return run


def _compare(baseline: Run, run: Run) -> "Comparison":
    from qa.evaluation.comparison import compare

    return compare(baseline, run)


def _run(items: Sequence[gold.Item], models: Models, wanted: Wanted, display: Display) -> Run:
    chosen = models.settings
    index = wiring.open_index(chosen, display.notice)
    embedder = wiring.embedder_of(index.fingerprint, chosen)
    retriever = Retriever(OneAtATime(index), embedder)
    reader = Reader()
    articles = index.articles()

    def assistant(trial: int) -> Assistant:
        # A writer holds one reply at a time, so each question has one of its own.
        if chosen.model != OFFLINE:
            return Assistant(retriever, ServiceWriter(models.answers(trial)))
        from qa.picking import SentencePicker

        return Assistant(retriever, SentencePicker(reader))

    def ask(question: str, trial: int) -> Answer:
        return assistant(trial).ask(question, timeout=chosen.timeout)

    made_by = {
        "corpus": fingerprints.corpus(articles),
        "gold": fingerprints.gold(items),
        "prompt": fingerprints.prompt(chosen.model),
        "model": chosen.model,
        "embedder": index.fingerprint,
        "code": fingerprints.code(),
        "settings": fingerprints.settings(
            passages=assistant(1).passages,
            depth=retriever.depth,
            timeout=f"{chosen.timeout:g}",
            repeat=wanted.repeat,
        ),
        "judge": models.judge.fingerprint if models.judge else "",
        "recording": models.recording,
    }
    runner = Runner(ask, Attribution(retriever, articles), models.judge)
    tasks = running.tasks(items, wanted.repeat)
    scratch = Scratch(cache_folder(), fingerprints.run(made_by))
    found = _results(runner, tasks, models.jobs, scratch, wanted.resume, display)
    summary = table.summary(found, str(chosen.index) if chosen.index else None)
    return Run(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", made_by, found, summary)


def _results(
    runner: Runner, tasks: Sequence[running.Task], jobs: int, scratch: Scratch, resume: bool, display: Display
) -> tuple[Result, ...]:
    """In the order of the tasks, whichever was finished first."""
    wanted = {task.key for task in tasks}
    done = {key: result for key, result in scratch.results().items() if resume and key in wanted}
    scratch.start(list(done.values()))
    if done:
        display.notice(f"Going on: {len(done)} of {len(tasks)} are done already.")
    try:
        with display.progress("Evaluating", len(tasks)) as progress:
            for result in work([task for task in tasks if task.key not in done], runner.result, jobs):
                scratch.add(result)
                done[result.id, result.trial] = result
                progress(len(done))
    except KeyboardInterrupt:
        display.notice(f"{len(done)} of {len(tasks)} are done; add --resume to the command to go on.")
        raise
    scratch.remove()
    return tuple(done[task.key] for task in tasks)


def _show(run: Run, comparison: "Comparison | None", wanted: Wanted, display: Display) -> None:
    if wanted.output:
        results.write(run, wanted.output)
    from qa.evaluation import report

    if wanted.report:
        report.write_report(run, comparison, wanted.report)
    compared = comparison.lines() if comparison else []
    if wanted.json:
        display.write(interchange.line({"format": results.FORMAT, **asdict(run)}))
        for line in compared:
            display.notice(line)
        return
    noted = report.annotations(run, comparison) if os.environ.get("GITHUB_ACTIONS") == "true" else ()
    display.write("\n".join([*table.lines(run), *(["", *compared] if compared else []), *noted]) + "\n")


# ── lint, calibrate


def lint(options: Options, wanted: Wanted) -> int:
    """Shows what is doubtful in the gold; 1 where anything is."""
    from qa.evaluation.lint import lint as doubts

    items = select(wanted)
    display = Display(options.quiet)
    index = wiring.open_index(settings.load(options, asks=False), display.notice)
    found = doubts(items, index.articles())
    if wanted.json:
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
    from qa.evaluation import calibration

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
    judge: Judge, rows: Sequence[Row], jobs: int, failures: list[QaError], display: Display
) -> Callable[[str, Sequence[str], str], Verdict]:
    """The judge's verdicts, had beforehand and several at a time. One that failed is undecided, and in `failures`."""
    pace = Pace()

    def decide(row: Row) -> tuple[Row, Verdict]:
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
