"""All that a terminal shows: the answer as it streams, its sources, lists, notices. Plain text off a terminal.

Rich is loaded only where there is a terminal to colour; a pipe gets its text without waiting for it.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from qa import words
from qa.domain import Answer, Article, Citation, Retrieved
from qa.evidence import values
from qa.text import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console
    from rich.text import Text


class Display:
    """Answers go to stdout; notices, progress and cost go to stderr, and not at all when quiet."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self.terminal = _is_terminal(sys.stdout)
        self._streamed = False

    # ── stderr

    def notice(self, message: str) -> None:
        if not self.quiet:
            print(one_line(message), file=sys.stderr, flush=True)

    def problem(self, message: str) -> None:
        """What went wrong, shown even when quiet."""
        if _is_terminal(sys.stderr):
            self._console(sys.stderr).print(one_line(message), style="red", markup=False, highlight=False, soft_wrap=True)
        else:
            print(one_line(message), file=sys.stderr, flush=True)

    @contextmanager
    def progress(self, what: str, total: int | None) -> "Iterator[Callable[[int], None]]":
        """A bar on a terminal; nothing elsewhere. The function it gives takes how far the work has come."""
        if self.quiet or not _is_terminal(sys.stderr):
            yield lambda done: None
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self._console(sys.stderr), transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda done: bar.update(task, completed=done)

    # ── stdout

    def write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def stream(self, piece: str) -> None:
        """A grounded piece of an answer, as soon as it is known; a pipe waits for the whole."""
        if self.terminal:
            self._streamed = True
            self._console().print(self._marked(piece), end="", soft_wrap=True)
            sys.stdout.flush()

    def end_stream(self) -> None:
        """Leaves the line of a streamed answer, also of one that broke off."""
        if self._streamed:
            self.write("\n")
        self._streamed = False

    def answer(self, found: Answer, why: bool = False) -> None:
        """The answer, unless it was streamed, then its sources; what was withheld is counted on stderr."""
        if self._streamed:
            self.end_stream()
        else:
            self.write(f"{printable(found.text)}\n")
        if found.missing and found.status == "answered":
            self._line(f"The articles leave open: {found.missing}", "yellow")
        if found.citations:
            self.write("\n")
            for cited in found.citations:
                self._source(cited, found)
        if why:
            self.write("\n")
            self._ranks(found.retrieved)
        if found.withheld:
            reasons = ", ".join(sorted({w.why for w in found.withheld}))
            count = len(found.withheld)
            self.notice(f"{count} statement{'s' * (count > 1)} withheld: the evidence does not hold ({reasons}).")
        if found.usage:
            cost = f", ${found.usage.cost:.4f}" if found.usage.cost is not None else ""
            spent = f"{found.usage.input_tokens:,} + {found.usage.output_tokens:,} tokens{cost}"
            self.notice(f"{found.model}: {found.seconds:.1f} s, {spent}")

    def article(self, article: Article) -> None:
        for name, value in (
            ("id", article.id), ("title", article.title), ("published", article.published or "unknown"),
            ("publisher", article.publisher), ("url", article.url), ("source", article.source),
            ("sha256", article.sha256),
        ):  # fmt: skip
            if value is not None:
                self._line(f"{name:<10} {one_line(str(value))}", "dim")
        self.write(f"\n{printable(article.text)}\n")

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Rows of short texts; tab-separated off a terminal."""
        if not self.terminal:
            for row in rows:
                self.write("\t".join(one_line(cell) for cell in row) + "\n")
            return
        from rich.table import Table
        from rich.text import Text

        table = Table(*columns, box=None, header_style="bold", pad_edge=False)
        for row in rows:
            table.add_row(*(Text(one_line(cell)) for cell in row))
        self._console().print(table)

    def _source(self, cited: Citation, found: Answer) -> None:
        published = cited.published.isoformat() if cited.published else "undated"
        heading = " · ".join(one_line(part) for part in (cited.title, published, cited.publisher) if part)
        self._line(f"[{cited.n}] {heading}", "bold")
        quote = " ".join(printable(cited.quote).split())
        if self.terminal:
            self._console().print(self._bright(quote, found), soft_wrap=False)
        else:
            self.write(f"    “{quote}”\n")
        self._line(f"    {one_line(cited.article)}:{cited.start}-{cited.end}", "dim")

    def _ranks(self, retrieved: Sequence[Retrieved]) -> None:
        rows = (
            (str(n), _rank(r.dense_rank), _rank(r.lexical_rank), f"{r.score:.4f}",
             "–" if r.similarity is None else f"{r.similarity:.2f}", r.article.id, one_line(r.text)[:70])
            for n, r in enumerate(retrieved, 1)
        )  # fmt: skip
        columns = ("fused", "dense", "lexical", "score", "cosine", "article", "passage")
        if not self.terminal:
            self.write("\t".join(columns) + "\n")
        self.table(columns, rows)

    def _bright(self, quote: str, found: Answer) -> "Text":
        """The quote, dim, with the words that matter bright: its values, and what question and answer speak of."""
        from rich.text import Text

        text = Text(f"    “{quote}”", style="dim")
        spoken = set(words.stems(found.question))
        for value in values.find(quote):
            text.stylize("not dim bold yellow", value.start + 5, value.end + 5)
        for match in words.WORD.finditer(quote):
            if words.stem(match[0].casefold()) in spoken:
                text.stylize("not dim bold", match.start() + 5, match.end() + 5)
        return text

    def _marked(self, piece: str) -> "Text":
        from rich.text import Text

        text = Text(printable(piece))
        text.highlight_regex(r"\[\d+\]", "bold cyan")
        return text

    def _line(self, text: str, style: str) -> None:
        if self.terminal:
            self._console().print(text, style=style, markup=False, highlight=False, soft_wrap=True)
        else:
            self.write(f"{text}\n")

    def _console(self, file: TextIO | None = None) -> "Console":
        from rich.console import Console

        return Console(file=file or sys.stdout, highlight=False)


def _rank(rank: int | None) -> str:
    return "–" if rank is None else str(rank)


def _is_terminal(stream: TextIO) -> bool:
    """A real terminal; not one forced by an environment that only collects logs."""
    try:
        return stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:  # closed
        return False
