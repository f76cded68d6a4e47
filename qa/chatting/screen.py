"""What a conversation shows: answers as they stream, the line beneath them, an article around a quote.

On a terminal in lines and colours; on a dumb one as plain text, as it streams; through a pipe each answer whole.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa import sentences
from qa.display import Display, spent, withheld
from qa.domain import Answer, Article, Citation, Filters
from qa.text import one_line, printable

if TYPE_CHECKING:
    from qa.chatting.flow import Flow

_AROUND = 3
"""Sentences shown before and after a quote."""
_SHORTEST_TITLE = 8
_ERASE = "\r\x1b[K"


class Screen(Display):
    def __init__(self, quiet: bool = False, live: bool = False) -> None:
        super().__init__(quiet)
        self.live = live
        """Whether a person watches: else stdout is for answers alone."""
        self.terminal = self.terminal and live
        self._flow: Flow | None = None
        self._begun = self._waiting = False

    # ── an answer

    @contextmanager
    def answering(self, markdown: bool) -> Iterator[Callable[[str], None]]:
        """Gives the function that shows an answer piece by piece; one that breaks off keeps its line to itself."""
        self._begun = self._waiting = False
        if self.terminal:
            from qa.chatting.flow import Flow, marked  # loaded before the clock of the question runs

            self._flow = Flow(self._console().width - 1)
            self._wait()

        def show(piece: str) -> None:
            if self._flow:
                self._clear()
                shown = self._flow.feed(marked(piece, fresh=not self._begun, markdown=markdown))
                self._console().print(shown, end="", soft_wrap=True)
                sys.stdout.flush()
            elif self.live:
                self.write(printable(piece))
            self._begun = True

        try:
            yield show
        except BaseException:
            self._clear()
            if self._begun and self.live:
                self.write("\n")
            raise
        finally:
            self._flow = None

    def understood(self, question: str) -> None:
        self._clear()
        self._line("", f"understood: {question}", "dim")
        self._wait()

    def answered(self, found: Answer, filters: Filters) -> None:
        """The end of an answer: its text, unless that has been shown, what it leaves open, and the line beneath."""
        self._clear()
        self.write("\n" if self.live and self._begun else f"{printable(found.text)}\n")
        if found.missing and found.status == "answered":
            self._line("", f"The articles leave open: {one_line(found.missing)}", "yellow")
        if found.withheld and self.live:
            self.say(withheld([w.why for w in found.withheld]))
        if found.status == "abstained" and filters:
            self.say(f"{told_filters(filters).capitalize()} were searched; /filter off searches all.")
        spending = (
            [f"{found.seconds:.1f} s", *filter(None, [spent([found])])]
            if self.live and (found.citations or found.usage)
            else []
        )
        width = self._console().width - 1 if self.terminal else 0
        if beneath := sources_line(found.citations, spending, width):
            self._line("", beneath, "dim")
        self.write("\n")
        if not self.live:
            self.account(found)

    def _wait(self) -> None:
        """A sign that an answer is on its way, until the first of it comes."""
        if self.terminal and not self._waiting:
            self._waiting = True
            self.write("…")

    def _clear(self) -> None:
        if self._waiting:
            self._waiting = False
            self.write(_ERASE)

    def replay(self, found: Answer) -> None:
        """An answer of an earlier session, as it was shown then."""
        self.write("\n")
        self._line("", f"> {one_line(found.question)}", "bold")
        with self.answering(markdown=found.prompt is not None) as show:
            if found.understood:
                self.understood(found.understood)
            show(found.text)
        self.answered(found, Filters())

    # ── what a command shows

    def say(self, message: str) -> None:
        """A word about the conversation: beneath it on a terminal, on stderr beside a pipe."""
        if self.live:
            self._line("", one_line(message), "dim")
        else:
            self.notice(message)

    def definitions(self, rows: Sequence[tuple[str, str]]) -> None:
        """Each name with what it means behind it; beneath it where the window is narrow."""
        width = max(len(name) for name, _ in rows) + 2
        narrow = self.terminal and self._console().width < width + 24
        for name, meaning in rows:
            if narrow:
                self._line("", name, "")
                self._line("    ", meaning, "dim")
            else:
                self._line(name.ljust(width), meaning, "")

    def around(self, article: Article, start: int, end: int, note: str) -> None:
        """Some sentences of the article around text[start:end], which is bright."""
        self._head(article)
        self._line("", f"{one_line(article.id)}:{start}-{end}", "dim")
        if note:
            self._line("", note, "yellow")
        self.write("\n")
        first, last = _bounds(article.text, start, end)
        before, quote, after = (printable(article.text[a:b]) for a, b in ((first, start), (start, end), (end, last)))
        before, after = ("… " if first else "") + before, after + (" …" if last < len(article.text) else "")
        if self.terminal:
            from rich.text import Text

            from qa.chatting.flow import Flow

            parts = ((before, "dim"), (quote, "bold yellow"), (after, "dim"))
            self._console().print(Flow(self._console().width - 1).feed(Text.assemble(*parts)), soft_wrap=True)
        else:
            self.write(f"{before}>>{quote}<<{after}\n")
        self.write("\n")

    def lost(self, cited: Citation, why: str) -> None:
        """A quote whose place is gone."""
        self._head(cited)
        self._line("", why, "yellow")
        self._line("", f"“{one_line(cited.quote)}”", "")
        self.write("\n")

    def _head(self, of: Article | Citation) -> None:
        facts = (of.title, of.published.isoformat() if of.published else "undated", of.publisher, of.url)
        self._line("", " · ".join(one_line(fact) for fact in facts if fact), "bold")


def told_filters(filters: Filters) -> str:
    """`only articles since 2025-09-01, until 2025-09-30, source reuters`."""
    parts = (("since", filters.since), ("until", filters.until), ("source", filters.source))
    return "only articles " + ", ".join(f"{name} {value}" for name, value in parts if value)


def sources_line(cited: Sequence[Citation], spending: Sequence[str], width: int) -> str:
    """`[1] [3] Harbour reopens … · [2] Oslo passes … · 0.4 s`, cut to `width` columns; 0 is no bound."""
    groups: dict[tuple[str, str], list[str]] = {}
    for each in cited:
        groups.setdefault((each.article, one_line(each.title)), []).append(f"[{each.n}]")
    if not width:
        return " · ".join([*(f"{' '.join(numbers)} {title}" for (_, title), numbers in groups.items()), *spending])
    from rich.cells import cell_len, set_cell_size

    numbers = [" ".join(found) for found in groups.values()]
    room = width - sum(len(n) + 4 for n in numbers) - len(" · ".join(spending))
    shown = []
    for left, ((_, title), number) in zip(range(len(groups), 0, -1), zip(groups, numbers, strict=True), strict=True):
        size = min(cell_len(title), room // left)
        cut = title if size == cell_len(title) else set_cell_size(title, max(0, size - 1)).rstrip() + "…"
        shown.append(number if size < min(_SHORTEST_TITLE, cell_len(title)) else f"{number} {cut}")
        room -= size
    return " · ".join([*shown, *spending])


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """From some sentences before text[start:end] to some after it."""
    spans = sentences.spans(text)
    before = [a for a, b in spans if b <= start][-_AROUND:]
    after = [b for a, b in spans if a >= end][:_AROUND]
    inside = [(a, b) for a, b in spans if a < end and b > start]
    first = min([start, *before, *(a for a, _ in inside)])
    return first, max([end, *after, *(b for _, b in inside)])
