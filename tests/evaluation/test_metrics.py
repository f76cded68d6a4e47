"""Retrieval, citations, abstention and risk, by hand."""

import math
from datetime import date

import pytest

from qa.domain import Answer, Article, Citation
from qa.evaluation import metrics
from qa.evaluation.gold import Cite
from qa.evaluation.metrics import Abstention, CitationQuality

ANY, ALL = Cite(any_of=("c", "d")), Cite(all_of=("c", "d"))
RANKED = ["a", "b", "a", "c", "a", "e", "d"]  # of articles, each once: a b c e d


@pytest.mark.parametrize(
    ("cite", "k", "hit"), [(ANY, 2, 0), (ANY, 3, 1), (ALL, 3, 0), (ALL, 4, 0), (ALL, 5, 1), (ANY, 0, 0)]
)
def test_hit(cite: Cite, k: int, hit: float) -> None:
    assert metrics.hit(RANKED, cite, k) == hit


def test_reciprocal_rank() -> None:
    assert metrics.reciprocal_rank(RANKED, ANY) == pytest.approx(1 / 3)
    assert metrics.reciprocal_rank(["d"], ALL) == 1
    assert metrics.reciprocal_rank(["a"], ANY) == metrics.reciprocal_rank([], ANY) == 0


def test_ndcg() -> None:
    # Gains at ranks 3 and 5: 1/log2(4) + 1/log2(6) = .5 + .38685; best 1 + 1/log2(3) = 1.63093
    assert metrics.ndcg(RANKED, ANY, 5) == pytest.approx((0.5 + 1 / math.log2(6)) / (1 + 1 / math.log2(3)))
    assert metrics.ndcg(RANKED, ANY, 3) == pytest.approx(0.5 / (1 + 1 / math.log2(3)))
    assert metrics.ndcg(["c", "d"], ANY, 5) == 1
    assert metrics.ndcg(["c"], ANY, 1) == 1  # no more than one can stand among the first
    # A second passage of the same article gains nothing, nor does it push the others down.
    assert metrics.ndcg(["c", "c", "d"], ANY, 2) == 1
    assert metrics.ndcg([], ANY, 5) == 0


@pytest.mark.parametrize(
    ("cite", "cited", "met"),
    [(None, ["x"], None), (ANY, ["x", "c"], True), (ANY, ["x"], False), (ALL, ["c"], False), (ALL, ["d", "c"], True)],
)
def test_must_cite(cite: Cite | None, cited: list[str], met: bool | None) -> None:
    assert metrics.must_cite(cite, cited) is met


# ---------------------------------------------------------------------------------------------------- citations

TEXT = "The extension will end on December 16th. TikTok has 170 million users in America. Trump signed the order."
ARTICLES = {"a": Article("a", TEXT, "TikTok stays", date(2025, 9, 19))}
QUOTES = {1: "will end on December 16th", 2: "has 170 million users", 3: "signed the order"}


def answer(text: str, quotes: dict[int, str] = QUOTES) -> Answer:
    def cite(n: int, quote: str) -> Citation:
        start = TEXT.find(quote)
        return Citation(n, "a", "TikTok stays", None, None, None, quote, start, start + len(quote))

    return Answer("When does it end?", "answered", text, tuple(cite(n, quote) for n, quote in quotes.items()))


CITED = {
    # (sentences, supported, citations, precise)
    "supported by one": ("It ends on December 16 [1].", (1, 1, 1, 1)),
    "a value that the quote does not hold": ("It ends on December 17 [1].", (1, 0, 1, 0)),
    "no citation": ("It ends on December 16.", (1, 0, 0, 0)),
    "a number that names none": ("It ends on December 16 [7].", (1, 0, 1, 0)),
    # [2] supports it neither alone nor is it missed.
    "one too many": ("It ends on December 16 [1] [2].", (1, 1, 2, 1)),
    "both are needed": ("It ends on December 16 and has 170 million users [1] [2].", (1, 1, 2, 2)),
    "each suffices": ("It ends on December 16 [1] [4].", (1, 1, 2, 2)),
    "one of two sentences": ("It ends on December 16 [1]. It has 180 million users [2].", (2, 1, 2, 1)),
    "a heading claims nothing": ("## In short\n\nIt ends on December 16 [1].", (1, 1, 1, 1)),
    "nothing": ("", (0, 0, 0, 0)),
}


@pytest.mark.parametrize("name", CITED)
def test_citation_quality(name: str) -> None:
    text, expected = CITED[name]
    found = metrics.citation_quality(answer(text, {**QUOTES, 4: "extension will end on December 16th"}), ARTICLES)
    assert found == CitationQuality(*expected)


def test_recall_and_precision() -> None:
    half = CitationQuality(sentences=2, supported=1, citations=4, precise=1)
    assert (half.recall, half.precision) == (0.5, 0.25)
    none = CitationQuality(0, 0, 0, 0)
    assert none.recall is none.precision is None


def test_a_quote_that_does_not_stand_where_it_says_supports_nothing() -> None:
    told = answer("It ends on December 16 [1].")
    moved = Article("a", "X" + TEXT, "TikTok stays", date(2025, 9, 19))
    assert metrics.citation_quality(told, {"a": moved}).supported == 0
    assert metrics.citation_quality(told, {}).supported == 0


# --------------------------------------------------------------------------------------------- abstention, risk


def test_abstention() -> None:
    # 10 answerable, of which 1 is refused; 5 not, of which 3 are. Precision 3/4, recall 3/5, F1 6/9.
    pairs = [(True, True)] + [(True, False)] * 9 + [(False, True)] * 3 + [(False, False)] * 2
    found = metrics.abstention(pairs)
    assert found.precision == 0.75
    assert found.recall == 0.6
    assert found.f1 == pytest.approx(2 / 3)
    assert found.over_refusal == 0.1
    assert metrics.abstention([]) == Abstention(None, None, None, None)
    # Never abstaining has no precision, and finds nothing.
    assert metrics.abstention([(True, False), (False, False)]) == Abstention(None, 0, 0, 0)


def test_risk_coverage() -> None:
    found = metrics.risk_coverage([(0.9, True), (0.5, False), (0.7, True), (0.1, True)])
    assert found.points == ((0.25, 0), (0.5, 0), (0.75, 1 / 3), (1.0, 1 / 4))
    assert found.area == pytest.approx((0 + 0 + 1 / 3 + 1 / 4) / 4)
    # Equal confidence: no threshold lies between them, so each has the risk of all.
    tied = metrics.risk_coverage([(0.5, False), (0.5, True), (0.5, True), (0.5, True)])
    assert tied.points == ((1.0, 0.25),)
    assert tied.area == 0.25
    assert metrics.risk_coverage([]) == metrics.RiskCoverage((), None)
    with pytest.raises(ValueError, match="not a number"):
        metrics.risk_coverage([(math.nan, True)])


def test_share_and_spread() -> None:
    assert metrics.share(9, 10) == metrics.Share(
        9, 10, 0.9, pytest.approx(0.5958, abs=1e-4), pytest.approx(0.9821, abs=1e-4)
    )
    assert metrics.share(0, 0).value is None
    # The 95th percentile of 20 by the nearest rank is the 19th.
    found = metrics.spread(range(20, 0, -1))
    assert found == metrics.Spread(20, 210, 10.5, 19)
    assert metrics.spread([]) is None
    assert metrics.spread([2.0]) == metrics.Spread(1, 2.0, 2.0, 2.0)
