"""Reads what a writer is asked to write, also piece by piece as it streams in.

    read('It ends on December 16 [2: "will end on December 16th"]. INSUFFICIENT: the price')
        → [Statement("It ends on December 16.", evidence=(Evidence(2, "will end on December 16th"),), marks=(22,))],
          "the price"

A statement comes out only when nothing that follows can still change it.
"""

import re
from dataclasses import dataclass
from typing import Literal

from qa.domain import Evidence
from qa.evidence import blocks
from qa.evidence.blocks import MARK, Block
from qa.text import printable

# All of these are bounded, so that what is still to come can be told from what will never come.
_NUMBERED = r"\[\s{0,9}(?P<source>\d{1,99})\s{0,9}:\s{0,9}"
_WORDS = r"[^\s\"“”„‟«»\[\]\n][^\"“”„‟«»\[\]\n]{0,500}"
# Evidence opens with a quotation mark; one that forgot its marks is checked like any other.
_EVIDENCE = re.compile(rf"{_NUMBERED}(?:(?P<quoted>[\"“”„‟«])|(?P<bare>{_WORDS})\])")
_CLOSING = re.compile(r"[\"“”»]\s{0,9}\]")
_MAY_CLOSE = re.compile(r"[\"“”»]\s{0,9}\Z")
_UNFINISHED = re.compile(rf"\[\s{{0,9}}(?:\d{{1,99}}\s{{0,9}}(?::\s{{0,9}}(?:{_WORDS})?)?)?\Z")
_LONGEST_UNFINISHED = 700
_SHOWN = re.compile(r"\[(\d+)\]")
_NUMBERS = re.compile(r" ?\[ ?\d+(?: ?[,;–-] ?\d+)* ?\]")
_INSUFFICIENT = re.compile(r"\bINSUFFICIENT\b[*_]*[^\S\n]*:[*_]*")
_INSUFFICIENT_ALONE = re.compile(r"\bINSUFFICIENT[*_.]*\Z")
_BRACKETED = re.compile(rf"[(\[] *({MARK}(?: *{MARK})*) *[)\]]")
# Nobody sees these, so that they could part a word for the checks and not for the reader.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_PATIENCE = 2_000
"""Characters without an end from which on the text is looked at again only when it has grown by a half."""

Kind = Literal["sentence", "heading", "lead-in"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, heading, lead-in or row of a table. Evidence number i stands at offset marks[i] of `text`."""

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
        self._searched = 0  # how much of it holds no end of that evidence
        self._text = ""  # looked at: words, and MARK where evidence stood
        self._evidence: list[Evidence] = []
        self._last: Block | None = None  # the last block that came out
        self._worth_a_look = 0  # the length of text from which on it is
        self.insufficient: str | None = None

    def feed(self, piece: str) -> list[Statement]:
        self._raw += piece.replace(MARK, "")
        self._lift_evidence(final=False)
        if self.insufficient is not None or len(self._text) < self._worth_a_look:
            return []
        return self._take(final=False)

    def close(self) -> list[Statement]:
        self._lift_evidence(final=True)
        if self.insufficient is None:
            statements = self._take(final=True)
            return statements if self.insufficient is None else statements + self._after_insufficient()
        return self._after_insufficient()

    def _lift_evidence(self, final: bool) -> None:
        """Moves from `_raw` to `_text` all that is certain, each evidence as one mark."""
        at = 0
        while match := _EVIDENCE.search(self._raw, at):
            quote, stop = match["bare"], match.end()
            if match["quoted"]:
                closing = _CLOSING.search(self._raw, max(stop, self._searched))
                if not closing:
                    break
                quote, stop = self._raw[stop : closing.start()], closing.end()
            source = int(match["source"]) if len(match["source"]) < 10 else 0
            self._evidence.append(
                Evidence(source, printable(quote).strip() if match["quoted"] else quote.strip(" '‘’"))
            )
            self._text += f"{self._raw[at : match.start()]} {MARK} "
            at, self._searched = stop, 0
        unfinished = match or _UNFINISHED.search(self._raw, max(at, len(self._raw) - _LONGEST_UNFINISHED))
        end = unfinished.start() if unfinished else len(self._raw)
        self._text += self._raw[at:end]
        # Evidence that never ends is none: its words are dropped, and the sentence stands without it.
        self._raw = "" if final else self._raw[end:]
        half_closed = _MAY_CLOSE.search(self._raw, max(0, len(self._raw) - 10))
        self._searched = half_closed.start() if half_closed else len(self._raw)

    def _take(self, final: bool) -> list[Statement]:
        stop = _INSUFFICIENT.search(self._text) or (_INSUFFICIENT_ALONE.search(self._text.rstrip()) if final else None)
        text = self._text[: stop.start()] if stop else self._text
        found = blocks.split(text, self._last)
        if not (final or stop):
            found = blocks.settled(text, found)
        statements = self._statements(text, found)
        self._text = self._text[stop.end() if stop else found[-1].end if found else 0 :]
        self._worth_a_look = len(self._text) * 3 // 2 if len(self._text) > _PATIENCE else 0
        if stop:
            self.insufficient = ""
        return statements

    def _statements(self, text: str, found: list[Block]) -> list[Statement]:
        statements, at = [], 0
        for block in found:
            marks = text.count(MARK, at, block.end)
            own = self._evidence[:marks][marks - block.words.count(MARK) :]
            self._evidence, at = self._evidence[marks:], block.end
            statements.append(_statement(block, own))
        self._last = found[-1] if found else self._last
        return statements

    def _after_insufficient(self) -> list[Statement]:
        """What stands behind INSUFFICIENT is missing; a later line with evidence of its own is an answer all the same."""
        missing, *lines = self._text.split("\n")
        del self._evidence[: missing.count(MARK)]
        statements = []
        for line in lines:
            if MARK in line and not _INSUFFICIENT.search(line):
                line = "\n" + line
                statements += self._statements(line, blocks.split(line, self._last))
            else:
                missing += f" {_INSUFFICIENT.sub('', line)}"
                del self._evidence[: line.count(MARK)]
        self.insufficient = " ".join(_visible(missing).replace(MARK, "").split()).strip("*_ ")
        return statements


def read(text: str) -> tuple[list[Statement], str | None]:
    """All statements of a whole text, and what it says is missing."""
    reader = Reader()
    return reader.feed(text) + reader.close(), reader.insufficient


def shown(text: str) -> list[Statement]:
    """The statements of an answer as people see it, `[n]` for each evidence: its source is then the citation's number."""
    return read(_SHOWN.sub(r'[\1: "as cited above"]', text))[0]


def _visible(text: str) -> str:
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub("", printable(text))


def _statement(block: Block, evidence: list[Evidence]) -> Statement:
    """The block with blanks folded, marks taken out, and bare `[n]` removed: a number without words shows nothing."""
    text, marks = "", []
    words = _BRACKETED.sub(r"\1", block.words)
    parts = [
        _NUMBERS.sub("", re.sub(r"[^\S\n]+" if "\n|" in words else r"\s+", " ", _visible(p))) for p in words.split(MARK)
    ]
    for i, part in enumerate(parts):
        if part.lstrip()[:1] in (".", ",", ";", ":", "!", "?", ")"):
            text, part = text.rstrip(), part.lstrip()
        text += part.lstrip() if text.endswith(" ") or not text else part
        if i + 1 < len(parts):
            marks.append(len(text.rstrip()))
    text = text.rstrip()
    kind: Kind = "heading" if block.kind == "heading" else "sentence"
    if kind == "sentence" and text.rstrip("*_").endswith(":"):
        kind = "lead-in"
    # Evidence before the first word is shown after the last.
    return Statement(text, tuple(evidence), tuple(min(m, len(text)) or len(text) for m in marks), block.lead, kind)
