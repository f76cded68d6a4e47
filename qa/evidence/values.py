"""Numbers, dates, amounts and percentages in a text, compared by meaning.

    find("about 3.8bn by Dec. 16")  → [Value("3.8bn", Number(3800000000)), Value("Dec. 16", Date(month=12, day=16))]
    holds(find("four")[0], find("the fourth time"), None)              → True
    holds(find("December 16, 2025")[0], find("Dec. 16"), date(2025, 9, 19)) → True: the article gives the year

How each is read stands in numerals.py, units.py and dates.py; what dates stand for in moments.py.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from qa.evidence import dates, locate, moments, numerals, units
from qa.evidence.moments import Date, Time
from qa.evidence.units import CURRENCIES

__all__ = ["CURRENCIES", "Date", "Number", "Pair", "Time", "Value", "find", "holds"]


@dataclass(frozen=True, slots=True)
class Number:
    """An amount and what it counts: "" (plain), "%", "pp", a currency sign, or a unit of measure ("minute").

    Of their own kind are "fraction" (of a whole), "vague" ("thousands" is 1000) and "decade" ("the 1980s" is 1980).
    """

    amount: Decimal
    unit: str = ""
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two amounts that belong together, the smaller first: a score, a range."""

    low: Decimal
    high: Decimal


Meaning = Number | Date | Time | Pair


@dataclass(frozen=True, slots=True)
class Value:
    """Words in a text, at [start, end), with the things that they can mean."""

    text: str
    start: int
    end: int
    meanings: tuple[Meaning, ...]
    prose: bool = False
    """Written "one", "two", "first" or "second", which in prose are rarely figures; or what follows from another value."""
    core: tuple[int, int] = (0, 0)
    """The part that a quote must hold to hold it all: of "Friday, Oct. 31, 2025" the month and day."""
    scale: Decimal = Decimal(1)
    """The scale written out: of "3 million" a million."""


_MAY_START = re.compile(
    r"(?<![\w$£€])(?:[^\W\d_]+|(?<!\d[.,])\d|[$£€¥₹₩₽½⅓⅔¼¾⅕⅛]|(?<![^\s(])[−-](?=[\d$£€¥₹₩₽.])|(?<!\.)\.(?=\d))"
)
_STARTERS = dates.STARTERS | numerals.STARTERS | units.STARTERS
_SIGN = re.compile(rf"(?P<minus>[−-])?(?:(?P<sign>{units.SIGN}|{units.CODE})\s?)?")
# "Covid-19" and "F-16" are names, "Mid-2025" is none.
_NAME = re.compile(r"(?<![\w-])(?!(?:Mid|Pre|Post|Under|Over|Sub|Non|Late|Early)-)[A-Z][A-Za-z]*-\Z")
_JOINED = re.compile(r"(?P<range>[\s-]*(?:-|–|—|\bto\b|\bor\b)[\s-]*)|\s+and\s+")
_BESIDE = re.compile(
    r"\b(?:the|a) day (before|earlier|after|later)\b(?=\s*(?:[,.;:)—–]|\Z))|\bthe (previous|preceding|next|following) day\b"
)
_BETWEEN = re.compile(r"\bbetween\s+\Z")
# "For the second time" is a figure; "the first is …, the second is …" only counts off.
_COUNTED = re.compile(
    r"[\s-]+(?:straight\s+|consecutive\s+)?(?:time|term|quarter|half|round|place|season|day|week|month|year|century"
    r"|decade|anniversary|\w{2,}est|most)s?\b"
)
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_OWN_KINDS = {"part": "fraction", "slash": "fraction", "vague": "vague", "decade": "decade"}


def find(text: str, before: str = "") -> list[Value]:
    """The values that stand in `text`, in order. A figure that is part of a name (G20, Covid-19) is none.

    `before` is the sentence that stands before it, from which "the day before" may count.
    """
    lower = locate.lower(text)
    found: list[Value] = []
    end = 0
    for token in _MAY_START.finditer(lower):
        at = token.start()
        if at < end or (
            token[0].isalpha() and token[0] not in _STARTERS and lower[token.end() : token.end() + 1] != "$"
        ):
            continue
        if text[at - 1 : at] == "-" and _NAME.search(text, max(0, at - 20), at):
            continue
        found += _dates(text, lower, at) or _number(text, lower, at)
        end = found[-1].end if found else 0
    return _joined(lower, found + list(_days_beside(lower, found, before)))


def _days_beside(lower: str, found: list[Value], before: str) -> Iterator[Value]:
    """ "The day before", where a day was named just before: Monday after Tuesday."""
    for match in _BESIDE.finditer(lower):
        named = [*find(before), *(v for v in found if v.end <= match.start())]
        days = [meaning for value in named for meaning in value.meanings[:1] if isinstance(meaning, Date)]
        days = [day for day in days if day.weekday is not None] or days  # the days of the story are rather weekdays
        count = 1 if match[1] in ("after", "later") or match[2] in ("next", "following") else -1
        if days and (day := moments.beside(days[-1], count)):
            yield Value(match[0], *match.span(), (day,), prose=True, core=match.span())


def _dates(text: str, lower: str, at: int) -> list[Value]:
    found = []
    for stated in dates.read(text, lower, at):
        start, end = stated.core
        core = start, end - (text[end - 1] == ".")  # the last dot of "8 a.m." may be cut with its sentence's end
        found.append(
            Value(text[stated.start : stated.end].strip(), stated.start, stated.end, stated.meanings, core=core)
        )
    return found


def _number(text: str, lower: str, at: int) -> list[Value]:
    sign = _SIGN.match(lower, at)
    currency = units.of_sign(sign["sign"]) if sign and sign["sign"] else ""
    numeral = numerals.read(lower, sign.end() if sign else at)
    if not numeral:
        return []
    unit = None if currency else units.read(lower, numeral.end)
    if unit and unit.singular and _YEAR.fullmatch(lower, at, numeral.end):
        unit = None  # "in 2020 won the race", "in 2024 second-quarter profits"
    name = currency or (unit.name if unit else "")
    meanings = tuple(_meanings(numeral, name, bool(sign and sign["minus"])))
    if unit and unit.ago and unit.name in ("day", "month", "year") and numeral.amounts[0] < 1000:
        meanings += (Date(relative=(unit.name, -int(numeral.amounts[0]))),)
    if numeral.kind == "slash":
        meanings += dates.slashed(lower[at : numeral.end])
    written = lower[at : numeral.end]
    # "Two percent" and "two weeks" are figures; "one week" often only says "a week".
    prose = (
        (written == "one" and name not in units.STRICT)
        or (written == "two" and not name)
        or (written in ("first", "second") and not _COUNTED.match(lower, numeral.end))
    )
    end = unit.end if unit else numeral.end
    return [Value(text[at:end].strip(), at, end, meanings, prose, (at, end), numeral.scale)]


def _meanings(numeral: numerals.Numeral, unit: str, minus: bool) -> Iterator[Meaning]:
    amounts = [-amount if minus else amount for amount in numeral.amounts]
    if unit in units.HUNDREDTHS:
        amounts, unit = [amount / 100 for amount in amounts], units.HUNDREDTHS[unit]
    if unit in units.YEARS and numeral.kind != "nth":
        amounts, unit = [amount * units.YEARS[unit] for amount in amounts], "year"
    own = "" if unit in units.STRICT else _OWN_KINDS.get(numeral.kind, "")
    yield Number(amounts[0], own or unit, numeral.kind == "nth")
    if numeral.possessive:
        yield Number(amounts[0])
    if len(amounts) > 1 and not unit:
        yield Number(amounts[1], "meter" if numeral.scale == numerals.SCALES["million"] else "ton")


def _joined(lower: str, found: list[Value]) -> list[Value]:
    """The values, and each score or range as a whole; what stands at one end of a range may be meant at the other too."""
    pairs = []
    for i in range(len(found) - 2, -1, -1):
        left, right = found[i : i + 2]
        gap = _JOINED.fullmatch(lower, left.end, right.start) if left.end <= right.start else None
        if not gap:
            continue
        ranged = bool(gap["range"] or _BETWEEN.search(lower, max(0, left.start - 12), left.start))
        found[i : i + 2] = _spread(left, right, ranged)
        a, b = found[i].meanings[-1], found[i + 1].meanings[-1]
        if ranged and isinstance(a, Number) and isinstance(b, Number):
            low, high = sorted((a.amount, b.amount))
            told = gap[0] not in ("-", "–")  # "3-2" must be held as it is; of "10 to 30" the ends are enough
            span = left.start, right.end
            pairs.append(Value(lower[slice(*span)], *span, (Pair(low, high),), told, span))
    return found + pairs


def _spread(left: Value, right: Value, ranged: bool) -> tuple[Value, Value]:
    """ "10 to 30%", "$3-4 million", "8-10 a.m.", "2024-25", "15 and 20 minutes": either end with what it lacks."""
    a, b = left.meanings[0], right.meanings[0]
    if not isinstance(a, Number):
        return left, right
    if isinstance(b, Time) and ranged and not a.unit and a.amount <= 12:
        return replace(left, meanings=(a, Time(int(a.amount) % 12 * 60 + b.minutes // 720 * 720))), right
    if not isinstance(b, Number):
        return left, right
    if ranged and not b.unit and 1500 <= a.amount < 2100 and b.amount < 100 and b.amount > a.amount % 100:
        return left, replace(right, meanings=(b, replace(b, amount=a.amount - a.amount % 100 + b.amount)))
    meant = replace(a, unit=a.unit or b.unit)
    scaled = replace(meant, amount=a.amount * right.scale) if ranged and left.scale == 1 and a.amount < 1000 else meant
    other = replace(b, unit=a.unit) if ranged and a.unit in units.STRICT and not b.unit else b
    return (
        replace(left, meanings=tuple(dict.fromkeys((*left.meanings, meant, scaled)))),
        replace(right, meanings=tuple(dict.fromkeys((*right.meanings, other)))),
    )


def holds(value: Value, evidence: Iterable[Value], published: date | None) -> bool:
    """Whether one of the evidence's values means what `value` means, in an article published on `published`.

    A year that the evidence leaves out, a weekday, and "last year" are resolved against `published`; None resolves none.
    """
    return any(
        _same(meant, found, published) for other in evidence for meant in value.meanings for found in other.meanings
    )


def _same(meant: Meaning, found: Meaning, published: date | None) -> bool:
    if isinstance(meant, Date) and isinstance(found, Date):
        return moments.same(meant, found, published)
    if isinstance(meant, Date) and isinstance(found, Number):
        year = Date(int(found.amount)) if not found.unit and found.amount < 10_000 else None
        return year is not None and meant.relative is not None and year in _years(meant, published)
    if isinstance(meant, Number) and isinstance(found, Number):
        return _same_number(meant, found)
    if isinstance(meant, Number) and isinstance(found, Date):
        if meant.ordinal:
            return found.day == meant.amount
        return not meant.unit and any(full.year == meant.amount for full in moments.readings(found, published))
    return meant == found


def _years(meant: Date, published: date | None) -> list[Date]:
    """The year that "last year" is, as the only thing stated of it."""
    return [replace(reading, relative=None) for reading in moments.readings(meant, published)[1:]]


def _same_number(meant: Number, found: Number) -> bool:
    kinds = {meant.unit, found.unit}
    if kinds == {"fraction", "%"}:
        return meant.amount * (100 if meant.unit == "fraction" else 1) == found.amount * (
            100 if found.unit == "fraction" else 1
        )
    if kinds == {"decade"}:
        return (
            meant.amount == found.amount
            or sorted((meant.amount, found.amount))[0] == max(meant.amount, found.amount) % 100
        )
    if meant.unit == "vague" and found.unit not in ("vague", "%", "pp", "fraction", "decade"):
        return meant.amount * 2 <= found.amount < meant.amount * 1000
    if meant.amount != found.amount:
        return False
    if units.same(meant.unit, found.unit):
        return True
    if not meant.unit:  # a bare figure may be any measure's
        return found.unit not in units.STRICT | {"fraction", "vague", "decade"}
    return not found.unit and meant.unit == "year"  # an age: "Smith, 45, said"
