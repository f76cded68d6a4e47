"""Dates and times of day as the news writes them, and what they stand for in an article of a known date.

    read("due by Friday, Oct. 31st, 2025", 7)  → [Stated(7, 29, (19, 23), (Date(2025, 10, 31, weekday=4),))]
    readings(Date(month=12, day=16), date(2025, 9, 19))  → [itself, Date(2025, 12, 16, weekday=1)]
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from qa.evidence import numerals


@dataclass(frozen=True, slots=True)
class Date:
    """What is stated of a date; `relative` counts years, months, weeks or days from the article's date ("year", -1)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    relative: tuple[str, int] | None = None
    turn: int = 0
    """-1 for "last Friday", 1 for "next March"."""
    ahead: bool = field(default=False, compare=False)
    """Whether its sentence looks ahead, so that the day may come after the article's."""


@dataclass(frozen=True, slots=True)
class Time:
    minutes: int


class Stated(NamedTuple):
    """What stands at [start, end); a quote that holds `core` holds it, for an article gives year and weekday itself."""

    start: int
    end: int
    core: tuple[int, int]
    meanings: tuple[Date | Time, ...]


_NAMES = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
    "september sept sep", "october oct", "november nov", "december dec",
)  # fmt: skip
MONTHS = {name: n for n, names in enumerate(_NAMES, 1) for name in names.split()}
_DAYS = ("monday mon", "tuesday tues tue", "wednesday wed", "thursday thurs thur thu", "friday fri", "saturday sat", "sunday sun")
WEEKDAYS = {names.split()[0]: n for n, names in enumerate(_DAYS)}
_SHORT_WEEKDAYS = {name: n for n, names in enumerate(_DAYS) for name in names.split()}
_RELATIVE = {
    "today": ("day", 0),
    "tonight": ("day", 0),
    "yesterday": ("day", -1),
    "tomorrow": ("day", 1),
    "a year ago": ("year", -1),
    "a month ago": ("month", -1),
    "a week ago": ("week", -1),
} | {
    f"{word} {unit}": (unit, n)
    for unit in ("year", "month", "week")
    for word, n in (("last", -1), ("this", 0), ("next", 1))
}
_TURNS = {"last": -1, "past": -1, "next": 1, "coming": 1}
STARTERS = frozenset({*MONTHS, *_SHORT_WEEKDAYS, *(s + "s" for s in WEEKDAYS), "last", "past", "next", "this", "coming",
                      "a", "today", "tonight", "yesterday", "tomorrow", "noon", "midday", "midnight"})  # fmt: skip

_MONTH = rf"(?:{numerals.either(list(MONTHS))})\b\.?"
_WEEKDAY = numerals.either(list(_SHORT_WEEKDAYS))
_YEAR = r"(?:1[1-9]|20)\d\d(?!\d|[.,]\d)"
_DAY = (
    r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
    r"(?![\w%:]|[.,]\d{1,3}(?!\d)|[\s-]*(?:percent|per cent|hundred|thousand|million|billion|trillion)\b)"
)
_TO = r"\s*(?:-|–|—|\bto\b|\bthrough\b|\buntil\b)\s*"
_AND_LAST = r"\s+and\s+(?=\S{1,4}\s*(?:[.,;:)]|\Z))"  # "October 30 and 31." but not "October 30 and 31 people"
_FROM_WORD = re.compile(
    rf"""(?:(?P<on>{_WEEKDAY})\b\.?,?\s+(?:the\s+)?)?
        (?P<month>{_MONTH})(?:\s+(?:the\s+)?|(?<=\.))(?P<day>{_DAY}|{numerals.ORDINAL})
        (?:(?:{_TO}|{_AND_LAST})(?P<last>{_DAY})(?!\s+{_MONTH}))?(?:(?:,?\s+(?:of\s+)?|,)(?P<year>{_YEAR}))?
      | (?P<m_month>{_MONTH}),?\s+(?:of\s+)?(?P<m_year>{_YEAR})
      | (?P<relative>today|tonight|yesterday|tomorrow|(?:last|this|next)\s+(?:year|month|week)|a\s+(?:year|month|week)\s+ago)\b
      | (?:(?P<turn>last|past|this|next|coming)\s+)?(?:(?P<a_month>{_MONTH})|(?P<weekday>{"|".join(WEEKDAYS)})s?\b)""",
    re.VERBOSE,
)
_FROM_FIGURE = re.compile(
    rf"""(?P<y>\d{{4}})(?P<sep>[-/.])(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?)(?!\d)
      | (?P<a>\d\d?)(?P<by>[-/.])(?P<b>\d\d?)(?P=by)(?P<c>\d{{4}}|\d\d)(?![\d/-])
      | (?:(?P<first>{_DAY})(?:{_TO}|\s+and\s+))?
        (?P<day>{_DAY}(?:[\s-]+(?:of\s+)?|\s+day\s+of\s+)|{numerals.ORDINAL}\s+(?:day\s+)?of\s+)
        (?P<month>{_MONTH})(?:(?:,?\s+|-)(?P<year>{_YEAR}))?""",
    re.VERBOSE,
)
_HOUR = rf"(?:\d{{1,2}}|{numerals.either(list(numerals.CARDINALS)[1:13])})"
_TIME = re.compile(
    rf"""(?P<hour>{_HOUR})(?:[:.](?P<minute>[0-5]\d))?(?:\s*(?P<half>[ap])\.?\s?m\b\.?
          |(?:\s+o['’]clock)?\s+(?P<of>in\s+the\s+(?:morning|afternoon|evening)|at\s+night)\b|\s+(?P<either>o['’]clock))
      | (?P<noon>noon|midday)\b | midnight\b
      | (?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?![\d:])
      | (?P<zulu>[012]\d[0-5]\d)(?=\s*(?:gmt|utc)\b)""",
    re.VERBOSE,
)
# In these words' small or short forms a month is more often a verb, a name or nothing.
_DOUBTFUL = frozenset("may march mar jan jun dec sep apr".split())
_MONTH_FOLLOWS = re.compile(
    r"\b(?:in|of|by|since|until|till|from|during|before|after|through|between|and|to|for|early|late|mid|this|last|next"
    r"|every|each|back)[\s-]+\Z",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|would|shall|could|may|might|should|must|to\s+(?:be|meet|hold|start|begin|open|end|vote|travel|visit|go)|plan\w*"
    r"|due|expect\w*|schedul\w*|set|slated|next|coming|upcoming|ahead|until|till|tomorrow|begins?|starts?|opens?|ends?"
    r"|expires?|meets?|runs?|deadline|going\s+to|(?:is|are)\s+on)\b|[’']ll\b",
    re.IGNORECASE,
)


def looks_ahead(sentence: str) -> bool:
    """Whether a sentence speaks of what was still to come when it was written."""
    return bool(_AHEAD.search(sentence))


def read(text: str, lower: str, at: int) -> list[Stated]:
    """What a date or time that begins at `at` states; nothing where none does. `lower` is `text` in lower case."""
    if found := _FROM_WORD.match(lower, at):
        return _from_word(text, found)
    found = _FROM_FIGURE.match(lower, at)
    if found and not _is_verb(text, found, "month"):
        return _from_figure(found)
    found = _TIME.match(lower, at)
    return [_stated(found, *_times(found))] if found and _times(found) else []


def _stated(found: re.Match[str], *meanings: Date | Time, start: str | int = 0, stop: str | int = 0) -> Stated:
    return Stated(found.start(), found.end(), (found.start(start), found.end(stop)), meanings)


def _from_word(text: str, found: re.Match[str]) -> list[Stated]:
    if found["relative"]:
        return [_stated(found, Date(relative=_RELATIVE[" ".join(found["relative"].split())]))]
    if found["weekday"]:
        return [_stated(found, Date(weekday=WEEKDAYS[found["weekday"]], turn=_TURNS.get(found["turn"] or "", 0)))]
    if found["m_month"]:
        return [_stated(found, Date(int(found["m_year"]), MONTHS[found["m_month"].rstrip(".")]))]
    if found["a_month"]:
        return _month_alone(text, found, found["a_month"].rstrip("."))
    if _is_verb(text, found, "month"):
        return []
    name = found["month"].rstrip(".")
    weekday = _SHORT_WEEKDAYS[found["on"]] if found["on"] else None
    year = int(found["year"]) if found["year"] else None
    first = Date(year, MONTHS[name], _day(found["day"]), weekday)
    if not found["last"]:
        return [_stated(found, first, start="month", stop="day")]
    second = Stated(found.start("last"), found.end(), found.span("last"), (Date(year, MONTHS[name], _day(found["last"])),))
    return [Stated(found.start(), found.end("day"), (found.start("month"), found.end("day")), (first,)), second]


def _is_verb(text: str, found: re.Match[str], group: str) -> bool:
    """ "The other 5 may go", "they march 10 miles"."""
    return found[group] in ("may", "march", "mar") and text[found.start(group)].islower()


def _month_alone(text: str, found: re.Match[str], name: str) -> list[Stated]:
    led = found["turn"] or _MONTH_FOLLOWS.search(text, max(0, found.start() - 12), found.start())
    # "April Jones", "Jan Smith" and "the march on Washington" are no months.
    if _is_verb(text, found, "a_month"):
        return []
    if not led and (name in _DOUBTFUL or re.match(r"\s+[A-Z][a-z]", text[found.end() : found.end() + 20])):
        return []
    return [_stated(found, Date(month=MONTHS[name], turn=_TURNS.get(found["turn"] or "", 0)))]


def _from_figure(found: re.Match[str]) -> list[Stated]:
    if found["y"]:
        full = _calendar(int(found["y"]), int(found["m"]), int(found["d"]))
        return [_stated(found, _plain(full))] if full else []
    if found["a"]:
        # 03/04/2025 is March to some readers and April to others: it may be either.
        a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
        fulls = [_calendar(c if c > 99 else 2000 + c, month, day) for month, day in ((a, b), (b, a))]
        meant = dict.fromkeys(_plain(full) for full in fulls if full)
        return [_stated(found, *meant)] if meant and (c > 99 or found["by"] == "/") else []
    month, year = MONTHS[found["month"].rstrip(".")], int(found["year"]) if found["year"] else None
    last = Date(year, month, _day(found["day"]))
    if not found["first"]:
        return [_stated(found, last, stop="month")]
    first = Stated(found.start(), found.end("first"), found.span("first"), (Date(year, month, _day(found["first"])),))
    return [first, Stated(found.start("day"), found.end(), (found.start("day"), found.end("month")), (last,))]


def slashed(text: str) -> tuple[Date, ...]:
    """The days that "12/16" may be, month first or day first."""
    parts = re.fullmatch(r"(\d\d?)/(\d\d?)", text)
    orders = ((int(parts[1]), int(parts[2])), (int(parts[2]), int(parts[1]))) if parts else ()
    return tuple(dict.fromkeys(Date(None, month, day) for month, day in orders if _calendar(2000, month, day)))


def _times(found: re.Match[str]) -> tuple[Time, ...]:
    if not found["hour"]:
        if found["h24"]:
            return (Time(int(found["h24"]) * 60 + int(found["m24"])),)
        if found["zulu"]:
            return (Time(int(found["zulu"][:2]) * 60 + int(found["zulu"][2:])),)
        return (Time(720 if found["noon"] else 0),)
    hour = int(found["hour"]) if found["hour"].isdecimal() else numerals.CARDINALS[found["hour"]]
    if hour > 12:
        return ()
    minutes = hour % 12 * 60 + int(found["minute"] or 0)
    if found["either"]:
        return (Time(minutes), Time(minutes + 720))
    late = found["half"] == "p" or (found["of"] and "morning" not in found["of"])
    return (Time(minutes + 720 if late else minutes),)


def _day(text: str) -> int:
    figures = re.match(r"\d+", text)
    return int(figures[0]) if figures else int(numerals.ordinal(re.split(r"\s+(?:day|of)\b", text)[0].strip()))


def fits(meant: Date, found: Date) -> bool:
    """Whether all that `meant` states is so in `found`."""
    fields = ("year", "month", "day", "weekday", "relative")
    if meant.turn and found.turn and meant.turn != found.turn:
        return False
    return all(getattr(meant, f) is None or getattr(meant, f) == getattr(found, f) for f in fields)


def readings(found: Date, published: date | None) -> list[Date]:
    """What a date in an article can stand for, the most literal first."""
    return [found, *(replace(r, relative=found.relative) for r in _resolved(found, published))]


def _resolved(found: Date, published: date | None) -> Iterator[Date]:
    if found.month and found.day:
        years = [found.year] if found.year else _likely_years(found, published)
        fulls = [full for year in years if (full := _calendar(year, found.month, found.day))]
        yield from (_full(d) for d in fulls if found.weekday is None or d.weekday() == found.weekday)
    elif not published:
        return
    elif found.weekday is not None:
        first, last = {-1: (-7, -1), 1: (1, 13)}.get(found.turn, (-6, 6 if found.ahead else 0))
        near = (_days_from(published, n) for n in range(first, last + 1))
        yield from (_full(day) for day in near if day and day.weekday() == found.weekday)
    elif found.month and not found.year:
        yield from (replace(found, year=year) for year in _likely_years(found, published))
    elif found.relative and found.relative[0] != "week":
        yield from _relative(*found.relative, published)


def _likely_years(found: Date, published: date | None) -> list[int]:
    """The years in which a date without one may lie: the nearest, and that of publication unless it is far."""
    if not published or not found.month:
        return []
    away = {}
    for year in (published.year - 1, published.year, published.year + 1):
        if full := _calendar(year, found.month, found.day or 15):
            away[year] = (full - published).days
    if found.turn:
        same = [y for y, days in away.items() if days * found.turn > 15 or (days * found.turn > 0 and found.day)]
        return [max(same) if found.turn < 0 else min(same)] if same else []
    furthest = 366 if found.ahead else 300
    return [y for y, days in away.items() if abs(days) <= 183 or (y == published.year and abs(days) <= furthest)]


def _relative(unit: str, count: int, published: date) -> Iterator[Date]:
    if unit == "day":
        if day := _days_from(published, count):
            yield _full(day)
    elif unit == "month":
        months = published.year * 12 + published.month - 1 + count
        yield Date(months // 12, months % 12 + 1)
    else:
        yield Date(published.year + count)


def _days_from(day: date, count: int) -> date | None:
    try:
        return day + timedelta(count)
    except OverflowError:
        return None


def _full(day: date) -> Date:
    return Date(day.year, day.month, day.day, day.weekday())


def _plain(day: date) -> Date:
    return Date(day.year, day.month, day.day)


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
