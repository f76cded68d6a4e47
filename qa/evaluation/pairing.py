"""Which items two runs share unchanged, and what keeps the runs from being compared further.

pair(old, new).items   → (Pair(id="call-start-time", old=Item(…), new=Item(…)), …)
pair(old, new).notes   → ("The gold changed: 78 items are the same, 1 differs (call-date) …", "The prompt changed: …")
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qa.errors import UsageError
from qa.evaluation.results import Run
from qa.evaluation.trials import Item, Turn, items
from qa.text import one_line

_TOLD = ("model", "embedder", "prompt", "settings", "code")
_SHOWN = 5
"""Ids in a note; a list of fifty is not read."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An item in both runs, of which the gold says the same."""

    id: str
    old: Item
    new: Item

    @property
    def critical(self) -> bool:
        # In either run: a change that breaks an item does not also get to call it unimportant.
        return self.old.critical or self.new.critical

    @property
    def turns(self) -> Iterable[tuple[Turn, Turn]]:
        return zip(self.old.turns, self.new.turns, strict=True)


@dataclass(frozen=True, slots=True)
class Pairing:
    items: tuple[Pair, ...]
    notes: tuple[str, ...]
    unseen: tuple[str, ...]
    """Critical items that were right and that the new run does not hold as they were."""


def pair(old: Run, new: Run) -> Pairing:
    """Raises UsageError where different judges made the verdicts: then a difference may be the judges' own."""
    judges = [run.fingerprints.get("judge", "") for run in (old, new)]
    if judges[0] != judges[1]:
        named = " and ".join(one_line(judge) or "none" for judge in judges)
        raise UsageError(f"The runs had different judges ({named}):", "make the baseline anew with this run's judge.")
    before = {item.id: item for item in items(old)}
    after = {item.id: item for item in items(new)}
    shared = [id for id in before if id in after]
    same = [id for id in shared if _same(before[id], after[id])]
    kept = set(same)
    return Pairing(
        items=tuple(Pair(id, before[id], after[id]) for id in same),
        notes=(
            *_content_notes(old, new),
            *_item_notes(
                f"of {len(before)} items of the baseline and {len(after)} of this run, {len(same)} are the same",
                {
                    "changed": [id for id in shared if id not in kept],
                    "only in the baseline": [id for id in before if id not in after],
                    "only in this run": [id for id in after if id not in before],
                },
            ),
            *_changes(old.fingerprints, new.fingerprints),
            *_recordings(old, new),
        ),
        unseen=tuple(i.id for i in before.values() if i.critical and i.tally.passed and i.id not in kept),
    )


def _same(old: Item, new: Item) -> bool:
    """Whether the same decides the verdict in both: the questions, what is accepted, rejected, and must be cited."""
    return _asked(old) == _asked(new) and (old.gold == new.gold or not (old.gold and new.gold))


def _asked(item: Item) -> list[tuple[object, ...]]:
    return [(t.id, t.first.question, t.first.answerable, t.first.accepted) for t in item.turns]


def _content_notes(old: Run, new: Run) -> Iterable[str]:
    if _differ(old, new, "corpus"):
        yield "The corpus changed: a difference may come from the articles and not from the program."
    if _differ(old, new, "gold"):
        yield "The gold changed: only items that ask, accept, reject and must cite the same are compared."
        if not all(item.gold for run in (old, new) for item in items(run)):
            yield "A run of an older version does not say what its items reject and must cite: make the baseline anew."


def _item_notes(compared: str, left_out: Mapping[str, list[str]]) -> Iterable[str]:
    told = [f"{len(ids)} {why} ({_listed(ids)})" for why, ids in left_out.items() if ids]
    if told:
        yield f"Not every item is compared: {compared}; {'; '.join(told)}."


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterable[str]:
    for part in _TOLD:
        a, b = old.get(part, ""), new.get(part, "")
        if a != b:
            yield f"The {part} changed: {_short(a)} → {_short(b)}."


def _recordings(old: Run, new: Run) -> Iterable[str]:
    kinds = [run.fingerprints.get("recording", "") for run in (old, new)]
    if "scripted" in kinds:
        yield "Answers come from a scripted service: they test the machinery, and no figure here is one of quality."
    if kinds[0] != kinds[1]:
        told = " → ".join(one_line(kind) or "live" for kind in kinds)
        yield f"The runs got their answers in different ways: {told}."


def _differ(old: Run, new: Run, part: str) -> bool:
    return old.fingerprints.get(part) != new.fingerprints.get(part)


def _short(fingerprint: str) -> str:
    """A hash by its first digits, a name whole."""
    told = one_line(str(fingerprint)) or "none"
    return told if len(told) <= 40 else f"{told[:12]}…"


def _listed(ids: list[str]) -> str:
    more = f", and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return ", ".join(map(one_line, ids[:_SHOWN])) + more
