"""A conversation: its turns, the numbers of its citations, and the promise that a follow-up can be made to stand alone.

conversation = Conversation()
assistant.reply("When does the TikTok extension end?", conversation)
assistant.reply("And who announced it?", conversation)           # understood: "Who announced the TikTok extension?"
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from qa.domain import Citation, Turn, Usage


class Numbers:
    """The numbers of citations, from 1 in the order of their first appearance: the same words, the same number."""

    def __init__(self, known: dict[tuple[str, int, int], int] | None = None) -> None:
        self._known = dict(known or {})

    def of(self, article: str, start: int, end: int) -> int:
        """The number of the quote text[start:end] of an article; the next free one if it has none yet."""
        return self._known.setdefault((article, start, end), max(self._known.values(), default=0) + 1)

    def keep(self, citations: Iterable[Citation]) -> None:
        """Citations of an earlier session keep the numbers that they had."""
        self._known |= {(c.article, c.start, c.end): c.n for c in citations}

    def copy(self) -> "Numbers":
        return Numbers(self._known)


@dataclass
class Conversation:
    """What has been asked and answered so far; grows by whole turns."""

    turns: list[Turn] = field(default_factory=list)
    numbers: Numbers = field(default_factory=Numbers)
    summary: str = ""
    """What the first `summed` turns came to, for a condenser that reads no more than it must."""
    summed: int = 0

    def add(self, turn: Turn, numbers: Numbers) -> None:
        self.turns.append(turn)
        self.numbers = numbers


class Condenser(Protocol):
    """Makes a follow-up stand alone."""

    @property
    def usage(self) -> Usage | None:
        """Of the last call."""
        ...

    def stand_alone(self, question: str, conversation: Conversation, deadline: float) -> str:
        """The question with what it leaves out filled in from the turns before; as it is if it leaves nothing out.

        `deadline` is on time.monotonic()'s clock. Raises what the model service raises.
        """
        ...
