"""Writers turn retrieved passages into statements with evidence; here the one that asks a model service.

A writer promises nothing about truth: what it yields goes through the gate.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from qa import prompts
from qa.domain import ChatModel, Evidence, Message, Retrieved, Usage
from qa.evidence.gate import Failed
from qa.evidence.markup import Reader, Statement
from qa.text import one_line, printable

_CONTEXT_TOKENS = 6000
_CHARACTERS_PER_TOKEN = 3.5  # on the safe side of English news, which has about 4.5

_WHY = {
    "fabricated": "these words stand in none of the sources: ",
    "stitched": "these words do not stand together in a source; quote one unbroken stretch: ",
    "thin": "this evidence is too short; copy at least three words: ",
    "uncited": "it has no evidence",
    "value": "none of its evidence holds: ",
}


class Writer(Protocol):
    """Writes statements about a question from retrieved passages, whose order gives the source numbers from 1."""

    insufficient: str | None
    """After writing: what the writer says the sources leave open."""
    confidence: float | None
    """After writing: the probability that the articles answer; None where the writer has none."""
    values: list[tuple[str, Evidence]]
    """After writing: the words that answer, each with the evidence they stand in; the likeliest first."""
    conflicts: list[list[tuple[str, Evidence]]]
    """Of these values, those that cannot all be right, by question."""

    @property
    def model(self) -> str: ...

    @property
    def prompt(self) -> str | None:
        """Name and hash of the prompt, or None where there is none."""
        ...

    @property
    def usage(self) -> Usage | None: ...

    def write(self, question: str, retrieved: Sequence[Retrieved], deadline: float) -> Iterator[Statement]: ...

    def repair(self, failed: Sequence[Failed], deadline: float) -> Iterator[Statement]:
        """Another try at the failed statements alone."""
        ...


class ServiceWriter:
    """Asks a model service, by the prompts answer and repair."""

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat
        self._messages: list[Message] = []
        self.model = chat.name
        self.prompt: str | None = prompts.load("answer").label
        self.usage: Usage | None = None
        self.insufficient: str | None = None
        self.confidence: float | None = None  # a model that writes has none that means anything
        self.values: list[tuple[str, Evidence]] = []
        self.conflicts: list[list[tuple[str, Evidence]]] = []

    def write(self, question: str, retrieved: Sequence[Retrieved], deadline: float) -> Iterator[Statement]:
        self.usage = None
        sources = within_budget(question, retrieved)
        self._messages = prompts.load("answer").fill(sources=show_sources(sources), question=one_line(question))
        yield from self._ask(self._messages, deadline)

    def repair(self, failed: Sequence[Failed], deadline: float) -> Iterator[Statement]:
        failures = "\n\n".join(f"- {_as_written(f.statement)}\n  Not accepted: {_reason(f)}" for f in failed)
        wrote = "\n".join(_as_written(f.statement) for f in failed)
        asked = prompts.load("repair").fill(failures=failures)
        yield from self._ask([*self._messages, Message("assistant", wrote), *asked], deadline)

    def _ask(self, messages: Sequence[Message], deadline: float) -> Iterator[Statement]:
        reader = Reader()
        try:
            for piece in self._chat.stream(messages, deadline):
                yield from reader.feed(piece)
            yield from reader.close()
        finally:
            self.insufficient = reader.insufficient
            if self._chat.usage:
                self.usage = self.usage + self._chat.usage if self.usage else self._chat.usage


def _as_written(statement: Statement) -> str:
    text = statement.text if statement.text.endswith((".", "!", "?", ":")) else statement.text + "."
    evidence = " ".join(f'[{e.source}: "{one_line(e.quote)}"]' for e in statement.evidence)
    # At the start of a line a bracketed number would look like a source's heading.
    return f"{text} {evidence}".strip()


def _reason(failed: Failed) -> str:
    if failed.why == "uncited":
        return _WHY["uncited"]
    return f"{_WHY[failed.why]}{one_line(failed.what)[:300]!r}"


def within_budget(question: str, retrieved: Sequence[Retrieved], tokens: int = _CONTEXT_TOKENS) -> list[Retrieved]:
    """The best passages whose texts fit the budget; the first is always kept."""
    kept: list[Retrieved] = []
    room = tokens * _CHARACTERS_PER_TOKEN - len(question)
    for source in retrieved:
        room -= len(source.text) + len(source.article.title) + 60
        if room < 0 and kept:
            break
        kept.append(source)
    return kept


def show_sources(retrieved: Sequence[Retrieved]) -> str:
    """Each source as `[1] title · publisher · published (weekday)`, its text below; no other line begins like that."""
    return "\n\n".join(f"[{n}] {_heading(source)}\n{_body(source.text)}" for n, source in enumerate(retrieved, 1))


def _heading(source: Retrieved) -> str:
    article = source.article
    published = f"{article.published:%Y-%m-%d (%A)}" if article.published else "undated"
    return " · ".join(one_line(part) for part in (article.title, article.publisher, published) if part)


def _body(text: str) -> str:
    # Line breaks fold away when a quote is looked for, so one can be taken out where a footnote number follows it.
    return re.sub(r"(\A|\n)\s*(?=\[\s*\d)", lambda m: "… " if not m[1] else " ", printable(text))
