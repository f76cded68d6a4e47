"""The writer that needs no service: reads the passages, quotes the sentence that answers, and abstains when none does.

The embedded reader marks in each sentence the words that may answer, with a margin over "not here". The sentence is
weighed by that margin, by how close its passage is to the question, how many of the question's words stand in or around
it, and whether it holds the kind of thing that is asked for: a date, a number, a person, a place. Of all sentences and
"none of them" one is right:

    P(sentence i) = exp(w·x_i) / (1 + Σ exp(w·x_j))

The weights w were fitted to stories of our own, each told by several outlets (training/fit.py), which none of the figures
that we report come from.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa import agreement, asking, phrasing, sentences, words
from qa.domain import Evidence, Retrieved, Span, SpanReader
from qa.evidence import names, values
from qa.evidence.gate import Failed
from qa.evidence.markup import Statement
from qa.reading import read_below_titles
from qa.settings import OFFLINE
from qa.text import one_line

SURE = 0.5
"""The least probability that some sentence answers at which one stands as the answer; below, the picker abstains."""
STRICT, EAGER = 0.75, 0.2
"""The same for `--strict` and `--eager`."""
_BESIDE = 0.25
"""The least probability of a sentence that is quoted beside a likelier one."""
_AGAINST = 0.15
"""The least probability of one whose value, in another article, cannot be right beside the likeliest one's."""
_SURE_WORDS = 0.0
"""The margin above which the words themselves are the answer, and not only their sentence."""
_LONGEST = 700
_WIDEST_MARGIN = 12.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a retrieved passage: `source` counts from 1; `before` is the sentence ahead of it.

    `span` are the words of the text that may answer, in its own offsets; None beyond what the reader reads.
    """

    source: int
    text: str
    before: str
    span: Span | None

    @property
    def value(self) -> str:
        return self.text[self.span.start : self.span.end] if self.span else ""


def candidates(question: str, retrieved: Sequence[Retrieved], reader: SpanReader) -> list[Candidate]:
    """The sentences of the passages in order, each place of an article once."""
    bounds = [sentences.spans(source.text) for source in retrieved]
    read = read_below_titles(reader, question, [(source.article.title, source.text) for source in retrieved], bounds)
    found: dict[tuple[str, int], Candidate] = {}
    for n, source in enumerate(retrieved, 1):
        before = ""
        for (a, b), span in zip(bounds[n - 1], read[n - 1], strict=True):
            start, text = source.passage.start + a, source.text[a:b]
            if (source.article.id, start) not in found and len(text.split()) > 2 and len(text) <= _LONGEST:
                own = replace(span, start=span.start - a, end=span.end - a) if span else None
                found[source.article.id, start] = Candidate(n, text, before, own)
            before = text
    return list(found.values())


FEATURES = (
    "bias", "margin", "similarity of passage", "less similar than the best", "covered around", "unseen names",
    "unseen values", "kind missing", "kind missing in span", "asks", "short",
)  # fmt: skip
WEIGHTS: tuple[float, ...] = (-2.21, 1.72, 3.90, -5.05, 3.37, -0.15, -1.03, -0.99, -0.43, -0.20, -0.83)


def features(question: str, found: Sequence[Candidate], retrieved: Sequence[Retrieved]) -> list[tuple[float, ...]]:
    """One row of FEATURES for each candidate."""
    about = asking.asked_about(question)
    asked = words.stems(about)
    named = {stem for run in names.find(about) for word in run for stem in words.stems(word)} & set(asked)
    stated = [value.meanings for value in values.find(about)]
    kind = asking.asks_for(question)
    exact = kind in asking.EXACT_KINDS
    own = [set(words.stems(c.text)) for c in found]
    weight = {t: math.log(1 + len(found) / (0.5 + sum(t in stems for stems in own))) for t in asked}
    nearest = max((source.similarity or 0.0 for source in retrieved), default=0.0)
    rows: list[tuple[float, ...]] = []
    for c, stems in zip(found, own, strict=True):
        source = retrieved[c.source - 1]
        near = stems | set(words.stems(_around(c, source)))
        held = {m for v in values.find(c.text) for m in v.meanings} if stated else set()
        rows.append((
            1.0,
            max(-_WIDEST_MARGIN, min(_WIDEST_MARGIN, c.span.margin if c.span else -_WIDEST_MARGIN)) / 4,
            source.similarity or 0.0,
            nearest - (source.similarity or 0.0),
            _share(asked, near, weight),
            len(named - near) / len(named) if named else 0.0,
            sum(held.isdisjoint(meanings) for meanings in stated) / len(stated) if stated else 0.0,
            float(exact and asking.offers(kind, c.text, question) < 0.5),
            float(exact and asking.offers(kind, c.value, question) < 0.2),
            float(c.text.rstrip("”\"'’").endswith("?")),
            float(len(c.text.split()) < 6),
        ))  # fmt: skip
    return rows


def _share(asked: Sequence[str], held: set[str], weight: Mapping[str, float]) -> float:
    """Of the weight of what is asked, how much is held."""
    total = sum(weight.values())
    return sum(weight[term] for term in asked if term in held) / total if total else 0.0


def _around(candidate: Candidate, source: Retrieved) -> str:
    """What is near a sentence and tells what it speaks of."""
    return f"{candidate.before} {source.article.title} {source.article.publisher or ''}"


def probabilities(rows: Sequence[Sequence[float]], weights: Sequence[float] = WEIGHTS) -> list[float]:
    """Of each row to be the right one; what they leave to 1 is the probability that none is."""
    scores = [sum(w * x for w, x in zip(weights, row, strict=True)) for row in rows]
    highest = max([0.0, *scores])
    raised = [math.exp(score - highest) for score in scores]
    total = sum(raised) + math.exp(-highest)
    return [one / total for one in raised]


@dataclass(frozen=True, slots=True)
class _Pick:
    """What answers one question: a sentence, perhaps one beside it; or several that cannot all be right."""

    question: str
    chosen: list[Candidate]
    conflict: bool


class SentencePicker:
    """A Writer that quotes the sentence which answers; beside it one that may answer as well, or says otherwise."""

    model = OFFLINE
    prompt = None
    usage = None

    def __init__(self, reader: SpanReader, sure: float = SURE, weights: Sequence[float] = WEIGHTS) -> None:
        self._reader = reader
        self._sure = sure
        self._weights = weights
        self.insufficient: str | None = None
        self.confidence: float | None = None
        self.values: list[tuple[str, Evidence]] = []
        self.conflicts: list[list[tuple[str, Evidence]]] = []
        self._wholes: dict[str, Statement] = {}

    def write(self, question: str, retrieved: Sequence[Retrieved], deadline: float) -> Iterator[Statement]:
        self.insufficient, self.values, self.conflicts, self._wholes = None, [], [], {}
        parts = asking.parts(question)
        picked = [self._pick(part, retrieved) for part in parts]
        self.confidence = max(sure for sure, _ in picked)
        answered = [pick for sure, pick in picked if sure >= self._sure]
        if answered and len(answered) < len(parts):
            self.insufficient = next(part for part, (sure, _) in zip(parts, picked, strict=True) if sure < self._sure)
        for i, pick in enumerate(answered):
            yield from self._written(pick, retrieved, lead=" " if i else "", alone=len(parts) == 1)

    def _pick(self, question: str, retrieved: Sequence[Retrieved]) -> "tuple[float, _Pick]":
        """The probability that something answers, and what answers best."""
        found = candidates(question, retrieved, self._reader)
        rows = features(question, found, retrieved)
        likely = probabilities(rows, self._weights)
        ranked = sorted(zip(likely, found, rows, strict=True), key=lambda each: -each[0])
        if not ranked:
            return 0.0, _Pick(question, [], False)
        best = ranked[0][1]
        likely_enough = [c for p, c, row in ranked[1:] if p >= _AGAINST and _speaks_of_no_less(row, ranked[0][2])]
        against = next((c for c in likely_enough if contradicts(c, best, retrieved)), None)
        beside = [c for p, c, _ in ranked[1:2] if p >= _BESIDE]
        return sum(likely), _Pick(question, [best, against] if against else [best, *beside], against is not None)

    def _written(self, pick: "_Pick", retrieved: Sequence[Retrieved], lead: str, alone: bool) -> Iterator[Statement]:
        """Several sentences, or the answers to several questions, are better read as they stand."""
        told = [(c.value, Evidence(c.source, c.text)) for c in pick.chosen if c.value]
        self.values += told
        if pick.conflict:
            self.conflicts.append(told)
            yield Statement("The articles differ:", kind="lead-in", lead="\n\n" if lead else "")
        for i, candidate in enumerate(pick.chosen):
            before = "\n- " if pick.conflict else " " if i else lead
            published = retrieved[candidate.source - 1].article.published
            whole = _stated(_sentence(candidate, published), candidate, before)
            if alone and len(pick.chosen) == 1 and (brief := _brief(pick.question, candidate, published)):
                self._wholes[brief] = whole
                yield _stated(brief, candidate, before)
            else:
                yield whole

    def repair(self, failed: Sequence[Failed], deadline: float) -> Iterator[Statement]:
        """The whole sentence where its words did not hold by themselves; it cannot be mended itself."""
        return (self._wholes[f.statement.text] for f in failed if f.statement.text in self._wholes)


def _speaks_of_no_less(row: Sequence[float], best: Sequence[float]) -> bool:
    """Whether it has the names and the values of the question that the best has: flight 9 is not flight 10."""
    return all(row[place] <= best[place] for place in (FEATURES.index("unseen names"), FEATURES.index("unseen values")))


def contradicts(one: Candidate, other: Candidate, retrieved: Sequence[Retrieved]) -> bool:
    """Whether two sentences of different articles give values that cannot both be right."""
    if not (one.span and other.span and min(one.span.margin, other.span.margin) > 0):
        return False
    articles = [retrieved[c.source - 1].article for c in (one, other)]
    if articles[0].id == articles[1].id:
        return False
    told = [agreement.meaning(c.value, a.published) for c, a in zip((one, other), articles, strict=True)]
    return bool(told[0] and told[1] and agreement.differ(told[0], told[1]))


def _stated(text: str, candidate: Candidate, lead: str) -> Statement:
    return Statement(text, (Evidence(candidate.source, candidate.text),), (len(text),), lead)


def _sentence(candidate: Candidate, published: date | None) -> str:
    span = candidate.span
    return one_line(agreement.dated(candidate.text, span.start, span.end, published) if span else candidate.text)


def _brief(question: str, candidate: Candidate, published: date | None) -> str | None:
    """The words that answer, where they can stand alone."""
    span = candidate.span
    if not span or span.margin <= _SURE_WORDS:
        return None
    told = phrasing.short(question, candidate.text, span.start, span.end)
    return one_line(agreement.dated(told, 0, len(told), published)) if told else None
