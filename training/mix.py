"""What one pass of training consists of: half of the plain questions, the rarer kinds twice, and negatives made anew."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from training.data import (
    ADVERSARIAL,
    ANSWERABLE,
    BENCH,
    FOLDER,
    Question,
    read_own_articles,
    read_own_questions,
    read_squad,
    split_titles,
)
from training.negatives import Negatives

REPEATS = 2
"""Of people's adversarial questions and of our own: they are few, and nearest to what the reader will meet."""
PLAIN = 0.5
"""The share of the plain questions that one pass has: they are of Wikipedia, and many alike."""
TITLED = 0.7
"""The share of passages that are read below their title."""
UNANSWERABLE = 0.53
WAYS = {"neighbour": 0.55, "confused": 0.2, "falsified": 0.1, "removed": 0.15}
BARE = 0.12
"""The share of questions that lose their question mark, as people type them."""


@dataclass(frozen=True)
class Sources:
    plain: list[Question]
    rare: list[Question]
    development: list[Question]
    articles: list[Question]
    """Of our own articles that are held back, to measure with, below their titles."""


def sources(seed: int) -> Sources:
    """All there is. Raises FileNotFoundError where the public data sets are not in their folder."""
    plain = [question for name in ANSWERABLE for question in read_squad(BENCH / name)]
    adversarial = split_titles(read_squad(BENCH / ADVERSARIAL), seed)
    own = read_own_questions(FOLDER / "questions", [question.passage for question in plain])
    articles, held = read_own_articles(FOLDER / "articles")
    return Sources(plain, adversarial.training + own + articles, adversarial.development, [q.titled() for q in held])


def one_pass(found: Sources, negatives: Negatives, rng: random.Random) -> list[Question]:
    """A shuffled pass, of which UNANSWERABLE parts are without an answer."""
    questions = rng.sample(found.plain, int(PLAIN * len(found.plain))) + found.rare * REPEATS
    unanswerable = sum(not question.answers for question in questions)
    missing = int((UNANSWERABLE * len(questions) - unanswerable) / (1 - UNANSWERABLE))
    # Of "Was it in 1901?" with another year the answer is "no", and not that the passage does not say.
    kept = [q for q in questions if q.answers and q.verdict is None]
    questions += _made(kept, negatives, max(missing, 0), rng)
    rng.shuffle(questions)
    return [_as_met(question, rng) for question in questions]


def _as_met(question: Question, rng: random.Random) -> Question:
    if question.passage.title and rng.random() < TITLED:
        question = question.titled()
    return replace(question, text=question.text.rstrip("? ")) if rng.random() < BARE else question


def _made(answerable: Sequence[Question], negatives: Negatives, count: int, rng: random.Random) -> list[Question]:
    found: list[Question] = []
    while len(found) < count:
        (way,) = rng.choices(list(WAYS), list(WAYS.values()))
        made = getattr(negatives, way)(rng.choice(answerable), rng)
        if made:
            found.append(made)
    return found
