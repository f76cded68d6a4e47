"""What `qa eval` was asked for, and the models that this takes: live, recorded or replayed."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from qa import settings, wiring
from qa.conversing import Condenser
from qa.domain import ChatModel, Embedder
from qa.errors import UsageError
from qa.evaluation.judging import Judge
from qa.evaluation.recorded_models import RecordedEmbedder, Recorder, ReplayedEmbedder, Replayer, host
from qa.evaluation.recordings import SCRIPTED, Recordings
from qa.settings import OFFLINE, Options, Settings

_JOBS = 4
"""Questions asked of a model service at once where --jobs does not say."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of `qa eval` that stand nowhere else."""

    gold: tuple[Path, ...] = ()
    json: bool = False
    output: Path | None = None
    baseline: Path | None = None
    report: Sequence[Path] | None = None
    judge: str | None = None
    record: Path | None = None
    replay: Path | None = None
    repeat: int = 1
    jobs: int | None = None
    tags: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    max_errors: float = 0.0
    resume: bool = False

    def check(self) -> None:
        """Raises UsageError for options that cannot be, or not together."""
        if self.repeat < 1 or (self.jobs is not None and self.jobs < 1):
            raise UsageError("--repeat and --jobs take a number from 1.")
        if not 0 <= self.max_errors <= 1:
            raise UsageError(f"--max-errors takes a share from 0 to 1, not {self.max_errors:g}.")
        if self.record and self.replay:
            raise UsageError("Give --record or --replay, not both.")
        if self.report or self.output:
            from qa.evaluation import report

            for path in self.report or ():
                report.check(path)
            if self.output:
                report.check_writable(self.output)


class Models:
    """Makes the models of a run, each trial's answers and verdicts by a fresh one: live, recorded or replayed."""

    def __init__(self, options: Options, wanted: Wanted) -> None:
        """Raises UsageError for recordings that cannot be read, NotConfigured where a model cannot be asked."""
        self._record = Recordings(wanted.record) if wanted.record else None
        self._replay = Recordings(wanted.replay) if wanted.replay else None
        self._jobs = wanted.jobs or _JOBS
        self.settings = _replayed(options, self._replay) if self._replay else settings.load(options)
        self.judge = self._judge(wanted.judge) if wanted.judge else None
        if self._record:
            self._record.prepare()

    @property
    def recording(self) -> str:
        if not self._replay:
            return ""
        return SCRIPTED if self._replay.scripted else "replayed"

    @property
    def jobs(self) -> int:
        """How many questions are asked at once; more than one only where a service is waited for."""
        waits = not self._replay and (self.settings.model != OFFLINE or self.judge is not None)
        return self._jobs if waits else 1

    def answers(self, trial: int) -> ChatModel:
        return self._chat(self.settings, "answer", trial)

    def condenser(self, trial: int) -> Condenser:
        """Makes the follow-ups of one conversation stand alone: what is asked in the end is asked as it is in a chat."""
        return wiring.condenser(self.settings, partial(self._chat, self.settings, "condense", trial))

    def embedder(self, fingerprint: str) -> Embedder:
        """The one that an index was made with; a service is recorded and replayed as any model is.

        Raises UsageError where nothing of the run could be recorded.
        """
        service = fingerprint.startswith("openai:")
        if self._replay and service:
            return ReplayedEmbedder(fingerprint, self._replay)
        embedder = wiring.embedder_of(fingerprint, self.settings)
        if not self._record:
            return embedder
        if service:
            return RecordedEmbedder(embedder, self._record, host(self.settings.base_url))
        if self.settings.model == OFFLINE and not self.judge:
            raise UsageError("There is nothing to record: the model offline asks no service.", "Name one with --model.")
        return embedder

    def _judge(self, name: str) -> Judge:
        if name == OFFLINE:
            raise UsageError("The model offline is no judge.", "Name one that writes: --judge MODEL")
        chosen = replace(self.settings, model=name)
        if not self._replay:
            chosen = settings.load(Options(chosen.index, name, chosen.timeout))  # says so where it has no key
        return Judge(partial(self._chat, chosen, "judge"), name, chosen.timeout)

    def _chat(self, chosen: Settings, purpose: str, trial: int) -> ChatModel:
        if self._replay:
            return Replayer(chosen.model, self._replay, purpose, trial)
        chat = wiring.chat_model(chosen)
        return Recorder(chat, self._record, purpose, trial, host(chosen.base_url)) if self._record else chat


def _replayed(options: Options, recordings: Recordings) -> Settings:
    """The settings of a replay, which needs no key, and no model named where one alone was recorded."""
    recorded = recordings.models("answer")
    named = options.model or os.environ.get("QA_MODEL", "").strip()
    if not named and len(recorded) > 1:
        raise UsageError(f"{recordings.folder} holds answers of {', '.join(recorded)}.", "Choose with --model NAME.")
    model = named or (recorded[0] if recorded else OFFLINE)
    return replace(settings.load(options, asks=False), model=model)
