"""What a format reads out of a file before it is made an Article, and what is said when it cannot.

Draft(text="Mayor resigns\\n\\nJane Doe …", published="19 Sept 2025", headline="Mayor resigns")
Problem(where="/news/today.jsonl:12", reason="no “text”")
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read as it stands.

    `where` is a path, or path:line; `reason` is one plain line, with what to do where that is not obvious.
    """

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as its format states it: nothing cleaned, nothing made up, `published` in the page's own words.

    `headline` is the line that stands first in `text` and names the article; it is the title where there is no other.
    """

    text: str
    id: str | None = None
    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    headline: str | None = None


class UnreadableError(Exception):
    """A file, or a line of one, that holds no article; the message is the reason a person is given."""


def stated(metadata: Mapping[object, object], *names: str) -> str | None:
    """The first of these keys that has a value, as text.

    Raises UnreadableError where the value is a list, an object or a truth value: to guess at it would make up metadata.
    """
    for name in names:
        value = metadata.get(name)
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise UnreadableError(f"“{name}” is not text")
        return str(value)
    return None
