"""Reads dates and times of day as the news writes them.

    read("due by Friday, Oct. 31st", "due by friday, oct. 31st", 7)
        → [Stated(7, 24, core=(15, 24), meanings=(Date(month=10, day=31, weekday=4),))]

What they stand for in an article of a known date is told in moments.py.
"""

import re
from dataclasses import replace
from typing import NamedTuple

from qa.evidence import numerals
from qa.evidence.moments import Date, Time, calendar_day


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
_DAYS = (
    "monday mon",
    "tuesday tues tue",
    "wednesday wed",
    "thursday thurs thur thu",
    "friday fri",
    "saturday sat",
    "sunday sun",
)
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

_MONTH = rf"(?:(?:{'|'.join(names.split()[0] for names in _NAMES)})\b|(?:{numerals.either(list(MONTHS))})\b\.?)"
_WEEKDAY = numerals.either(list(_SHORT_WEEKDAYS))
_YEAR = r"(?:1[1-9]|20)\d\d(?!\d|[.,]\d)"
_DAY = (
    r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
    r"(?![\w%]|:\d|[.,]\d{1,3}(?!\d)|[\s-]*(?:percent|per cent|hundred|thousand|million|billion|trillion)\b)"
)
_TO = r"\s*(?:-|–|—|\bto\b|\bthrough\b|\buntil\b)\s*"
_AND_LAST = r"\s+and\s+(?=\S{1,4}\s*(?:[.,;:)]|\Z))"  # "October 30 and 31." but not "October 30 and 31 people"
_FROM_WORD = re.compile(
    rf"""(?:(?P<on>{_WEEKDAY})\b\.?,?\s+(?:the\s+)?)?
        (?P<month>{_MONTH})(?:\s+(?:the\s+)?|(?<=\.))(?P<day>{_DAY}|{numerals.ORDINAL})
        (?:(?:{_TO}|{_AND_LAST})(?P<last>{_DAY})(?!\s+{_MONTH}|\s*[ap]\.?m\b))?(?:(?:,?\s+(?:of\s+)?|,)(?P<year>{_YEAR}))?
      | (?P<m_month>{_MONTH}),?\s+(?:of\s+)?(?P<m_year>{_YEAR})
      | (?P<relative>today|tonight|yesterday|tomorrow|(?:last|this|next)\s+(?:year|month|week)|a\s+(?:year|month|week)\s+ago)\b
      | (?:(?P<turn>last|past|this|next|coming)\s+)?(?:(?P<a_month>{_MONTH})(?!\s+{_DAY})|(?P<weekday>{"|".join(WEEKDAYS)})s?\b)""",
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
    r"\b(?:in|of|by|since|until|till|from|during|before|after|through|between|early|late|mid|every|each|back"
    r"|(?P<weakly>and|to|for))[\s-]+\Z",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\b[a-z]+\b")  # small letters: "may" looks ahead, "May" does not
_AHEAD = frozenset(
    """will would shall could may might should must ll plan plans planned planning due expect expects expected scheduled
    schedule set slated next coming upcoming ahead until till tomorrow begin begins start starts open opens end ends expire
    expires meets runs deadline going hold vote travel visit be""".split()
)
_BEHIND = frozenset("was were had did said told met spoke came went began took gave made left won lost struck".split())
_CLAUSE_ENDS = ",;:—–“”"
_NEAR = 300


def _looks_ahead(text: str, start: int, end: int) -> bool:
    """Whether what stands at [start, end) was still to come: by its clause, or if that does not tell, by what is near."""
    first = max(0, start - _NEAR, text.rfind(". ", max(0, start - _NEAR), start))
    last = min(end + _NEAR, stop if (stop := text.find(". ", end, end + _NEAR)) >= 0 else len(text))
    before = max(text.rfind(mark, first, start) for mark in _CLAUSE_ENDS)
    after = min((at for mark in _CLAUSE_ENDS if (at := text.find(mark, end, last)) >= 0), default=last)
    clause = _WORDS.findall(text, max(first, before + 1), after)
    if not _AHEAD.isdisjoint(clause):
        return True
    behind = any(word in _BEHIND or (word.endswith("ed") and len(word) > 4) for word in clause)
    return not behind and not _AHEAD.isdisjoint(_WORDS.findall(text, first, last))


def read(text: str, lower: str, at: int) -> list[Stated]:
    """What a date or time that begins at `at` states; nothing where none does. `lower` is `text` in lower case."""
    if found := _FROM_WORD.match(lower, at):
        stated = _from_word(text, found)
    elif (found := _FROM_FIGURE.match(lower, at)) and not _is_verb(text, found, "month"):
        stated = _from_figure(found)
    else:
        found = _TIME.match(lower, at)
        return [_stated(found, *_times(found))] if found and _times(found) else []
    if stated and _looks_ahead(text, stated[0].start, stated[-1].end):
        return [s._replace(meanings=tuple(_ahead(meaning) for meaning in s.meanings)) for s in stated]
    return stated


def _ahead(meaning: Date | Time) -> Date | Time:
    return replace(meaning, ahead=True) if isinstance(meaning, Date) else meaning


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
    second = Stated(
        found.start("last"), found.end(), found.span("last"), (Date(year, MONTHS[name], _day(found["last"])),)
    )
    return [Stated(found.start(), found.end("day"), (found.start("month"), found.end("day")), (first,)), second]


def _is_verb(text: str, found: re.Match[str], group: str) -> bool:
    """ "The other 5 may go", "they march 10 miles"."""
    return found[group] in ("may", "march", "mar") and text[found.start(group)].islower()


def _month_alone(text: str, found: re.Match[str], name: str) -> list[Stated]:
    led = _MONTH_FOLLOWS.search(text, max(0, found.start() - 12), found.start())
    name_follows = re.match(r"\s+[A-Z][a-z]", text[found.end() : found.end() + 20])
    # "April Jones", "Jan Smith" and "the march on Washington" are no months.
    sure = found["turn"] or (led and not (led["weakly"] and name_follows)) or not (name in _DOUBTFUL or name_follows)
    if not sure or _is_verb(text, found, "a_month"):
        return []
    return [_stated(found, Date(month=MONTHS[name], turn=_TURNS.get(found["turn"] or "", 0)))]


def _from_figure(found: re.Match[str]) -> list[Stated]:
    if found["y"]:
        full = calendar_day(int(found["y"]), int(found["m"]), int(found["d"]))
        return [_stated(found, Date(full.year, full.month, full.day))] if full else []
    if found["a"]:
        # 03/04/2025 is March to some readers and April to others: it may be either.
        a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
        fulls = [calendar_day(c if c > 99 else 2000 + c, month, day) for month, day in ((a, b), (b, a))]
        meant = dict.fromkeys(Date(full.year, full.month, full.day) for full in fulls if full)
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
    return tuple(dict.fromkeys(Date(None, month, day) for month, day in orders if calendar_day(2000, month, day)))


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
