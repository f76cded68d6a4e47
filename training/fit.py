"""Fits the weights with which the keyless answer is chosen, on articles of our own that the reader was not trained on.

    python -m training.fit                # prints the weights for qa/picking.py, and how well they do by story left out
                                          # and those without the reader, for eval/reader_figures.py to measure against

Sentence i of the retrieved passages answers with probability exp(w·x_i) / (1 + Σ exp(w·x_j)); what is left is the
probability that none does. The loss is the negative logarithm of the probability of what is right: all right sentences
together, or none. Minimized by Newton's method with a small L2 penalty; whole stories are left out to measure.
"""

import itertools
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa import indexing, picking
from qa.adapters.index import Index
from qa.adapters.minilm import MiniLM
from qa.adapters.reader import Reader
from qa.content import articles
from qa.evaluation import gold
from qa.evaluation.scoring import score
from qa.retrieval import Retriever
from training.data import is_held_back

FOLDER = Path(__file__).parent / "calibration"
PASSAGES = 8
FEW = 5
"""Articles that stand in one index: the questions about them were written by who had one before him, and name little."""
PENALTY = 0.1

OF_READER = ("margin", "kind missing in span")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A question with the features of its sentences [sentences, features], and which of them answer it."""

    story: str
    answerable: bool
    features: Floats
    right: NDArray[np.bool_]


def cases() -> Iterator[Case]:
    """All questions, each over the few articles that its own stands among, as they are over a person's."""
    embedder, reader = MiniLM(), Reader()
    for file, questions in _corpora():
        with tempfile.TemporaryDirectory() as folder:
            indexing.refresh(Path(folder), articles.read([file], {}), embedder)
            retriever = Retriever(Index(Path(folder)), embedder)
            for story, question, answerable, is_right in questions:
                retrieved = retriever.retrieve(question, PASSAGES)
                sentences = picking.candidates(question, retrieved, reader)
                rows = picking.features(question, sentences, retrieved)
                right = [is_right(c.text, retrieved[c.source - 1].article.id) for c in sentences]
                if rows:
                    yield Case(story, answerable, np.array(rows), np.array(right))


Asked = tuple[str, str, bool, Callable[[str, str], bool]]
"""Story, question, whether it is answered, and what tells whether a sentence of an article answers it."""


def _corpora() -> Iterator[tuple[Path, Sequence[Asked]]]:
    """Files of articles, each with its questions: the stories that several tell, and FEW at a time of the others."""
    items = ((item, item.turns[0]) for item in gold.read([FOLDER / "gold.yaml"]))
    yield (
        FOLDER / "articles.jsonl",
        [(item.cluster, turn.question, turn.answerable, partial(_states, turn)) for item, turn in items],
    )
    rows = _alone()
    while few := list(itertools.islice(rows, FEW)):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "few.jsonl"
            file.write_text("".join(json.dumps(row) + "\n" for row in few), "utf-8")
            yield (
                file,
                [
                    (row["id"], q["question"], bool(q["answers"]), partial(_holds, row["id"], q["answers"]))
                    for row in few
                    for q in row["questions"]
                ],
            )


def _is_alone(story: str) -> bool:
    """Articles that no other is about have ids of a letter and a number."""
    return story[1:].isdigit()


def _alone() -> Iterator[dict[str, Any]]:
    """The articles that no other is about: those made for this, and every third of those that training holds back."""
    for line in (FOLDER / "single.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)
    paths = sorted((FOLDER.parent / "articles").glob("*.jsonl"))
    rows = (json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines())
    yield from itertools.islice((row for row in rows if is_held_back(row["id"])), 0, None, 3)


def _states(turn: gold.Turn, sentence: str, article: str) -> bool:
    cited = turn.cite is None or article in turn.cite.articles
    return turn.answerable and cited and score(turn, sentence).outcome == "right"


def _holds(story: str, answers: Sequence[str], sentence: str, article: str) -> bool:
    return article == story and any(answer in sentence for answer in answers)


def fit(found: Sequence[Case], penalty: float = PENALTY, rounds: int = 30) -> Floats:
    """Newton's method. The bias, the first weight, is not penalized."""
    weights = np.zeros(found[0].features.shape[1])
    ridge = np.full(len(weights), penalty)
    ridge[0] = 1e-6
    for _ in range(rounds):
        gradient, curvature = ridge * weights, np.diag(ridge)
        for case in found:
            p = probabilities(case.features, weights)
            mean = p @ case.features
            wanted = np.zeros(len(weights))
            if case.right.any():
                q = p * case.right / max(float(p[case.right].sum()), 1e-12)
                wanted = q @ case.features
            gradient += mean - wanted
            # Gauss-Newton: the part that is never negative.
            curvature += (case.features * p[:, None]).T @ case.features - np.outer(mean, mean)
        step = np.linalg.solve(curvature + 1e-9 * np.eye(len(weights)), gradient)
        weights -= step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
        if np.abs(step).max() < 1e-5:
            break
    return weights


def probabilities(features: Floats, weights: Floats) -> Floats:
    """Of each sentence; what they leave to 1 is that of none."""
    scores = features @ weights
    highest = max(float(scores.max()), 0.0)
    raised = np.exp(scores - highest)
    return raised / (raised.sum() + np.exp(-highest))


def left_out(found: Sequence[Case]) -> list[tuple[Case, Floats]]:
    """Each case with its probabilities by weights fitted to the other stories."""
    stories: dict[str, list[Case]] = defaultdict(list)
    for case in found:
        stories[case.story].append(case)
    return [
        (case, probabilities(case.features, weights))
        for story, own in stories.items()
        for weights in [fit([case for case in found if case.story != story])]
        for case in own
    ]


def figures(measured: Sequence[tuple[Case, Floats]], threshold: float) -> dict[str, float]:
    """Shares: of the answerable, right, wrong and refused; of the unanswerable, refused."""
    answerable = [(case, p) for case, p in measured if case.answerable]
    others = [(case, p) for case, p in measured if not case.answerable]
    told = [(case, p) for case, p in answerable if p.sum() >= threshold]
    right = sum(bool(case.right[p.argmax()]) for case, p in told)
    return {
        "right": right / len(answerable),
        "refused though answerable": 1 - len(told) / len(answerable),
        "refused": sum(p.sum() < threshold for _, p in others) / len(others),
        "log loss": float(np.mean([_loss(case, p) for case, p in measured])),
    }


def _loss(case: Case, p: Floats) -> float:
    good = float(p[case.right].sum()) if case.right.any() else 1 - float(p.sum())
    return -float(np.log(max(good, 1e-12)))


def blind(case: Case) -> Case:
    """The same without what the reader says of it."""
    features = case.features.copy()
    features[:, [picking.FEATURES.index(name) for name in OF_READER]] = 0
    return replace(case, features=features)


def main() -> None:
    found = list(cases())
    print(f"{len(found)} questions, {sum(c.answerable for c in found)} answerable,", end=" ")
    print(f"{sum(c.right.any() for c in found)} with a right sentence among those retrieved")
    stories = [case for case in found if not _is_alone(case.story)]
    for name, own in (
        ("all", found),
        ("stories", stories),
        ("stories, without the reader", [blind(case) for case in stories]),
    ):
        print(f"── {name}")
        measured = left_out(own)
        for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
            print(threshold, {name: round(value, 3) for name, value in figures(measured, threshold).items()})
        print(f"({', '.join(f'{weight:.2f}' for weight in fit(own))})")


if __name__ == "__main__":
    main()
