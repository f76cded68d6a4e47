"""Numbers, dates, amounts and percentages in a text, compared by meaning.

    find("about 3.8bn by Dec. 16")  → [Value("3.8bn", Number(3800000000)), Value("Dec. 16", Date(month=12, day=16))]
    holds(find("four")[0], find("the fourth time"), None)              → True
    holds(find("December 16, 2025")[0], find("Dec. 16"), date(2025, 9, 19)) → True: the article gives the year
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from qa.evidence import numerals


@dataclass(frozen=True, slots=True)
class Number:
    """An amount and what it counts: "" (plain), "%", "pp", a currency sign, or a unit of measure ("minute")."""

    amount: Decimal
    unit: str = ""
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """What is stated of a date; `relative` counts years, months or days from the article's date ("year", -1)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    relative: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Time:
    minutes: int


Meaning = Number | Date | Time


@dataclass(frozen=True, slots=True)
class Value:
    """Words in a text, at [start, end), with the one or two things that they can mean."""

    text: str
    start: int
    end: int
    meanings: tuple[Meaning, ...]
    prose: bool = False
    """Written "one", "two", "first" or "second", which in prose are rarely figures."""


_MONTHS = {
    name: n
    for n, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: n for n, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
_CURRENCY_WORDS = {
    "dollar": "$",
    "usd": "$",
    "us$": "$",
    "pound": "£",
    "gbp": "£",
    "euro": "€",
    "eur": "€",
    "yen": "¥",
    "yuan": "CN¥",
    "renminbi": "CN¥",
    "rupee": "₹",
    "rs": "₹",
    "won": "₩",
    "ruble": "₽",
    "franc": "CHF",
    "cent": "cent",
}
CURRENCIES = frozenset({*_CURRENCY_WORDS.values(), "A$", "C$", "HK$", "NZ$", "S$"})
_STRICT = CURRENCIES | {"%", "pp"}
_MEASURES = {
    alias: names.split()[0]
    for names in (
        "second sec", "minute min", "hour hr", "day", "week", "month", "year yr", "decade", "century", "mile",
        "kilometer kilometre km", "meter metre", "centimeter centimetre cm", "foot feet", "inch", "ton tonne",
        "kilogram kg kilo", "gram", "degree", "gallon", "barrel", "liter litre", "acre", "hectare", "mph", "kph",
        "megawatt mw", "gigawatt gw", "kilowatt kw",
    )
    for alias in names.split()
}  # fmt: skip

_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = rf"(?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d%])|{numerals.ORDINAL})"
_YEAR = r"(?:1[5-9]|20)\d\d(?!\d)"
_SIGN = r"(?:(?:US|A|C|HK|NZ|S|CN)?[$¥]|[£€₹₩₽])"
_UNIT_WORD = "|".join(sorted([*_MEASURES, *_CURRENCY_WORDS], key=len, reverse=True))
_RELATIVE = {
    "today": ("day", 0),
    "tonight": ("day", 0),
    "yesterday": ("day", -1),
    "tomorrow": ("day", 1),
    "last year": ("year", -1),
    "this year": ("year", 0),
    "next year": ("year", 1),
    "a year ago": ("year", -1),
    "a year earlier": ("year", -1),
    "the year before": ("year", -1),
    "last month": ("month", -1),
    "this month": ("month", 0),
    "next month": ("month", 1),
}

_FIND = re.compile(
    rf"""(?<![\w$£€])(?<!\d[.,])(?:
      (?P<iso>(?P<iso_y>\d{{4}})-(?P<iso_m>\d\d)-(?P<iso_d>\d\d))(?!\d)
    | (?P<dmy>(?P<dmy_d>{_DAY})\s+(?:(?:day\s+)?of\s+)?(?P<dmy_m>{_MONTH})\b\.?(?:,?\s+(?P<dmy_y>{_YEAR}))?)
    | (?P<mdy>(?P<mdy_m>{_MONTH})\b\.?\s+(?:the\s+)?(?P<mdy_d>{_DAY})\b
        (?:\s*(?:-|–|—|\bto\b|\bthrough\b)\s*(?P<mdy_e>{_DAY})\b(?!\s*(?:{_UNIT_WORD}|%|percent)))?(?:,?\s+(?P<mdy_y>{_YEAR}))?)
    | (?P<my>(?P<my_m>{_MONTH})\b\.?,?\s+(?:of\s+)?(?P<my_y>{_YEAR}))
    | (?P<month>(?:(?<=\bin\s)|(?<=\bof\s)|(?<=\bby\s)|(?<=\bsince\s)|(?<=\buntil\s)|(?<=\blast\s)|(?<=\bnext\s)
        |(?<=\bthis\s)|(?<=\bfrom\s)|(?<=\bearly\s)|(?<=\blate\s)|(?<=\bmid-))(?:may|march)\b
        |(?:january|february|april|june|july|august|september|october|november|december)\b
        |(?:jan|feb|aug|sept|sep|oct|nov|dec)\b\.?)
    | (?P<weekday>{"|".join(_WEEKDAYS)})s?\b
    | (?P<relative>{"|".join(_RELATIVE).replace(" ", "[ ]")})\b
    | (?P<clock>(?P<c_h>\d{{1,2}})(?:[:.](?P<c_m>\d\d))?\s*(?P<c_x>[ap]\.?\s?m\b\.?)|noon\b|midnight\b
        |(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?!\d)|(?P<gmt>[012]\d[0-5]\d)(?=\s*(?:GMT|UTC)\b))
    | (?P<vague>hundreds|thousands|millions|billions|trillions|dozens)\b
    | (?P<fraction>(?:(?P<f_n>one|two|three|an?|1|2|3)[\s-])?(?:(?P<f_d>thirds?|quarters?|fifths?)(?=\s+of\b)|half\b))
    | (?P<number>(?:(?P<sign>{_SIGN})\s?)?(?:
          (?P<minus>[-−](?=\d))?(?P<digits>{numerals.DIGITS})
            (?:(?P<decade>s\b)|(?P<th>st|nd|rd|th)\b|[\s-]*(?P<scale>{"|".join(numerals.SCALES)})\b|\s?(?P<short>bn|mn|mln|tn|trn)\b|(?P<letter>[kmb])\b)?
        | (?P<nth>{numerals.ORDINAL})\b | (?P<spelled>{numerals.SPELLED})\b)
        (?:\s?(?P<percent>%|percent\b|per\ cent\b|pct\b)|\s(?P<pp>percentage\s+points?)
          |(?:[\s-]+|(?<=\d))(?P<unit>{_UNIT_WORD})(?:s|es)?\b)?)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_RANGE = re.compile(r"\s*(?:-|–|—|\bto\b|\bor\b)\s*\Z")
_BETWEEN = re.compile(r"\bbetween\s*\Z", re.IGNORECASE)
_NAME_PREFIX = re.compile(r"(?:[A-Z]\w*-|[A-Za-z]/)\Z")


def find(text: str) -> list[Value]:
    """The values that stand in `text`, in order. A figure that is part of a name (G20, Covid-19) is none."""
    values: list[Value] = []
    for match in _FIND.finditer(text):
        if _NAME_PREFIX.search(text, max(0, match.start() - 20), match.start()) and match["digits"]:
            continue
        values.extend(
            Value(match[0].strip(), match.start(), match.end(), (meaning,), _is_prose(match)) for meaning in _read(match)
        )
    return _spread_over_ranges(text, values)


def _is_prose(match: re.Match[str]) -> bool:
    words = ("one", "two", "first", "second")
    return bool(match["number"]) and (match["spelled"] or match["nth"] or "").lower() in words


def _read(match: re.Match[str]) -> list[Meaning]:
    kind = match.lastgroup and next(
        k for k in ("iso", "dmy", "mdy", "my", "month", "weekday", "relative", "clock", "vague", "fraction", "number") if match[k]
    )
    if kind == "iso":
        return [Date(int(match["iso_y"]), int(match["iso_m"]), int(match["iso_d"]))]
    if kind in ("dmy", "mdy"):
        assert kind
        month = _MONTHS[match[f"{kind}_m"].lower()]
        year = int(match[f"{kind}_y"]) if match[f"{kind}_y"] else None
        days = [match[f"{kind}_d"], match["mdy_e"]] if kind == "mdy" else [match["dmy_d"]]
        return [Date(year, month, _day(day)) for day in days if day]
    if kind == "my":
        return [Date(int(match["my_y"]), _MONTHS[match["my_m"].lower()])]
    if kind == "month":
        return [Date(month=_MONTHS[match["month"].lower().rstrip(".")])]
    if kind == "weekday":
        return [Date(weekday=_WEEKDAYS[match["weekday"].lower()])]
    if kind == "relative":
        return [Date(relative=_RELATIVE[match["relative"].lower()])]
    if kind == "clock":
        return [_clock(match)]
    if kind == "vague":
        return [Number(numerals.SCALES[match["vague"].lower()[:-1]], "vague")]
    if kind == "fraction":
        return [_fraction(match)]
    return [_number(match)]


def _day(text: str) -> int:
    figures = re.match(r"\d+", text)
    return int(figures[0]) if figures else int(numerals.ordinal(text))


def _clock(match: re.Match[str]) -> Time:
    if match["c_h"]:
        hour = int(match["c_h"]) % 12 + (12 if match["c_x"][0] in "pP" else 0)
        return Time(hour * 60 + int(match["c_m"] or 0))
    if match["h24"]:
        return Time(int(match["h24"]) * 60 + int(match["m24"]))
    if match["gmt"]:
        return Time(int(match["gmt"][:2]) * 60 + int(match["gmt"][2:]))
    return Time(720 if match["clock"].lower() == "noon" else 0)


def _fraction(match: re.Match[str]) -> Number:
    parts = {"t": 3, "q": 4, "f": 5}[match["f_d"][0].lower()] if match["f_d"] else 2
    count = {"two": 2, "2": 2, "three": 3, "3": 3}.get((match["f_n"] or "").lower(), 1)
    return Number(Decimal(count) / parts, "fraction")


def _number(match: re.Match[str]) -> Number:
    if match["digits"]:
        amount = numerals.digits(match["digits"], match["scale"] or match["short"] or match["letter"])
        amount = -amount if match["minus"] else amount
    else:
        amount = numerals.ordinal(match["nth"]) if match["nth"] else numerals.spelled(match["spelled"])
    unit = (match["unit"] or "").lower()
    if match["percent"]:
        unit = "%"
    elif match["pp"]:
        unit = "pp"
    elif match["sign"]:
        unit = _CURRENCY_WORDS.get(match["sign"].lower(), match["sign"].upper())
    elif match["decade"]:
        unit = "decade"
    else:
        unit = _CURRENCY_WORDS.get(unit) or _MEASURES.get(unit) or unit
    if unit == "cent":
        unit, amount = "$", amount / 100
    return Number(amount, unit, bool(match["nth"] or match["th"]))


def _spread_over_ranges(text: str, values: list[Value]) -> list[Value]:
    """ "10 to 30%" and "$3-4 billion": what stands at one end of a range may be meant at the other too."""
    for i in range(len(values) - 1):
        left, right = values[i], values[i + 1]
        a, b = left.meanings[0], right.meanings[0]
        gap = text[left.end : right.start]
        ranged = _RANGE.match(gap) or (gap.strip() == "and" and _BETWEEN.search(text[: left.start]))
        if not (ranged and isinstance(a, Number) and isinstance(b, Number)):
            continue
        scale = max((s for s in numerals.SCALES.values() if b.amount and b.amount % s == 0 and s >= 1000), default=1)
        if not a.unit or a.unit in _STRICT:
            meant = replace(a, unit=a.unit or b.unit)
            scaled = replace(meant, amount=a.amount * scale) if a.amount < 1000 else meant
            values[i] = replace(left, meanings=tuple(dict.fromkeys((a, meant, scaled))))
        if a.unit in _STRICT and not b.unit:
            values[i + 1] = replace(right, meanings=(b, replace(b, unit=a.unit)))
    return values


def holds(value: Value, evidence: Iterable[Value], published: date | None) -> bool:
    """Whether one of the evidence's values means what `value` means, in an article published on `published`.

    A year that the evidence leaves out, a weekday, and "last year" are resolved against `published`; None resolves none.
    """
    return any(
        _same(meant, found, published) for other in evidence for meant in value.meanings for found in other.meanings
    )


def _same(meant: Meaning, found: Meaning, published: date | None) -> bool:
    if isinstance(meant, Time):
        return meant == found
    if isinstance(meant, Date):
        return isinstance(found, Date) and any(_fits(meant, full) for full in _readings(found, published))
    if isinstance(found, Number):
        return _same_number(meant, found)
    if isinstance(found, Date):
        if meant.ordinal:
            return found.day == meant.amount
        return not meant.unit and any(full.year == meant.amount for full in _readings(found, published))
    return False


def _same_number(meant: Number, found: Number) -> bool:
    if {meant.unit, found.unit} == {"fraction", "%"}:
        return _as_share(meant) == _as_share(found)
    if meant.unit == "vague" and not found.unit:
        return found.amount >= meant.amount
    if meant.amount != found.amount:
        return False
    if meant.unit == found.unit:
        return True
    loose = _MEASURES.values()
    return (meant.unit in loose and not found.unit) or (found.unit in loose and not meant.unit)


def _as_share(number: Number) -> Decimal:
    return number.amount if number.unit == "fraction" else number.amount / 100


def _fits(meant: Date, found: Date) -> bool:
    fields = ("year", "month", "day", "weekday")
    return all(getattr(meant, f) is None or getattr(meant, f) == getattr(found, f) for f in fields) and (
        meant.relative is None or meant.relative == found.relative
    )


def _readings(found: Date, published: date | None) -> list[Date]:
    """What a date in an article can stand for, the most literal first."""
    readings = [found]
    if found.month and found.day:
        years = [found.year] if found.year else _likely_years(found.month, found.day, published)
        for year in years:
            full = _calendar(year, found.month, found.day)
            readings += [_full(full)] if full else []
    elif published and found.weekday is not None:
        readings += [_full(day) for n in range(-6, 8) if (day := published + timedelta(n)).weekday() == found.weekday]
    elif published and found.month and not found.year:
        readings.append(replace(found, year=published.year))
    elif published and found.relative:
        readings.append(_relative(found.relative, published))
    return [replace(r, relative=found.relative) for r in readings]


def _likely_years(month: int, day: int, published: date | None) -> list[int]:
    """The year of publication or a neighbour, as long as the day lies within eight months of publication."""
    if not published:
        return []
    near = ((y, _calendar(y, month, day)) for y in (published.year, published.year - 1, published.year + 1))
    return [year for year, full in near if full and abs((full - published).days) <= 245]


def _relative(what: tuple[str, int], published: date) -> Date:
    unit, count = what
    if unit == "day":
        return _full(published + timedelta(count))
    if unit == "month":
        months = published.year * 12 + published.month - 1 + count
        return Date(months // 12, months % 12 + 1)
    return Date(published.year + count)


def _full(day: date) -> Date:
    return Date(day.year, day.month, day.day, day.weekday())


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
