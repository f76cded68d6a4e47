"""Puts text into the lines of a terminal, between words.

fit("It ends on Friday.", 0, 12)                 → ("It ends on\nFriday.", 7)
hanging(console, "[1] ", Text("a long title"))     [1] a long
                                                       title
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

NARROW = 20
"""Columns; nothing is wrapped to fewer."""


def fit(text: str, column: int, width: int) -> tuple[str, int]:
    """The text with line breaks where a line of `width` is full, the first begun in `column`; and where it ends."""
    from rich.cells import cell_len

    fitted = ""
    for blank, word in re.findall(r"(\s*)(\S*)", text):
        if "\n" in blank:
            column = len(blank.rpartition("\n")[2])
        elif column and column + len(blank) + cell_len(word) > max(NARROW, width):
            blank, column = "\n", 0
        else:
            column += len(blank)
        fitted += blank + word
        column += cell_len(word)
    return fitted, column


def hanging(console: "Console", first: str, text: "Text") -> None:
    """Prints the text, its first line behind `first`, the others as far to the right."""
    from rich.text import Text

    for number, line in enumerate(text.wrap(console, max(NARROW, console.width - len(first) - 1)) or [text]):
        line.rstrip()
        opening = Text(" " * len(first) if number else first, style=text.style)
        console.print(opening + line, soft_wrap=True)


def table(console: "Console", columns: Sequence[str], rows: Sequence[Sequence[str]], wrapped: bool) -> None:
    """Prints rows under their columns, those left out that are empty.

    What does not fit into the last column is `wrapped`, and where that column would be narrow, each row becomes a block;
    or else it is cut off.
    """
    from rich.table import Table
    from rich.text import Text

    filled = [n for n in range(len(columns)) if any(row[n] for row in rows)]
    widths = [max(len(columns[n]), *(len(row[n]) for row in rows)) + 2 for n in filled[:-1]]
    if wrapped and sum(widths) + NARROW > console.width:
        for row in rows:
            hanging(console, "", Text(row[0], style="bold"))
            hanging(console, "    ", Text(" · ".join(f for f in row[1:] if f)))
        return
    room = max(NARROW // 2, console.width - sum(widths))
    shown = Table(box=None, header_style="bold", pad_edge=False)
    for n in filled:
        shown.add_column(columns[n], no_wrap=not wrapped or n != filled[-1])
    for row in rows:
        cells = [Text(row[n]) for n in filled]
        if not wrapped:
            cells[-1].truncate(room, overflow="ellipsis")
        shown.add_row(*cells)
    console.print(shown)
