"""A model as judge, by choice, of those answers alone on which the deterministic scorer cannot tell.

    judge = Judge(lambda: chat, timeout=60)
    judge.verdict("When does it end?", ["December 16"], (), "A week before Christmas Eve's eve.")
        → Verdict("wrong", "judge: The answer gives December 16 …")

Its verdict is one of three words in a JSON object. What cannot be read as that is an error: neither a pass nor a fail,
and never guessed at, so "yesterday" is not taken for a yes.
"""

import json
import re
import time
from collections.abc import Callable, Sequence

from qa import prompts
from qa.domain import ChatModel, Usage
from qa.errors import ServiceUnavailable
from qa.evaluation.gold import Accept, DateIs, ListOf, NumberIs, Regex, Text, Turn, YesNo
from qa.evaluation.scoring import Outcome, Verdict
from qa.text import one_line

_OUTCOMES: tuple[Outcome, ...] = ("right", "wrong", "cannot tell")
_FENCED = re.compile(r"\A```(?:json)?\s*(\{.*\})\s*```\Z", re.DOTALL)


Count = Callable[[Usage], None]


def _uncounted(_usage: Usage) -> None:
    """Where nobody asks what a verdict took."""


class Judge:
    def __init__(self, chat: Callable[[int], ChatModel], model: str, timeout: float) -> None:
        """`chat` gives a model for a trial, a new one each time: threads judge at once, and a model holds one reply."""
        self._chat, self._model, self._timeout = chat, model, timeout
        self._prompt = prompts.load("judge")

    @property
    def fingerprint(self) -> str:
        """`gpt-6-sol judge@3f2a91c0 temperature=0`: runs in which it differs are not compared."""
        return f"{self._model} {self._prompt.label} temperature=0"

    def turn(self, turn: Turn, answer: str, trial: int = 1, count: Count = _uncounted) -> Verdict:
        return self.verdict(turn.question, [shown(a) for a in turn.accept], turn.reject, answer, trial, count)

    def verdict(
        self,
        question: str,
        accepted: Sequence[str],
        rejected: Sequence[str],
        answer: str,
        trial: int = 1,
        count: Count = _uncounted,
    ) -> Verdict:
        """Raises ServiceUnavailable for a verdict that cannot be read, and what the model raises.

        `count` is given what each call took, also one whose verdict cannot be read.
        """
        messages = self._prompt.fill(
            question=one_line(question),
            accepted=_listed(accepted) or "(none: the sources do not answer the question)",
            rejected=_listed(rejected) or "(none)",
            answer=answer,
        )
        chat = self._chat(trial)
        reply = "".join(chat.stream(messages, time.monotonic() + self._timeout))
        if chat.usage:
            count(chat.usage)
        return read_verdict(reply)


def read_verdict(reply: str) -> Verdict:
    """Of one JSON object, bare or in a code fence. Raises ServiceUnavailable for all else."""
    text = reply.strip()
    fenced = _FENCED.match(text)
    try:
        told = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError):
        raise _unreadable("is no JSON", reply) from None
    if not isinstance(told, dict):
        raise _unreadable("is no object", reply)
    verdict, reason = told.get("verdict"), told.get("reason")
    outcome = next((known for known in _OUTCOMES if known == verdict), None)
    if outcome is None:
        raise _unreadable("has no verdict" if verdict is None else f"gives the verdict {verdict!r}", reply)
    if not isinstance(reason, str) or not reason.strip():
        raise _unreadable("gives no reason", reply)
    return Verdict(outcome, f"judge: {one_line(reason)[:300]}")


def _unreadable(what: str, reply: str) -> ServiceUnavailable:
    said = one_line(reply)[:80]
    return ServiceUnavailable(f"The judge's reply {what}: {said!r}.", "Take another judge, or mend prompts/judge.md.")


def _listed(texts: Sequence[str]) -> str:
    return "\n".join(f"- {one_line(text)}" for text in texts)


def shown(accept: Accept) -> str:
    """An accepted answer as a person reads it."""
    match accept:
        case Text(value):
            return value
        case Regex(pattern):
            return f"/{pattern}/"
        case NumberIs(value, unit, rel_tol):
            return f"{value} {unit}".strip() + (f" (within {rel_tol:%})" if rel_tol else "")
        case DateIs(year, month, day, _):
            return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part is not None)])
        case ListOf(texts):
            return " and ".join(texts)
        case YesNo(yes):
            return "yes" if yes else "no"
