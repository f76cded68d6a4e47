"""Has passages read as the embedded reader was trained to read them: each below its article's title.

Without the title, any mayor is the mayor that was asked about.
"""

from collections.abc import Sequence
from dataclasses import replace

from qa.domain import Span, SpanReader


def heading(title: str) -> str:
    """What stands before a passage, in training and here."""
    return f"{title}\n"


def read_below_titles(
    reader: SpanReader, question: str, passages: Sequence[tuple[str, str]], bounds: Sequence[Sequence[tuple[int, int]]]
) -> list[list[Span | None]]:
    """Of each (title, text) the best span within each of its bounds; bounds and spans count from the text's beginning."""
    heads = [heading(title) for title, _ in passages]
    read = reader.read(
        question,
        [head + text for head, (_, text) in zip(heads, passages, strict=True)],
        [[(len(head) + a, len(head) + b) for a, b in own] for head, own in zip(heads, bounds, strict=True)],
    )
    return [[_moved(span, -len(head)) for span in spans] for head, spans in zip(heads, read, strict=True)]


def _moved(span: Span | None, by: int) -> Span | None:
    return replace(span, start=span.start + by, end=span.end + by) if span else None
