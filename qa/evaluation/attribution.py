"""At which stage an answer that is not right went wrong, by a deeper look at the index than the answer took.

    Attribution(retriever).stage(turn, answer, "wrong")        → "not retrieved"

The stages are gone through in the order in which an answer is made, and the first that fails is named: the article is
not in the index, none of its passages is among the first of either search, none is among those that the writer read,
the gate withheld what was right, the writer refused, it used another article, it cited wrongly, it read wrongly.

Where passages of the article hold the answer (a gold quote, or an accepted answer), only they count as its passages: in
a long article the eight that were read may all be of the wrong half.
"""

from collections.abc import Iterable, Sequence

from qa import words
from qa.domain import Answer, Article, Filters, Passage
from qa.evaluation.gold import Turn
from qa.evaluation.matching import asked, find
from qa.evaluation.metrics import must_cite
from qa.evaluation.results import Stage, Verdict
from qa.evaluation.scoring import score
from qa.evaluation.wording import read
from qa.evidence import locate
from qa.retrieval import Retriever

Found = Iterable[tuple[Passage, Article]]


class Attribution:
    def __init__(self, retriever: Retriever, articles: Iterable[Article]) -> None:
        """`articles`: all that are indexed."""
        self._retriever = retriever
        self.articles = {article.id: article for article in articles}

    def stage(self, turn: Turn, answer: Answer, verdict: Verdict) -> Stage:
        """Of an answer that is not right, or rightly worded but not rightly cited."""
        if not turn.answerable:
            return "wrongly answered"
        read_passages = [(r.passage, r.article) for r in answer.retrieved]
        if turn.cite:
            if not self._met(turn, self.articles):
                return "not indexed"
            if not self._met(turn, self._articles_of(turn, self._deep(answer.understood or answer.question))):
                return "not retrieved"
            if not self._met(turn, self._articles_of(turn, read_passages)):
                return "ranked out"
        if verdict != "right" and _was_withheld(turn, answer):
            return "withheld by the gate"
        if answer.status == "abstained":
            return "wrongly refused"
        if turn.cite and not self._met(turn, {c.article for c in answer.citations}):
            return "not used"
        # The right words of the right article, but the sentence they are in cites something else.
        return "wrongly cited" if verdict == "right" else "wrongly read"

    def _deep(self, question: str) -> list[tuple[Passage, Article]]:
        """All that either search finds, before they are fused and copies left out."""
        look = self._retriever
        dense = look.index.dense(look.embedder.embed([question])[0], look.depth, Filters())
        lexical = look.index.lexical(words.terms(question), look.depth, Filters())
        return list(look.index.passages([id for id, _ in (*dense, *lexical)]).values())

    def _articles_of(self, turn: Turn, found: Found) -> set[str]:
        """The articles of these passages, as far as the passages are those that count."""
        cited = turn.cite.articles if turn.cite else ()
        here = {id: self.articles[id] for id in cited if id in self.articles}
        telling = {id for id, article in here.items() if _tells(turn, article.text)}
        return {
            article.id
            for passage, article in found
            if article.id not in telling or _tells(turn, article.text[passage.start : passage.end])
        }

    def _met(self, turn: Turn, articles: Iterable[str]) -> bool:
        return must_cite(turn.cite, articles) is not False


def _tells(turn: Turn, text: str) -> bool:
    """Whether a text holds what the answer rests on."""
    if turn.cite and turn.cite.quotes:
        return any(locate.find(quote, text) for quote in turn.cite.quotes)
    known, reading = asked(turn.question), read(text)
    return any(find(accept, reading, known).fit == "stated" for accept in turn.accept)


def _was_withheld(turn: Turn, answer: Answer) -> bool:
    """Whether the gate withheld the right answer; of an abstention, whether it withheld anything."""
    withheld: Sequence[str] = [w.text for w in answer.withheld]
    if answer.status == "abstained":
        return bool(withheld)
    return any(score(turn, text).outcome == "right" for text in withheld)
