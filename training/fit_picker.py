"""Fits the weights of qa/picking.py: python training/fit_picker.py [../shared/bench/squad2-16titles.jsonl.gz]

Each title of the data is one article; for every question the passages of three titles' paragraphs are ranked, and each
candidate sentence is an example: right if it stands in the question's paragraph and holds a gold answer. Titles are
split into fit and report halves by their order. Prints the weights, and the picker's figures on the report half.
"""

import gzip
import json
import random
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from qa import picking, words
from qa.adapters.minilm import MiniLM
from qa.domain import Article, Passage, Retrieved

_PER_TITLE = 90
_PASSAGES = 8


def main(path: Path) -> None:
    by_title: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with gzip.open(path, "rt") as lines:
        for row in map(json.loads, lines):
            by_title[row["title"]].append(row)
    embedder = MiniLM()
    titles = sorted(by_title)
    halves = [_examples(titles[half::2], by_title, embedder) for half in (0, 1)]
    rows = np.array([f for q in halves[0] for f, _ in q["rows"]])
    right = np.array([float(r) for q in halves[0] for _, r in q["rows"]])
    weights = _logistic(rows, right)
    print("WEIGHTS =", tuple(round(float(w), 2) for w in weights))
    for name, half in zip(("fit", "report"), halves, strict=True):
        _report(name, half, weights)


def _examples(titles: list[str], by_title: dict[str, list[dict[str, Any]]], embedder: MiniLM) -> list[dict[str, Any]]:
    shuffled = random.Random(0)
    examples = []
    for i, title in enumerate(titles):
        paragraphs = list(dict.fromkeys(r["context"] for t in (title, titles[i - 1]) for r in by_title[t]))
        articles = [
            Article(f"{title}-{n}", text, title.replace("_", " ")) for n, text in enumerate(paragraphs)
        ]
        vectors = np.array(embedder.embed([f"{a.title}\n{a.text}" for a in articles]))
        for row in shuffled.sample(by_title[title], min(_PER_TITLE, len(by_title[title]))):
            examples.append(_example(row, articles, vectors, embedder))
    return examples


def _example(row: dict[str, Any], articles: list[Article], vectors: Any, embedder: MiniLM) -> dict[str, Any]:
    question = row["question"]
    asked = np.array(embedder.embed([question])[0])
    similar = vectors @ asked
    stems = set(words.stems(question))
    lexical = [len(stems & set(words.stems(a.text))) for a in articles]
    dense_rank = {int(i): n for n, i in enumerate(np.argsort(-similar), 1)}
    lexical_rank = {int(i): n for n, i in enumerate(np.argsort(-np.array(lexical), kind="stable"), 1)}
    order = sorted(dense_rank, key=lambda i: -(1 / (60 + dense_rank[i]) + 1 / (60 + lexical_rank[i])))[:_PASSAGES]
    retrieved = [
        Retrieved(Passage(str(i), articles[i].id, 0, len(articles[i].text)), articles[i], 0.0, similarity=float(similar[i]))
        for i in order
    ]
    found = picking.by_words(question, picking.candidates(retrieved), picking.EMBEDDED)
    cosines = [picking.cosine(asked, v) for v in embedder.embed([s.text for s in found])]
    features = picking.features(question, found, retrieved, cosines)
    answers = [] if row["is_impossible"] else row["answers"]
    labels = [
        retrieved[s.source - 1].article.text == row["context"] and any(a in s.text for a in answers) for s in found
    ]
    return {"answerable": bool(answers), "rows": list(zip(features, labels, strict=True))}


def _logistic(x: Any, y: Any, penalty: float = 1.0, rounds: int = 30) -> Any:
    """Ridge logistic regression by Newton's method."""
    w = np.zeros(x.shape[1])
    ridge = np.eye(x.shape[1]) * penalty
    ridge[0, 0] = 0
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + ridge @ w
        w -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + ridge + 1e-9 * np.eye(len(w)), gradient)
    return w


def _report(name: str, examples: list[dict[str, Any]], weights: Any) -> None:
    top = []
    for e in examples:
        scored = [(picking.probability(f, weights), r) for f, r in e["rows"]]
        top.append((*max(scored, default=(0.0, False)), e["answerable"]))
    answerable = [t for t in top if t[2]]
    print(f"{name}: {len(answerable)} answerable, best sentence right {np.mean([r for _, r, _ in answerable]):.3f}")
    for sure in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6):
        kept = np.mean([p >= sure and r for p, r, _ in answerable])
        refused = np.mean([p < sure for p, _, a in top if not a])
        print(f"  sure {sure:.2f}: answered right {kept:.3f}, unanswerable refused {refused:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/bench/squad2-16titles.jsonl.gz"))
