"""Reasons to doubt that an answer which holds an accepted value also gives it as its answer.

    negated(read("not December 16 but the 17th"), 4)                            → True
    alternative(read("on December 16 or 17"), 3, 14)                            → True
    answered_elsewhere(read("Atom won the last fight. Zeus fought well."), …)   → True: another sentence is the answer
"""

import re

from qa.evaluation.phrases import STOP_KEYS
from qa.evaluation.wording import Reading

_NEGATED = re.compile(
    r"(?:\b(?:not|never|neither|nor|without|rather than|instead of|other than|except(?: for)?|unlike|no longer)|n't)"
    r"(?:\s+(?:only\s+)?(?:on|in|at|by|to|of|from|for|as|be|been|the|a|an|about|actually|his|her|its|their|with))*\s*[\"'(]?\Z",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(r"\bnot (?:only|just|merely)\b[^.]*\Z|\buntil\s*\Z", re.IGNORECASE)
_SUPERSEDED = re.compile(
    r"\b(?:from|originally|previously|formerly|initially|used to be|was to|were to|was supposed to|had been|down from"
    r"|up from|changed from|rather than)(?:\s+(?:on|in|at|by|to|of|for|as|be|been|end|the|a|an|about|around|set|due))*\s*\Z",
    re.IGNORECASE,
)
_OR_BEFORE = re.compile(r"\b(\w+)[,)]?\s+or\s+(?:on|in|at|by|the|a|an|perhaps|possibly)?\s*\Z", re.IGNORECASE)
_OR_AFTER = re.compile(r"\s*,?\s*(?:\bor\b|/)\s*(?:on|in|at|by|the|a|an|perhaps|possibly)?\s*(\S+)", re.IGNORECASE)

_REFUSAL = re.compile(
    r"""\b(?:sorry|apologi[sz]e|unable\ to|insufficient\ information|unanswerable
      |(?:can|could|do|does|did|would)(?:\ ?not|n't|n’t)\ (?:\w+\ )?(?:find|provide|know|determine|say|tell|mention|specify
        |state|give|answer|have\ (?:any\ |the\ |enough\ |access\ to\ (?:the\ )?|specific\ )?(?:information|data|knowledge|details|record))
      |(?:is|are|was|were|am|'m)(?:\ not|n't)\ (?:\w+\ )?(?:known|clear|specified|stated|mentioned|sure|aware|available|possible\ to
        |able\ to|given|given\ in|disclosed|provided|certain)
      |(?:is|are|remains?)\ (?:unknown|unclear)
      |(?:there\ is|there's|there\ was|i\ have|i\ found|found|have|with|provides?|gives?)\ no\ (?:\w+\ )?
        (?:information|mention|record|evidence|data|details?|answer|figure|indication|one)
      |no\ (?:specific\ |definitive\ |relevant\ |clear\ |official\ )?(?:information|answer|record|mention)\b
      |please\ (?:provide|specify|clarify)|(?:more|additional)\ (?:context|information))""",
    re.IGNORECASE | re.VERBOSE,
)
_BOILERPLATE = re.compile(r"\bas an? (?:ai|language|large)\b[^.]*\.|\bas of my\b[^.,]*[.,]", re.IGNORECASE)


def refuses(answer: Reading) -> bool:
    """Whether the text says that it does not know; a model's preamble about what it is does not count."""
    return bool(_REFUSAL.search(_BOILERPLATE.sub(" ", answer.text)))


def negated(answer: Reading, start: int) -> bool:
    """Whether the words right before say that what follows is not the case."""
    before = answer.text[max(0, start - 60) : start]
    return bool(_NEGATED.search(before)) and not _NOT_ONLY.search(before)


def superseded(answer: Reading, start: int) -> bool:
    """Whether the words right before call what follows the former state: "from 10% to 30%", "originally due"."""
    return bool(_SUPERSEDED.search(answer.text[max(0, start - 60) : start]))


def alternative(answer: Reading, start: int, end: int, rivals: tuple[tuple[int, int], ...]) -> bool:
    """Whether one of the rivals stands beside [start, end) with nothing but an "or" between them."""
    for first, last in rivals:
        between = answer.text[end:first] if first >= end else answer.text[last:start]
        if re.fullmatch(r"\s*,?\s*(?:or|/)\s*(?:(?:on|in|at|by|the|a|an|even|perhaps|possibly|maybe)\s+)*", between):
            return True
    return False


def answered_elsewhere(answer: Reading, start: int, end: int, asked: frozenset[str]) -> bool:
    """Whether an earlier sentence holds more of the question than the one at `start`, over half, and a new name.

    It is then that sentence which reads as the answer, and what is accepted merely occurs; but three words or more do
    not occur by chance.
    """
    own = answer.sentence(start)
    if not own or sum(start <= word.start < end for word in answer.words) > 2:
        return False
    carrying = asked - STOP_KEYS - {"who", "what", "when", "where", "how", "did", "do", "doe"}
    held: dict[int, set[str]] = {}
    new: set[int] = set()
    for i, word in enumerate(answer.words):
        if word.start > start and answer.sentence(word.start) > own:
            break
        number = answer.sentence(word.start)
        held.setdefault(number, set()).add(word.key)
        if i and word.capital and word.key not in asked and word.key not in STOP_KEYS:
            new.add(number)
    here = len(carrying & held.get(own, set()))
    return any(
        len(carrying & keys) > max(here, len(carrying) / 2) for number, keys in held.items() if number < own
    ) and any(number < own for number in new)
