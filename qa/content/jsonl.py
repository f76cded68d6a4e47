"""Reads an article from a line of JSON Lines.

parse(b'{"id": "a1", "title": "Mayor resigns", "published": "2025-09-19", "publisher": "AP", "url": "…", "text": "…"}')
== Draft(text="…", id="a1", title="Mayor resigns", published="2025-09-19", publisher="AP", url="…")
"""

import json

from qa.content.draft import Draft, UnreadableError, stated
from qa.content.text import decode


def parse(data: bytes) -> Draft:
    """Raises UnreadableError. Keys that are not ours are left aside."""
    try:
        record = json.loads(decode(data))
    except json.JSONDecodeError as error:
        raise UnreadableError(f"not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError):
        raise UnreadableError("not JSON that can be read: a number too long, or nested too deep") from None
    if not isinstance(record, dict):
        raise UnreadableError("not a JSON object with a “text”")
    text = record.get("text")
    if not isinstance(text, str):
        raise UnreadableError("“text” is not text" if "text" in record else "no “text”")
    return Draft(
        text=text,
        id=stated(record, "id"),
        title=stated(record, "title"),
        published=stated(record, "published", "date"),
        publisher=stated(record, "publisher", "source", "site"),
        url=stated(record, "url"),
    )
