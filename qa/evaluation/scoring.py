"""Whether an answer's text is right, wrong, or cannot be told without a judge; no model, no randomness.

    score(turn, "It ends on Dec. 16 [1].")                     → Verdict("right", "states Dec. 16")
    score(turn, "It ends on December 15.")                     → Verdict("wrong", "states December 15, a known wrong answer")
    score(turn, "It ends in December.")                        → Verdict("cannot tell", "says less than December 16, 2025")
    judge_text("who got the prize", ["Wilhelm Conrad Röntgen"], "Wilhelm Röntgen did.")  → Verdict("right", …)

A whole sentence may state other values beside the accepted one. It is right if the accepted one is stated as a fact;
wrong if nothing accepted is stated, or only to deny it; and cannot be told where an accepted value is stated in part,
beside an alternative ("or"), as a former state ("from … to"), or in a sentence that is not the one which answers.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from qa.evaluation import hazards, phrases, typed
from qa.evaluation.gold import Accept, DateIs, ListOf, NumberIs, Regex, Text, Turn, YesNo
from qa.evaluation.typed import Amount, Stamp
from qa.evaluation.wording import Reading, read

Outcome = Literal["right", "wrong", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as the matching needs it."""

    reading: Reading
    keys: frozenset[str]
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """How an answer stands to one accepted answer: it states it at [start, end), may state it, or does not."""

    fit: Literal["stated", "unsure", "absent"]
    what: str
    start: int = 0
    end: int = 0
    rivals: tuple[tuple[int, int], ...] = ()
    short: bool = False
    stamp: Stamp | None = None
    gold: Stamp | None = None


def asked(question: str, published: date | None = None) -> Asked:
    reading = read(question)
    return Asked(reading, frozenset(reading.places), published)


def score(turn: Turn, text: str, abstained: bool = False, as_of: date | None = None) -> Verdict:
    """The verdict on an answer. `abstained` is the answer's status; `as_of` resolves "Tuesday" in the answer."""
    if not turn.answerable:
        if abstained:
            return Verdict("right", "abstained, as it should")
        if not read(text).words or hazards.refuses(read(text)):
            return Verdict("cannot tell", "answered with words that seem to refuse")
        return Verdict("wrong", "answered what the articles do not answer")
    if abstained:
        return Verdict("wrong", "refused what the articles answer")
    return decide(turn.question, turn.accept, turn.reject, text, as_of)


def judge_text(question: str, gold_answers: Sequence[str], answer: str) -> Verdict:
    """The verdict on an answer by gold answers that are plain strings, any one of which is right.

    Strings do not tell whether they are other words for one answer or several answers; the question may.
    """
    known, stated = asked(question), read(answer)
    verdict = decide(question, [infer(gold) for gold in gold_answers], (), answer)
    if verdict.outcome != "right":
        return verdict
    found = [find(infer(gold), stated, known) for gold in gold_answers]
    if _ASKS_SEVERAL.search(question):
        single = _distinct(gold_answers)
        if len(single) > 2 and 2 * sum(found[i].fit == "stated" for i in single) < len(single):
            return Verdict("cannot tell", "states less than half of the several that are asked for")
    if _ASKS_WHEN.search(question) and any(f.gold for f in found):
        if not any(f.gold for f in found if f.fit == "stated"):
            return Verdict("cannot tell", "states what is accepted, but not when")
    return verdict


_ASKS_WHEN = re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month)\b", re.IGNORECASE)
_ASKS_SEVERAL = re.compile(
    r"\b(?:what|which|who|where|name|names)\b(?: \w+)? (?:are|were)\b|\b(?:list|cast|names) of\b|\blist\b|\bcast\b"
    r"|\b(?:two|three|four|five|six|seven|eight|ten|[2-9]|10) (?!of\b)[a-z]+s\b|\bname (?:two|three|four|the)\b",
    re.IGNORECASE,
)


def _distinct(texts: Sequence[str]) -> list[int]:
    """Which of the texts are not another one's words with some left out."""
    keys = [frozenset(word.key for word in read(text).words) for text in texts]
    return [
        i for i, own in enumerate(keys) if not any(own < other or (own == other and j < i) for j, other in enumerate(keys))
    ]


def infer(gold: str) -> Accept:
    """What kind of answer a plain string is: yes or no, else a text (which is compared as a date or number if it is one)."""
    bare = gold.strip().rstrip(".").lower()
    return YesNo(bare == "yes") if bare in ("yes", "no") else Text(gold)


def decide(
    question: str, accept: Sequence[Accept], reject: Sequence[str], text: str, as_of: date | None = None
) -> Verdict:
    answer, known = read(text), asked(question, as_of)
    if not answer.words and not any(isinstance(a, Regex) for a in accept):
        return Verdict("wrong", "says nothing")
    grades = [find(a, answer, known) for a in accept]
    stated = [g for g in grades if g.fit == "stated"]
    if denied := _rejected(reject, answer, known, stated):
        return denied
    refused = hazards.refuses(answer)
    doubts = [_doubt(g, grades, answer, known) for g in stated]
    for grade, doubt in zip(stated, doubts, strict=True):
        if doubt is None:
            return Verdict("right", f"states {grade.what}")
    if doubts:
        return next((d for d in doubts if d and d.outcome == "cannot tell"), doubts[0]) or Verdict("wrong", "")
    if unsure := next((g for g in grades if g.fit == "unsure"), None):
        return Verdict("cannot tell", unsure.what)
    if refused:
        return Verdict("wrong", "says that it does not know")
    return _absent(grades, answer, known)


def _absent(grades: list[Found], answer: Reading, known: Asked) -> Verdict:
    return Verdict("wrong", "states no accepted answer")


def _rejected(reject: Sequence[str], answer: Reading, known: Asked, stated: list[Found]) -> Verdict | None:
    for wrong in reject:
        found = find(Text(wrong), answer, known)
        inside = any(g.start <= found.start and found.end <= g.end for g in stated)
        if found.fit != "stated" or inside or hazards.negated(answer, found.start):
            continue
        if hazards.superseded(answer, found.start) and stated:
            continue
        if stated:
            return Verdict("cannot tell", f"states {stated[0].what} and also {wrong}, a known wrong answer")
        return Verdict("wrong", f"states {wrong}, a known wrong answer")
    return None


def _doubt(grade: Found, grades: list[Found], answer: Reading, known: Asked) -> Verdict | None:
    """Why a stated value is not plainly the answer, or None."""
    if hazards.negated(answer, grade.start):
        return Verdict("wrong", f"denies {grade.what}")
    if grade.stamp and _finer_clash(grade, grades):
        return Verdict("wrong", f"states another date than the fullest accepted within {grade.what}")
    rivals = tuple(r for r in grade.rivals if not any(g.fit == "stated" and g.start == r[0] for g in grades))
    if hazards.alternative(answer, grade.start, grade.end, rivals):
        return Verdict("cannot tell", f"states {grade.what} beside an alternative")
    if rivals and hazards.superseded(answer, grade.start):
        return Verdict("cannot tell", f"states {grade.what} as what was before")
    if grade.short:
        return Verdict("cannot tell", f"{grade.what} is in the question already")
    needs_rival = grade.gold is not None or bool(grade.rivals)
    if (not needs_rival or any(first < grade.start for first, _ in rivals)) and hazards.answered_elsewhere(
        answer, grade.start, grade.end, known.keys
    ):
        return Verdict("cannot tell", f"states {grade.what}, but another sentence seems to be the answer")
    return None


def _finer_clash(grade: Found, grades: list[Found]) -> bool:
    """An accepted date that says more than this one and that the answer contradicts, such as the day of the month."""
    assert grade.stamp and grade.gold
    finer = [
        g.gold
        for g in grades
        if g.gold and g.gold.fields() > grade.gold.fields() and not g.gold.clashes(grade.gold)
    ]
    return bool(finer) and all(f.clashes(grade.stamp) for f in finer)


def find(accept: Accept, answer: Reading, known: Asked) -> Found:
    """How the answer stands to one accepted answer, whatever its kind."""
    if isinstance(accept, DateIs):
        return _date(Stamp(accept.year, accept.month, accept.day), accept.year_required, answer, known, _written(accept))
    if isinstance(accept, NumberIs):
        unit = accept.unit if accept.unit == "%" else f" {accept.unit}".rstrip()
        what = f"{accept.value:,f}{unit}"
        return _number(typed.amount(accept.value, accept.unit, accept.rel_tol), answer, known, what)
    if isinstance(accept, Regex):
        match = re.search(accept.pattern, answer.text)
        return Found("stated", match[0][:60], *match.span()) if match else Found("absent", accept.pattern)
    if isinstance(accept, ListOf):
        return _list(accept.all, answer, known)
    if isinstance(accept, YesNo):
        return _yes_no(accept.yes, answer, known)
    return _text(accept.value, answer, known)


@lru_cache(maxsize=8192)
def _as_typed(text: str, keys: frozenset[str]) -> Stamp | Amount | None:
    return typed.as_date(text) or typed.as_number(text, keys)


def _text(text: str, answer: Reading, known: Asked) -> Found:
    value = _as_typed(text, known.keys)
    if isinstance(value, Stamp):
        # A text that states the year wants it stated, unless the question did; a DateIs says what it wants.
        told = any(stamp.year == value.year for stamp, _, _ in typed.stamps(known.reading))
        return _date(value, not told, answer, known, text)
    if isinstance(value, Amount):
        return _number(value, answer, known, text)
    mention = phrases.find(text, answer, known.keys)
    if mention.level == "absent":
        return Found("absent", text)
    start, end = answer.words[mention.first].start, answer.words[mention.last - 1].end
    if mention.level == "partial":
        return Found("unsure", f"states {text} {mention.how}", start, end)
    return Found("stated", text, start, end, short=_told_by_question(text, answer, known))


def _told_by_question(text: str, answer: Reading, known: Asked) -> bool:
    """The question itself holds the text, and the answer is long enough merely to repeat the question."""
    keys = {word.key for word in read(text).words} - phrases.STOP_KEYS
    chosen = "or" in known.reading.text.lower().split()
    return keys <= known.keys and not chosen and len(answer.words) > len(keys) + 3


def _date(gold: Stamp, year_required: bool, answer: Reading, known: Asked, what: str) -> Found:
    compared = typed.compare_date(gold, year_required, answer, known.reading, known.published)
    if compared.fit == "match":
        return Found("stated", what, compared.start, compared.end, compared.rivals, stamp=compared.stated, gold=gold)
    if compared.fit == "coarse":
        return Found("unsure", f"says less than {what}", compared.start, compared.end, gold=gold)
    return Found("absent", what, rivals=compared.rivals, gold=gold)


def _number(gold: Amount, answer: Reading, known: Asked, what: str) -> Found:
    compared = typed.compare_number(gold, answer, known.reading)
    if compared.fit == "match":
        return Found("stated", what, compared.start, compared.end, compared.rivals)
    if compared.fit == "near":
        return Found("unsure", f"says about {what}", compared.start, compared.end)
    return Found("absent", what, rivals=compared.rivals)


def _list(parts: Sequence[str], answer: Reading, known: Asked) -> Found:
    """Right with all of its parts, unsure with all but some only in part; a part that is missing is missing."""
    found = [_text(part, answer, known) for part in parts]
    what = ", ".join(parts)
    absent = [part for part, f in zip(parts, found, strict=True) if f.fit == "absent" or hazards.negated(answer, f.start)]
    if absent:
        return Found("absent", f"{what} (without {', '.join(absent)})")
    if any(f.fit == "unsure" for f in found):
        return Found("unsure", f"states {what} in part")
    return Found("stated", what, min(f.start for f in found), max(f.end for f in found))


_YES = re.compile(r"\W*(?:yes|yeah|yep|correct|indeed|true|affirmative)\b", re.IGNORECASE)
_NO = re.compile(r"\W*(?:no|nope|not yet|false|incorrect|negative)\b(?!\s+(?:one|doubt))", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|never|no|neither|nor|none|without|denie[sd]|deny|refus\w+|yet to)\b|n't\b", re.IGNORECASE)


def _yes_no(yes: bool, answer: Reading, known: Asked) -> Found:
    """By its first word, or else by whether it restates or denies all that the question asks."""
    what = "yes" if yes else "no"
    if _YES.match(answer.text) or _NO.match(answer.text):
        said = bool(_YES.match(answer.text))
        return Found("stated" if said == yes else "absent", what)
    carrying = known.keys - phrases.STOP_KEYS - {"do", "doe", "did", "ha", "have", "had", "will", "can", "ani"}
    if not carrying or len(carrying & set(answer.places)) / len(carrying) < 0.8 or hazards.refuses(answer):
        return Found("unsure", "says neither yes nor no")
    denied = bool(_NOT.search(answer.text)) != bool(_NOT.search(known.reading.text))
    return Found("stated" if denied != yes else "absent", what)


def _written(accept: DateIs) -> str:
    if accept.month is None:
        return str(accept.year)
    if accept.day is None:
        return date(accept.year, accept.month, 1).strftime("%B %Y")
    return f"{date(accept.year, accept.month, accept.day):%B} {accept.day}, {accept.year}"


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """A conversation's: wrong if one of its turns is, else cannot tell if one of them is, else right."""
    found = list(verdicts)
    for outcome in ("wrong", "cannot tell"):
        if first := next(((n, v) for n, v in enumerate(found, 1) if v.outcome == outcome), None):
            where = f"turn {first[0]}: " if len(found) > 1 else ""
            return Verdict(first[1].outcome, where + first[1].reason)
    return found[0] if len(found) == 1 else Verdict("right" if found else "cannot tell", "all turns are right")
