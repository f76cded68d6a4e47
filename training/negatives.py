"""Makes questions that their passage does not answer out of answerable ones; four ways, each certain enough.

neighbour   the question with another passage on the same matter, which does not hold the answer
removed     the question with its own passage, less the sentences that hold the answer
falsified   "When did Normandy fall?" → "When did Aquitaine fall?": a name, a number or a word of the question
            becomes another that the passage does not hold (as people did for SQuAD 2.0)
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa.sentences import spans as sentences
from training.data import Passage, Question
from training.overlap import BM25

NEIGHBOURS = 4
"""Of the nearest passages one is drawn: always the nearest would show few of them."""
TRIED = 12
DENIED = 0.07
"""A "not" alone would teach that whatever has one has no answer."""
_NAME = re.compile(r"(?<![\w.])(?:[A-Z][\w'’-]+)(?: (?:(?:of|the|de|van) )?[A-Z][\w'’-]+)*")
_YEAR = re.compile(r"\b1\d{3}\b|\b20\d{2}\b")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?![\w,]|\.\d)")
_MONTH = re.compile(r"\b(?:January|February|March|April|June|July|August|September|October|November|December)\b")
_OPPOSITES = """first/last oldest/newest oldest/youngest largest/smallest biggest/smallest highest/lowest most/least
before/after more/fewer increase/decrease increased/decreased increasing/decreasing rise/fall rose/fell won/lost win/lose
began/ended begin/end start/end started/ended northern/southern eastern/western north/south east/west minimum/maximum
accept/reject accepted/rejected allowed/banned allow/ban supported/opposed support/oppose best/worst above/below
longest/shortest early/late earliest/latest positive/negative male/female men/women king/queen born/buried
strong/weak stronger/weaker success/failure victory/defeat bought/sold buy/sell join/leave joined/left import/export
imports/exports higher/lower greater/smaller majority/minority internal/external entered/left richest/poorest
popular/unpopular legal/illegal winner/loser ancestor/descendant married/divorced hired/fired built/destroyed""".split()
OPPOSITES = {a: b for pair in _OPPOSITES for a, b in (pair.split("/"), pair.split("/")[::-1])}
_WORD = re.compile(r"[A-Za-z]+")
_AUXILIARY = re.compile(r"\b(did|does|do|was|were|is|are|has|had|can|could|would|will)\b(?! not)")


def normal(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def holds(text: str, answer: str) -> bool:
    return f" {normal(answer)} " in f" {normal(text)} "


class Negatives:
    """Made once over all passages; then one call makes one negative, or none where that way is not open."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        groups: dict[str, list[Passage]] = defaultdict(list)
        for passage in dict.fromkeys(passages):
            groups[passage.group].append(passage)
        self._groups = dict(groups)
        self._ranked = {group: BM25([p.text for p in found]) for group, found in groups.items()}
        self._kinds = {
            group: {kind: _all(pattern, found) for kind, pattern in _KINDS.items()} for group, found in groups.items()
        }

    def neighbour(self, question: Question, rng: random.Random) -> Question | None:
        passages, ranked = self._groups[question.passage.group], self._ranked[question.passage.group]
        fit = [
            passages[place]
            for place in ranked.best(question.text, 3 * NEIGHBOURS)
            if passages[place] != question.passage
            and not any(holds(passages[place].text, answer) for answer in question.answer_texts)
        ][:NEIGHBOURS]
        return Question(question.text, rng.choice(fit), ()) if fit else None

    def removed(self, question: Question, rng: random.Random) -> Question | None:
        passage = question.passage
        kept = [
            passage.text[a:b]
            for a, b in sentences(passage.text)
            if not any(a < end and start < b for start, end in question.answers)
        ]
        rest = " ".join(kept)
        if len(kept) < 2 or any(holds(rest, answer) for answer in question.answer_texts):
            return None
        return Question(question.text, replace(passage, text=rest), ())

    def falsified(self, question: Question, rng: random.Random) -> Question | None:
        if rng.random() < DENIED:
            return _denied(question)
        if rng.random() < 0.5:
            return self._other_value(question, rng) or self._opposite(question, rng)
        return self._opposite(question, rng) or self._other_value(question, rng)

    def confused(self, question: Question, rng: random.Random) -> Question | None:
        """Like falsified, but the new name or number does stand in the passage, in a sentence on something else."""
        text = question.passage.text
        match, kind = _drawn(question, rng)
        if not match:
            return None
        near = " ".join(
            text[a:b]
            for a, b in sentences(text)
            if holds(text[a:b], match[0]) or any(a < end and start < b for start, end in question.answers)
        )
        values = _all(_KINDS[kind], [question.passage])
        fit = [v for v in values if _alike(v, match[0]) and not holds(near, v) and not holds(question.text, v)]
        return _exchanged(question, match, rng.choice(fit)) if fit else None

    def _other_value(self, question: Question, rng: random.Random) -> Question | None:
        match, kind = _drawn(question, rng)
        if not match:
            return None
        values = self._kinds[question.passage.group][kind]
        for value in rng.sample(values, min(len(values), TRIED)):
            if _alike(value, match[0]) and not holds(question.passage.text + question.text, value):
                return _exchanged(question, match, value)
        return None

    def _opposite(self, question: Question, rng: random.Random) -> Question | None:
        places = [
            match
            for match in _WORD.finditer(question.text)
            if match[0] in OPPOSITES and not holds(question.passage.text, OPPOSITES[match[0]])
        ]
        if not places:
            return None
        match = rng.choice(places)
        return _exchanged(question, match, OPPOSITES[match[0]])


def _drawn(question: Question, rng: random.Random) -> tuple[re.Match[str], str] | tuple[None, str]:
    """A name or a number of the question that its passage has too, and its kind."""
    places = [
        (match, kind)
        for kind, pattern in _KINDS.items()
        for match in pattern.finditer(question.text)
        if match.start() > 0 and holds(question.passage.text, match[0])
    ]
    return rng.choice(places) if places else (None, "")


def _alike(value: str, other: str) -> bool:
    """ "Prince" and "Barack Obama Presidential Center" are not."""
    return abs(value.count(" ") - other.count(" ")) <= 1


def _exchanged(question: Question, match: re.Match[str], value: str) -> Question:
    text = question.text[: match.start()] + value + question.text[match.end() :]
    return Question(text, question.passage, ())


def _denied(question: Question) -> Question | None:
    """ "Who was invited?" → "Who wasn't invited?", unless the passage denies something itself."""
    if re.search(r"\b(?:not|no|never|except|without)\b|n't", question.passage.text):
        return None
    match = _AUXILIARY.search(question.text)
    if not match:
        return None
    contracted = {"can": "can't", "will": "won't"}.get(match[1], f"{match[1]}n't")
    return _exchanged(question, match, contracted)


_KINDS = {"year": _YEAR, "month": _MONTH, "number": _NUMBER, "name": _NAME}


def _all(pattern: re.Pattern[str], passages: Sequence[Passage]) -> list[str]:
    """What a pattern finds in the passages, each once; a name that opens a sentence may be no name, so it is left out."""
    found = (
        match[0]
        for passage in passages
        for match in pattern.finditer(passage.text)
        if pattern is not _NAME
        or passage.text[max(match.start() - 2, 0) : match.start()].strip(" \n") not in ("", ".", "?", "!", '."')
    )
    return list(dict.fromkeys(found))
