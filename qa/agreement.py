"""What several candidates say together: the same, or different values for one question.

meaning("Oct. 30", date(2025, 9, 19))                       → Date(2025, 10, 30, weekday=3)
differ(meaning("Oct. 30", …), meaning("October 31", …))     → True
differ(meaning("in October", …), meaning("Oct. 30", …))     → False: the one only says less
"""

from datetime import date
from decimal import Decimal

from qa.evidence import moments, values
from qa.evidence.moments import Date
from qa.evidence.values import Meaning, Number

_NEAR = Decimal("0.02")
"""Figures so near each other, as a share, are one figure rounded differently."""


def meaning(text: str, published: date | None) -> Meaning | None:
    """The one value that stands in a text, a date as the article's own date resolves it; None for none or several."""
    found = [value for value in values.find(text) if not value.prose]
    if len(found) != 1:
        return None
    stated = found[0].meanings[0]
    return moments.readings(stated, published)[-1] if isinstance(stated, Date) else stated


def differ(one: Meaning, other: Meaning) -> bool:
    """Whether both cannot be right."""
    if isinstance(one, Date) and isinstance(other, Date):
        told = [(getattr(one, f), getattr(other, f)) for f in ("year", "month", "day", "weekday")]
        return any(a is not None and b is not None and a != b for a, b in told)
    if isinstance(one, Number) and isinstance(other, Number):
        alike = one.unit == other.unit and one.ordinal == other.ordinal
        return alike and abs(one.amount - other.amount) > _NEAR * max(abs(one.amount), abs(other.amount))
    return False


def dated(text: str, start: int, end: int, published: date | None) -> str:
    """The text with the day in brackets behind what counts from the article's date, if that stands at [start, end).

    dated("It was approved on Tuesday.", 16, 26, date(2025, 9, 19)) → "It was approved on Tuesday (September 16, 2025)."
    """
    for value in values.find(text):
        stated = value.meanings[0]
        if not (start < value.end and value.start < end and isinstance(stated, Date)):
            continue
        if stated.year or stated.day or not (stated.relative or stated.weekday is not None):
            continue  # tells the day itself
        resolved = moments.readings(stated, published)[1:]
        if len(resolved) == 1 and (written := _written(resolved[0])):
            return f"{text[: value.end]} ({written}){text[value.end :]}"
    return text


def _written(day: Date) -> str:
    if day.year and day.month and day.day:
        full = date(day.year, day.month, day.day)
        return f"{full:%B} {full.day}, {full.year}"
    if day.year and day.month:
        return f"{date(day.year, day.month, 1):%B %Y}"
    return str(day.year or "")
