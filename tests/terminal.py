"""A pseudo-terminal: all that the program sends to it, and every state that its screen passes through.

seen = watch(program, "ask", "When did the harbour reopen?", columns=40)
seen.code, seen.raw, seen.screens[-1]       # 0, b"The harbour …", "The harbour reopened …\n…"
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pexpect
import pyte
from program import QA, Program


@dataclass
class Seen:
    raw: bytes = b""
    screens: list[str] = field(default_factory=list)
    """Each differs from the one before; blanks at the ends of lines are left out."""
    code: int = -1

    @property
    def last(self) -> str:
        return self.screens[-1]

    def never(self, *words: str) -> bool:
        """None of the words was ever sent, nor stood on the screen at any moment."""
        plain = self.raw.decode(errors="replace").casefold()
        shown = [" ".join(screen.split()).casefold() for screen in self.screens]
        for word in (word.casefold() for word in words):
            assert word not in plain and not any(word in screen for screen in shown), word
        return True


def watch(
    program: Program,
    *arguments: str,
    columns: int = 80,
    rows: int = 60,
    on_screen: Callable[[str, "pexpect.spawn[bytes]"], None] = lambda screen, child: None,
    command: str = str(QA),
) -> Seen:
    """Runs qa, or another command, to its end; `on_screen` is called at each change."""
    environment = {"TERM": "xterm-256color", **program.environment}
    screen = pyte.Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    lines = [""] * rows
    seen = Seen(screens=[""])
    child = pexpect.spawn(
        command, list(arguments), env=environment, cwd=str(program.folder), dimensions=(rows, columns), timeout=60
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            piece = child.read_nonblocking(4096, timeout=60)
        except pexpect.EOF:
            break
        for number in range(len(piece)):
            stream.feed(piece[number : number + 1])
            for row in screen.dirty:  # the whole screen at each byte would take minutes
                lines[row] = "".join(screen.buffer[row][column].data for column in range(columns)).rstrip()
            screen.dirty.clear()
            state = "\n".join(lines).rstrip()
            if state != seen.screens[-1]:
                seen.screens.append(state)
                on_screen(state, child)
        seen.raw += piece
    child.close()
    seen.code = child.exitstatus if child.exitstatus is not None else -(child.signalstatus or 0)
    return seen
