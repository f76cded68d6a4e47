"""What the trials of an item come to: three answers to one question are one item that is right or is not.

    Turn("call-start-time", (right, wrong, right)).tally   → Tally(passes=2, errors=0, trials=3), passed
    Turn("call-start-time", (right, error)).tally.passed   → False: more than half must pass

The majority decides what is right, so that one unlucky draw neither breaks nor mends an item; how steady the answers are
is a measure of its own (pass^k). An error is a trial that did not pass.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from qa.evaluation.results import Result, Run

Outcome = Literal["right", "miscited", "wrong", "cannot tell", "error"]
"""A verdict, or "miscited": the words are right, but the articles that must be cited are not."""
OUTCOMES: tuple[Outcome, ...] = ("right", "miscited", "wrong", "cannot tell", "error")

_TURN = re.compile(r"#\d+$")


@dataclass(frozen=True, slots=True)
class Tally:
    passes: int
    errors: int
    trials: int

    @property
    def passed(self) -> bool:
        return 2 * self.passes > self.trials

    @property
    def undecided(self) -> bool:
        """Not passed, but would be if the trials that broke off had gone well."""
        return not self.passed and 2 * (self.passes + self.errors) > self.trials


@dataclass(frozen=True)
class Turn:
    """All trials of one question: of a whole item, or of one turn of a conversation."""

    id: str
    results: tuple[Result, ...]

    @property
    def first(self) -> Result:
        return self.results[0]

    @cached_property
    def tally(self) -> Tally:
        return tally([[result] for result in self.results])

    @cached_property
    def shown(self) -> Result:
        """The trial that stands for all: the first that went as the majority did."""
        return next((r for r in self.results if r.passed == self.tally.passed), self.first)

    @property
    def failing(self) -> Result | None:
        return next((result for result in self.results if not result.passed), None)

    @property
    def outcome(self) -> Outcome:
        return outcome(self.shown)


@dataclass(frozen=True)
class Item:
    """What passes or fails as one: a question, or a conversation, which passes where every turn of it does."""

    id: str
    turns: tuple[Turn, ...]

    @cached_property
    def tally(self) -> Tally:
        trials: dict[int, list[Result]] = {}
        for turn in self.turns:
            for result in turn.results:
                trials.setdefault(result.trial, []).append(result)
        # A turn that is missing was not right, so a trial that lacks one is as good as broken off.
        return tally(own if len(own) == len(self.turns) else [] for own in trials.values())

    @property
    def gold(self) -> str:
        """The item's fingerprint; empty where the run was stored without it."""
        return self.turns[0].first.gold

    @property
    def critical(self) -> bool:
        return any(turn.first.critical for turn in self.turns)


def tally(trials: Iterable[Iterable[Result]]) -> Tally:
    """Of trials with the results of each; one passes where all its results do, and is an error where it has none."""
    ends = [
        (all(r.passed for r in t) and bool(t), any(r.verdict == "error" for r in t) or not t) for t in map(list, trials)
    ]
    return Tally(sum(passed for passed, _ in ends), sum(error for _, error in ends), len(ends))


def outcome(result: Result) -> Outcome:
    return "miscited" if result.verdict == "right" and not result.passed else result.verdict


def turns(run: Run) -> tuple[Turn, ...]:
    """In the order of the run."""
    found: dict[str, list[Result]] = {}
    for result in run.items:
        found.setdefault(result.id, []).append(result)
    return tuple(Turn(id, tuple(sorted(results, key=lambda r: r.trial))) for id, results in found.items())


def items(run: Run) -> tuple[Item, ...]:
    found: dict[str, list[Turn]] = {}
    for turn in turns(run):
        found.setdefault(item_id(turn.id), []).append(turn)
    return tuple(Item(id, tuple(own)) for id, own in found.items())


def item_id(turn_id: str) -> str:
    """`tiktok-talk` of `tiktok-talk#2`."""
    return _TURN.sub("", turn_id)
