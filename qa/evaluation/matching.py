"""How an answer stands to one accepted answer, of whatever kind: it states it, may state it, or does not.

    known = asked("When does the TikTok extension end?")
    find(DateIs(2025, 12, 16), read("It ends Dec. 16."), known)    → Found("stated", "December 16, 2025", 8, 15)
    find(DateIs(2025, 12, 16), read("In December."), known)        → Found("unsure", "says less than December 16, 2025", …)
    find(ListOf(("trade", "fentanyl")), read("On trade."), known)  → Found("absent", "trade, fentanyl (without fentanyl)")

A text that is itself a date, a time of day or a number is compared as one: "Dec. 16" is stated by "16 December".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from qa.evaluation import hazards, phrases, typed
from qa.evaluation.gold import Accept, DateIs, ListOf, NumberIs, Regex, Text, YesNo
from qa.evaluation.typed import Amount, Stamp
from qa.evaluation.wording import Reading, read

Fit = Literal["stated", "unsure", "absent"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as the matching needs it; `published` is the date from which the answer's "Tuesday" counts."""

    reading: Reading
    keys: frozenset[str]
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """`what` is the accepted answer in words, or why it is unsure; stated at [start, end) of the reading's text."""

    fit: Fit
    what: str
    start: int = 0
    end: int = 0
    rivals: tuple[tuple[int, int], ...] = ()
    """Where values of the same kind stand that say something else."""
    repeated: bool = False
    """The question says it already, so that its being there tells nothing."""
    pattern: bool = False
    """Found by a regex, whose author says what counts."""
    gold: Stamp | None = None
    stamp: Stamp | None = None
    """The accepted date and the stated one, where dates were compared."""

    @property
    def typed(self) -> bool:
        return self.gold is not None or bool(self.rivals)


def asked(question: str, published: date | None = None) -> Asked:
    reading = read(question)
    return Asked(reading, frozenset(reading.places), published)


def find(accept: Accept, answer: Reading, known: Asked) -> Found:
    if isinstance(accept, Text):
        return _text(accept.value, answer, known)
    if isinstance(accept, DateIs):
        stamp = Stamp(accept.year, accept.month, accept.day)
        return _date(stamp, accept.year_required, answer, known, in_words(accept))
    if isinstance(accept, NumberIs):
        return _number(typed.amount(accept.value, accept.unit, accept.rel_tol), answer, known, in_words(accept))
    if isinstance(accept, Regex):
        match = re.search(accept.pattern, answer.text) or re.search(accept.pattern, answer.raw)
        return Found("stated", match[0][:60], *match.span(), pattern=True) if match else Found("absent", accept.pattern)
    if isinstance(accept, ListOf):
        return _list(accept.all, answer, known)
    return _yes_no(accept.yes, answer, known)


def in_words(accept: Accept) -> str:
    """An accepted answer as a person writes it: "December 16, 2025", "170,000,000 users", "yes"."""
    if isinstance(accept, DateIs):
        return _date_in_words(accept)
    if isinstance(accept, NumberIs):
        return f"{accept.value:,f} {accept.unit}".rstrip().replace(" %", "%")
    if isinstance(accept, ListOf):
        return ", ".join(accept.all)
    if isinstance(accept, YesNo):
        return "yes" if accept.yes else "no"
    return accept.pattern if isinstance(accept, Regex) else accept.value


def _date_in_words(accept: DateIs) -> str:
    if accept.month is None:
        return str(accept.year)
    month = date(2000, accept.month, 1).strftime("%B")
    return f"{month} {accept.year}" if accept.day is None else f"{month} {accept.day}, {accept.year}"


@lru_cache(maxsize=8192)
def as_typed(text: str, keys: frozenset[str]) -> Stamp | Amount | int | None:
    """A text that is a date, a time of day (in minutes) or a number; what stands in brackets after it does not count."""
    bare = re.sub(r"\s*\([^)]*\)\s*\Z", "", text)
    stamp = typed.as_date(bare)
    minutes = None if stamp else typed.as_time(bare)
    return stamp or (typed.as_number(bare, keys) if minutes is None else minutes)


def _text(text: str, answer: Reading, known: Asked) -> Found:
    value = as_typed(text, known.keys)
    if isinstance(value, int):
        compared = typed.compare_time(value, answer)
        fit: Fit = "stated" if compared.fit == "match" else "absent"
        return Found(fit, text, compared.start, compared.end, compared.rivals)
    if isinstance(value, Stamp):
        # A text that states the year wants it stated, unless the question did; a DateIs says what it wants.
        told = any(stamp.year == value.year for stamp, _ in typed.stamps(known.reading))
        return _date(value, not told, answer, known, text)
    if isinstance(value, Amount):
        return _number(value, answer, known, text)
    mention = phrases.find(text, answer, known.keys)
    if mention.level == "absent":
        return Found("absent", text)
    start, end = answer.words[mention.first].start, answer.words[mention.last - 1].end
    if mention.level == "partial":
        return Found("unsure", f"states {text} {mention.how}", start, end)
    return Found("stated", text, start, end, repeated=_repeats_question(text, answer, known))


def _repeats_question(text: str, answer: Reading, known: Asked) -> bool:
    """The question itself holds the text, offers no choice, and the answer is long enough merely to repeat it."""
    keys = {word.key for word in read(text).words} - phrases.STOP_KEYS
    chosen = "or" in known.reading.text.lower().split()
    return keys <= known.keys and not chosen and len(answer.words) > len(keys) + 3


def _date(gold: Stamp, year_required: bool, answer: Reading, known: Asked, what: str) -> Found:
    compared = typed.compare_date(gold, year_required, answer, known.reading, known.published)
    place = (compared.start, compared.end)
    if compared.fit == "match":
        repeated = len(answer.words) > 4 and any(stamp == compared.stated for stamp, _ in typed.stamps(known.reading))
        return Found("stated", what, *place, compared.rivals, repeated, gold=gold, stamp=compared.stated)
    if compared.fit == "coarse":
        return Found("unsure", f"says less than {what}", *place, gold=gold)
    return Found("absent", what, rivals=compared.rivals, gold=gold)


def _number(gold: Amount, answer: Reading, known: Asked, what: str) -> Found:
    compared = typed.compare_number(gold, answer, known.reading)
    if compared.fit == "match":
        repeated = len(answer.words) > 4 and any(n.amount == gold.value for n, _ in typed.numbers(known.reading))
        return Found("stated", what, compared.start, compared.end, compared.rivals, repeated)
    if compared.fit == "near":
        return Found("unsure", f"comes near {what}", compared.start, compared.end)
    return Found("absent", what, rivals=compared.rivals)


def _list(parts: Sequence[str], answer: Reading, known: Asked) -> Found:
    """Stated with all of its parts, unsure with some of them only in part; without one of them it is absent."""
    found = [_text(part, answer, known) for part in parts]
    what = ", ".join(parts)
    lacks = [
        part for part, f in zip(parts, found, strict=True) if f.fit == "absent" or hazards.negated(answer, f.start)
    ]
    if lacks:
        return Found("absent", f"{what} (without {', '.join(lacks)})")
    if any(f.fit == "unsure" for f in found):
        return Found("unsure", f"states {what} in part")
    whole = Found("stated", what, min(f.start for f in found), max(f.end for f in found))
    return replace(whole, repeated=all(f.repeated for f in found))


_YES = re.compile(r"\W*(?:yes|yeah|yep|correct|indeed|true|affirmative)\b", re.IGNORECASE)
_NO = re.compile(r"\W*(?:no|nope|not yet|false|incorrect|negative)\b(?!\s+(?:one|doubt))", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|never|no|neither|nor|none|without|denie[sd]|deny|denying|refus\w+|yet to)\b|n't\b", re.IGNORECASE
)
_AUXILIARIES = frozenset(
    {"do", "doe", "did", "ha", "have", "had", "will", "can", "could", "would", "should", "ani", "still"}
)


def _yes_no(yes: bool, answer: Reading, known: Asked) -> Found:
    """By its first word, or else by whether a sentence restates or denies all that the question asks."""
    what = "yes" if yes else "no"
    if _YES.match(answer.text) or _NO.match(answer.text):
        said = bool(_YES.match(answer.text))
        return Found("stated" if said == yes else "absent", what)
    carrying = known.keys - phrases.STOP_KEYS - _AUXILIARIES
    held = len(carrying & set(answer.places)) / len(carrying) if carrying else 0
    several = answer.sentence(len(answer.text)) > 0
    if held < 0.8 or several or hazards.refuses(answer.text):
        return Found("unsure", "says neither yes nor no in so many words")
    denied = bool(_NOT.search(answer.text)) != bool(_NOT.search(known.reading.text))
    return Found("stated" if denied != yes else "absent", what)
