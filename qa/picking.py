"""The writer that needs no service: picks the sentences that answer, quotes them, and abstains when none does.

A logistic model scores each sentence of the retrieved passages by how close it and its passage are to the question,
how many of the question's words it or its surroundings hold, and whether it holds the kind of thing that is asked for:
a date, a number, a person, a place, a reason. Its weights are round numbers; eval/LOG.md tells how they were chosen,
and how weights fitted by regression did.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa import asking, sentences, words
from qa.domain import Embedder, Evidence, Retrieved, Vector
from qa.evidence import names
from qa.evidence.gate import Failed
from qa.evidence.markup import Statement
from qa.settings import OFFLINE

EMBEDDED = 24
"""How many sentences, the best by their words, are compared with the question by their vectors too."""
SURE = 0.5
"""The least probability at which a sentence stands as the answer; below, the picker abstains."""
_BESIDE = 0.7
"""The share of the best sentence's probability at which another is quoted beside it."""
_CLEAR = 0.85
"""From here on the best sentence is the answer, and only another article's that is as clear stands beside it; below, up
to three are quoted."""
_LONGEST = 700


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a retrieved passage: `source` counts from 1; `before` is the sentence ahead of it."""

    source: int
    start: int
    end: int
    text: str
    before: str
    title: str


def candidates(retrieved: Sequence[Retrieved]) -> list[Sentence]:
    """The sentences of the passages in order, each place of an article once."""
    found: dict[tuple[str, int], Sentence] = {}
    for n, source in enumerate(retrieved, 1):
        before = ""
        for a, b in sentences.spans(source.text):
            start, end = source.passage.start + a, source.passage.start + b
            text = source.text[a:b]
            if (source.article.id, start) not in found and len(text.split()) > 2 and len(text) <= _LONGEST:
                found[source.article.id, start] = Sentence(n, start, end, text, before, source.article.title)
            before = text
    return list(found.values())


FEATURES = (
    "bias", "similarity", "similarity of passage", "covered", "covered around", "unseen names", "kind", "kind missing",
    "asks", "short",
)  # fmt: skip
WEIGHTS: tuple[float, ...] = (-6.2, 4.0, 6.0, 1.5, 1.5, -2.0, 1.0, -4.0, -1.0, -0.5)


def features(
    question: str, found: Sequence[Sentence], retrieved: Sequence[Retrieved], similarity: Sequence[float]
) -> list[tuple[float, ...]]:
    """One row of FEATURES for each sentence; `similarity` is its cosine to the question."""
    about = asking.asked_about(question)
    asked = words.stems(about)
    named = {stem for run in names.find(about) for word in run for stem in words.stems(word)} & set(asked)
    kind = asking.asks_for(question)
    own = [set(words.stems(s.text)) for s in found]
    around = [
        stems | set(words.stems(f"{s.before} {s.title} {retrieved[s.source - 1].article.publisher or ''}"))
        for stems, s in zip(own, found, strict=True)
    ]
    weight = {t: math.log(1 + len(found) / (0.5 + sum(t in stems for stems in own))) for t in asked}
    total = sum(weight.values()) or 1.0
    unseen_names = float(not named <= set().union(*around))
    rows: list[tuple[float, ...]] = []
    for s, stems, near, cosine in zip(found, own, around, similarity, strict=True):
        offered = asking.offers(kind, s.text, question)
        rows.append((
            1.0,
            cosine,
            retrieved[s.source - 1].similarity or 0.0,
            sum(weight[t] for t in asked if t in stems) / total,
            sum(weight[t] for t in asked if t in near) / total,
            unseen_names,
            offered,
            float(kind in asking.EXACT_KINDS and offered < 0.5),
            float(s.text.rstrip("”\"'’").endswith("?")),
            float(len(s.text.split()) < 6),
        ))  # fmt: skip
    return rows


def probability(row: Sequence[float], weights: Sequence[float] = WEIGHTS) -> float:
    """The logistic function of the weighted features."""
    return 1 / (1 + math.exp(-sum(w * x for w, x in zip(weights, row, strict=True))))


def by_words(question: str, found: Sequence[Sentence], limit: int) -> list[Sentence]:
    """The `limit` sentences that share most with the question by their words, in the order given."""
    asked = set(words.stems(question))
    kind = asking.asks_for(question)

    def score(s: Sentence) -> float:
        return (
            len(asked & set(words.stems(f"{s.before} {s.text}"))) + asking.offers(kind, s.text, question) + 1 / s.source
        )

    best = sorted(range(len(found)), key=lambda i: -score(found[i]))[:limit]
    return [found[i] for i in sorted(best)]


def cosine(a: Vector, b: Vector) -> float:
    """Of unit vectors."""
    return float(sum(x * y for x, y in zip(a, b, strict=True)))


class SentencePicker:
    """A Writer that quotes the best sentence, and one or two more beside it when they are about as good."""

    model = OFFLINE
    prompt = None
    usage = None

    def __init__(self, embedder: Embedder, sure: float = SURE) -> None:
        self._embedder = embedder
        self._sure = sure
        self.insufficient: str | None = None

    def write(self, question: str, retrieved: Sequence[Retrieved], deadline: float) -> Iterator[Statement]:
        self.insufficient = None
        found = by_words(question, candidates(retrieved), EMBEDDED)
        if not found:
            return
        asked, *vectors = self._embedder.embed([question, *(s.text for s in found)])
        rows = features(question, found, retrieved, [cosine(asked, v) for v in vectors])
        ranked = sorted(zip(map(probability, rows), found, strict=True), key=lambda pair: -pair[0])
        best, first = ranked[0]
        if best < self._sure:
            return
        chosen = [first]
        for p, sentence in ranked[1:]:
            another = all(_article(sentence, retrieved) != _article(c, retrieved) for c in chosen)
            if (
                len(chosen) < (2 if best >= _CLEAR else 3)
                and p >= (_CLEAR if best >= _CLEAR else best * _BESIDE)
                and (another or best < _CLEAR)
            ):
                chosen.append(sentence)
        for i, sentence in enumerate(chosen):
            yield _quoted(sentence, lead=" " if i else "")

    def repair(self, failed: Sequence[Failed], deadline: float) -> Iterator[Statement]:
        """Nothing: a sentence of the article itself cannot be mended."""
        return iter(())


def _article(sentence: Sentence, retrieved: Sequence[Retrieved]) -> str:
    return retrieved[sentence.source - 1].article.id


def _quoted(sentence: Sentence, lead: str) -> Statement:
    text = " ".join(sentence.text.split())
    return Statement(text, (Evidence(sentence.source, sentence.text),), (len(text),), lead)
