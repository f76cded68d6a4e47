"""The gate between a writer and a person: a statement passes with its quotes found again, or fails with a reason.

    gate = Gate("when does it end?", retrieved)
    gate.check(Statement("It ends on December 16.", (Evidence(2, "will end on December 16th"),), (22,)))
        → Grounded(statement, spans=(Span(article, 1125, 1150),))
    gate.check(Statement("It ends on December 17.", …same evidence…))  → Failed(statement, "value", "December 17")

What it checks it reads as a person does: without the signs of Markdown and HTML.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from qa import sentences
from qa.domain import Article, Evidence, Reason, Retrieved
from qa.evidence import lexicon, locate, names, speech, values
from qa.evidence.markup import Statement


@dataclass(frozen=True)
class Span:
    """Where a quote was found: `article.text[start:end]`."""

    article: Article
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.article.text[self.start : self.end]

    @cached_property
    def around(self) -> tuple[int, int, int]:
        """Where the sentence before the quote's begins, and where the quote's own sentence begins and ends."""
        return sentences.around(self.article.text, self.start, self.end)

    @property
    def surroundings(self) -> str:
        """The quote's whole sentence and the one before it."""
        before, _, end = self.around
        return self.article.text[before:end]

    def values(self) -> list[values.Value]:
        """The values whose core is inside the quote, read in their sentence: of "30%" the quote "capped at 30" has none."""
        first, start, end = self.around
        found = values.find(self.article.text[start:end], before=self.article.text[first:start])
        return [v for v in found if v.core[0] + start >= self.start and v.core[1] + start <= self.end]


@dataclass(frozen=True, slots=True)
class Grounded:
    statement: Statement
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Harmless:
    """A heading or lead-in that claims nothing; to be shown only if what it leads to is."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class Failed:
    statement: Statement
    why: Reason
    what: str
    """The quote, value or name that failed."""


Verdict = Grounded | Harmless | Failed

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|[*`~]+|(?<!\w)_+|_+(?!\w)")
_LINK = re.compile(r"(?<!\w)(?:\w{1,20}://|www\.)[^\s()<>\[\]]+")
# After its evidence a sentence may end in other words, but begin no second claim.
_SECOND_CLAIM = re.compile(r"(?:[;•]|\s[-–—]+\s|—)[^\w|]*\w")


class Gate:
    """Checks statements against the retrieved sources, which are numbered from 1 in the order given."""

    def __init__(self, question: str, retrieved: Sequence[Retrieved]) -> None:
        self._question = question
        self._sources = retrieved
        self._articles = list({r.article.id: r.article for r in retrieved}.values())
        self._asked = names.vocabulary(question)

    def check(self, statement: Statement) -> Verdict:
        if not statement.evidence:
            return self._check_bare(statement)
        spans = []
        for evidence in statement.evidence:
            found = self._locate(evidence)
            if isinstance(found, str):
                return Failed(statement, found, evidence.quote)
            spans.append(found)
        return self._check_claims(statement, spans) or Grounded(statement, tuple(spans))

    def claims_nothing(self, text: str) -> bool:
        """Whether `text` holds no value, no quotation, and no name that the question does not hold."""
        plain = _plain(text)
        claims = any(not v.prose for v in values.find(plain)) or speech.find(plain) or _LINK.search(plain)
        return not claims and not self._unknown_names(plain, self._asked, title=True)

    def _check_bare(self, statement: Statement) -> Verdict:
        if statement.kind != "sentence" and self.claims_nothing(statement.text):
            return Harmless(statement)
        return Failed(statement, "uncited", statement.text)

    def _locate(self, evidence: Evidence) -> Span | Reason:
        """The quote's place in the source it names, or else in any other; or why it has none."""
        if not any(c.isalnum() for c in evidence.quote):
            return "thin"
        named = self._sources[evidence.source - 1 : evidence.source] if evidence.source else []
        places = [*((r.article, r.passage.start) for r in named), *((article, 0) for article in self._articles)]
        for article, start in places:
            if place := locate.find(evidence.quote, article.text, start):
                return "thin" if locate.is_thin(evidence.quote) else Span(article, *place)
        return self._why_nowhere(evidence.quote, self._articles)

    def _why_nowhere(self, quote: str, articles: Sequence[Article]) -> Reason:
        return "stitched" if locate.is_stitched(quote, [article.text for article in articles]) else "fabricated"

    def _check_claims(self, statement: Statement, spans: list[Span]) -> Failed | None:
        tail = _SECOND_CLAIM.search(statement.text, max(statement.marks, default=0))
        if tail:
            return Failed(statement, "uncited", statement.text[tail.start() :].strip())
        plain = _plain(statement.text)
        cited = list({span.article.id: span.article for span in spans}.values())
        for said in [speech.bare(plain)] if ">" in statement.lead else speech.find(plain):
            if not self._was_said(said, cited):
                return Failed(statement, self._why_nowhere(said, cited), said)
        wrong = value_not_held(plain, spans) or self._link_not_held(plain, cited) or self._name_not_held(plain, spans)
        return Failed(statement, "value", wrong) if wrong else None

    def _was_said(self, said: str, cited: Sequence[Article]) -> bool:
        """Whether words in quotation marks stand in a cited article; a term of the question may be put in them too."""
        if any(locate.find(said, article.text) for article in cited):
            return True
        return locate.is_thin(said) and bool(locate.find(said, self._question))

    def _link_not_held(self, text: str, cited: Sequence[Article]) -> str | None:
        links = (match[0].rstrip(".,;:!?\"'") for match in _LINK.finditer(text))
        return next((link for link in links if not any(link in article.text for article in cited)), None)

    def _name_not_held(self, text: str, spans: list[Span]) -> str | None:
        """The first word of a name that neither quotes, their surroundings, titles nor the question know."""
        known = self._asked | names.vocabulary(
            *(span.surroundings for span in spans),
            *(f"{span.article.title}\n{span.article.publisher or ''}" for span in spans),
        )
        return next(iter(self._unknown_names(text, known, title=text.startswith("|"))), None)

    def _unknown_names(self, text: str, known: frozenset[str], title: bool) -> list[str]:
        """The words of names that are not known; in a title any word may have its capital for show."""
        unknown = names.unknown(text, known, self._is_common)
        return [word for word in unknown if not (title and self._is_ordinary(word.casefold()))]

    def _is_ordinary(self, word: str) -> bool:
        return lexicon.is_ordinary(word) or self._is_common(word)

    def _is_common(self, word: str) -> bool:
        """A word that the articles write small is no name just because it opens a sentence."""
        pattern = re.compile(rf"(?<![\w.]){re.escape(word.removesuffix('s'))}s?\b")
        return any(pattern.search(article.text) for article in self._articles)


def value_not_held(text: str, spans: Sequence[Span]) -> str | None:
    """The first value in `text` that none of the quotes holds."""
    stated = [v for v in values.find(_plain(text)) if not v.prose]
    held = [(span.values(), span.article.published) for span in spans] if stated else []
    for value in stated:
        if not any(values.holds(value, evidence, published) for evidence, published in held):
            return value.text
    return None


def _plain(text: str) -> str:
    """`text` as it reads."""
    return _MARKUP.sub("", text)
