"""Cuts a writer's Markdown into sentences, headings and rows of tables, each with what stands before it.

    split("# Dates\\n- It ends. It may not.", None)  → blocks "Dates" (lead "# ", heading), "It ends." (lead "\\n- "),
                                                      "It may not." (lead " ")

Evidence has been replaced by marks before; a mark that follows a full stop goes to the sentence in front of it.
"""

import re
from dataclasses import dataclass
from typing import Literal

from qa import sentences

MARK = sentences.CITED

_LINE = re.compile(r"[^\n]+")
_LIST_MARKER = re.compile(rf"[^\S\n]*(?:[-*•+]|\d{{1,2}}[.)]|#{{1,6}}|>)[^\S\n]+(?![\s{MARK}]*\Z)")
_SEPARATOR = re.compile(r"[\s|:-]*-[\s|:-]*")
_BOLD_LINE = re.compile(rf"\s*(?:\*\*[^*]*[^*.!?…]\*\*|__[^_]*[^_.!?…]__):?[\s{MARK}]*")
_LEADING_MARKS = re.compile(rf"(?:[\s(\[]*{MARK})+[\s)\]]*")
_NEXT_WORD = re.compile(r"\W*+[^\W_][\w'’-]*+[^\w'’-]")

_HALF_A_MARKER = re.compile(rf"\d{{1,2}}[.)]?[\s{MARK}]*\Z")

Kind = Literal["text", "heading", "row"]


@dataclass(slots=True)
class Block:
    """A sentence, heading or row that stands at [start, end) of the text; `words` are its own, with marks."""

    start: int
    end: int
    lead: str
    kind: Kind = "text"
    alone: bool = False
    """Whether its line goes on in no other."""
    words: str = ""


def split(text: str, previous: Block | None) -> list[Block]:
    """The blocks of `text`, which follows on `previous`."""
    found: list[Block] = []
    for part in _paragraphs(text, previous):
        whole = text[part.start : part.end]
        table = part.kind != "text" and whole.lstrip().startswith("|")
        pieces = [(0, len(whole))] if table else sentences.spans(whole)
        for i, (a, b) in enumerate(pieces):
            kind: Kind = part.kind if i == 0 else "text"
            block = Block(part.start + a, part.start + b, " " if i else part.lead, kind, part.alone, whole[a:b])
            if found and (i or not _has_words(block)):
                _give_marks(block, found[-1])
            if _has_words(block):
                found.append(block)
    return found


def settled(text: str, found: list[Block]) -> list[Block]:
    """The blocks that no text to come can change: those with a whole word behind them."""
    known = len(found) - 1
    while known > 0 and not _is_sure(text, found[known].start):
        known -= 1
    return found[: max(known, 0)]


def _is_sure(text: str, start: int) -> bool:
    """Whether what begins here is a word for certain, and not half of one or of a list marker."""
    return bool(_NEXT_WORD.match(text, start)) and not _HALF_A_MARKER.match(text, start)


def _has_words(block: Block) -> bool:
    return any(c.isalnum() for c in block.words)


def _give_marks(block: Block, earlier: Block) -> None:
    """Evidence after the full stop belongs to the sentence before it."""
    leading = _LEADING_MARKS.match(block.words)
    given = len(block.words) if not _has_words(block) else leading.end() if leading else 0
    if count := block.words.count(MARK, 0, given):
        earlier.words += f" {MARK}" * count
        earlier.alone = block.alone
        earlier.end = block.start = block.start + given
        block.words = block.words[given:].lstrip()


def _is_bold_line(line: str) -> bool:
    """A line in bold is a heading, unless it ends like a sentence or holds several."""
    return bool(_BOLD_LINE.fullmatch(line)) and len(sentences.spans(line)) == 1


def _paragraphs(text: str, previous: Block | None) -> list[Block]:
    """Paragraphs, list items, headings and rows; a wrapped line goes on with its paragraph."""
    found: list[Block] = []
    last = previous
    for line in _LINE.finditer(text):
        if line[0].isspace():
            continue
        gap = text.count("\n", found[-1].end if found else 0, line.start())
        if found and found[-1].kind == "row" and gap == 1 and _SEPARATOR.fullmatch(line[0]):
            # The head of a table stands over a row of dashes, and is shown with it.
            found[-1].kind, found[-1].end = "heading", line.end()
            continue
        same_line = last is not None and not found and not gap
        marker = None if same_line else _LIST_MARKER.match(line[0])
        row = not (same_line or marker) and line[0].lstrip().startswith("|")
        heading = bool(marker and "#" in marker[0]) or (not same_line and _is_bold_line(line[0]))
        goes_on = last is not None and not (marker or row or heading) and gap < 2 and (same_line or not last.alone)
        if found and goes_on:
            found[-1].end = line.end()
            continue
        lead = "" if last is None else " " if goes_on or same_line else "\n" * min(gap, 2)
        last = Block(
            line.start() + (marker.end() if marker else 0),
            line.end(),
            lead + (marker[0] if marker else ""),
            "heading" if heading else "row" if row else "text",
            heading or row or bool(same_line and last and last.alone),
        )
        found.append(last)
    return found
