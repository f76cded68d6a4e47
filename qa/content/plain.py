"""Reads an article from plain text as people paste it: perhaps a date, perhaps a headline, then paragraphs.

parse(b" date 2025-09-19 Mayor resigns\\nSPRINGFIELD - Jane Doe resigned on Friday.")
== Draft(text="Mayor resigns\\nSPRINGFIELD - …", published="2025-09-19", headline="Mayor resigns")
"""

import re

from qa.content import asides
from qa.content.draft import Draft
from qa.content.text import clean, decode

# "date 2025-09-19 The president …" in front of the text, or a line of its own: "Date: 19 September 2025".
_DATE = re.compile(
    r"date(?::? +(\d{1,4}([-/.])\d{1,2}\2\d{1,4}(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?)(?=\s|\Z)|: *([^\n]{1,40})(?:\n|\Z))",
    re.IGNORECASE,
)
_LONGEST_HEADLINE = 150
_OPENING = 5000


def parse(data: bytes) -> Draft:
    """Raises UnreadableError."""
    text = clean(decode(data))
    published = None
    if date := _DATE.match(text):
        published = date[1] or date[3]
        text = text[date.end() :].strip()
    return Draft(text=text, published=published, headline=_headline(text))


def _headline(text: str) -> str | None:
    """The first line that is no aside, if it is short, does not end as a sentence does, and has text below it."""
    opening = text[:_OPENING]
    start, end = asides.first_line(opening, asides.find(opening))
    line, below = opening[start:end], opening[end:].lstrip(" ")
    # "CNN —" is a dateline; and where lines go on in lower case, the text is wrapped and its first line is prose.
    block = below.removeprefix("\n").partition("\n\n")[0].split("\n")
    is_headline = (
        0 < len(line) <= _LONGEST_HEADLINE
        and not line.rstrip("”\"’')").endswith((".", ",", ";", "-", "–", "—"))
        and below.strip()
        and not any(other[:1].islower() for other in block)
    )
    return line if is_headline else None
