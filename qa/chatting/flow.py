"""Markdown as it streams, statement by statement, put into the lines of a terminal.

flow = Flow(width=40)
flow.feed(marked("It **ends** on Friday [1].", fresh=True))       # a Text, "ends" in bold, the lines broken
flow.feed(marked("\\n- The ban waits [2].", fresh=False))          # "\\n• The ban waits [2]."
"""

import re

from rich.cells import cell_len
from rich.text import Text

from qa.layout import NARROW
from qa.text import printable

# A line may end between any two of these; what closes a phrase stays with the character before it.
_WIDE = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\U00020000-\U0003fffd"
)
_CLOSING = "、。，．！？：；」』）】〉》…"
_WORD = re.compile(rf"(\s*)([{_WIDE}][{_CLOSING}]*|[^\s{_WIDE}]+)?")
_ITEM = re.compile(r"[^\S\n]*(?:[•▏]|\d{1,2}[.)])[^\S\n]+")
_MARKER = re.compile(r"(?P<blank>[^\S\n]*)(?P<mark>#{1,6}|[-*+•]|\d{1,2}[.)]|>)[^\S\n]+")
_NUMBER = r"\[\d+\]"


class Flow:
    """Breaks lines between words; what belongs to an item of a list stays to the right of its mark."""

    def __init__(self, width: int) -> None:
        self.width = max(NARROW, width)
        self.column = 0
        self._indent = 0

    def feed(self, text: Text) -> Text:
        text = text.copy()
        text.plain = plain = text.plain.replace("\t", " ")
        fitted, kept, at = Text(), 0, 0  # text[:kept] has been put into lines
        if not self.column:
            self._open(plain, 0)
        while at < len(plain):
            found = _WORD.match(plain, at)
            assert found is not None
            blank, word = found[1], found[2] or ""
            breaks = []  # stretches of the text in whose place a line ends
            if "\n" in blank:
                self._open(plain, found.end(1) - len(blank.rpartition("\n")[2]))
                self.column = len(blank.rpartition("\n")[2])
            elif blank and self.column > self._indent and self.column + len(blank) + cell_len(word) > self.width:
                breaks.append(found.span(1))
                self.column = self._indent
            else:
                self.column += len(blank)
            for start, end in self._pieces(found.start(2), word):
                size = cell_len(plain[start:end])
                if self.column > self._indent and self.column + size > self.width:
                    breaks.append((start, start))
                    self.column = self._indent
                self.column += size
            for start, end in breaks:
                fitted.append_text(text[kept:start]).append("\n" + " " * self._indent)
                kept = end
            at = found.end()
        return fitted.append_text(text[kept:])

    def _open(self, plain: str, start: int) -> None:
        """A line of the answer's own begins here."""
        item = _ITEM.match(plain, start)
        self._indent = min(len(item[0]), self.width // 2) if item else 0

    def _pieces(self, start: int, word: str) -> list[tuple[int, int]]:
        """The word whole, or cut to lines where it is longer than one."""
        room = self.width - self._indent
        if cell_len(word) <= room:
            return [(start, start + len(word))] if word else []
        cuts, held = [start], 0
        for offset, character in enumerate(word):
            held += cell_len(character)
            if held > room:
                cuts.append(start + offset)
                held = cell_len(character)
        return list(zip(cuts, [*cuts[1:], start + len(word)], strict=True))


def marked(piece: str, *, fresh: bool, markdown: bool = True) -> Text:
    """A statement with its marks made visible; `fresh` where it begins the answer. Citations stand out.

    Each statement is read by itself, so emphasis that runs on over several is not shown, and neither are its asterisks.
    """
    shown = Text()
    for number, line in enumerate(printable(piece).split("\n")):
        if number:
            shown.append("\n")
        marker = _MARKER.match(line) if markdown and (number or fresh) else None
        heading = marker is not None and marker["mark"].startswith("#")
        if marker and not heading:
            sign = {">": "▏"}.get(marker["mark"], marker["mark"] if marker["mark"][0].isdigit() else "•")
            shown.append(f"{marker['blank']}{sign} ")
        rest = line[marker.end() :] if marker else line
        shown.append_text(_inline(rest, "bold" if heading else "") if markdown else Text(rest))
    shown.highlight_regex(_NUMBER, "bold cyan")
    return shown


def _inline(line: str, style: str) -> Text:
    from markdown_it import MarkdownIt

    bare = line.strip()
    shown = Text(line[: len(line) - len(line.lstrip())])
    styles = [style]
    for token in (MarkdownIt("commonmark", {"html": False}).parseInline(bare)[0].children or []) if bare else []:
        if token.type in ("strong_open", "em_open"):
            styles.append(f"{styles[-1]} {'bold' if token.type == 'strong_open' else 'italic'}".strip())
        elif token.type in ("strong_close", "em_close"):
            styles.pop()
        elif token.type == "text":
            shown.append(re.sub(r"\*\*|__", "", token.content), styles[-1])
        else:
            shown.append(token.content, styles[-1])
    return shown.append(line[len(line.rstrip()) :] if bare else "")
