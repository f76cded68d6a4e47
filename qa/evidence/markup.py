"""Reads what a writer is asked to write, also piece by piece as it streams in.

    read('It ends on December 16 [2: "will end on December 16th"]. INSUFFICIENT: the price')
        → [Statement("It ends on December 16.", evidence=(Evidence(2, "will end on December 16th"),), marks=(22,))],
          "the price"

A statement comes out only when nothing that follows can still change it.
"""

import re
from dataclasses import dataclass
from typing import Literal

from qa import sentences
from qa.domain import Evidence
from qa.text import printable

_MARK = sentences.CITED

_EVIDENCE = re.compile(
    r"""\[\s*(?P<source>\d+)\s*:\s*(?:
        ["“”„«](?P<quoted>.*?)["”“»]\s*\]   # ends at the first "]
      | (?P<bare>[^\s"“”„«\]][^"“”„«\]\n]*)\]   # quotation marks forgotten: checked like any other
    )""",
    re.VERBOSE | re.DOTALL,
)
_UNFINISHED = re.compile(r"\[\s*(?:\d+\s*(?::.*)?)?\Z", re.DOTALL)
_BARE_NUMBER = re.compile(r"\s*\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")
_INSUFFICIENT = re.compile(r"[*_]*\bINSUFFICIENT\b[*_]*:[*_]*")
_INSUFFICIENT_ALONE = re.compile(r"[*_\s]*INSUFFICIENT[*_.\s]*\Z")
_MARKER = re.compile(rf"[^\S\n]*(?:[-*•+]|\d{{1,2}}[.)]|#{{1,6}}|>)[^\S\n]+(?![\s{_MARK}]*\Z)")
_NEXT_WORD = re.compile(rf"[\s{_MARK}]*[^\s{_MARK}]+\s")

Kind = Literal["sentence", "heading", "lead-in"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, heading or lead-in. Evidence number i stands at offset marks[i] of `text`."""

    text: str
    evidence: tuple[Evidence, ...] = ()
    marks: tuple[int, ...] = ()
    lead: str = ""
    """What stands before it: a blank within a paragraph; line breaks and a list marker at the start of a block."""
    kind: Kind = "sentence"

    def shown(self, numbers: list[int]) -> str:
        """The text with `[n]` in the place of each evidence; a number is not repeated in one place."""
        shown, last = "", 0
        for mark in sorted(set(self.marks)):
            here = dict.fromkeys(n for at, n in zip(self.marks, numbers, strict=True) if at == mark)
            shown += self.text[last:mark].rstrip() + " " + "".join(f"[{n}]" for n in here)
            last = mark
        return shown + self.text[last:]


class Reader:
    """Turns pieces of text into statements; after `close`, `insufficient` is what the writer says is missing."""

    def __init__(self) -> None:
        self._raw = ""  # not looked at yet, or the beginning of evidence whose end has not come
        self._text = ""  # looked at: words, and _MARK where evidence stood
        self._evidence: list[Evidence] = []
        self._before = ""  # the lead of the last statement; empty before the first
        self.insufficient: str | None = None

    def feed(self, piece: str) -> list[Statement]:
        self._raw += piece.replace(_MARK, "")
        self._lift_evidence(final=False)
        return self._take(final=False)

    def close(self) -> list[Statement]:
        self._lift_evidence(final=True)
        statements = self._take(final=True)
        if self.insufficient is not None:
            self.insufficient = " ".join(printable(self.insufficient).replace(_MARK, "").split()).strip("*_ ")
        return statements

    def _lift_evidence(self, final: bool) -> None:
        """Moves from `_raw` to `_text` all that is certain, each evidence as one mark."""
        at = 0
        for match in _EVIDENCE.finditer(self._raw):
            quote = match["quoted"] if match["quoted"] is not None else match["bare"].strip(" '‘’")
            self._evidence.append(Evidence(int(match["source"][:9]), printable(quote).strip()))
            self._text += f"{self._raw[at : match.start()]} {_MARK} "
            at = match.end()
        unfinished = _UNFINISHED.search(self._raw, at)
        end = unfinished.start() if unfinished else len(self._raw)
        self._text += self._raw[at:end]
        # Evidence that never ends is none: its words are dropped, and the sentence stands without it.
        self._raw = "" if final else self._raw[end:]

    def _take(self, final: bool) -> list[Statement]:
        if self.insufficient is not None:
            self.insufficient += self._text
            self._text = ""
            return []
        stop = _INSUFFICIENT.search(self._text) or (_INSUFFICIENT_ALONE.search(self._text) if final else None)
        if stop:
            rest, self._text = self._text[stop.end() :], self._text[: stop.start()]
            statements = self._take(final=True)
            self.insufficient = rest
            return statements
        blocks = _blocks(self._text, self._before)
        if not final:
            blocks = [b for i, b in enumerate(blocks) if i + 1 < len(blocks) and _NEXT_WORD.match(self._text, b.end)]
        statements = []
        for block in blocks:
            count = self._text[block.start : block.end].count(_MARK)
            own, self._evidence = self._evidence[:count], self._evidence[count:]
            statement = _statement(block, own)
            if re.search(r"\w", statement.text):
                statements.append(statement)
        if blocks:
            self._text = "" if final else self._text[blocks[-1].end :]
            self._before = blocks[-1].lead or " "
        return statements


def read(text: str) -> tuple[list[Statement], str | None]:
    """All statements of a whole text, and what it says is missing."""
    reader = Reader()
    return reader.feed(text) + reader.close(), reader.insufficient


@dataclass(slots=True)
class _Piece:
    """A sentence as it stands in the reader's text, `text[start:end]`, with the marks that follow it."""

    start: int
    end: int
    lead: str
    words: str


def _blocks(text: str, before: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    for lead, start, end in _paragraphs(text, before):
        for i, (a, b) in enumerate(sentences.spans(text[start:end])):
            piece = _Piece(start + a, start + b, lead if i == 0 else " ", text[start + a : start + b])
            trailing = re.match(rf"(?:\s*{_MARK})+", piece.words)
            if trailing and pieces and (i > 0 or trailing[0] == piece.words):
                # Evidence after the full stop belongs to the sentence before it.
                pieces[-1].words += trailing[0]
                pieces[-1].end = piece.start + trailing.end()
                piece.start, piece.words = pieces[-1].end, piece.words[trailing.end() :].lstrip()
            if piece.words:
                pieces.append(piece)
    return pieces


def _paragraphs(text: str, before: str) -> list[tuple[str, int, int]]:
    """(lead, start, end) of each paragraph, list item and heading; a wrapped line goes on with its paragraph."""
    found: list[tuple[str, int, int]] = []
    for line in re.finditer(r"[^\n]*\S[^\n]*", text):
        gap = text[found[-1][2] if found else 0 : line.start()]
        marker = _MARKER.match(line[0])
        previous = found[-1][0] if found else before
        goes_on = not marker and gap.count("\n") < 2 and "#" not in previous
        if found and goes_on:
            found[-1] = (found[-1][0], found[-1][1], line.end())
            continue
        breaks = " " if goes_on else "\n" * min(gap.count("\n"), 2) or " "
        lead = (breaks if previous else "") + (marker[0] if marker else "")
        found.append((lead, line.start() + (marker.end() if marker else 0), line.end()))
    return found


def _statement(piece: _Piece, evidence: list[Evidence]) -> Statement:
    """The piece with blanks folded, marks taken out, and bare `[n]` removed: a number without words shows nothing."""
    text = ""
    marks = []
    parts = [re.sub(r"\s+", " ", _BARE_NUMBER.sub("", printable(part))) for part in piece.words.split(_MARK)]
    for i, part in enumerate(parts):
        if part.lstrip()[:1] in (".", ",", ";", ":", "!", "?", ")"):
            text, part = text.rstrip(), part.lstrip()
        text += part.lstrip() if text.endswith(" ") or not text else part
        if i + 1 < len(parts):
            marks.append(len(text.rstrip()))
    text = text.rstrip()
    kind: Kind = "sentence"
    if "#" in piece.lead or re.fullmatch(r"\*\*[^*]+\*\*", text):
        kind = "heading"
    elif text.rstrip("*_").endswith(":"):
        kind = "lead-in"
    # Evidence before the first word is shown after the last.
    return Statement(text, tuple(evidence), tuple(min(m, len(text)) or len(text) for m in marks), piece.lead, kind)
