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
from qa.evidence import blocks
from qa.evidence.blocks import Block
from qa.text import printable

_MARK = sentences.CITED

_OPENING = re.compile(r"\[\s*(?P<source>\d+)\s*:\s*[\"“”„‟«]")
_CLOSING = re.compile(r"[\"“”»]\s*\]")
_MAY_CLOSE = re.compile(r"[\"“”»]\s*\Z")
# Quotation marks forgotten: checked like any other evidence. Longer than this it is no evidence.
_BARE = re.compile(r"\[\s*(?P<source>\d+)\s*:\s*(?P<words>[^\s\"“”„‟«»\[\]\n][^\"“”„‟«»\[\]\n]{0,500})\]")
_EVIDENCE = re.compile(f"(?P<quoted>{_OPENING.pattern})|{_BARE.pattern.replace('source', 'bare_source')}")
_UNFINISHED = re.compile(r"\[\s*(?:\d+\s*(?::\s*(?:[^\s\"“”„‟«»\[\]\n][^\"“”„‟«»\[\]\n]{0,500})?)?)?\Z")
_NUMBERS = re.compile(r" ?\[ ?\d+(?: ?[,;–-] ?\d+)* ?\]")
_INSUFFICIENT = re.compile(r"\bINSUFFICIENT\b[*_]*[^\S\n]*:[*_]*")
_BRACKETED = re.compile(rf"[(\[] ?({_MARK}(?: ?{_MARK})*) ?[)\]]")
# Nobody sees these, so that they could part a word for the checks and not for the reader.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_PATIENCE = 4_000
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
        self._text = ""  # looked at: words, and _MARK where evidence stood
        self._evidence: list[Evidence] = []
        self._before = ""  # the lead of the last block; empty before the first
        self._ripe = 0  # the length at which the text is worth looking at again
        self._stopped = False  # after INSUFFICIENT
        self.insufficient: str | None = None

    def feed(self, piece: str) -> list[Statement]:
        self._raw += piece.replace(_MARK, "")
        self._lift_evidence(final=False)
        return [] if self._stopped or len(self._text) < self._ripe else self._take(final=False)

    def close(self) -> list[Statement]:
        self._lift_evidence(final=True)
        return self._take(final=True)

    def _lift_evidence(self, final: bool) -> None:
        """Moves from `_raw` to `_text` all that is certain, each evidence as one mark."""
        at = 0
        while match := _EVIDENCE.search(self._raw, at):
            stop = match.end()
            if match["quoted"]:
                closing = _CLOSING.search(self._raw, max(stop, self._searched))
                if not closing:
                    break
                stop = closing.end()
                self._lift(match["source"], self._raw[match.end() : closing.start()])
            else:
                self._lift(match["bare_source"], match["words"].strip(" '‘’"))
            self._text += f"{self._raw[at : match.start()]} {_MARK} "
            at, self._searched = stop, 0
        unfinished = match or _UNFINISHED.search(self._raw, max(at, len(self._raw) - 600))
        end = unfinished.start() if unfinished else len(self._raw)
        self._text += self._raw[at:end]
        # Evidence that never ends is none: its words are dropped, and the sentence stands without it.
        self._raw = "" if final else self._raw[end:]
        half_closed = _MAY_CLOSE.search(self._raw)
        self._searched = half_closed.start() if half_closed else len(self._raw)

    def _lift(self, source: str, quote: str) -> None:
        number = int(source) if len(source) < 10 else 0
        self._evidence.append(Evidence(number, printable(quote).strip()))

    def _take(self, final: bool) -> list[Statement]:
        stop = _INSUFFICIENT.search(self._text)
        if stop and not final:
            self._stopped = True  # what follows is sorted when it is complete
        text = self._text[: stop.start()] if stop else self._text
        done = final or bool(stop)
        found, rest, before = blocks.split(text, self._before, done)
        ...
