"""What `qa eval` does: gold and models in, a run and its reports out, and an exit code that CI can trust.

0: done, and no worse than the baseline; 1: worse, or a check of eval_checks.py failed; 2: a file or option is wrong;
3 to 8: nothing could run, for the reason that the code has elsewhere; 9: it shows nothing.
"""

import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
import yaml

from qa import interchange, wiring
from qa.answering import Assistant
from qa.conversing import Conversation
from qa.display import Display
from qa.domain import Answer
from qa.errors import CannotTell, UsageError
from qa.eval_models import Models, Wanted
from qa.evaluation import fingerprints, gold, results, running, table
from qa.evaluation.attribution import Attribution
from qa.evaluation.pacing import OneAtATime, work
from qa.evaluation.results import Result, Run
from qa.evaluation.running import Runner
from qa.evaluation.scratch import Scratch
from qa.retrieval import Retriever
from qa.settings import OFFLINE, Options, content_folder
from qa.writing import ServiceWriter

if TYPE_CHECKING:
    from qa.evaluation.comparison import Comparison


def run(options: Options, lint: bool, calibrate: Path | None, simulate: bool, **wanted: Any) -> int:
    """`wanted`: the fields of Wanted."""
    chosen = Wanted(**wanted)
    chosen.check()
    if not (lint or calibrate or simulate):
        return evaluate(options, chosen)
    from qa import eval_checks

    if simulate:
        return eval_checks.simulate(options, chosen.json)
    if calibrate:
        return eval_checks.calibrate(options, chosen, calibrate)
    return eval_checks.lint(options, select(chosen), chosen.json)


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
    if unknown := set(wanted.ids) - {item.id for item in chosen}:
        raise CannotTell(f"No gold item {', '.join(sorted(unknown))} among the {len(items)}:", "see --id and --tag.")
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
    comparison = _compare(baseline, run, wanted.max_errors) if baseline else None
    _show(run, comparison, wanted, display)
    if not (comparison and comparison.proven):
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


def _compare(baseline: Run, run: Run, max_errors: float) -> "Comparison":
    from qa.evaluation.comparison import compare

    return compare(baseline, run, max_errors=max_errors)


def _run(items: Sequence[gold.Item], models: Models, wanted: Wanted, display: Display) -> Run:
    chosen = models.settings
    index = wiring.open_index(chosen, display.notice)
    embedder = models.embedder(index.fingerprint)
    retriever = Retriever(OneAtATime(index), embedder)
    reader = wiring.reader() if chosen.model == OFFLINE else None
    articles = index.articles()

    def assistant(trial: int) -> Assistant:
        # A writer holds one reply at a time, so each question has one of its own.
        if reader is None:
            return Assistant(retriever, ServiceWriter(models.answers(trial)))
        from qa.picking import SentencePicker

        return Assistant(retriever, SentencePicker(reader))

    def ask(question: str, trial: int) -> Answer:
        return assistant(trial).ask(question, timeout=chosen.timeout)

    def converse(trial: int) -> running.Say:
        conversation, condenser = Conversation(), models.condenser(trial)

        def say(question: str) -> Answer:
            asked = replace(assistant(trial), condenser=condenser)
            return asked.reply(question, conversation, timeout=chosen.timeout)

        return say

    made_by = {
        "corpus": fingerprints.corpus(articles),
        "gold": fingerprints.gold(items),
        "prompt": fingerprints.prompt(chosen.model, any(len(item.turns) > 1 for item in items)),
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
    runner = Runner(ask, Attribution(retriever, articles), models.judge, converse=converse)
    tasks = running.tasks(items, wanted.repeat)
    scratch = Scratch(cache_folder(), fingerprints.run(made_by))
    found = gone_through(runner, tasks, models.jobs, scratch, wanted.resume, display)
    asked = {
        "index": str(chosen.index) if chosen.index else None,
        "gold": [str(path) for path in wanted.gold],
        "replay": str(wanted.replay) if wanted.replay else None,
        "judge": wanted.judge,
    }
    summary = table.summary(found, asked)
    return Run(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", made_by, found, summary)


def gone_through(
    runner: Runner, tasks: Sequence[running.Task], jobs: int, scratch: Scratch, resume: bool, display: Display
) -> tuple[Result, ...]:
    """In the order of the tasks, whichever was finished first."""
    kept = scratch.results() if resume else {}
    groups = running.grouped(tasks)
    # A conversation that was begun is begun anew: nobody knows any more what its first turns were about.
    left = [group for group in groups if any(task.key not in kept for task in group)]
    done = {task.key: kept[task.key] for group in groups if group not in left for task in group}
    scratch.start(list(done.values()))
    if done:
        display.notice(f"Going on: {len(done)} of {len(tasks)} are done already.")
    try:
        with display.progress("Evaluating", len(tasks)) as progress:
            for found in work(left, runner.results, jobs):
                for result in found:
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

    for path in wanted.report or ():
        report.write_report(run, comparison, path)
    compared = comparison.lines() if comparison else []
    if wanted.json:
        display.write(interchange.line({"format": results.FORMAT, **asdict(run)}))
        for line in compared:
            display.notice(line)
        return
    noted = report.annotations(run, comparison) if os.environ.get("GITHUB_ACTIONS") == "true" else ()
    display.write("\n".join([*table.lines(run), *(["", *compared] if compared else []), *noted]) + "\n")
