"""Questions as tokens, in windows the model can read, and the words of an answer back from its tokens.

    [CLS] when did it open ? [SEP] it opened in may 1901 . [SEP]
      0    0    0   0   0  0   0    1    1    1   1   1  1   1       segments

A passage too long for one window is read in several that overlap. Needs numpy and tokenizers, and no torch.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa.adapters.reader import CLS, MAX_TOKENS, PADDED_TO, QUESTION_TOKENS, SEP
from training.data import Question

STRIDE = 128
"""So many tokens of the passage do the windows of a long one move on by."""

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Window:
    """One input of the model. Gold positions count from [CLS]; [0] where the window does not answer."""

    question: Sequence[int]
    passage: Sequence[int]
    first: int
    """Which token of the whole passage the window begins with."""
    gold_starts: Sequence[int] = (0,)
    gold_ends: Sequence[int] = (0,)

    def __len__(self) -> int:
        return len(self.question) + len(self.passage) + 3

    @property
    def passage_at(self) -> int:
        """The position of the passage's first token."""
        return len(self.question) + 2


class Tokens:
    """The published tokenizer, which lower-cases, and what it said of each passage."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._passages: dict[str, tuple[list[int], list[tuple[int, int]]]] = {}

    def passage(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Its tokens, and the characters that each of them stands for."""
        if text not in self._passages:
            encoded = self._tokenizer.encode(text, add_special_tokens=False)
            self._passages[text] = encoded.ids, encoded.offsets
        return self._passages[text]

    def question(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids[:QUESTION_TOKENS]

    def training_window(self, question: Question, rng: random.Random) -> Window | None:
        """One window with the answer somewhere in it; none where an answer has no tokens of its own.

        Up to 15 tokens of the passage, away from the answer, are left out, so that no batch needs padding.
        """
        asked = self.question(question.text)
        ids, offsets = self.passage(question.passage.text)
        spans = [found for span in question.answers if (found := _token_span(offsets, span))]
        if question.answers and not spans:
            return None
        room = MAX_TOKENS - 3 - len(asked)
        low, high = 0, max(len(ids) - room, 0)
        if spans and high:
            low, high = max(spans[0][1] + 1 - room, 0), min(spans[0][0], high)
        first = rng.randint(min(low, high), high)
        room = min(room, len(ids) - first)
        spare = (room + len(asked) + 3) % PADDED_TO if room > 3 * PADDED_TO else 0
        if spans and spans[0][1] >= first + room - spare:
            first += min(spare, spans[0][0] - first)
        room -= spare
        inside = [(a, b) for a, b in spans if first <= a and b < first + room]
        at = len(asked) + 2 - first
        if spans and not inside:
            return None
        return Window(
            asked,
            ids[first : first + room],
            first,
            sorted({a + at for a, _ in inside}) or (0,),
            sorted({b + at for _, b in inside}) or (0,),
        )

    def windows(self, question: str, passage: str) -> Iterator[Window]:
        """All windows that together read the whole passage."""
        asked, (ids, _) = self.question(question), self.passage(passage)
        room = MAX_TOKENS - 3 - len(asked)
        for first in range(0, max(len(ids) - room + STRIDE, 1), STRIDE):
            yield Window(asked, ids[first : first + room], first)

    def text(self, passage: str, first: int, last: int) -> str:
        """The passage's own words, from one of its tokens to another, the last one included."""
        _, offsets = self.passage(passage)
        return passage[offsets[first][0] : offsets[last][1]]


def _token_span(offsets: Sequence[tuple[int, int]], span: tuple[int, int]) -> tuple[int, int] | None:
    """The first and the last token that touch a span of characters."""
    touching = [place for place, (a, b) in enumerate(offsets) if a < span[1] and span[0] < b]
    return (touching[0], touching[-1]) if touching else None


def padded(length: int) -> int:
    return -(-length // PADDED_TO) * PADDED_TO


def arrays(windows: Sequence[Window]) -> tuple[Ints, Ints, Ints]:
    """ids, segments and mask, int64 [batch, length]."""
    shape = (len(windows), padded(max(map(len, windows))))
    ids, segments, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for row, window in enumerate(windows):
        ids[row, : len(window)] = [CLS, *window.question, SEP, *window.passage, SEP]
        segments[row, window.passage_at : len(window)] = 1
        mask[row, : len(window)] = 1
    return ids, segments, mask


def allowed(windows: Sequence[Window], length: int) -> NDArray[np.bool_]:
    """Where an answer may start or end, bool [batch, length]: at [CLS], which means "not here", and in the passage."""
    found = np.zeros((len(windows), length), bool)
    for row, window in enumerate(windows):
        found[row, 0] = True
        found[row, window.passage_at : len(window) - 1] = True
    return found


def gold(windows: Sequence[Window], length: int) -> NDArray[np.bool_]:
    """Where a right answer starts [0] and ends [1], bool [2, batch, length]."""
    found = np.zeros((2, len(windows), length), bool)
    for row, window in enumerate(windows):
        found[0, row, list(window.gold_starts)] = True
        found[1, row, list(window.gold_ends)] = True
    return found
