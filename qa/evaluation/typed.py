"""Dates, times of day and numbers of an answer against an accepted one, by meaning.

compare_date(Stamp(2025, 12, 16), False, read("It ends Dec. 16."), …)   → Typed("match", …): the year may be left out
compare_date(Stamp(2025, 12, 16), False, read("in December"), …)        → Typed("coarse", …): less than was asked
compare_number(Amount(Decimal("3.8e9")), read("3.8 million"), …)        → Typed("clash", …)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from qa.evaluation.wording import Reading, read
from qa.evidence import units, values
from qa.words import STOP_WORDS

Fit = Literal["match", "near", "coarse", "clash", "none"]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A calendar date as far as it is stated; `span` years where a decade (10) or a century (100) is all that is."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    span: int = 1

    def clashes(self, other: "Stamp") -> bool:
        if self.year is not None and other.year is not None:
            apart = self.year + self.span <= other.year or other.year + other.span <= self.year
        else:
            apart = False
        pairs = ((self.month, other.month), (self.day, other.day))
        return apart or any(a is not None and b is not None and a != b for a, b in pairs)

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
    """How the values of an answer stand to the accepted one, which it states at [start, end)."""

    fit: Fit
    start: int = 0
    end: int = 0
    rivals: tuple[Place, ...] = ()
    """Where values of the same kind stand that say something else and are not the question's."""
    stated: Stamp | None = None


_NONE = Typed("none")
_SMALL_WORDS = STOP_WORDS | {"circa", "c", "around", "approximately", "roughly", "ad", "ce", "year", "day", "date", "s"}
_COUNTS = {"once": 1, "twice": 2, "thrice": 3}
_COUNT = re.compile(r"\b(?:once|twice|thrice)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\s*(?:of|another|who|or|that|which|can|day|way)\b")
_CENTURY = re.compile(r"\b(\d\d?)(?:st|nd|rd|th)[- ]century\b", re.IGNORECASE)
_BARE_DAY = re.compile(r"\bthe\s+\Z", re.IGNORECASE)
_DAY_ENDS = re.compile(r"\s*(?:[.,;:!?)\[]|\Z|(?:and|or|but|at|of\s+the\s+month)\b)")
_AN_UNIT = re.compile(r"\Aan?(?=\s+(?:second|minute|hour|day|week|month|year|decade|mile)\Z)")
_BEFORE_NUMBER = re.compile(
    r"(?:\W|\b(?:about|around|approximately|roughly|some|nearly|almost|over|under|more|less|fewer|than|at|least|most|up|to"
    r"|the|a|an|in|by|for|of|only|just|exactly|as|many|every)\b)*",
    re.IGNORECASE,
)
_ZONES = frozenset({"gmt", "utc", "et", "est", "edt", "local", "time", "clock"})
_LASTS = {
    unit: Decimal(n) for unit, n in (("second", 1), ("minute", 60), ("hour", 3600), ("day", 86400), ("week", 604800))
}
_STRICT = units.CURRENCIES | {"%", "pp"}


def stamps(text: Reading, published: date | None = None) -> list[tuple[Stamp, Place]]:
    """The dates of a text with where they stand; a bare year is one; weekdays are resolved against `published`.

    A value that can be read in two ways ("3/4/2025", "Tuesday") comes twice, at one place.
    """
    found: list[tuple[Stamp, Place]] = []
    for value in text.values:
        place = (value.start, value.end)
        for meaning in value.meanings:
            if isinstance(meaning, values.Date):
                found += [(stamp, place) for stamp in _stamps(meaning, published)]
            elif isinstance(meaning, values.Number) and (stamp := _year(meaning, value.text)):
                found.append((stamp, place))
    found += [(Stamp(int(c[1]) * 100 - 100, span=100), c.span()) for c in _CENTURY.finditer(text.text)]
    return found


def _stamps(meaning: values.Date, published: date | None) -> list[Stamp]:
    if meaning.year or meaning.month:
        return [Stamp(meaning.year, meaning.month, meaning.day)]
    if not published:
        return []
    # Asked of the gate's own comparison, so that "Tuesday" is the same day to both.
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


def _bare_days(text: Reading) -> list[tuple[Stamp, Place]]:
    """ "The sixteenth", with nothing after it that it could count."""
    return [
        (Stamp(day=int(number.amount)), place)
        for number, place in numbers(text)
        if number.ordinal
        and not number.unit
        and 1 <= number.amount <= 31
        and _BARE_DAY.search(text.text[: place[0]])
        and _DAY_ENDS.match(text.text, place[1])
    ]


def compare_date(
    gold: Stamp, year_required: bool, answer: Reading, asked: Reading, published: date | None = None
) -> Typed:
    """`published` is the date of the articles that the answer rests on, from which "Tuesday" counts."""
    needed = gold.fields() - (frozenset() if year_required or gold.fields() == {"year"} else {"year"})
    known = {stamp for stamp, _ in stamps(asked)}
    stated = stamps(answer, published)
    if gold.day and not year_required and not any(stamp.month for stamp, _ in stated):
        stated += [(replace(stamp, month=gold.month), place) for stamp, place in _bare_days(answer)]
    # A value with two readings is no rival if one of them fits.
    fitting = {place for stamp, place in stated if not stamp.clashes(gold)}
    rivals = tuple(dict.fromkeys(place for stamp, place in stated if place not in fitting and stamp not in known))
    fits: dict[Fit, Typed] = {}
    for stamp, place in stated:
        fit: Fit = "match" if needed <= stamp.fields() else "coarse"
        if not stamp.clashes(gold) and (fit == "match" or stamp not in known):
            fits.setdefault(fit, Typed(fit, *place, rivals, stamp))
    return fits.get("match") or fits.get("coarse") or (Typed("clash", rivals=rivals) if rivals else _NONE)


def times(text: Reading) -> list[tuple[int, Place]]:
    """The times of day of a text, in minutes, with where they stand."""
    return [
        (meaning.minutes, (value.start, value.end))
        for value in text.values
        for meaning in value.meanings
        if isinstance(meaning, values.Time)
    ]


def compare_time(gold: int, answer: Reading) -> Typed:
    """Time zones are left aside: "8 a.m. (1200 GMT)" states both."""
    stated = times(answer)
    rivals = tuple(place for minutes, place in stated if minutes != gold)
    match = next((place for minutes, place in stated if minutes == gold), None)
    return Typed("match", *match, rivals) if match else Typed("clash", rivals=rivals) if rivals else _NONE


def numbers(text: Reading) -> Iterator[tuple[values.Number, Place]]:
    """The amounts of a text with where they stand, "once" and "twice" among them, "one of them" not."""
    for value in text.values:
        if value.prose and _PRONOUN.match(text.text, value.end):
            continue
        for meaning in value.meanings:
            if isinstance(meaning, values.Number) and meaning.unit != "vague":
                yield meaning, (value.start, value.end)
    for match in _COUNT.finditer(text.text):
        yield values.Number(Decimal(_COUNTS[match[0].lower()])), match.span()


def compare_number(gold: Amount, answer: Reading, asked: Reading) -> Typed:
    known = {number.amount for number, _ in numbers(asked)}
    counted = "how many" in asked.text.lower() or "number of" in asked.text.lower()
    places: dict[Fit, list[Place]] = {"match": [], "near": [], "clash": []}
    for number, place in sorted(numbers(answer), key=lambda n: n[1]):
        stated = _in_unit(number, gold)
        off = None if stated is None else abs(gold.value - stated)
        if off is not None and off <= gold.rel_tol * abs(gold.value):
            # "third" is no "three" unless things are being counted; "145" may be percent, or may not.
            sure = (number.ordinal or not gold.ordinal or counted) and (gold.unit in _STRICT) == (
                number.unit in _STRICT
            )
            places["match" if sure else "near"].append(place)
        elif off is not None and off <= abs(gold.value) / 20 and not _year(number, answer.text[slice(*place)]):
            places["near"].append(place)
        elif number.amount not in known:
            places["clash"].append(place)
    rivals = tuple(p for p in dict.fromkeys(places["clash"]) if p not in places["match"])
    for fit in ("match", "near"):
        if places[fit]:
            return Typed(fit, *places[fit][0], rivals)
    return Typed("clash", rivals=rivals) if rivals else _NONE


def _in_unit(number: values.Number, gold: Amount) -> Decimal | None:
    """The amount in the unit of the accepted one, or None where they measure different things."""
    if number.unit == gold.unit:
        return number.amount
    if number.unit in _LASTS and gold.unit in _LASTS:
        return number.amount * _LASTS[number.unit] / _LASTS[gold.unit]
    if gold.thing or (gold.unit and number.unit):
        return None if number.unit else number.amount
    return None if "fraction" in (gold.unit, number.unit) else number.amount


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
    found = [(stamp, place) for stamp, place in stamps(reading) if stamp.span == 1]
    if len(found) != 1 or len(reading.values) != 1 or _rest(reading, found[0][1]):
        return None
    return found[0][0]


def as_time(text: str) -> int | None:
    """The time of day, in minutes, that the whole of a text is: "8 a.m.", "1200 GMT"."""
    reading = read(text)
    found = times(reading)
    if len(found) != 1 or len(reading.values) != 1 or set(_rest(reading, found[0][1])) - _ZONES:
        return None
    return found[0][0]


def as_number(text: str, asked: frozenset[str]) -> Amount | None:
    """The number that a text is, with at most one word that the question does not hold: "2,579 steps", "$2.18 billion"."""
    reading = read(_AN_UNIT.sub("1", text, count=1))
    found = list({(n.amount, n.unit): (n, place) for n, place in numbers(reading)}.values())
    if len(found) != 1 or len(reading.values) > 1:
        return None
    number, (start, end) = found[0]
    rest = [w for w in _rest(reading, (start, end)) if w not in asked]
    # A capital makes it a name ("Layer 2"), a glued letter a code ("L1"), a colon a time or a ratio.
    if (
        len(rest) > 1
        or re.search(r"[A-Z](?!\$)|[A-Za-z]\d|\d:\d", reading.text)
        or number.unit in ("decade", "fraction")
    ):
        return None
    if not _BEFORE_NUMBER.fullmatch(reading.text, 0, start) or (
        _year(number, reading.text[start:end]) and "mani" not in asked
    ):
        return None
    return Amount(number.amount, number.unit, ordinal=number.ordinal)


def _rest(reading: Reading, place: Place) -> list[str]:
    """The keys of the words outside a place that carry meaning."""
    outside = (w for w in reading.words if w.end <= place[0] or w.start >= place[1])
    return [w.key for w in outside if w.plain not in _SMALL_WORDS]
