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
from qa.evaluation.trials import Tally, Turn, item_id
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


def flips(pairs: Iterable[Pair], run: Run) -> tuple[Flip, ...]:
    """Of every question whose verdict changed: those that broke first, critical ones before others."""
    found = [
        _flip(old, new, a, b, pair.critical, reproduce(new, run)) for pair in pairs for old, new, a, b in _changed(pair)
    ]
    return tuple(sorted(found, key=lambda flip: (_ORDER.index(flip.change), not flip.critical)))


def _changed(pair: Pair) -> list[tuple[Turn, Turn, Result, Result]]:
    """The turns whose outcome changed, with the trials that show it."""
    changed = [(a, b, a.shown, b.shown) for a, b in pair.turns if a.outcome != b.outcome]
    if changed or pair.old.tally.passed == pair.new.tally.passed:
        return changed
    # A conversation can fail in every trial, each time at another turn, while each turn is right in most of them.
    broke = pair.old.tally.passed
    failing = ((a, b, (b if broke else a).failing) for a, b in pair.turns)
    return [(a, b, *((a.shown, bad) if broke else (bad, b.shown))) for a, b, bad in failing if bad]


def _flip(old: Turn, new: Turn, a: Result, b: Result, critical: bool, command: str) -> Flip:
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


def reproduce(turn: Turn, run: Run) -> str:
    """The command that shows how an answer came about: over the run's own index, by its own model.

    Live, `qa ask`; of a replay, the item alone from the same recordings. A turn of a conversation is asked by itself, as
    it was understood.
    """
    of = run.summary
    named = {"--index": of.get("index"), "--model": run.fingerprints.get("model")}
    if replay := of.get("replay"):
        again = {"--id": item_id(turn.id), "--replay": replay, **named, "--judge": of.get("judge")}
        trials = {"--repeat": len(turn.results)} if len(turn.results) > 1 else {}
        return " ".join(["qa eval", *map(_word, of.get("gold") or ()), *_options({**again, **trials})])
    asked = _word(turn.first.asked)
    if one_line(turn.first.asked).startswith("-"):  # or it would be read as an option
        return " ".join(["qa ask --why", *_options(named), "--", asked])
    return " ".join([f"qa ask {asked} --why", *_options(named)])


def _options(given: Mapping[str, object]) -> list[str]:
    return [f"{name} {_word(value)}" for name, value in given.items() if value]


def _word(value: object) -> str:
    return shlex.quote(one_line(str(value)))
