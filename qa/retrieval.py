"""Question → ranked passages: dense and lexical search, fused by reciprocal rank, without near copies.

Reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009: score(p) = Σ 1 / (60 + rank of p in each list).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qa import words
from qa.domain import Embedder, Filters, PassageIndex, Retrieved, Vector

_FUSION = 60
_SHINGLE = 4
_NEAR_COPY = 0.6


@dataclass(frozen=True, slots=True)
class Retriever:
    """Searches one index with the embedder it was made with."""

    index: PassageIndex
    embedder: Embedder
    depth: int = 40
    """How many passages are taken from each of the two searches before they are fused."""

    def retrieve(
        self, question: str, k: int, filters: Filters | None = None, vector: Vector | None = None
    ) -> list[Retrieved]:
        """At most `k` passages, best first, no two of them near copies. `vector` saves embedding the question again."""
        filters = filters or Filters()
        vector = vector if vector is not None else self.embedder.embed([question])[0]
        dense = self.index.dense(vector, self.depth, filters)
        lexical = self.index.lexical(words.terms(question), self.depth, filters)
        dense_rank = {passage: rank for rank, (passage, _) in enumerate(dense, 1)}
        lexical_rank = {passage: rank for rank, (passage, _) in enumerate(lexical, 1)}
        similarity = dict(dense)
        scores = {
            passage: sum(1 / (_FUSION + ranks[passage]) for ranks in (dense_rank, lexical_rank) if passage in ranks)
            for passage in {**dense_rank, **lexical_rank}
        }
        # Ties go to the better dense rank, then to the id, so that every run gives the same order.
        order = sorted(scores, key=lambda p: (-scores[p], dense_rank.get(p, self.depth + 1), p))
        found = self.index.passages(order)
        ranked = [
            Retrieved(*found[p], scores[p], dense_rank.get(p), lexical_rank.get(p), similarity.get(p))
            for p in order
            if p in found
        ]
        return without_near_copies(ranked, k)


def without_near_copies(ranked: Sequence[Retrieved], k: int) -> list[Retrieved]:
    """The first `k`, leaving out each passage whose words run mostly as in a better one (agencies' copy)."""
    kept: list[tuple[Retrieved, frozenset[tuple[str, ...]]]] = []
    for candidate in ranked:
        if len(kept) == k:
            break
        shingles = _shingles(candidate.text)
        if not any(len(shingles & other) > _NEAR_COPY * min(len(shingles), len(other)) for _, other in kept):
            kept.append((candidate, shingles))
    return [candidate for candidate, _ in kept]


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    tokens = words.tokens(text)
    return frozenset(tuple(tokens[i : i + _SHINGLE]) for i in range(max(1, len(tokens) - _SHINGLE + 1)))
