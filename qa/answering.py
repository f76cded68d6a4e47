"""Assistant: question → retrieve → write → gate → Answer. The product as one straight line.

A conversation goes the same way: its follow-up is first made to stand alone.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from qa.conversing import Condenser, Conversation, Numbers
from qa.domain import Answer, Article, Citation, Conflict, Filters, Position, Retrieved, Turn, Usage, Withheld
from qa.errors import QaError, UsageError
from qa.evidence.gate import Failed, Gate, Grounded, Harmless, Span
from qa.evidence.markup import Statement
from qa.retrieval import Retriever
from qa.text import one_line
from qa.writing import Writer

NOT_SAID = "The articles do not say."
MAX_QUESTION = 2_000
"""Characters; what is longer is an article, not a question."""

_FOOTNOTE = re.compile(r"\[(\s*\d[^\[\]]*)\]")
_PART = "part of the question"
_LONGEST_MISSING = 200


def check_question(question: str) -> str:
    """The question on one line, without control characters. Raises UsageError if there is none, or too much of it."""
    asked = one_line(question)
    if not any(c.isalnum() for c in asked):
        raise UsageError("The question is empty.", 'Ask one, as in: qa ask "Who spoke on Friday?"')
    if len(asked) > MAX_QUESTION:
        raise UsageError(f"The question has {len(asked):,} characters; at most {MAX_QUESTION:,} can be asked.")
    return asked


@dataclass(frozen=True, slots=True)
class Assistant:
    """Answers from one index with one writer."""

    retriever: Retriever
    writer: Writer
    passages: int = 8
    warn: Callable[[str], None] = field(default=lambda _message: None)
    condenser: Condenser | None = None

    def reply(
        self,
        question: str,
        conversation: Conversation,
        *,
        filters: Filters | None = None,
        timeout: float = 60.0,
        show: Callable[[str], None] = lambda _text: None,
        understood: Callable[[str], None] = lambda _question: None,
    ) -> Answer:
        """The answer to the next question of a conversation, which it joins as a turn once it is whole.

        `understood` is given the question as it stands alone, where that is another than was typed. Citations keep their
        numbers through the conversation. Raises what `ask` and the condenser raise, and then leaves the conversation as
        it was.
        """
        started = time.monotonic()
        typed = check_question(question)
        alone, spent = typed, None
        if self.condenser and conversation.turns:
            alone = check_question(self.condenser.stand_alone(typed, conversation, started + timeout))
            spent = self.condenser.usage
        if alone != typed:
            understood(alone)
        numbers = conversation.numbers.copy()
        left = timeout - (time.monotonic() - started)
        found = self.ask(alone, filters=filters, timeout=left, show=show, numbers=numbers)
        answer = replace(
            found,
            question=typed,
            understood=alone if alone != typed else None,
            usage=_sum(spent, found.usage),
            seconds=round(time.monotonic() - started, 3),
        )
        conversation.add(Turn(typed, answer), numbers)
        return answer

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        timeout: float = 60.0,
        show: Callable[[str], None] = lambda _text: None,
        numbers: Numbers | None = None,
    ) -> Answer:
        """The answer, every statement of it grounded.

        `show` is given the answer's text piece by piece, each when its evidence has held; nothing given to it is ever
        taken back. `numbers` are those that citations have already. Raises UsageError for a question that is none, and
        what the retriever and the writer raise.
        """
        started = time.monotonic()
        deadline = started + timeout
        asked = check_question(question)
        retrieved = self.retriever.retrieve(asked, self.passages, filters)
        draft = Draft(Gate(asked, retrieved), show, numbers if numbers is not None else Numbers())
        if retrieved:
            draft.add(self.writer.write(asked, retrieved, deadline))
            self._repair(draft, deadline)
        return self._answer(asked, retrieved, draft, time.monotonic() - started)

    def _repair(self, draft: "Draft", deadline: float) -> None:
        """One more try at what failed. A service that fails now spoils nothing that has been shown."""
        failed, draft.failed = draft.failed, []
        if not failed:
            return
        missing = self.writer.insufficient
        try:
            draft.add(self.writer.repair(failed, deadline))
        except QaError as error:
            if not draft.grounded:
                raise
            self.warn(f"Withheld statements could not be tried again: {error.message}")
        self.writer.insufficient = missing or self.writer.insufficient
        draft.settle(failed)

    def _answer(self, asked: str, retrieved: list[Retrieved], draft: "Draft", seconds: float) -> Answer:
        return Answer(
            question=asked,
            status="answered" if draft.grounded else "abstained",
            text=draft.text if draft.grounded else NOT_SAID,
            citations=draft.citations,
            withheld=tuple(Withheld(f.statement.text, f.why) for f in draft.failed),
            missing=self._missing(draft) if retrieved else None,
            model=self.writer.model,
            prompt=self.writer.prompt,
            usage=self.writer.usage if retrieved else None,
            seconds=round(seconds, 3),
            retrieved=tuple(retrieved),
            conflicts=self._conflicts(draft),
            value=next((value for value, _ in self.writer.values), None) if draft.grounded else None,
            confidence=self.writer.confidence if retrieved else None,
        )

    def _conflicts(self, draft: "Draft") -> tuple[Conflict, ...]:
        """The writer's, as far as what differs is cited."""
        cited = {citation.quote: citation.n for citation in draft.citations}
        held = [
            tuple(Position(value, (cited[e.quote],)) for value, e in told if e.quote in cited)
            for told in self.writer.conflicts
        ]
        return tuple(Conflict(positions) for positions in held if len(positions) > 1)

    def _missing(self, draft: "Draft") -> str | None:
        """What the writer says is missing, as long as that is short and claims nothing by itself."""
        said = one_line(self.writer.insufficient or "")
        if self.writer.insufficient is None:
            return None
        named = 0 < len(said) <= _LONGEST_MISSING and draft.gate.claims_nothing(said)
        return said if named else _PART if draft.grounded else None


class Draft:
    """The answer as it grows: what was shown, what it cites, what failed."""

    def __init__(self, gate: Gate, show: Callable[[str], None], numbers: Numbers) -> None:
        self.gate = gate
        self.text = ""
        self.grounded: list[Grounded] = []
        self.failed: list[Failed] = []
        self._show = show
        self._waiting: list[Statement] = []  # headings and lead-ins, until something follows them
        self._numbers = numbers
        self._cited: dict[int, Span] = {}
        self._written: list[str] = []  # every statement of this round, for settle
        self._shown: set[str] = set()

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(_citation(n, span) for n, span in self._cited.items())

    def add(self, statements: Iterable[Statement]) -> None:
        """Gates each statement as it comes and shows what holds. What was shown before is not shown again."""
        self._written = []
        for statement in statements:
            bare = _bare(statement.text)
            if not bare or bare in self._shown:
                continue
            self._written.append(statement.text)
            # A footnote of the article's own, "[12]", would pass for a citation of ours.
            verdict = self.gate.check(replace(statement, text=_FOOTNOTE.sub(r"(\1)", statement.text)))
            if isinstance(verdict, Failed):
                self.failed.append(verdict)
            elif isinstance(verdict, Harmless):
                self._hold(verdict.statement)
            else:
                self._release(verdict)
        self._waiting = []

    def settle(self, failed_before: Sequence[Failed]) -> None:
        """After a repair: each earlier failure that no statement of the repair stands for is withheld."""
        unmatched = list(failed_before)
        for text in self._written:
            near = max(unmatched, key=lambda f: _likeness(f.statement.text, text), default=None)
            if near and _likeness(near.statement.text, text) > 0:
                unmatched.remove(near)
        self.failed = unmatched + self.failed

    def _hold(self, statement: Statement) -> None:
        if statement.lead.strip() == "" and statement.kind == "lead-in":
            self._waiting = [s for s in self._waiting if s.kind == "heading"]
        self._waiting.append(statement)

    def _release(self, grounded: Grounded) -> None:
        self.grounded.append(grounded)
        numbers = [self._number(span) for span in grounded.spans]
        for statement in self._waiting:
            self._emit(statement.lead, statement.text)
        self._waiting = []
        self._shown.add(_bare(grounded.statement.text))
        self._emit(grounded.statement.lead, grounded.statement.shown(numbers))

    def _emit(self, lead: str, text: str) -> None:
        if not self.text:
            joint = lead.lstrip()
        elif lead.strip() and "\n" not in lead:
            joint = "\n" + lead  # a list item that opened a repair
        else:
            joint = lead or " "
        self.text += joint + text
        self._show(joint + text)

    def _number(self, span: Span) -> int:
        number = self._numbers.of(span.article.id, span.start, span.end)
        self._cited[number] = span
        return number


def _citation(n: int, span: Span) -> Citation:
    a: Article = span.article
    return Citation(n, a.id, a.title, a.published, a.publisher, a.url, span.quote, span.start, span.end)


def _bare(text: str) -> str:
    """The words alone: how a statement is known again."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _likeness(one: str, other: str) -> float:
    """Share of common words (Jaccard)."""
    a, b = set(one.casefold().split()), set(other.casefold().split())
    return len(a & b) / len(a | b) if a | b else 0.0


def _sum(one: Usage | None, other: Usage | None) -> Usage | None:
    return one + other if one and other else one or other
