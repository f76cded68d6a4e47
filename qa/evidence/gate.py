"""The gate between a writer and a person: a statement passes with its quotes found again, or is withheld with a reason.

    gate = Gate("when does it end?", retrieved)
    gate.check(Statement("It ends on December 16.", (Evidence(2, "will end on December 16th"),), (22,)))
        → Grounded(statement, spans=(Span(article, 1125, 1150),))
    gate.check(Statement("It ends on December 17.", …same evidence…))  → Failed(statement, "value", "December 17")
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from qa import sentences
from qa.domain import Article, Evidence, Reason, Retrieved
from qa.evidence import locate, names, values
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
        """The values wholly inside the quote, read in their sentence: of "30%" the quote "capped at 30" holds none."""
        _, start, end = self.around
        found = values.find(self.article.text[start:end])
        return [v for v in found if v.start + start >= self.start and v.end + start <= self.end]


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

_SPEECH = re.compile(r"[“\"«]([^“”\"«»]+)[”\"»]")


class Gate:
    """Checks statements against the retrieved sources, which are numbered from 1 in the order given."""

    def __init__(self, question: str, retrieved: Sequence[Retrieved]) -> None:
        self._question = question
        self._sources = [r.article for r in retrieved]
        self._articles = list({a.id: a for a in self._sources}.values())
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
        wrong = (
            self._false_speech(statement.text, spans),
            value_not_held(statement.text, spans),
            self._name_not_held(statement.text, spans),
        )
        if wrong[0]:
            return Failed(statement, "fabricated", wrong[0])
        if wrong[1] or wrong[2]:
            return Failed(statement, "value", wrong[1] or wrong[2] or "")
        return Grounded(statement, tuple(spans))

    def claims_nothing(self, text: str) -> bool:
        """Whether `text` holds no value, no quotation, and no name that the question does not hold."""
        claims = [v for v in values.find(text) if not v.prose]
        return not claims and not _SPEECH.search(text) and not names.unknown(text, self._asked, self._is_common)

    def _check_bare(self, statement: Statement) -> Verdict:
        if statement.kind != "sentence" and self.claims_nothing(statement.text):
            return Harmless(statement)
        return Failed(statement, "uncited", statement.text)

    def _locate(self, evidence: Evidence) -> Span | Reason:
        """The quote's place in the source it names, or else in any other; or why it has none."""
        named = self._sources[evidence.source - 1 : evidence.source] if evidence.source else []
        for article in [*named, *self._articles]:
            if place := locate.find(evidence.quote, article.text):
                return "thin" if locate.is_thin(evidence.quote) else Span(article, *place)
        texts = [article.text for article in self._articles]
        return "stitched" if locate.is_stitched(evidence.quote, texts) else "fabricated"

    def _name_not_held(self, text: str, spans: list[Span]) -> str | None:
        """The first word of a name that neither quotes, their surroundings, titles nor the question know."""
        known = self._asked | names.vocabulary(
            *(span.surroundings for span in spans),
            *(f"{span.article.title}\n{span.article.publisher or ''}" for span in spans),
        )
        return next(iter(names.unknown(text, known, self._is_common)), None)

    def _false_speech(self, text: str, spans: list[Span]) -> str | None:
        """Words that `text` puts in quotation marks and that stand in none of the cited articles."""
        for match in _SPEECH.finditer(text):
            said = match[1].strip(" .,;:!?…-–—'‘’")
            cited = (*(span.article.text for span in spans), self._question)
            if said and not any(locate.find(said, source) for source in cited):
                return said
        return None

    def _is_common(self, word: str) -> bool:
        """A word that the articles write small is no name just because it opens a sentence."""
        pattern = re.compile(rf"\b{re.escape(word)}\b")
        return any(pattern.search(article.text) for article in self._articles)


def value_not_held(text: str, spans: Sequence[Span]) -> str | None:
    """The first value in `text` that none of the quotes holds."""
    stated = [v for v in values.find(text) if not v.prose]
    held = [(span.values(), span.article.published) for span in spans] if stated else []
    for value in stated:
        if not any(values.holds(value, evidence, published) for evidence, published in held):
            return value.text
    return None
