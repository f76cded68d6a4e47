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
_MOVED = re.compile(
    r"\b(?:mov|chang|shift|push|postpon|delay|extend|reschedul|brought|put|set|slipp?|revis|switch)\w*\b[^.;]*\Z",
    re.IGNORECASE,
)
_OR = re.compile(r"\s*,?\s*(?:or|/)\s*(?:(?:on|in|at|by|the|a|an|even|perhaps|possibly|maybe)\s+)*", re.IGNORECASE)
_OR_NAME = re.compile(r"\s+or\s+(?:(?:by|in|the|a|possibly|perhaps|maybe)\s+)*[A-Z]")
_NAME_OR = re.compile(r"[A-Z][\w.'-]*\s+or\s+(?:(?:by|in|the|a|possibly|perhaps|maybe)\s+)*\Z")
_TURN = re.compile(r"\b(?:however|but|although|though)\b", re.IGNORECASE)
_ASKING = frozenset({"who", "what", "when", "where", "how", "did", "do", "doe"})
Places = tuple[tuple[int, int], ...]

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


def refuses(text: str) -> bool:
    """Whether the text says that it does not know; a model's preamble about what it is does not count."""
    return bool(_REFUSAL.search(_BOILERPLATE.sub(" ", text)))


def negated(answer: Reading, start: int) -> bool:
    """Whether the words right before say that what follows is not the case."""
    before = answer.text[max(0, start - 60) : start]
    return bool(_NEGATED.search(before)) and not _NOT_ONLY.search(before)


def superseded(answer: Reading, start: int, dated: bool) -> bool:
    """Whether the words right before call what follows the former state: "from 10% to 30%", "originally due".

    Of dates "from" alone begins a span, "from Oct. 30 to Nov. 1"; only what was moved from one was there before.
    """
    before = answer.text[max(0, start - 60) : start]
    found = _SUPERSEDED.search(before)
    if found and dated and found[0].lower().startswith("from"):
        return bool(_MOVED.search(before))
    return bool(found)


def turned(answer: Reading, start: int) -> bool:
    """Whether the text turns round before it comes to what is accepted: what it said first may be its answer."""
    return bool(_TURN.search(answer.text, 0, start))


def alternative(answer: Reading, start: int, end: int, rivals: Places | None) -> bool:
    """Whether an "or" alone stands between [start, end) and a rival; of a text (rivals None), another name.

    Of texts "Formosa, or Taiwan" is one place with two names; "either" and no comma make them two.
    """
    before, after = answer.text[max(0, start - 60) : start], answer.text[end : end + 60]
    if rivals is None:
        named = answer.text[start:end][:1].isupper()
        return named and bool(_OR_NAME.match(after) or _NAME_OR.search(before))
    return any(
        _OR.fullmatch(answer.text[end:first] if first >= end else answer.text[last:start]) for first, last in rivals
    )


def answered_elsewhere(answer: Reading, start: int, end: int, asked: frozenset[str], rivals: Places | None) -> bool:
    """Whether an earlier sentence than the one at [start, end) reads as the answer: it holds more of the question.

    Of a value that sentence must hold a rival; of a text (rivals None), over half of the question and a new name. Three
    words or more are not doubted: they do not occur by chance.
    """
    own = answer.sentence(start)
    if not own or (rivals is None and sum(start <= word.start < end for word in answer.words) > 2):
        return False
    carrying = asked - STOP_KEYS - _ASKING
    held: dict[int, set[str]] = {}
    new: set[int] = set()
    for i, word in enumerate(answer.words):
        number = answer.sentence(word.start)
        if number > own:
            break
        held.setdefault(number, set()).add(word.key)
        if i and word.capital and word.key not in asked and word.key not in STOP_KEYS:
            new.add(number)
    here = len(carrying & held.pop(own, set()))
    if rivals is not None:
        rivalled = {answer.sentence(first) for first, _ in rivals}
        return any(number in rivalled and len(carrying & keys) > here for number, keys in held.items())
    # A sentence that takes up two of the question's words speaks to it.
    return (
        here < 2
        and bool(new - {own})
        and any(len(carrying & keys) > max(here, len(carrying) / 2) for keys in held.values())
    )
