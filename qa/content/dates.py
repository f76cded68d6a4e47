"""The date an article states, or none: never today's, and never half of one.

parse("Sept. 19, 2025") == parse("2025-09-19T23:30:00-05:00") == date(2025, 9, 19)
parse("March 2025") is parse("yesterday") is parse("2025-13-45") is parse("03/04/2025") is None
"""

import re
from datetime import date, datetime

from dateutil import parser

from qa.errors import UsageError

# dateutil fills what is missing from a default day; a date stated in full comes out the same from both of these.
_DEFAULTS = (datetime(1968, 1, 1), datetime(2004, 12, 30))
_YEAR_FIRST = re.compile(r"\d{4}\D")
_LONGEST = 100


def day(option: str, text: str) -> date:
    """The day that is given for an option. Raises UsageError where it is none."""
    found = parse(text)
    if found is None:
        raise UsageError(f"{option} takes a date such as 2025-09-19, not {text!r}.")
    return found


def parse(text: str) -> date | None:
    """The day that `text` states in full, in its own time zone; None where it states none, or two could be meant."""
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        pass
    # 03/04/2025 is March to some readers and April to others: both readings are taken, and must agree.
    day_first = (False, not _YEAR_FIRST.match(text))
    try:
        first, second = (
            # Without its zone, for the date is the one that the page gives, wherever it is read.
            parser.parse(text, default=default, dayfirst=first_is_day, ignoretz=True).date()
            for default, first_is_day in zip(_DEFAULTS, day_first, strict=True)
        )
    except (ValueError, OverflowError, TypeError, ArithmeticError):
        return None
    # The year must stand there with its four digits: "10-11-12" and the clock of a computer are no dates.
    written = re.search(rf"(?<!\d){first.year:04d}(?!\d)", text)
    return first if first == second and written else None
