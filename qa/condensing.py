"""The condenser that asks a model service: a follow-up and the turns before it become a question that stands alone.

What goes to the model has a budget. Older turns are summed up, once each, so that the two-hundredth question of a
conversation costs what the fifth does.
"""

import re
from collections.abc import Callable, Sequence

from qa import prompts
from qa.conversing import Conversation
from qa.domain import ChatModel, Message, Turn, Usage
from qa.evidence import names
from qa.text import one_line

_TURNS_TOKENS = 1200
"""The turns that are shown whole; when they come to more, the older half of that is summed up."""
_SUMMED_TOKENS = 5 * _TURNS_TOKENS
"""At most so much is summed up at once: a long conversation held with another model may come here whole."""
_CHARACTERS_PER_TOKEN = 3.5
_LONGEST_ANSWER = 700
_LONGEST_SUMMARY = 1500
_LONGEST_QUESTION = 500
_FIGURE = re.compile(r"\d+")


class ServiceCondenser:
    """Asks by the prompts condense and summary.

    A reply that is no question, or that names what nobody has spoken of, leaves the follow-up as it was typed.
    """

    def __init__(self, chat: Callable[[], ChatModel]) -> None:
        self._chat = chat
        self.usage: Usage | None = None

    def stand_alone(self, question: str, conversation: Conversation, deadline: float) -> str:
        self.usage = None
        self._sum_up(conversation, deadline)
        prompt = prompts.load("condense")
        recent = _shown(conversation.turns[conversation.summed :])
        asked = prompt.fill(summary=_before(conversation.summary), turns=recent, question=one_line(question))
        alone = _question(self._ask(asked, deadline), question)
        return alone if alone and not _invents(alone, question, conversation) else question

    def _sum_up(self, conversation: Conversation, deadline: float) -> None:
        """Puts the oldest turns into the summary when those not in it have outgrown the budget."""
        recent = conversation.turns[conversation.summed :]
        if _size(recent) <= _TURNS_TOKENS:
            return
        kept = 1
        while kept < len(recent) and _size(recent[-kept - 1 :]) <= _TURNS_TOKENS / 2:
            kept += 1
        older = recent[:-kept]
        asked = prompts.load("summary").fill(summary=_before(conversation.summary), turns=_shown(_newest(older)))
        conversation.summary = one_line(self._ask(asked, deadline))[:_LONGEST_SUMMARY] or conversation.summary
        conversation.summed += len(older)

    def _ask(self, messages: Sequence[Message], deadline: float) -> str:
        chat = self._chat()
        reply = "".join(chat.stream(messages, deadline))
        if chat.usage:
            self.usage = self.usage + chat.usage if self.usage else chat.usage
        return reply


def _newest(turns: Sequence[Turn]) -> Sequence[Turn]:
    """The last of them, as many as are summed up at once; of what is older no follow-up speaks any more."""
    room, first = float(_SUMMED_TOKENS), len(turns) - 1
    while first and (room := room - _size(turns[first : first + 1])) > 0:
        first -= 1
    return turns[first:]


def _question(reply: str, typed: str) -> str:
    """The question in a model's reply; empty where there is none that could be one."""
    lines = [line for line in reply.splitlines() if line.strip()]
    said = one_line(lines[0]).strip('"“”*` ') if len(lines) == 1 else ""
    if typed.endswith("?") and not said.endswith("?"):
        return ""  # an answer, it may be
    return said if any(c.isalnum() for c in said) and len(said) <= _LONGEST_QUESTION else ""


def _invents(alone: str, typed: str, conversation: Conversation) -> bool:
    """Whether a question has a name or a figure that was not heard: it is shown, and the gate takes its names for known."""
    heard = [typed]
    for turn in conversation.turns:
        heard += [turn.question, turn.answer.text, *(f"{c.title}\n{c.quote}" for c in turn.answer.citations)]
    figures = set(_FIGURE.findall(" ".join(heard)))
    return bool(names.unknown(alone, names.vocabulary(*heard))) or not set(_FIGURE.findall(alone)) <= figures


def _before(summary: str) -> str:
    return f"Earlier: {summary}\n\n" if summary else ""


def _shown(turns: Sequence[Turn]) -> str:
    return "\n".join(f"Question: {turn.understood}\nAnswer: {_answer(turn)}" for turn in turns)


def _answer(turn: Turn) -> str:
    said = one_line(re.sub(r"\s*\[\d+\]", "", turn.answer.text))
    return said if len(said) <= _LONGEST_ANSWER else said[:_LONGEST_ANSWER].rsplit(" ", 1)[0] + " …"


def _size(turns: Sequence[Turn]) -> float:
    """Tokens, at a rough count on the safe side."""
    return len(_shown(turns)) / _CHARACTERS_PER_TOKEN
