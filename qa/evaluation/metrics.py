"""What a run is measured by, beside right and wrong: retrieval, citations, abstention, risk against coverage.

    hit(["a", "b", "a", "c"], Cite(any_of=("c", "d")), 3)      → 1.0      the second passage of "a" counts for nothing
    reciprocal_rank([…], …)                                    → 0.333
    abstention([(True, False), (False, True), …])              → Abstention(precision, recall, f1, over_refusal)
    share(9, 10)                                               → Share(9, 10, 0.9, 0.596, 0.982)

Rankings are of articles: of the passages' articles, best first, each counts once. Shares of nothing are None.
"""

import math
import re
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qa.domain import Answer, Article, Citation, Evidence, Passage, Retrieved
from qa.evaluation.gold import Cite
from qa.evaluation.statistics import wilson
from qa.evidence import gate, markup


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, with Wilson's 95% interval."""

    part: int
    whole: int
    value: float | None
    low: float
    high: float


def share(part: int, whole: int) -> Share:
    return Share(part, whole, part / whole if whole else None, *wilson(part, whole))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


# ---------------------------------------------------------------------------------------------------- retrieval


def hit(ranked: Iterable[str], cite: Cite, k: int) -> float:
    """Whether the first k articles hold one of `any_of`, or every one of `all_of`: 1 or 0."""
    top = set(_once(ranked)[:k])
    needed = set(cite.all_of)
    return float(needed <= top if needed else bool(top & set(cite.any_of)))


def reciprocal_rank(ranked: Iterable[str], cite: Cite) -> float:
    """1 / the rank of the first article that must be cited, 0 where none was found (its mean is the MRR; TREC-8)."""
    relevant = set(cite.articles)
    return next((1 / rank for rank, id in enumerate(_once(ranked), 1) if id in relevant), 0.0)


def ndcg(ranked: Iterable[str], cite: Cite, k: int) -> float:
    """Discounted gain of the first k, 1 / log2(rank + 1) for each that must be cited, over the best possible
    (Järvelin & Kekäläinen 2002, with gains of 0 and 1)."""
    relevant = set(cite.articles)
    gain = sum(1 / math.log2(rank + 1) for rank, id in enumerate(_once(ranked)[:k], 1) if id in relevant)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))
    return gain / best if best else 0.0


def _once(ranked: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ranked))


# ---------------------------------------------------------------------------------------------------- citations


def must_cite(cite: Cite | None, cited: Iterable[str]) -> bool | None:
    """Whether the cited articles are those that the gold asks for; None where it asks for none."""
    if cite is None:
        return None
    found = set(cited)
    return set(cite.all_of) <= found if cite.all_of else bool(found & set(cite.any_of))


@dataclass(frozen=True, slots=True)
class CitationQuality:
    """Counts over the sentences of one answer; `recall` and `precision` are ALCE's (Gao et al. 2023, §3)."""

    sentences: int
    supported: int
    citations: int
    precise: int
    articles: frozenset[str] = field(default=frozenset(), compare=False)
    """Those whose citations do support a sentence that cites them: the precise ones."""

    @property
    def recall(self) -> float | None:
        """The share of sentences whose citations, taken together, support them."""
        return _ratio(self.supported, self.sentences)

    @property
    def precision(self) -> float | None:
        """The share of citations that are not removable and whose sentence is supported."""
        return _ratio(self.precise, self.citations)


Supports = Callable[[markup.Statement, Sequence[Citation]], bool]


def citation_quality(
    answer: Answer, articles: Mapping[str, Article], supports: Supports | None = None
) -> CitationQuality:
    """ALCE's recall and precision, with the quote gate in the place of its entailment model.

    A sentence is supported if the gate lets it through with its citations. A citation is removable if it does not
    support the sentence alone and the others support it without it; so of two that each suffice, both count as precise.
    Headings and lead-ins that claim nothing are no sentences; a sentence without a citation is not supported.
    """
    holds = supports or _gated(answer.understood or answer.question, articles)
    numbered = {citation.n: citation for citation in answer.citations}
    sentences = supported = citations = 0
    precise: list[Citation] = []
    for statement in markup.read(_MARK.sub(r'[\1: "as cited above"]', answer.text))[0]:
        cited = [numbered[n] for n in dict.fromkeys(e.source for e in statement.evidence) if n in numbered]
        unknown = len({e.source for e in statement.evidence} - set(numbered))
        if not statement.evidence and statement.kind != "sentence":
            continue
        held = not unknown and bool(cited) and holds(statement, cited)
        sentences += 1
        supported += held
        citations += len(cited) + unknown
        precise += [c for c in cited if held and not _removable(statement, c, cited, holds)]
    return CitationQuality(sentences, supported, citations, len(precise), frozenset(c.article for c in precise))


_MARK = re.compile(r"\[(\d+)\]")


def _removable(statement: markup.Statement, citation: Citation, cited: Sequence[Citation], holds: Supports) -> bool:
    others = [c for c in cited if c is not citation]
    return bool(others) and not holds(statement, [citation]) and holds(statement, others)


def _gated(question: str, articles: Mapping[str, Article]) -> Supports:
    def supports(statement: markup.Statement, cited: Sequence[Citation]) -> bool:
        sources = list({c.article: articles[c.article] for c in cited if c.article in articles}.values())
        order = {article.id: n for n, article in enumerate(sources, 1)}
        for c in cited:
            if c.article not in order or articles[c.article].text[c.start : c.end] != c.quote:
                return False
        evidence = tuple(Evidence(order[c.article], c.quote) for c in cited)
        retrieved = [Retrieved(Passage("", a.id, 0, len(a.text)), a, 0.0) for a in sources]
        verdict = gate.Gate(question, retrieved).check(replace(statement, evidence=evidence))
        return isinstance(verdict, gate.Grounded)

    return supports


# --------------------------------------------------------------------------------------------------- abstention


@dataclass(frozen=True, slots=True)
class Abstention:
    """Abstaining as a search for the unanswerable; `over_refusal` is the share of the answerable that it swallows."""

    precision: float | None
    recall: float | None
    f1: float | None
    over_refusal: float | None


def abstention(pairs: Iterable[tuple[bool, bool]]) -> Abstention:
    """From (answerable, abstained) of each question. Errors are neither; leave them out and count them elsewhere."""
    seen = list(pairs)
    rightly = sum(abstained and not answerable for answerable, abstained in seen)
    abstained_in_all = sum(abstained for _, abstained in seen)
    unanswerable = sum(not answerable for answerable, _ in seen)
    swallowed = abstained_in_all - rightly
    return Abstention(
        precision=_ratio(rightly, abstained_in_all),
        recall=_ratio(rightly, unanswerable),
        f1=_ratio(2 * rightly, abstained_in_all + unanswerable),
        over_refusal=_ratio(swallowed, len(seen) - unanswerable),
    )


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """`points`: (coverage, risk) after each further answer, the surest first; `area` is their mean risk."""

    points: tuple[tuple[float, float], ...]
    area: float | None


def risk_coverage(answers: Iterable[tuple[float, bool]]) -> RiskCoverage:
    """From (confidence, right) of each answer given: what share is wrong if only the surest are (El-Yaniv & Wiener 2010).

    Answers of one confidence come together, for no threshold tells them apart. The area is Geifman & El-Yaniv's (2017).
    """
    ranked = sorted(answers, key=lambda pair: -pair[0])
    if any(math.isnan(confidence) for confidence, _ in ranked):
        raise ValueError("a confidence is not a number")
    points: list[tuple[float, float]] = []
    area = 0.0
    wrong = 0
    for n, (confidence, right) in enumerate(ranked, 1):
        wrong += not right
        if n == len(ranked) or ranked[n][0] != confidence:
            before = round(points[-1][0] * len(ranked)) if points else 0
            points.append((n / len(ranked), wrong / n))
            area += (n - before) * wrong / n
    return RiskCoverage(tuple(points), _ratio(area, len(ranked)))


# ------------------------------------------------------------------------------------------------ what it takes


@dataclass(frozen=True, slots=True)
class Spread:
    """Of seconds, tokens or dollars: how many were measured, their sum, median and 95th percentile."""

    n: int
    total: float
    median: float
    p95: float


def spread(measured: Iterable[float]) -> Spread | None:
    """None where nothing was measured. The percentile is the nearest rank's: a value that did occur."""
    found = sorted(measured)
    if not found:
        return None
    return Spread(len(found), math.fsum(found), statistics.median(found), found[math.ceil(0.95 * len(found)) - 1])
