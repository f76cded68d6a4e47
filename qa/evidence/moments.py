"""Dates and times of day as meanings, and what a date stands for in an article that was published on a known day.

    readings(Date(month=12, day=16), date(2025, 9, 19))  → [itself, Date(2025, 12, 16, weekday=1)]
    readings(Date(weekday=1), date(2025, 9, 19))         → [itself, Date(2025, 9, 16, weekday=1)]

How they are written stands in dates.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta


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


def fits(meant: Date, found: Date) -> bool:
    """Whether all that `meant` states is so in `found`."""
    fields = ("year", "month", "day", "weekday", "relative")
    return meant.turn in (0, found.turn) and all(getattr(meant, f) in (None, getattr(found, f)) for f in fields)


def same(meant: Date, found: Date, published: date | None) -> bool:
    """Whether `found` in an article of that date stands for what `meant` says: "yesterday" for "September 18"."""
    says = [meant]
    if meant.relative or meant.turn:
        says += [replace(r, relative=None, turn=0) for r in readings(meant, published)[1:]]
    return any(fits(one, full) for full in readings(found, published) for one in says)


def beside(day: Date, count: int) -> Date | None:
    """The day that comes `count` days after another, as far as that is stated; None where it is no day."""
    if day.month and day.day:
        known = calendar_day(day.year or 2001, day.month, day.day)
        other = _days_from(known, count) if known else None
        return Date(day.year and other.year, other.month, other.day, ahead=day.ahead) if other else None
    if day.weekday is None:
        return None
    return Date(weekday=(day.weekday + count) % 7, ahead=day.ahead)


def readings(found: Date, published: date | None) -> list[Date]:
    """What a date in an article can stand for, the most literal first."""
    return [found, *(replace(r, relative=found.relative, turn=found.turn) for r in _resolved(found, published))]


def _resolved(found: Date, published: date | None) -> Iterator[Date]:
    if found.month and found.day:
        years = [found.year] if found.year else _likely_years(found, published)
        fulls = [full for year in years if (full := calendar_day(year, found.month, found.day))]
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
    """The years in which a date without one may lie: that of publication, or a neighbour that is nearer."""
    if not published or not found.month:
        return []
    away = {}
    for year in (published.year - 1, published.year, published.year + 1):
        if full := calendar_day(year, found.month, found.day or 15):
            away[year] = (full - published).days
    if found.turn:
        same = [y for y, days in away.items() if days * found.turn > 15 or (days * found.turn > 0 and found.day)]
        return [max(same) if found.turn < 0 else min(same)] if same else []
    this = published.year
    return [y for y, days in away.items() if y == this or (abs(days) <= 183 and (days < 0 or found.ahead))]


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


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The day, where there is one."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
