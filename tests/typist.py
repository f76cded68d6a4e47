"""Somebody at a terminal: types, waits until something is shown, looks at the screen.

with Typist(program, "chat", columns=40) as person:
    person.sees("/help").types("When does it end?\\r").sees("[1]")
    person.screen               # what stands there now; what has run off the top as well
    person.raw                  # every byte that was ever sent
"""

import re
import time
from typing import Any, Self

import pexpect
import pyte
from program import QA, Program

PATIENCE = 20.0
PASTE = "\x1b[200~{}\x1b[201~"


class Typist:
    def __init__(self, program: Program, *arguments: str, columns: int = 80, rows: int = 40, **env: str) -> None:
        self._screen = pyte.HistoryScreen(columns, rows, history=5000)
        self._stream = pyte.ByteStream(self._screen)
        # pyte tells nobody where its cursor is.
        known = {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", **program.environment, **env}
        self.child: Any = pexpect.spawn(
            str(QA), list(arguments), env=known, cwd=str(program.folder), dimensions=(rows, columns), echo=True
        )
        self.child.delaybeforesend = None
        self.raw = b""
        self._asked = ""

    @property
    def screen(self) -> str:
        above = ["".join(row[x].data for x in sorted(row)) for row in self._screen.history.top]
        return "\n".join(line.rstrip() for line in [*above, *self._screen.display]).rstrip()

    @property
    def words(self) -> str:
        """All that is shown, on one line."""
        return " ".join(self.screen.split())

    def types(self, keys: str) -> Self:
        self._read(0)
        self._asked = ""
        self.child.send(keys)
        return self

    def asks(self, line: str) -> Self:
        """From here on `sees` looks at what stands below this line."""
        self.types(line + "\r")
        self._asked = " ".join(f"> {line}".split())
        return self

    def sees(self, *texts: str) -> Self:
        """Waits until all of it is on the screen."""
        until = time.monotonic() + PATIENCE
        while True:
            _, asked, below = self.words.rpartition(self._asked) if self._asked else ("", "", self.words)
            if (asked or not self._asked) and all(" ".join(text.split()) in below for text in texts):
                return self
            if time.monotonic() > until or not self._read(0.1):
                raise AssertionError(f"{texts} are not in:\n{self.screen}")

    def idles(self, seconds: float) -> Self:
        """Looks on meanwhile."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._read(0.02)
        return self

    def ends(self) -> int:
        """Waits for the program's end; its exit code."""
        until = time.monotonic() + PATIENCE
        while self._read(0.1):
            assert time.monotonic() < until, self.screen
        self.child.close()
        return self.child.exitstatus if self.child.exitstatus is not None else -self.child.signalstatus

    def _read(self, seconds: float) -> bool:
        """Whether the program may still say more."""
        try:
            while True:
                piece = self.child.read_nonblocking(65536, timeout=seconds)
                self.raw += piece
                self._stream.feed(piece)
                seconds = 0
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False

    @property
    def colours(self) -> bool:
        return re.search(rb"\x1b\[[0-9;]*[349]\dm", self.raw) is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.child.close(force=True)
