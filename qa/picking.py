"""The writer that needs no service: picks the sentences that answer, quotes them, and abstains when none does.

A logistic model scores each sentence of the retrieved passages by how close it is to the question, how many of the
question's words it or its surroundings hold, and whether it holds the kind of thing that is asked for: a date, a
number, a person, a place, a reason. The weights were fitted by training/fit_picker.py; eval/LOG.md tells how well.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa import sentences, words
from qa.domain import Embedder, Evidence, Retrieved, Vector
from qa.evidence import names, values
from qa.evidence.gate import Failed
from qa.evidence.markup import Statement
from qa.settings import OFFLINE

EMBEDDED = 24
"""How many sentences, the best by their words, are compared with the question by their vectors too."""
SURE = 0.5
"""The least probability at which a sentence stands as the answer; below, the picker abstains."""
_SECOND = 0.8
"""The share of the best sentence's probability at which another article's sentence is quoted beside it."""
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


# What a question asks for, by the first pattern that matches.
_ASKS = [
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("time", r"\b(?:what|which) (?:exact )?(?:time|hour)\b"),
        ("date", r"\bwhen\b|\b(?:what|which)(?: \w+)? (?:date|day|month|year)\b|\bhow (?:soon|recently)\b|\bas of what\b"),
        ("duration", r"\bhow long\b|\bhow (?:many|much) (?:more )?(?:seconds|minutes|hours|days|weeks|months|years)\b"),
        ("percent", r"\b(?:what|which) (?:percent|percentage|share|proportion|rate|tariff rate)\b|\bhow high\b"),
        ("money", r"\b(?:what|which) (?:price|sum)\b|\bhow much (?:money|does|do|did|will|is|are|was|were|would|has|have)\b"
                  r"|\b(?:cost|price|valuation)\b"),
        ("number", r"\bhow (?:many|much|often|old|far|large|big|tall|fast|few)\b|\b(?:what|which) (?:number|figure|age)\b"
                   r"|\bnumber of\b"),
        ("person", r"\bwho\b|\bwhom\b|\bwhose\b|\bwhich (?:person|man|woman|leader|official|senator|president|minister|"
                   r"politician|lawmaker|banker|executive|actor|singer|player|scientist|professor|expert)s?\b|\bname of the\b"),
        ("place", r"\bwhere\b|\b(?:which|what) (?:\w+ )?(?:city|country|state|town|place|location|venue|region|island|nation)\b"),
        ("reason", r"\bwhy\b|\bwhat (?:was |is |were )?(?:the )?(?:reasons?|cause|motive|purpose|grounds)\b|\bwhat (?:caused|led)\b"),
        ("name", r"\b(?:which|what) (?:company|firm|organi[sz]ation|agency|party|team|app|platform|bank|university|network|"
                 r"outlet|broadcaster|newspaper|group|committee|court|airline|movie|film|show|book|song)\b"),
    )
]  # fmt: skip

_REASONS = re.compile(
    r"\b(?:because|due to|since|so that|in order to|as a result|citing|cited|over (?:fears|concerns)|wary|concern|fear|"
    r"reason|caused by|after|thanks to|blam|in response|to (?:avoid|prevent|protect|ensure|help|keep|allow))\w*",
    re.IGNORECASE,
)


def asks_for(question: str) -> str:
    """The kind of thing a question asks for, or "any"."""
    return next((kind for kind, pattern in _ASKS if pattern.search(question)), "any")


def offers(kind: str, sentence: str, question: str) -> float:
    """1 if the sentence holds something of the kind that the question does not hold itself, 0 if not, 0.5 for "any"."""
    if kind == "any":
        return 0.5
    if kind == "reason":
        return 1.0 if _REASONS.search(sentence) else 0.3
    if kind in ("person", "place", "name"):
        asked = names.vocabulary(question)
        new = any(names.fold(word) not in asked for run in names.find(sentence) for word in run)
        return 1.0 if new else 0.0
    known = {v.meanings for v in values.find(question)}
    found = [m for v in values.find(sentence) if v.meanings not in known for m in v.meanings]
    return max((_fits(kind, meaning) for meaning in found), default=0.0)


def _fits(kind: str, meaning: values.Meaning) -> float:
    if kind == "time":
        return float(isinstance(meaning, values.Time))
    if kind == "date":
        year = isinstance(meaning, values.Number) and not meaning.unit and 1500 <= meaning.amount <= 2100
        return 1.0 if isinstance(meaning, values.Date) or year else 0.4 if isinstance(meaning, values.Time) else 0.0
    if not isinstance(meaning, values.Number):
        return 0.0
    if kind == "percent":
        return 1.0 if meaning.unit in ("%", "pp", "fraction") else 0.2
    if kind == "money":
        return 1.0 if meaning.unit in values.CURRENCIES else 0.3
    if kind == "duration":
        return 1.0 if meaning.unit in ("second", "minute", "hour", "day", "week", "month", "year", "decade") else 0.2
    return 0.6 if meaning.ordinal else 1.0


FEATURES = (
    "bias", "similarity", "passage similarity", "covered", "covered around", "rarest missing", "unseen", "pairs",
    "offers", "offers known kind", "passage rank", "asks", "short",
)  # fmt: skip
WEIGHTS: tuple[float, ...] = (-4.0, 4.0, 1.0, 2.0, 1.5, -0.5, -2.0, 1.0, 1.5, 0.0, 0.5, -1.0, -0.5)


def features(
    question: str, found: Sequence[Sentence], retrieved: Sequence[Retrieved], similarity: Sequence[float]
) -> list[tuple[float, ...]]:
    """One row of FEATURES for each sentence; `similarity` is its cosine to the question."""
    asked = words.stems(question)
    own = [set(words.stems(s.text)) for s in found]
    around = [stems | set(words.stems(s.before)) | set(words.stems(s.title)) for stems, s in zip(own, found, strict=True)]
    weight = {t: math.log(1 + len(found) / (0.5 + sum(t in stems for stems in own))) for t in asked}
    total = sum(weight.values()) or 1.0
    heaviest = max(weight.values(), default=1.0) or 1.0
    seen = set().union(*around) if around else set()
    unseen = sum(t not in seen for t in asked) / max(1, len(asked))
    pairs = set(zip(asked, asked[1:], strict=False))
    kind = asks_for(question)
    rows = []
    for s, stems, near, cosine in zip(found, own, around, similarity, strict=True):
        order = words.stems(s.text)
        offered = offers(kind, s.text, question)
        rows.append((
            1.0,
            cosine,
            retrieved[s.source - 1].similarity or 0.0,
            sum(weight[t] for t in asked if t in stems) / total,
            sum(weight[t] for t in asked if t in near) / total,
            max((weight[t] for t in asked if t not in near), default=0.0) / heaviest,
            unseen,
            len(pairs & set(zip(order, order[1:], strict=False))) / max(1, len(pairs)),
            offered,
            offered if kind in ("date", "number", "percent", "money", "duration", "time") else 0.0,
            1 / s.source,
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
    kind = asks_for(question)

    def score(s: Sentence) -> float:
        return len(asked & set(words.stems(f"{s.before} {s.text}"))) + offers(kind, s.text, question) + 1 / s.source

    best = sorted(range(len(found)), key=lambda i: -score(found[i]))[:limit]
    return [found[i] for i in sorted(best)]


def cosine(a: Vector, b: Vector) -> float:
    """Of unit vectors."""
    return float(sum(x * y for x, y in zip(a, b, strict=True)))


class SentencePicker:
    """A Writer that quotes the best sentence, and another article's beside it when that is about as good."""

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
        articles = {retrieved[first.source - 1].article.id}
        for p, sentence in ranked[1:]:
            if p >= max(self._sure, best * _SECOND) and retrieved[sentence.source - 1].article.id not in articles:
                chosen.append(sentence)
                break
        for i, sentence in enumerate(chosen):
            yield _quoted(sentence, lead=" " if i else "")

    def repair(self, failed: Sequence[Failed], deadline: float) -> Iterator[Statement]:
        """Nothing: a sentence of the article itself cannot be mended."""
        return iter(())


def _quoted(sentence: Sentence, lead: str) -> Statement:
    text = " ".join(sentence.text.split())
    return Statement(text, (Evidence(sentence.source, sentence.text),), (len(text),), lead)
