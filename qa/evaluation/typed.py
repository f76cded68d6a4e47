"""Dates and numbers of an answer against an accepted one, by meaning.

    compare_date(Stamp(2025, 12, 16), read("It ends Dec. 16."), …)      → Typed("match", …): the year may be left out
    compare_date(Stamp(2025, 12, 16), read("in December"), …)           → Typed("coarse", …): less than was asked
    compare_number(Amount(3.8bn), read("3.8 million"), …)               → Typed("clash", …)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from qa.evaluation.wording import Reading, read
from qa.evidence import values
from qa.words import STOP_WORDS

Fit = Literal["match", "near", "coarse", "clash", "none"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A calendar date as far as it is stated."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def clashes(self, other: "Stamp") -> bool:
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return any(a is not None and b is not None and a != b for a, b in pairs)

    def fields(self) -> frozenset[str]:
        return frozenset(f for f in ("year", "month", "day") if getattr(self, f) is not None)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit as qa.evidence.values writes it ("%", "$", "minute"); "" where it only counts things."""

    value: Decimal
    unit: str = ""
    rel_tol: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Typed:
    """How the values of an answer stand to the accepted one."""

    fit: Fit
    start: int = 0
    end: int = 0
    rivals_before: int = 0
    """Values of the same kind, not in the question, that stand before the matching one and say something else."""
    rivals: int = 0


_SMALL_WORDS = STOP_WORDS | {"circa", "c", "around", "approximately", "roughly", "ad", "ce", "year", "day", "date", "s"}
_COUNTS = {"once": 1, "twice": 2, "thrice": 3}
_COUNT = re.compile(r"\b(?:once|twice|thrice)\b", re.IGNORECASE)
_STRICT = values.CURRENCIES | {"%", "pp"}


def stamps(text: Reading, published: date | None = None) -> list[tuple[Stamp, int, int]]:
    """The dates of a text with where they stand; a bare year is one; weekdays are resolved against `published`."""
    found = []
    for value in text.values:
        meaning = value.meanings[0]
        if isinstance(meaning, values.Date):
            for full in values._readings(meaning, published) if meaning.weekday is not None or meaning.relative else [meaning]:
                if full.year or full.month:
                    found.append((Stamp(full.year, full.month, full.day), value.start, value.end))
        elif isinstance(meaning, values.Number) and _is_year(meaning, value.text):
            found.append((Stamp(int(meaning.amount)), value.start, value.end))
    return found


def _is_year(number: values.Number, written: str) -> bool:
    return not number.unit and not number.ordinal and bool(re.fullmatch(r"1\d\d\d|20\d\d", written.strip()))


def compare_date(gold: Stamp, year_required: bool, answer: Reading, asked: Reading, published: date | None = None) -> Typed:
    needed = gold.fields() - (frozenset() if year_required or gold.fields() == {"year"} else {"year"})
    known = {stamp for stamp, _, _ in stamps(asked)}
    best = Typed("none")
    rivals: list[int] = []
    coarse: Typed | None = None
    match: tuple[int, int] | None = None
    for stamp, start, end in stamps(answer, published):
        if stamp.clashes(gold):
            if stamp not in known:
                rivals.append(start)
        elif needed <= stamp.fields():
            match = match or (start, end)
        elif stamp not in known:
            coarse = coarse or Typed("coarse", start, end)
    if match:
        return Typed("match", *match, sum(at < match[0] for at in rivals), len(rivals))
    if coarse:
        return Typed("coarse", coarse.start, coarse.end, sum(at < coarse.start for at in rivals), len(rivals))
    return Typed("clash", rivals=len(rivals)) if rivals else best


def numbers(text: Reading) -> Iterator[tuple[values.Number, int, int]]:
    for value in text.values:
        after = text.text[value.end : value.end + 8]
        if value.prose and re.match(r"\s*(?:of|another|who|or|that|which|can|day|way)\b", after):
            continue
        for meaning in value.meanings:
            if isinstance(meaning, values.Number) and meaning.unit not in ("vague",):
                yield meaning, value.start, value.end
    for match in _COUNT.finditer(text.text):
        yield values.Number(Decimal(_COUNTS[match[0].lower()])), match.start(), match.end()


def compare_number(gold: Amount, answer: Reading, asked: Reading) -> Typed:
    known = {number.amount for number, _, _ in numbers(asked)}
    rivals: list[int] = []
    match: tuple[int, int] | None = None
    near: tuple[int, int] | None = None
    for number, start, end in sorted(numbers(answer), key=lambda n: n[1]):
        fits = _units_fit(gold.unit, number.unit)
        if fits and _close(gold.value, number.amount, gold.rel_tol):
            match = match or (start, end)
        elif fits and _close(gold.value, number.amount, Decimal("0.05")) and not _is_year(number, answer.text[start:end]):
            near = near or (start, end)
        elif number.amount not in known and (fits or gold.value == number.amount):
            rivals.append(start)
    if match:
        return Typed("match", *match, sum(at < match[0] for at in rivals), len(rivals))
    if near:
        return Typed("near", *near, sum(at < near[0] for at in rivals), len(rivals))
    return Typed("clash", rivals=len(rivals)) if rivals else Typed("none")


def _close(gold: Decimal, stated: Decimal, tolerance: Decimal) -> bool:
    return abs(gold - stated) <= tolerance * abs(gold)


def _units_fit(gold: str, stated: str) -> bool:
    if gold in _STRICT or stated in _STRICT:
        return gold == stated
    return gold == stated or not gold or not stated


def as_date(text: str) -> Stamp | None:
    """The date that the whole of a text is: "on 16 December 2025", "1976"; None for "early 2014" or "War of 1812"."""
    reading = read(text)
    found = stamps(reading)
    if len(found) != 1 or _rest(reading, found[0][1], found[0][2], weekdays=True):
        return None
    return found[0][0]


def as_number(text: str, asked: frozenset[str]) -> Amount | None:
    """The number that a text is, with at most one word that the question does not hold: "2,579 steps", "$2.18 billion"."""
    reading = read(text)
    found = list({(n.amount, n.unit): (n, start, end) for n, start, end in numbers(reading)}.values())
    if len(found) != 1:
        return None
    number, start, end = found[0]
    rest = [w for w in _rest(reading, start, end) if w not in asked]
    if len(rest) > 1 or any(c.isupper() for c in reading.text) or re.search(r"[a-z]\d|\d:\d", reading.text):
        return None
    return Amount(number.amount, "" if number.unit in ("decade", "fraction") else number.unit) if number.unit != "decade" else None


def _rest(reading: Reading, start: int, end: int, weekdays: bool = False) -> list[str]:
    """The keys of the words outside [start, end) that carry meaning."""
    days = values._WEEKDAYS if weekdays else ()
    return [
        w.key
        for w in reading.words
        if (w.end <= start or w.start >= end) and w.plain not in _SMALL_WORDS and w.plain not in days
    ]
