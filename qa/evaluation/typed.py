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
    """A calendar date as far as it is stated; `span` years where a decade (10) or a century (100) is all that is."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    span: int = 1

    def clashes(self, other: "Stamp") -> bool:
        if self.year is not None and other.year is not None:
            if self.year + self.span <= other.year or other.year + other.span <= self.year:
                return True
        pairs = ((self.month, other.month), (self.day, other.day))
        return any(a is not None and b is not None and a != b for a, b in pairs)

    def fields(self) -> frozenset[str]:
        """What it states, named; a decade or a century is not yet a year."""
        stated = {f for f in ("year", "month", "day") if getattr(self, f) is not None}
        return frozenset(stated - {"year"} if self.span > 1 else stated)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit as qa.evidence.values writes it ("%", "$", "minute"); "" where it only counts things.

    `thing`: a unit was given, and it is none that can be told from another noun, such as "users".
    """

    value: Decimal
    unit: str = ""
    rel_tol: Decimal = Decimal(0)
    thing: bool = False
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """How the values of an answer stand to the accepted one, which stands at [start, end)."""

    fit: Fit
    start: int = 0
    end: int = 0
    rivals: tuple[tuple[int, int], ...] = ()
    """Where values of the same kind stand that say something else and are not the question's."""
    stated: Stamp | None = None


_SMALL_WORDS = STOP_WORDS | {"circa", "c", "around", "approximately", "roughly", "ad", "ce", "year", "day", "date", "s"}
_COUNTS = {"once": 1, "twice": 2, "thrice": 3}
_COUNT = re.compile(r"\b(?:once|twice|thrice)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\s*(?:of|another|who|or|that|which|can|day|way)\b")
_CENTURY = re.compile(r"\b(\d\d?)(?:st|nd|rd|th)[- ]century\b", re.IGNORECASE)
_AN_UNIT = re.compile(r"\Aan?(?=\s+(?:second|minute|hour|day|week|month|year|decade|mile)\Z)")
_BEFORE_NUMBER = re.compile(
    r"(?:\W|\b(?:about|around|approximately|roughly|some|nearly|almost|over|under|more|less|fewer|than|at|least|most|up|to"
    r"|the|a|an|in|by|for|of|only|just|exactly|as|many|every)\b)*",
    re.IGNORECASE,
)
_STRICT = values.CURRENCIES | {"%", "pp"}


def stamps(text: Reading, published: date | None = None) -> list[tuple[Stamp, int, int]]:
    """The dates of a text with where they stand; a bare year is one; weekdays are resolved against `published`."""
    found = []
    for value in text.values:
        meaning = value.meanings[0]
        if isinstance(meaning, values.Date):
            found += [(stamp, value.start, value.end) for stamp in _stamps(meaning, published)]
        elif isinstance(meaning, values.Number) and (stamp := _year(meaning, value.text)):
            found.append((stamp, value.start, value.end))
    for century in _CENTURY.finditer(text.text):
        found.append((Stamp(int(century[1]) * 100 - 100, span=100), *century.span()))
    return found


def _stamps(meaning: values.Date, published: date | None) -> list[Stamp]:
    if meaning.year or meaning.month:
        return [Stamp(meaning.year, meaning.month, meaning.day)]
    if not published:
        return []
    # The one way to resolve "Tuesday" that the gate and we must agree on is to ask the gate's own comparison.
    near = (date.fromordinal(published.toordinal() + n) for n in range(-7, 8))
    stated = values.Value("", 0, 0, (meaning,))
    days = [d for d in near if values.holds(_value(d), [stated], published)]
    return [Stamp(d.year, d.month, d.day) for d in days]


def _value(day: date) -> values.Value:
    return values.Value("", 0, 0, (values.Date(day.year, day.month, day.day),))


def _year(number: values.Number, written: str) -> Stamp | None:
    if number.unit == "decade" and 1000 <= number.amount < 2100:
        return Stamp(int(number.amount), span=100 if number.amount % 100 == 0 else 10)
    plain = not number.unit and not number.ordinal and re.fullmatch(r"1\d\d\d|20\d\d", written.strip())
    return Stamp(int(number.amount)) if plain else None


def compare_date(
    gold: Stamp, year_required: bool, answer: Reading, asked: Reading, published: date | None = None
) -> Typed:
    """`published` is the date of the articles that the answer rests on, from which "Tuesday" counts."""
    needed = gold.fields() - (frozenset() if year_required or gold.fields() == {"year"} else {"year"})
    known = {stamp for stamp, _, _ in stamps(asked)}
    fits: dict[str, Typed] = {}
    rivals: list[tuple[int, int]] = []
    stated = stamps(answer, published)
    # A weekday may be read as either of two days; it is no rival if one of its readings fits.
    fitting = {(start, end) for stamp, start, end in stated if not stamp.clashes(gold)}
    for stamp, start, end in stated:
        if (start, end) not in fitting:
            if stamp not in known:
                rivals.append((start, end))
        elif not stamp.clashes(gold):
            fit: Fit = "match" if needed <= stamp.fields() else "coarse"
            if fit == "match" or stamp not in known:
                fits.setdefault(fit, Typed(fit, start, end, stated=stamp))
    best = fits.get("match") or fits.get("coarse") or Typed("clash" if rivals else "none")
    return Typed(best.fit, best.start, best.end, tuple(rivals), best.stated)


def numbers(text: Reading) -> Iterator[tuple[values.Number, int, int]]:
    """The amounts of a text with where they stand, "once" and "twice" among them, "one of them" not."""
    for value in text.values:
        if value.prose and _PRONOUN.match(text.text, value.end):
            continue
        for meaning in value.meanings:
            if isinstance(meaning, values.Number) and meaning.unit != "vague":
                yield meaning, value.start, value.end
    for match in _COUNT.finditer(text.text):
        yield values.Number(Decimal(_COUNTS[match[0].lower()])), match.start(), match.end()


def compare_number(gold: Amount, answer: Reading, asked: Reading) -> Typed:
    known = {number.amount for number, _, _ in numbers(asked)}
    fits: dict[str, Typed] = {}
    rivals: list[tuple[int, int]] = []
    counted = "how many" in asked.text.lower() or "number of" in asked.text.lower()
    for number, start, end in sorted(numbers(answer), key=lambda n: n[1]):
        same = _units_fit(gold, number)
        off = abs(gold.value - number.amount)
        if same and off <= gold.rel_tol * abs(gold.value):
            # "third" is no "three" unless things are being counted.
            fit: Fit = "match" if number.ordinal or not gold.ordinal or counted else "near"
            fits.setdefault(fit, Typed(fit, start, end))
        elif same and off <= abs(gold.value) / 20 and not _year(number, answer.text[start:end]):
            fits.setdefault("near", Typed("near", start, end))
        elif number.amount not in known:
            rivals.append((start, end))
    best = fits.get("match") or fits.get("near") or Typed("clash" if rivals else "none")
    return Typed(best.fit, best.start, best.end, tuple(rivals))


def _units_fit(gold: Amount, number: values.Number) -> bool:
    if gold.thing:
        return not number.unit
    if gold.unit in _STRICT or number.unit in _STRICT:
        return gold.unit == number.unit
    return gold.unit == number.unit or not gold.unit or not number.unit


def amount(value: Decimal, unit: str, rel_tol: Decimal) -> Amount:
    """An accepted number whose unit is written as people write it: "percent", "euros", "minutes", "users"."""
    written = unit.strip()
    if not written:
        return Amount(value, rel_tol=rel_tol)
    # What the value reader makes of "2 <unit>" is the unit as it will read it in an answer.
    for text in (f"2 {written}", f"2{written}", f"{written}2"):
        meanings = [m for v in values.find(text) for m in v.meanings if isinstance(m, values.Number) and m.unit]
        if meanings:
            return Amount(value * meanings[0].amount / 2, meanings[0].unit, rel_tol)
    return Amount(value, "", rel_tol, thing=True)


def as_date(text: str) -> Stamp | None:
    """The date that the whole of a text is: "on 16 December 2025", "1976"; None for "early 2014" or "War of 1812"."""
    reading = read(text)
    found = [s for s in stamps(reading) if s[0].span == 1]
    if len(found) != 1 or len(reading.values) - _weekdays(reading) != 1 or _rest(reading, *found[0][1:]):
        return None
    return found[0][0]


def _weekdays(reading: Reading) -> int:
    return sum(isinstance(m, values.Date) and m.weekday is not None for v in reading.values for m in v.meanings)


def as_number(text: str, asked: frozenset[str]) -> Amount | None:
    """The number that a text is, with at most one word that the question does not hold: "2,579 steps", "$2.18 billion"."""
    reading = read(_AN_UNIT.sub("1", text, count=1))
    found = list({(n.amount, n.unit): (n, start, end) for n, start, end in numbers(reading)}.values())
    if len(found) != 1 or len(reading.values) > 1:
        return None
    number, start, end = found[0]
    if not _BEFORE_NUMBER.fullmatch(reading.text, 0, start) or (_year(number, reading.text[start:end]) and "mani" not in asked):
        return None
    rest = [w for w in _rest(reading, start, end) if w not in asked]
    # A capital makes it a name ("Layer 2"), a glued letter a code ("L1"), a colon a time or a ratio.
    if len(rest) > 1 or re.search(r"[A-Z](?!\$)|[A-Za-z]\d|\d:\d", reading.text) or number.unit in ("decade", "fraction"):
        return None
    return Amount(number.amount, number.unit, ordinal=number.ordinal)


def _rest(reading: Reading, start: int, end: int) -> list[str]:
    """The keys of the words outside [start, end) that carry meaning; a weekday adds none to a date."""
    outside = (w for w in reading.words if w.end <= start or w.start >= end)
    return [w.key for w in outside if w.plain not in _SMALL_WORDS and not w.plain.endswith("day")]
