"""The writer that needs no service: picks the sentences that answer, quotes them, and abstains when none does.

A logistic model scores each sentence of the retrieved passages by how close it and its passage are to the question,
how many of the question's words it or its surroundings hold, and whether it holds the kind of thing that is asked for:
a date, a number, a person, a place, a reason. Its weights are round numbers; eval/LOG.md tells how they were chosen,
and how weights fitted by regression did.
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
_BESIDE = 0.7
"""The share of the best sentence's probability at which another is quoted beside it."""
_CLEAR = 0.85
"""From here on the best sentence is the answer, and only another article's is quoted beside it; below, up to three."""
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


# What a question asks for: the pattern that matches first in it, and of several there the first in this list. The words
# that match name the kind of answer and are not looked for in the articles: Osaka answers "which city", not "city".
_PEOPLE = (
    "academic|activist|actor|actress|adviser|analyst|athlete|author|banker|candidate|chief|coach|economist|executive|"
    "expert|head|judge|journalist|lawmaker|lawyer|leader|man|minister|official|person|player|politician|president|"
    "professor|researcher|scientist|secretary|senator|singer|spokesperson|spokesman|spokeswoman|star|woman|writer"
)
_PLACES = "capital|city|continent|country|county|island|location|nation|place|region|state|street|town|venue|village"
_BODIES_ASKED = (
    "agency|airline|app|bank|broadcaster|company|court|firm|institute|institution|network|newspaper|organi[sz]ation|"
    "outlet|party|platform|publication|service|site|team|think tank|university|website"
)
_WHICH = r"\b(?:what|which)(?: [\w'’.-]+){0,3}? "
_ASKS = [
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("time", r"\b(?:what|which) (?:exact )?(?:time|hour)\b"),
        ("duration", r"\bhow long\b|\bhow (?:many|much) (?:more )?(?:seconds|minutes|hours|days|weeks|months|years)\b"),
        ("day", r"\b(?:what|which) (?:exact )?(?:dates?|day)\b|\A(?:exact )?date of\b"),
        ("month", r"\b(?:what|which) month\b"),
        ("year", r"\b(?:what|which) year\b"),
        ("percent", r"\b(?:what|which) (?:percent|percentage|share|proportion|tariff rate|rate)\b|\bhow high\b"),
        ("money", r"\bhow many (?:dollars|euros|pounds)\b|\b(?:what|which) (?:price|sum)\b"
                  r"|\bhow much (?:money )?(?=do|did|will|is|are|was|were|would|has|have)"),
        ("number", r"\bhow (?:many|much|often|old|far|large|big|tall|fast|few)\b|\b(?:what|which) (?:number|figure|age)\b"),
        ("person", rf"\bwho(?:m|se)?\b|{_WHICH}(?:{_PEOPLE})s?\b|\bname of the\b"),
        ("place", rf"\bwhere\b|{_WHICH}(?:{_PLACES})\b|{_WHICH}(?:cities|countries|counties|places|towns)\b"
                  r"|\b(?:host|venue) (?:city|country)\b"),
        ("reason", r"\bwhy\b|\bwhat (?:was |is |were )?(?:the )?(?:reasons?|cause|motive|purpose|grounds)\b|\bwhat (?:caused|led)\b"),
        ("name", rf"{_WHICH}(?:{_BODIES_ASKED})\b"),
        ("date", r"\b(?:since |until |by )?when\b|\bhow (?:soon|recently)\b"),
        ("any", r"\b(?:what|which|how)\b|\A(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b"),
    )
]  # fmt: skip

_EXACT_KINDS = frozenset(
    {"time", "day", "month", "year", "date", "duration", "percent", "money", "number", "person", "place"}
)
_REASONS = re.compile(
    r"\b(?:because|due to|since|so that|in order to|as a result|citing|cited|over (?:fears|concerns)|wary|concern|fear|"
    r"reason|caused by|after|thanks to|blam|in response|to (?:avoid|prevent|protect|ensure|help|keep|allow))\w*",
    re.IGNORECASE,
)


def _ask(question: str) -> tuple[str, re.Match[str] | None]:
    matches = [(kind, match) for kind, pattern in _ASKS if (match := pattern.search(question))]
    return min(matches, key=lambda found: found[1].start(), default=("any", None))


def asks_for(question: str) -> str:
    """The kind of thing a question asks for, or "any"."""
    return _ask(question)[0]


def asked_about(question: str) -> str:
    """The question without the words that only name the kind of answer."""
    _, match = _ask(question)
    if not match:
        return question
    # Of "which South Korean city" the middle stays.
    return " ".join([question[: match.start()], *match[0].split()[1:-1], question[match.end() :]])


def offers(kind: str, sentence: str, question: str) -> float:
    """1 if the sentence holds something of the kind that the question does not hold itself, 0 if not, 0.5 for "any"."""
    if kind == "any":
        return 0.5
    if kind == "reason":
        return 1.0 if _REASONS.search(sentence) else 0.3
    if kind in ("person", "place", "name"):
        asked = names.vocabulary(question)
        new = [run for run in names.find(sentence) if any(names.fold(word) not in asked for word in run)]
        if kind == "name":
            return 1.0 if new else 0.0
        return max((_could_be(kind, run, sentence) for run in new), default=0.0)
    known = {v.meanings for v in values.find(question)}
    found = [m for v in values.find(sentence) if v.meanings not in known for m in v.meanings]
    return max((_fits(kind, meaning) for meaning in found), default=0.0)


_LOCATED = re.compile(r"\b(?:in|at|to|from|near|into|across|outside|around|visit\w*|leav\w+|left|,)\s+(?:the\s+)?\Z", re.IGNORECASE)
_BODIES = frozenset(
    """agency association bank bureau center centre college committee company congress corporation council court
    department economic fund group house institute international league ministry national office organization party
    post press social society studies summit times union united university war white world""".split()
)


def _could_be(kind: str, run: Sequence[str], sentence: str) -> float:
    """Whether a name may be a person's or a place's: a place stands after "in" and its like, a person does not."""
    located = bool(_LOCATED.search(sentence, 0, sentence.find(run[0])))
    body = any(word.casefold() in _BODIES for word in run) or (len(run) == 1 and run[0].isupper())
    if kind == "place":
        return 1.0 if located and not body else 0.5 if located else 0.2
    return 0.3 if located or body else 1.0


def _fits(kind: str, meaning: values.Meaning) -> float:
    if kind == "time":
        return float(isinstance(meaning, values.Time))
    if kind in ("day", "month", "year"):
        bare_year = isinstance(meaning, values.Number) and not meaning.unit and 1500 <= meaning.amount <= 2100
        if kind == "year" and bare_year:
            return 1.0
        if not isinstance(meaning, values.Date):
            return 0.0
        day = meaning.day is not None or meaning.weekday is not None
        return float({"day": day, "month": meaning.month is not None, "year": meaning.year is not None}[kind]) or 0.3
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
    "bias", "similarity", "similarity of passage", "covered", "covered around", "unseen names", "kind", "kind missing",
    "asks", "short",
)  # fmt: skip
WEIGHTS: tuple[float, ...] = (-5.2, 4.0, 4.0, 1.5, 1.5, -1.0, 1.0, -4.0, -1.0, -0.5)


def features(
    question: str, found: Sequence[Sentence], retrieved: Sequence[Retrieved], similarity: Sequence[float]
) -> list[tuple[float, ...]]:
    """One row of FEATURES for each sentence; `similarity` is its cosine to the question."""
    about = asked_about(question)
    asked = words.stems(about)
    named = {stem for run in names.find(about) for word in run for stem in words.stems(word)} & set(asked)
    kind = asks_for(question)
    own = [set(words.stems(s.text)) for s in found]
    around = [
        stems | set(words.stems(f"{s.before} {s.title} {retrieved[s.source - 1].article.publisher or ''}"))
        for stems, s in zip(own, found, strict=True)
    ]
    weight = {t: math.log(1 + len(found) / (0.5 + sum(t in stems for stems in own))) for t in asked}
    total = sum(weight.values()) or 1.0
    unseen_names = float(not named <= set().union(*around))
    rows = []
    for s, stems, near, cosine in zip(found, own, around, similarity, strict=True):
        offered = offers(kind, s.text, question)
        rows.append((
            1.0,
            cosine,
            retrieved[s.source - 1].similarity or 0.0,
            sum(weight[t] for t in asked if t in stems) / total,
            sum(weight[t] for t in asked if t in near) / total,
            unseen_names,
            offered,
            float(kind in _EXACT_KINDS and offered < 0.5),
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
            if len(chosen) < (2 if best >= _CLEAR else 3) and p >= best * _BESIDE and (another or best < _CLEAR):
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
