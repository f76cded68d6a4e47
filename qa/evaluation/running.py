"""Asks every question of the gold and scores each answer: items → results. One that fails never stops the others.

    runner = Runner(ask, attribution, judge=None)
    [result for group in grouped(tasks(items, repeat=1)) for result in runner.results(group)]
        → [Result(id="tiktok-extension-end", trial=1, verdict="right", …), …]

A failure is a verdict of its own, "error": counted, and never a pass.
"""

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import reduce
from itertools import groupby
from operator import add
from pathlib import Path
from typing import Any

from qa import interchange
from qa.domain import Answer, Article, Usage
from qa.errors import CannotTell, QaError
from qa.evaluation import metrics
from qa.evaluation.attribution import Attribution
from qa.evaluation.gold import Item, Text, Turn
from qa.evaluation.judging import Judge, shown
from qa.evaluation.pacing import Pace
from qa.evaluation.results import Result, Run
from qa.evaluation.scoring import score
from qa.evaluation.wording import exact_match, f1, fold

UNEXPECTED = 70
"""The code of an error that is not one of ours, as qa.cli has it."""

DEPTH = 8
"""The k of hit@k and nDCG@k: as many articles as the writer reads passages."""
_ALIKE = 10
"""After so many errors of one kind and nothing else, the service itself is at fault, and the rest are not asked."""

_STOPPING = {3, 4, 5, 6, 8}
"""Exit codes that tell more than "nothing ran": not configured, key refused, unreachable, rate limit, index."""

Ask = Callable[[str, int], Answer]
"""The answer to a question in a trial, counted from 1. Threads call it at once."""


Say = Callable[[str], Answer]
"""The answer to the next question of one conversation."""
Converse = Callable[[int], Say]
"""A conversation that begins, in a trial. Threads call it at once; each conversation is one thread's."""


@dataclass(frozen=True, slots=True)
class Task:
    """One question to be asked once; `number` counts the turns of its item from 1."""

    item: Item
    number: int
    trial: int

    @property
    def turn(self) -> Turn:
        return self.item.turns[self.number - 1]

    @property
    def id(self) -> str:
        return self.item.id if len(self.item.turns) == 1 else f"{self.item.id}#{self.number}"

    @property
    def asked(self) -> str:
        """The question, after those of the conversation before it: what a judge must know to tell what it means."""
        return " ".join(turn.question for turn in self.item.turns[: self.number])

    @property
    def key(self) -> tuple[str, int]:
        return self.id, self.trial


def tasks(items: Iterable[Item], repeat: int = 1) -> list[Task]:
    """In the order of the gold, the trials of an item together and the turns of a conversation in theirs."""
    return [
        Task(item, number, trial)
        for item in items
        for trial in range(1, repeat + 1)
        for number in range(1, len(item.turns) + 1)
    ]


def grouped(tasks: Iterable[Task]) -> list[list[Task]]:
    """What one thread does in one go: a question, or a conversation of one trial."""
    return [list(group) for _, group in groupby(tasks, lambda task: (task.item.id, task.trial))]


class Runner:
    """Makes results; threads may share one. Without `converse`, each turn of a conversation is asked by itself."""

    def __init__(
        self,
        ask: Ask,
        attribution: Attribution,
        judge: Judge | None = None,
        pace: Pace | None = None,
        converse: Converse | None = None,
    ) -> None:
        self._ask, self._attribution, self._judge, self._converse = ask, attribution, judge, converse
        self._pace = pace or Pace()
        self._failures: list[int] | None = []  # the codes so far; None once something succeeded

    def results(self, group: Sequence[Task]) -> list[Result]:
        """Of a question, or of a conversation's turns in their order; what follows a turn that failed is not asked."""
        if len(group) == 1 or not self._converse:
            return [self.result(task) for task in group]
        say = self._converse(group[0].trial)
        found: list[Result] = []
        for task in group:
            before = found[-1] if found else None
            if before and before.error_code is not None and not before.status:
                found.append(failed(task, "Not asked: the turn before failed.", before.error_code))
            else:
                found.append(self.result(task, say))
        return found

    def result(self, task: Task, say: Say | None = None) -> Result:
        """Never raises, other than to end the program."""
        started = time.monotonic()
        if (failures := self._failures) and len(failures) >= _ALIKE and len(set(failures)) == 1:
            return failed(task, "Not asked, for all before it failed in one way.", failures[0])
        try:
            found = self._answered(task, say or (lambda question: self._ask(question, task.trial)))
            check(found)
        except QaError as error:
            found = failed(task, str(error), error.exit_code, time.monotonic() - started)
        except Exception as error:  # a fault in the program itself must not cost the results of an hour
            found = failed(task, f"Unexpected {type(error).__name__}: {error}", UNEXPECTED, time.monotonic() - started)
        if found.error_code is None or found.status:
            self._failures = None
        elif self._failures is not None:
            self._failures.append(found.error_code)
        return found

    def _answered(self, task: Task, say: Say) -> Result:
        turn = task.turn
        answer = self._pace.run(lambda: say(turn.question))
        verdict = score(turn, answer.text, answer.status == "abstained", answer.as_of)
        result = replace(
            _blank(task),
            verdict=verdict.outcome,
            reason=verdict.reason,
            status=answer.status,
            understood=answer.understood or "",
            answer=answer.text,
            citations=tuple(interchange.citation(c) for c in answer.citations),
            withheld=tuple({"text": w.text, "why": w.why} for w in answer.withheld),
            retrieved=tuple(interchange.passage(r) for r in answer.retrieved),
            confidence=_confidence(answer),
            seconds=answer.seconds,
            input_tokens=answer.usage.input_tokens if answer.usage else 0,
            output_tokens=answer.usage.output_tokens if answer.usage else 0,
            cost=answer.usage.cost if answer.usage else None,
            **measures(turn, answer, self._attribution.articles),
        )
        if result.verdict == "cannot tell" and self._judge:
            result = self._judged(result, task, self._judge)
        if result.verdict != "error" and not result.passed:
            result = replace(result, stage=self._attribution.stage(turn, answer, result.verdict))
        return result

    def _judged(self, result: Result, task: Task, judge: Judge) -> Result:
        """An answer that no verdict could be had on stays with its error: it is known, only not whether it is right."""
        calls: list[Usage] = []
        try:
            verdict = self._pace.run(
                lambda: judge.turn(replace(task.turn, question=task.asked), result.answer, task.trial, calls.append)
            )
            judged = replace(result, verdict=verdict.outcome, reason=verdict.reason)
        except QaError as error:
            told = str(error)
            judged = replace(
                result, verdict="error", reason=told, error=told, error_code=error.exit_code, stage="error"
            )
        if not calls:
            return judged
        took = reduce(add, calls)
        return replace(
            judged,
            judge_input_tokens=took.input_tokens,
            judge_output_tokens=took.output_tokens,
            judge_cost=took.cost,
        )


def _confidence(answer: Answer) -> float | None:
    """The writer's own, else how near the nearest passage is."""
    if answer.confidence is not None:
        return answer.confidence
    return max((r.similarity for r in answer.retrieved if r.similarity is not None), default=None)


def _blank(task: Task) -> Result:
    return Result(
        id=task.id,
        trial=task.trial,
        cluster=task.item.cluster or task.item.id,
        question=task.turn.question,
        answerable=task.turn.answerable,
        verdict="error",
        reason="",
        tags=task.item.tags,
        critical=task.item.critical,
        accepted=tuple(shown(a) for a in task.turn.accept),
        gold=task.item.fingerprint,
        where=_near(task.item.where),
    )


def _near(where: str) -> str:
    """From the working folder on: a stored run tells nothing of where on somebody's machine that lies."""
    path, _, line = where.rpartition(":")
    with suppress(ValueError):
        return f"{Path(path).resolve().relative_to(Path.cwd()).as_posix()}:{line}"
    return ""


def failed(task: Task, message: str, code: int, seconds: float = 0.0) -> Result:
    return replace(
        _blank(task), reason=message, error=message, error_code=code, stage="error", seconds=round(seconds, 3)
    )


# ── measures


def measures(turn: Turn, answer: Answer, articles: Mapping[str, Article]) -> dict[str, Any]:
    """The graded measures of an answer, each None where it does not apply. An abstention states and cites nothing."""
    found: dict[str, Any] = {}
    answered = answer.status == "answered"
    if texts := [a.value for a in turn.accept if isinstance(a, Text)]:
        said = fold(answer.text) if answered else ""
        found |= {"em": float(answered and exact_match(said, texts)), "f1": f1(said, texts) if answered else 0.0}
    if cite := turn.cite:
        ranked = [r.article.id for r in answer.retrieved]
        found |= {"hit": metrics.hit(ranked, cite, DEPTH), "mrr": metrics.reciprocal_rank(ranked, cite)}
        found["ndcg"] = metrics.ndcg(ranked, cite, DEPTH)
    if answered:
        quality = metrics.citation_quality(answer, articles)
        found |= {"citation_precision": quality.precision, "citation_recall": quality.recall}
        found["must_cite"] = metrics.must_cite(turn.cite, quality.articles)
    return found


_SHARES = ("em", "f1", "hit", "mrr", "ndcg", "citation_precision", "citation_recall")
_MEASURES = (*_SHARES, "confidence", "seconds", "cost")


def check(result: Result) -> None:
    """Raises CannotTell for a measure that is no number, or beyond 0 to 1: a mean over it would be none either, or pass."""
    for name in _MEASURES:
        value = getattr(result, name)
        if value is not None and (not isinstance(value, int | float) or not math.isfinite(value)):
            raise CannotTell(f"{name} of {result.id}, trial {result.trial}, is {value!r}:", "a measure is a number.")
        if value is not None and name in _SHARES and not 0 <= value <= 1:
            raise CannotTell(f"{name} of {result.id}, trial {result.trial}, is {value!r}:", "it lies from 0 to 1.")


# ── the whole run


def _errors(run: Run) -> list[Result]:
    return [result for result in run.items if result.verdict == "error"]


def check_ran(run: Run) -> None:
    """Raises what stopped every question, where it was the same for all of them and has an exit code of its own."""
    failures = [result for result in _errors(run) if not result.status]  # with one, the answer was had
    codes = {result.error_code for result in failures}
    if failures and len(failures) == len(run.items) and len(codes) == 1 and codes <= _STOPPING:
        raise _Stopped(failures[0])


def check_errors(run: Run, most: float) -> None:
    """Raises CannotTell where nothing ran, or more than the share `most` of the results are errors, or all of them."""
    failures = _errors(run)
    if not run.items:
        raise CannotTell("Nothing ran:", "no item was selected.")
    if run.breaks_off(most):
        share = len(failures) / len(run.items)
        raise CannotTell(
            f"{len(failures)} of {len(run.items)} results ({share:.0%}) are errors; the first, {failures[0].id}:"
            f" {failures[0].error}"
        )


class _Stopped(QaError):  # noqa: N818 — named as those of qa.errors are
    """Nothing could run at all, all for one reason, whose exit code it takes."""

    def __init__(self, result: Result) -> None:
        super().__init__(f"Nothing could be evaluated: {result.error}")
        self.exit_code = result.error_code or UNEXPECTED  # type: ignore[misc]  # of this one error, not of the class
