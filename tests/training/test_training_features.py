"""Questions as tokens, by the published tokenizer; no torch."""

import random
from itertools import pairwise

import numpy as np
import pytest

from training.base import TOKENIZER, base_folder
from training.data import Passage, Question
from training.features import CLS, MAX_TOKENS, PADDED_TO, QUESTION_TOKENS, SEP, STRIDE, Tokens, allowed, arrays, gold

SHORT = "It opened in May 1901, they say."
LONG = " ".join(f"Number {n} is here." for n in range(300))


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    try:
        return Tokens(base_folder() / TOKENIZER)
    except FileNotFoundError:
        pytest.skip("the published tokenizer is not installed")


def asked(text: str, answer: str, passage: str) -> Question:
    start = passage.find(answer)
    return Question(text, Passage(passage, ""), ((start, start + len(answer)),) if answer else ())


def test_the_input_is_question_then_passage(tokens: Tokens) -> None:
    (window,) = tokens.windows("When?", SHORT)
    ids, segments, mask = arrays([window])
    assert ids.shape == (1, 16)
    assert ids[0, [0, 3, len(window) - 1]].tolist() == [CLS, SEP, SEP]
    assert segments[0].tolist() == [0] * 4 + [1] * 10 + [0] * 2
    assert mask[0].tolist() == [1] * 14 + [0] * 2


def test_answers_stand_in_the_passage_or_at_cls(tokens: Tokens) -> None:
    (window,) = tokens.windows("When?", SHORT)
    inside = allowed([window], 16)[0]
    assert np.flatnonzero(inside).tolist() == [0, *range(4, 13)]


@pytest.mark.parametrize("answer", ["May 1901", "It", "they say", "May"])
def test_gold_tokens_are_the_answers_words(tokens: Tokens, answer: str) -> None:
    question = asked("When did it open?", answer, SHORT)
    window = tokens.training_window(question, random.Random(0))
    assert window is not None
    starts, ends = gold([window], len(window))
    first, last = (int(np.flatnonzero(found[0])[0]) - window.passage_at + window.first for found in (starts, ends))
    assert tokens.text(SHORT, first, last) == answer


def test_no_answer_is_cls(tokens: Tokens) -> None:
    window = tokens.training_window(asked("Why?", "", SHORT), random.Random(0))
    assert window is not None
    assert gold([window], 16)[:, 0, 0].all()


@pytest.mark.parametrize("seed", range(20))
def test_a_training_window_has_the_answer_and_needs_no_padding(tokens: Tokens, seed: int) -> None:
    rng = random.Random(seed)
    answer = f"Number {rng.randrange(300)} is"
    window = tokens.training_window(asked("Which?", answer, LONG), rng)
    assert window is not None
    assert len(window) % PADDED_TO == 0
    assert len(window) <= MAX_TOKENS
    first, last = (next(iter(found)) - window.passage_at for found in (window.gold_starts, window.gold_ends))
    assert tokens.text(LONG, window.first + first, window.first + last) == answer


def test_windows_read_the_whole_passage(tokens: Tokens) -> None:
    windows = list(tokens.windows("Which " * 100 + "?", LONG))
    ids, _ = tokens.passage(LONG)
    assert all(len(w) <= MAX_TOKENS and len(w.question) == QUESTION_TOKENS for w in windows)
    assert [b.first - a.first for a, b in pairwise(windows)] == [STRIDE] * (len(windows) - 1)
    assert windows[-1].first + len(windows[-1].passage) == len(ids)
    assert len(list(tokens.windows("Which?", SHORT))) == 1


def test_an_answer_without_tokens_is_left_out(tokens: Tokens) -> None:
    question = Question("Which?", Passage("a  b", ""), ((1, 2),))
    assert tokens.training_window(question, random.Random(0)) is None
