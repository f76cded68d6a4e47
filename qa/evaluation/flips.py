"""Why an item flipped: both answers, what was found and is not any more, the stage that broke it, how to see it again.

flips(pairing.items, new)[0]
    → Flip(id="call-start-time", change="broke", stage="not retrieved", lost=(Passage("001_b89…", 1040, 1830, rank=2),), …
           command="qa ask 'When did the call start?' --why --index build/index --model offline")
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from qa.evaluation.pairing import Pair
from qa.evaluation.results import Result, Run
from qa.evaluation.trials import Tally, Turn
from qa.text import one_line

Kind = Literal["broke", "mended", "moved"]
"""Moved: right in neither run, but not for the same reason (wrong, cannot tell, error)."""
_ORDER: tuple[Kind, ...] = ("broke", "mended", "moved")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article that one of the runs retrieved and the other did not; `rank` counts from 1."""

    article: str
    start: int
    end: int
    rank: int

    def __str__(self) -> str:
        return f"{self.article}:{self.start}-{self.end} (rank {self.rank})"


@dataclass(frozen=True, slots=True)
class Flip:
    """A question whose verdict changed. With repeats, `old` and `new` are trials that went as the majority did."""

    id: str
    question: str
    change: Kind
    critical: bool
    old: Result
    new: Result
    old_tally: Tally
    new_tally: Tally
    gained: tuple[Passage, ...]
    lost: tuple[Passage, ...]
    stage: str
    """Where the new answer went wrong, or, mended, where the old one did."""
    command: str


def flips(pairs: Iterable[Pair], new: Run) -> tuple[Flip, ...]:
    """Of every question whose verdict changed: those that broke first, critical ones before others."""
    found = [
        _flip(a, b, pair.critical, reproduce(b.first.question, new))
        for pair in pairs
        for a, b in pair.turns
        if a.outcome != b.outcome
    ]
    return tuple(sorted(found, key=lambda flip: (_ORDER.index(flip.change), not flip.critical)))


def _flip(old: Turn, new: Turn, critical: bool, command: str) -> Flip:
    a, b = old.shown, new.shown
    change: Kind = "moved"
    if a.passed != b.passed:
        change = "broke" if a.passed else "mended"
    return Flip(
        id=new.id,
        question=b.question,
        change=change,
        critical=critical,
        old=a,
        new=b,
        old_tally=old.tally,
        new_tally=new.tally,
        gained=_beyond(b.retrieved, a.retrieved),
        lost=_beyond(a.retrieved, b.retrieved),
        stage=stage(a if change == "mended" else b),
        command=command,
    )


def stage(result: Result) -> str:
    """Where a result that did not pass went wrong; empty for one that did."""
    if result.passed:
        return ""
    if result.verdict == "error":
        return "error"
    if result.stage is None and result.verdict == "right":
        return "not cited"
    return result.stage or "unknown"


def _beyond(these: Sequence[Mapping[str, Any]], those: Sequence[Mapping[str, Any]]) -> tuple[Passage, ...]:
    known = {_place(passage) for passage in those}
    return tuple(Passage(*_place(p), rank) for rank, p in enumerate(these, 1) if _place(p) not in known)


def _place(passage: Mapping[str, Any]) -> tuple[str, int, int]:
    return str(passage.get("article", "")), int(passage.get("start", 0)), int(passage.get("end", 0))


def reproduce(question: str, run: Run) -> str:
    """The command that shows how an answer came about: over the run's own index, by its own model.

    A turn of a conversation is asked by itself, as the evaluation asks it.
    """
    index, model = run.summary.get("index"), run.fingerprints.get("model")
    options = [f"--index {shlex.quote(index)}"] if isinstance(index, str) else []
    options += [f"--model {shlex.quote(one_line(model))}"] if model else []
    asked = shlex.quote(one_line(question))
    if one_line(question).startswith("-"):  # or it would be read as an option
        return " ".join(["qa ask --why", *options, "--", asked])
    return " ".join([f"qa ask {asked} --why", *options])
