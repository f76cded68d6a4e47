"""All that a terminal shows: the answer as it streams, its sources, lists, notices. Plain text off a terminal.

Rich is loaded only where there is a terminal to colour; a pipe gets its text without waiting for it.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from qa import layout, words
from qa.domain import Answer, Article, Citation, Doubt, Reason, Retrieved
from qa.errors import QaError
from qa.evidence import values
from qa.text import one_line, printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_WHY: dict[Reason, str] = {
    "fabricated": "words that stand in no article",
    "stitched": "words that stand apart, quoted as one",
    "thin": "too few words to show anything",
    "uncited": "nothing cited",
    "value": "what is stated is not in the words quoted",
}


def counted(number: int, noun: str) -> str:
    """`1 article`, `2,000 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


class Display:
    """Answers go to stdout; notices, progress and cost go to stderr, and not at all when quiet."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self.terminal = _is_terminal(sys.stdout)
        self._column: int | None = None  # where a streamed answer has come to; None where none is on the screen

    # ── stderr

    def notice(self, message: str) -> None:
        if not self.quiet:
            print(_told(message), file=sys.stderr, flush=True)

    def problem(self, message: str) -> None:
        """What went wrong, shown even when quiet."""
        if _is_terminal(sys.stderr):
            self._console(sys.stderr).print(_told(message), style="red", markup=False, soft_wrap=True)
        else:
            print(_told(message), file=sys.stderr, flush=True)

    @contextmanager
    def progress(self, what: str, total: int | None, hidden: bool = False) -> Iterator[Callable[[int], None]]:
        """A bar on a terminal; nothing elsewhere. The function it gives takes how far the work has come."""
        if hidden or self.quiet or not _is_terminal(sys.stderr):
            yield lambda _done: None
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        # Left alone, Rich would take what is written to stdout, a file perhaps, to its own console.
        with Progress(*columns, console=self._console(sys.stderr), transient=True, redirect_stdout=False) as bar:
            task = bar.add_task(what, total=total)
            yield lambda done: bar.update(task, completed=done)

    def account(self, found: Answer) -> None:
        """What was withheld, and what the answer cost."""
        if found.withheld:
            self.notice(withheld([w.why for w in found.withheld]))
        if found.usage:
            self.notice(f"{found.model}: {found.seconds:.1f} s, {spent([found])}.")

    def account_many(self, outcomes: Sequence[Answer | QaError]) -> None:
        found = [outcome for outcome in outcomes if isinstance(outcome, Answer)]
        answered = sum(answer.status == "answered" for answer in found)
        failed = len(outcomes) - len(found)
        self.notice(
            f"{counted(len(outcomes), 'question')}: {answered} answered, {len(found) - answered} not answered by the"
            f" articles, {failed} failed."
        )
        if reasons := [w.why for answer in found for w in answer.withheld]:
            self.notice(withheld(reasons))
        if used := spent(found):
            self.notice(f"{found[0].model}: {used}.")

    # ── stdout

    def write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    @contextmanager
    def streaming(self, hidden: bool) -> Iterator[Callable[[str], None]]:
        """Gives the function that shows an answer piece by piece; a pipe waits for the whole of it."""
        try:
            yield self._stream if self.terminal and not hidden else lambda _piece: None
        except BaseException:
            if self._column is not None:  # an answer that broke off: what comes next has a line of its own
                self.write("\n")
            raise

    def _stream(self, piece: str) -> None:
        console = self._console()
        fitted, self._column = layout.fit(printable(piece), self._column or 0, console.width - 1)
        console.print(self._marked(fitted), end="", soft_wrap=True)
        sys.stdout.flush()

    def answer(self, found: Answer, why: bool = False, doubts: Sequence[Doubt] = ()) -> None:
        """The answer, unless it was streamed, then its sources; with `why`, how passages were ranked, and what is doubted."""
        if self._column is None and self.terminal:
            self._stream(found.text)
        self.write("\n" if self.terminal else f"{printable(found.text)}\n")
        self._column = None
        if found.missing and found.status == "answered":
            self._line("", f"The articles leave open: {found.missing}", "yellow")
        if found.citations:
            self.write("\n")
            self.sources(found)
        if why:
            self.write("\n")
            self.ranks(found.retrieved)
            self.doubts(doubts)

    def sources(self, found: Answer) -> None:
        for cited in found.citations:
            self._source(cited, found)

    def article(self, article: Article) -> None:
        for name, value in (
            ("id", article.id), ("title", article.title), ("published", article.published or "unknown"),
            ("publisher", article.publisher), ("url", article.url), ("source", article.source),
            ("sha256", article.sha256),
        ):  # fmt: skip
            if value is not None:
                self._line(f"{name:<10} ", one_line(str(value)), "dim")
        self.write("\n")
        for paragraph in printable(article.text).split("\n"):
            self._line("", paragraph, "")

    def articles(self, found: Sequence[Article]) -> None:
        if not found:
            self.notice("The index holds no articles. Add some: qa index PATH")
            return
        rows = (
            (a.id, a.published.isoformat() if a.published else "undated", a.publisher or "", a.title) for a in found
        )
        self.rows(("id", "published", "publisher", "title"), rows)

    def rows(self, columns: Sequence[str], rows: Iterable[Sequence[str]], wrapped: bool = True) -> None:
        """Rows of short texts; tab-separated off a terminal. Of the last column all is shown, or else its beginning."""
        lines = [[one_line(cell) for cell in row] for row in rows]
        if self.terminal:
            layout.table(self._console(), columns, lines, wrapped)
        else:
            self.write("".join("\t".join(line) + "\n" for line in lines))

    def finding(self, state: str, what: str, detail: str) -> None:
        """A line of `qa doctor`; `state` is ok, off or wrong."""
        mark, style = {"ok": ("✓", ""), "off": ("–", "dim"), "wrong": ("✗", "red")}[state]
        self._line(f"{mark} {what:<10} ", one_line(detail), style)

    def _source(self, cited: Citation, found: Answer) -> None:
        published = cited.published.isoformat() if cited.published else "undated"
        heading = " · ".join(one_line(part) for part in (cited.title, published, cited.publisher) if part)
        number = f"[{cited.n}] "
        indent = " " * len(number)
        quote = " ".join(printable(cited.quote).split())
        self._line(number, heading, "bold")
        if self.terminal:
            layout.hanging(self._console(), indent, self._bright(_in_marks(quote), found))
        else:
            self.write(f"{indent}{_in_marks(quote)}\n")
        self._line(indent, f"{one_line(cited.article)}:{cited.start}-{cited.end}", "dim")

    def ranks(self, retrieved: Sequence[Retrieved]) -> None:
        rows = (
            (str(n), _rank(r.dense_rank), _rank(r.lexical_rank), f"{r.score:.4f}",
             "–" if r.similarity is None else f"{r.similarity:.2f}", r.article.id, one_line(r.text)[:70])
            for n, r in enumerate(retrieved, 1)
        )  # fmt: skip
        columns = ("fused", "dense", "lexical", "score", "cosine", "article", "passage")
        if not self.terminal:
            self.write("\t".join(columns) + "\n")
        self.rows(columns, rows, wrapped=False)

    def doubts(self, found: Sequence[Doubt]) -> None:
        for doubt in found:
            told = (
                f"check [{doubt.n}]: “{one_line(doubt.said)}” The embedded reader reads “{one_line(doubt.read)}” there."
            )
            self._line("", told, "yellow")

    def _bright(self, quote: str, found: Answer) -> "Text":
        """The quote, dim, with the words that matter bright: its values, and what the question speaks of."""
        from rich.text import Text

        text = Text(quote, style="dim")
        spoken = set(words.stems(found.question))
        for value in values.find(quote):
            text.stylize("not dim bold yellow", value.start, value.end)
        for match in words.WORD.finditer(quote):
            if words.stem(match[0].casefold()) in spoken:
                text.stylize("not dim bold", match.start(), match.end())
        return text

    def _marked(self, piece: str) -> "Text":
        from rich.text import Text

        text = Text(piece)
        text.highlight_regex(r"\[\d+\]", "bold cyan")
        return text

    def _line(self, first: str, text: str, style: str) -> None:
        if self.terminal:
            from rich.text import Text

            layout.hanging(self._console(), first, Text(text, style=style))
        else:
            self.write(f"{first}{text}\n")

    def _console(self, file: TextIO | None = None) -> "Console":
        from rich.console import Console

        return Console(file=file or sys.stdout, highlight=False, emoji=False)


def _told(message: str) -> str:
    """On one line; on a terminal in lines of whole words, so that a path or a command can be copied."""
    line = one_line(message)
    if not _is_terminal(sys.stderr):
        return line
    import textwrap

    width = os.get_terminal_size(sys.stderr.fileno()).columns
    return textwrap.fill(line, max(layout.NARROW, width), break_long_words=False, break_on_hyphens=False)


def withheld(reasons: Sequence[Reason]) -> str:
    kinds = sorted(Counter(reasons).items())
    told = (f"{f'{number} ' if len(kinds) > 1 else ''}{why} ({_WHY[why]})" for why, number in kinds)
    return f"Withheld {counted(len(reasons), 'statement')}: {'; '.join(told)}."


def spent(found: Sequence[Answer]) -> str:
    """Tokens, and dollars where all prices are known; nothing where no service was asked."""
    used = [answer.usage for answer in found if answer.usage]
    if not used:
        return ""
    total = used[0]
    for usage in used[1:]:
        total += usage
    cost = "" if total.cost is None else f", ${total.cost:.4f}" if total.cost >= 0.0001 else ", under $0.0001"
    return f"{total.input_tokens:,} tokens in, {total.output_tokens:,} out{cost}"


def _rank(rank: int | None) -> str:
    return "–" if rank is None else str(rank)


def _in_marks(quote: str) -> str:
    """The quote in quotation marks, unless it brings its own."""
    return quote if quote.startswith(("“", '"')) else f"“{quote}”"


def _is_terminal(stream: TextIO) -> bool:
    """A real terminal; not one forced by an environment that only collects logs."""
    try:
        return stream.isatty() and os.environ.get("TERM") != "dumb"
    except (ValueError, AttributeError):  # closed
        return False
