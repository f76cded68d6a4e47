"""The nouns of the product and the promises its parts make to each other; plain data, no libraries.

    article = Article(id="a", text="TikTok stays. The ban waits.", title="TikTok stays.", published=date(2025, 9, 19))
    passage = Passage(id="9f…", article="a", start=14, end=28)        # article.text[14:28] == "The ban waits."
    citation = Citation(n=1, article="a", …, quote="The ban waits.", start=14, end=28)

Offsets count Unicode code points of `Article.text`, everywhere.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

Vector = Sequence[float]
Reason = Literal["fabricated", "stitched", "thin", "uncited", "value"]


@dataclass(frozen=True, slots=True)
class Article:
    """A news article as it is stored; `text` is what `qa articles show --text` prints.

    `asides` are the (start, end) spans of text that never become passages: headline, credits, promos.
    """

    id: str
    text: str
    title: str
    published: date | None = None
    publisher: str | None = None
    url: str | None = None
    source: str = ""
    asides: tuple[tuple[int, int], ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article, `text[start:end]`, of at most 200 tokens; the unit of retrieval."""

    id: str
    article: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer: published in [since, until], and `source` in publisher, url or id."""

    since: date | None = None
    until: date | None = None
    source: str | None = None

    def __bool__(self) -> bool:
        return any((self.since, self.until, self.source))


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage with the article it stands in and its ranks, counted from 1 (None: not found that way)."""

    passage: Passage
    article: Article
    score: float
    dense_rank: int | None = None
    lexical_rank: int | None = None
    similarity: float | None = None

    @property
    def text(self) -> str:
        return self.article.text[self.passage.start : self.passage.end]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a writer rests a sentence on: words said to stand in source number `source`."""

    source: int
    quote: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Evidence that was found again: `quote == article.text[start:end]`."""

    n: int
    article: str
    title: str
    published: date | None
    publisher: str | None
    url: str | None
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Withheld:
    text: str
    why: Reason


@dataclass(frozen=True, slots=True)
class Position:
    value: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Different values that different articles give to one question."""

    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of all model calls for one answer, and US dollars where the price is known."""

    input_tokens: int
    output_tokens: int
    cost: float | None = None

    def __add__(self, other: "Usage") -> "Usage":
        cost = None if self.cost is None or other.cost is None else self.cost + other.cost
        return Usage(self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens, cost)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person gets. `text` holds `[n]` where the citation numbered n stands."""

    question: str
    status: Literal["answered", "abstained"]
    text: str
    citations: tuple[Citation, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    missing: str | None = None
    model: str = "offline"
    prompt: str | None = None
    usage: Usage | None = None
    seconds: float = 0.0
    retrieved: tuple[Retrieved, ...] = field(default=(), repr=False)
    understood: str | None = None
    """What a follow-up was taken to ask, where that is not `question` itself."""
    value: str | None = None
    """The words of the first citation that answer, where the writer tells them apart."""
    confidence: float | None = None
    """The probability that the articles answer the question, where the writer has one."""

    @property
    def asked(self) -> str:
        """The question as it stands alone."""
        return self.understood or self.question

    @property
    def as_of(self) -> date | None:
        """The newest publication date among the cited articles."""
        return max((c.published for c in self.citations if c.published), default=None)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A statement of an answer, and the words that the embedded reader marks instead in what it cites as [n]."""

    n: int
    said: str
    read: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation with its answer."""

    question: str
    answer: Answer

    @property
    def understood(self) -> str:
        """The question as it stands alone."""
        return self.answer.asked


@dataclass(frozen=True, slots=True)
class Message:
    role: Literal["system", "user", "assistant"]
    content: str


class ChatModel(Protocol):
    """A model service that writes."""

    name: str
    usage: Usage | None

    def stream(self, messages: Sequence[Message], deadline: float) -> Iterator[str]:
        """Yield the reply piece by piece; `deadline` is on time.monotonic()'s clock.

        Raises ServiceRefused, ServiceUnavailable, RateLimited, TimedOut, NotConfigured or UsageError.
        A reply that the service did not finish raises ServiceUnavailable after its last piece.
        """
        ...


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    fingerprint: str
    dimensions: int

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector of `dimensions` floats for each text, whatever else is in the call."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of the embedder's own model, without special tokens."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a text that may answer a question, `text[start:end]`; the larger `margin`, the likelier they do."""

    start: int
    end: int
    margin: float


class SpanReader(Protocol):
    """Finds the words that answer."""

    def read(
        self, question: str, texts: Sequence[str], bounds: Sequence[Sequence[tuple[int, int]]]
    ) -> list[list[Span | None]]:
        """Of each text the best span within each (start, end) of its bounds; None where a bound holds none."""
        ...


class PassageIndex(Protocol):
    """Searches the passages. Rows come best first."""

    def dense(self, vector: Vector, k: int, filters: Filters) -> list[tuple[str, float]]:
        """(passage id, cosine similarity)."""
        ...

    def lexical(self, terms: Sequence[str], k: int, filters: Filters) -> list[tuple[str, float]]:
        """(passage id, BM25 score, higher is better)."""
        ...

    def passages(self, ids: Sequence[str]) -> dict[str, tuple[Passage, Article]]:
        """The passages that exist, with their articles' texts."""
        ...


JsonObject = dict[str, Any]
