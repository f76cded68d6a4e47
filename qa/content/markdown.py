"""Reads an article from Markdown: YAML front matter, then the body as plain text.

parse(b"---\\npublisher: AP\\n---\\n# Mayor resigns\\n\\nJane [Doe](https://…) *resigned*.")
== Draft(text="Mayor resigns\\n\\nJane Doe resigned.", publisher="AP", headline="Mayor resigns")
"""

import re
from collections.abc import Sequence

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from qa.content.draft import Draft, UnreadableError, stated
from qa.content.text import clean, decode

_FRONT_MATTER = re.compile(r"---\n(.*?\n)?(?:---|\.\.\.)(?:\n|\Z)", re.DOTALL)
_MARKDOWN = MarkdownIt("commonmark").enable("table")


def parse(data: bytes) -> Draft:
    """Raises UnreadableError."""
    metadata, body = _front_matter(clean(decode(data)))
    tokens = _MARKDOWN.parse(body)
    opens_with_heading = len(tokens) > 1 and tokens[0].tag == "h1"
    return Draft(
        text=_plain(tokens),
        id=stated(metadata, "id"),
        title=stated(metadata, "title"),
        published=stated(metadata, "published", "date"),
        publisher=stated(metadata, "publisher", "source", "site"),
        url=stated(metadata, "url"),
        headline=_inline(tokens[1]) if opens_with_heading else None,
    )


def _front_matter(text: str) -> tuple[dict[object, object], str]:
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    try:
        # BaseLoader leaves every scalar the text it is: an id 007 stays 007, and 2025-13-45 is for us to refuse.
        # It makes nothing but text, lists and mappings, so it is safe.
        metadata = yaml.load(found[1] or "", Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 2}" if error.problem_mark else ""
        raise UnreadableError(f"its front matter is not YAML: {error.problem or error.context}{line}") from None
    except (yaml.YAMLError, RecursionError):
        raise UnreadableError("its front matter is not YAML") from None
    # Between two rules there may be prose as well.
    return (metadata, text[found.end() :]) if isinstance(metadata, dict) else ({}, text)


def _plain(tokens: Sequence[Token]) -> str:
    """The text of the blocks, a blank line between them; items of a list and rows of a table on lines of their own."""
    blocks: list[tuple[str, list[str]]] = []
    row: list[str] | None = None
    for token in tokens:
        if token.level == 0 and token.nesting >= 0:
            blocks.append(("\n" if token.tag in ("ul", "ol", "table") else "\n\n", []))
        parts = blocks[-1][1]
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            parts.append(" | ".join(row))
            row = None
        elif token.type == "inline":
            (parts if row is None else row).append(_inline(token))
        elif token.type in ("fence", "code_block"):
            parts.append(token.content.rstrip())
    return "\n\n".join(separator.join(filter(None, parts)) for separator, parts in blocks if any(parts))


def _inline(token: Token) -> str:
    """The words of a paragraph: link text is kept, images and HTML are not, a wrapped line is one line."""
    return "".join(_words(child) for child in token.children or ())


def _words(child: Token) -> str:
    if child.type == "softbreak":
        return " "
    if child.type == "hardbreak" or (child.type == "html_inline" and child.content.lower().startswith("<br")):
        return "\n"
    return child.content if child.type in ("text", "code_inline") else ""
